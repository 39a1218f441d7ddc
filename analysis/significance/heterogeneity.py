"""Whether changes of several groups differ, from each group's change and its variance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

ONE_GROUP = "Voor een toets op verschil tussen groepen zijn minstens twee groepen nodig."
GROUP_WITHOUT_SPREAD = (
    "In minstens één groep gaf iedereen hetzelfde antwoord. Dan is het verschil tussen groepen "
    "niet te toetsen."
)


class Heterogeneity(NamedTuple):
    """Cochran's heterogeneity statistic, its degrees of freedom and p; None with a Dutch reason."""

    chi2: float | None
    df: int | None
    p: float | None
    reason: str = ""


def heterogeneity(changes: ArrayLike, variances: ArrayLike) -> Heterogeneity:
    """Test that the groups changed equally: the squared distances to the weighted mean change,
    each over its variance, against chi-square with groups - 1 degrees of freedom.

    `changes` and `variances` (of the changes) have one finite value per group; a group without
    answers is left out by the caller. A variance of 0 gives no test unless all changes are equal
    (p = 1). ValueError on shapes that differ or values that are not finite or negative.

    Source: Cochran (1954), Biometrics 10: 101-129.
    """
    change, variance = np.asarray(changes, dtype=float), np.asarray(variances, dtype=float)
    if change.ndim != 1 or change.shape != variance.shape:
        raise ValueError("each group needs one change and one variance")
    if not np.all(np.isfinite(change) & np.isfinite(variance) & (variance >= 0)):
        raise ValueError("changes must be finite, variances finite and not negative")
    if change.size < 2:
        return Heterogeneity(None, None, None, ONE_GROUP)
    df = change.size - 1
    if np.ptp(change) < 1e-12:
        return Heterogeneity(0.0, df, 1.0)
    if np.any(variance == 0):
        return Heterogeneity(None, None, None, GROUP_WITHOUT_SPREAD)
    weight = 1 / variance
    mean = weight @ change / weight.sum()
    chi2 = float(weight @ (change - mean) ** 2)
    return Heterogeneity(chi2, df, float(stats.chi2.sf(chi2, df)))
