"""Power and detectable change for two waves without a common respondent."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln

from analysis.moments import Moments, welch_error
from analysis.power.noncentral import WILCOXON_EFFICIENCY, check, check_deviations, t_shift

# n_before * n_after, about the number of possible tables: some 300 answers in each of two waves.
EXACT_FISHER_TABLES = 100_000


def fisher_power(
    n_before: int, n_after: int, p_before: float, p_after: float, alpha: float = 0.05
) -> float:
    """Unconditional power of Fisher's test (p < alpha) between two independent waves.

    Exact, as the sum of the probabilities of all significant tables, while n_before * n_after is
    at most EXACT_FISHER_TABLES; 0 when a wave is empty. For larger waves the normal form with
    continuity correction, which approximates Fisher's test, both tails counted: its time does not
    grow with n. With 316 answers in each wave the detectable changes of the two forms differ by
    less than a tenth of a point at shares of 10 to 90%, and by less than 0.6 at others. It is
    rougher for waves of unlike size: at 50 against 2,000 up to 2.5 points, on the cautious side.

    Sources: Bennett & Hsu (1960), Biometrika 47: 393-398 (exact); Casagrande, Pike & Smith (1978),
    Biometrics 34: 483-486, and for unequal waves Fleiss, Tytun & Ury (1980), Biometrics 36:
    343-346 (approximation).
    """
    check(alpha, (1 + alpha) / 2, [n_before, n_after], [p_before, p_after])
    if n_before * n_after > EXACT_FISHER_TABLES:
        return _corrected_power(n_before, n_after, p_before, p_after, alpha)
    before = stats.binom.pmf(np.arange(n_before + 1), n_before, p_before)
    after = stats.binom.pmf(np.arange(n_after + 1), n_after, p_after)
    return float(before @ _fisher_significant(n_before, n_after, alpha) @ after)


@lru_cache(maxsize=8)  # a search for the detectable change needs one region some ten times
def _fisher_significant(n_before: int, n_after: int, alpha: float) -> NDArray[np.bool_]:
    """Which tables (yes before, yes after) have a two-sided Fisher p below alpha."""
    significant = np.zeros((n_before + 1, n_after + 1), dtype=bool)
    ways_before, ways_after, ways = map(_log_ways, (n_before, n_after, n_before + n_after))
    for total in range(n_before + n_after + 1):
        yes = np.arange(max(0, total - n_after), min(n_before, total) + 1)
        likelihood = np.exp(ways_before[yes] + ways_after[total - yes] - ways[total])
        ordered = np.sort(likelihood)
        # Tables that are equally likely up to rounding count together, as in R's fisher.test.
        as_extreme = np.searchsorted(ordered, likelihood * (1 + 1e-7), side="right")
        significant[yes, total - yes] = np.cumsum(ordered)[as_extreme - 1] < alpha
    return significant


def _log_ways(n: int) -> NDArray[np.float64]:
    """The logarithm of 'n choose k' for every k."""
    k = np.arange(n + 1)
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _corrected_power(
    n_before: int, n_after: int, p_before: float, p_after: float, alpha: float
) -> float:
    """Fleiss, Tytun & Ury (1980), the sample size formula solved for the power."""
    inverse = 1 / n_before + 1 / n_after
    pooled = (n_before * p_before + n_after * p_after) / (n_before + n_after)
    error = sqrt(p_before * (1 - p_before) / n_before + p_after * (1 - p_after) / n_after)
    change = abs(p_after - p_before)
    edge = inverse / 2 + float(stats.norm.isf(alpha / 2)) * sqrt(pooled * (1 - pooled) * inverse)
    if error == 0:  # everyone yes or everyone no in both waves: only one table is possible
        return float(change > edge)
    return float(stats.norm.sf((edge - change) / error) + stats.norm.sf((edge + change) / error))


def detectable_proportion_change_independent(
    n_before: int,
    n_after: int,
    p_before: float,
    power: float = 0.8,
    alpha: float = 0.05,
    direction: int = 0,
) -> float | None:
    """Smallest change of a proportion that Fisher's test detects between independent waves.

    Counted from `p_before` up (direction 1), down (-1) or towards the farther end of the scale (0:
    a rise up to .5, a fall above it): that way there is room, and the larger variance makes it the
    harder direction. The size of the change is returned, as a positive fraction, from the power of
    `fisher_power`. None when even a change all the way to that end has too little power.
    """
    check(alpha, power, [n_before, n_after], [p_before])
    if direction not in (-1, 0, 1):
        raise ValueError(f"direction must be -1, 0 or 1, got {direction}")
    direction = direction or (1 if p_before <= 0.5 else -1)

    def excess(change: float) -> float:
        p_after = min(1.0, max(0.0, p_before + direction * change))
        return fisher_power(n_before, n_after, p_before, p_after, alpha) - power

    room = 1 - p_before if direction > 0 else p_before
    return None if excess(room) < 0 else float(brentq(excess, 0.0, room, xtol=1e-8))


def detectable_mean_change_independent(
    n_before: int,
    n_after: int,
    sd_before: float,
    sd_after: float,
    power: float = 0.8,
    alpha: float = 0.05,
) -> float | None:
    """Smallest difference of means that Welch's t test detects between two independent waves.

    The noncentral t distribution with Satterthwaite's degrees of freedom, both tails: an
    approximation, and the classical formula when sizes and standard deviations are equal. None
    when a wave has n < 2, and when both standard deviations are 0. Source: Moser, Stevens & Watts
    (1989), Communications in Statistics - Theory and Methods 18: 3963-3975.
    """
    check(alpha, power, [n_before, n_after], [])
    check_deviations(sd_before, sd_after)
    if min(n_before, n_after) < 2:
        return None
    error, df = welch_error(
        Moments(n_before, 0.0, sd_before**2), Moments(n_after, 0.0, sd_after**2)
    )
    return None if error == 0 else t_shift(df, power, alpha) * error


def detectable_score_change_independent(
    n_before: int,
    n_after: int,
    sd_before: float,
    sd_after: float,
    power: float = 0.8,
    alpha: float = 0.05,
) -> float | None:
    """Smallest difference in mean score that the Mann-Whitney test detects, roughly.

    The answer for Welch's t test over sqrt(3/pi); see `detectable_score_change`. None as in
    `detectable_mean_change_independent`.
    """
    change = detectable_mean_change_independent(
        n_before, n_after, sd_before, sd_after, power, alpha
    )
    return None if change is None else change / sqrt(WILCOXON_EFFICIENCY)
