"""Whether changes of several groups differ, from each group's change and its estimated variance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

ONE_GROUP = (
    "Voor een toets op verschil tussen groepen zijn minstens twee groepen nodig die groot genoeg "
    "zijn om te tonen."
)
GROUP_WITHOUT_SPREAD = (
    "In minstens één groep gaf iedereen hetzelfde antwoord. Dan is het verschil tussen groepen "
    "niet te toetsen."
)


class Heterogeneity(NamedTuple):
    """Welch's F, its degrees of freedom (of the groups, of the error) and p; None with a Dutch
    reason. Where all changes are equal F is 0, p is 1 and `df_error` is None."""

    f: float | None
    df: int | None
    df_error: float | None
    p: float | None
    reason: str = ""


def heterogeneity(changes: ArrayLike, variances: ArrayLike, dfs: ArrayLike) -> Heterogeneity:
    """Test that the groups changed equally, by Welch's F for estimates with estimated variances.

    `changes`, `variances` (of the changes) and `dfs` (degrees of freedom of the variances, above
    0) have one finite value per group; a group without answers is left out by the caller. Changes
    are weighted by 1 / variance. Cochran's heterogeneity statistic over groups - 1, which takes the
    variances as known, is the limit for many degrees of freedom; with few it is too often large
    (James 1951). For means of single samples (variance s^2 / n, df n - 1) it is Welch's ANOVA.

    A variance of 0 gives no test unless all changes are equal (p = 1). ValueError on shapes that
    differ, and on values that are not finite, negative variances and degrees of freedom of 0.

    Sources: Welch (1951), Biometrika 38: 330-336; James (1951), Biometrika 38: 324-329; for
    changes with Satterthwaite's degrees of freedom see `analysis.moments.welch_error`.
    """
    change, variance, df = (np.asarray(values, dtype=float) for values in (changes, variances, dfs))
    if change.ndim != 1 or not change.shape == variance.shape == df.shape:
        raise ValueError("each group needs one change, one variance and its degrees of freedom")
    if not np.all(np.isfinite([change, variance, df]) & (variance >= 0) & (df > 0)):
        raise ValueError("changes must be finite, variances not negative, degrees of freedom > 0")
    k = change.size
    if k < 2:
        return Heterogeneity(None, None, None, None, ONE_GROUP)
    if np.ptp(change) < 1e-12:
        return Heterogeneity(0.0, k - 1, None, 1.0)
    if np.any(variance == 0):
        return Heterogeneity(None, None, None, None, GROUP_WITHOUT_SPREAD)
    weight = 1 / variance
    share = weight / weight.sum()
    between = float(weight @ (change - share @ change) ** 2) / (k - 1)
    loss = float(((1 - share) ** 2 / df).sum()) / (k**2 - 1)
    f = between / (1 + 2 * (k - 2) * loss)
    df_error = 1 / (3 * loss)
    return Heterogeneity(f, k - 1, df_error, float(stats.f.sf(f, k - 1, df_error)))
