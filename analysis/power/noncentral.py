"""What both designs share: what they check, and the power of t tests."""

from __future__ import annotations

from math import pi

from scipy import stats
from scipy.optimize import brentq

from analysis.moments import whole_counts

# Relative to the t test, for normal data: Hodges & Lehmann (1956), Annals of Mathematical
# Statistics 27: 324-335. The same for the signed-rank and the Mann-Whitney test.
WILCOXON_EFFICIENCY = 3 / pi


def check(alpha: float, power: float, sizes: list[int], shares: list[float]) -> None:
    whole_counts(sizes, 1)
    if not 0 < alpha < power < 1:
        raise ValueError(f"need 0 < alpha < power < 1, got {alpha} and {power}")
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError(f"proportions must lie in [0, 1], got {shares}")


def check_deviations(*deviations: float) -> None:
    if not all(0 <= deviation < float("inf") for deviation in deviations):
        raise ValueError(f"a standard deviation cannot be one of {deviations}")


def t_power(shift: float, df: float, alpha: float) -> float:
    """Power of a two-sided t test at noncentrality `shift`, both tails counted."""
    critical = float(stats.t.isf(alpha / 2, df))
    # The lower tail by symmetry: SciPy's nct.cdf(-critical, df, shift) can be NaN.
    return float(stats.nct.sf(critical, df, shift) + stats.nct.sf(critical, df, -shift))


def t_shift(df: float, power: float, alpha: float) -> float:
    """The noncentrality at which a two-sided t test has this power."""

    def excess(shift: float) -> float:
        return t_power(shift, df, alpha) - power

    high = float(stats.t.isf(alpha / 2, df)) + 1
    while excess(high) < 0:
        high *= 2
    return float(brentq(excess, 0.0, high))
