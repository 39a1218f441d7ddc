"""Power and detectable change for the same regions in two waves."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq

from analysis.power.noncentral import (
    WILCOXON_EFFICIENCY,
    check,
    check_deviations,
    t_power,
    t_shift,
)

# Above this number of pairs the exact power takes long and the asymptotic one will do.
EXACT_POWER_PAIRS = 1_000


def mcnemar_power(n: int, discordance: float, change: float, alpha: float = 0.05) -> float:
    """Exact unconditional power of the mid-p McNemar test (p < alpha) at `n` pairs.

    `discordance` is P(up) + P(down) and `change` is P(up) - P(down), both fractions of all pairs.
    The number of changed pairs is binomial, and given that number so is the number of rises; the
    probabilities of all significant outcomes are added. ValueError also when |change| exceeds the
    discordance.

    With change 0 the result is the size of the test. At alpha = .05 and up to 300 pairs it stays
    below .05 as long as at most half of the pairs change; when all change, it can reach .077.

    Sources: Miettinen (1968), Biometrics 24: 339-352 (the unconditional power); Fagerland, Lydersen
    & Laake (2013), BMC Medical Research Methodology 13: 91 (the test).
    """
    check(alpha, (1 + alpha) / 2, [n], [discordance])
    if not abs(change) <= discordance:
        raise ValueError(f"a change of {change} needs at least that discordance, got {discordance}")
    if discordance == 0:
        return 0.0
    totals, chances, few = _changed_pairs(n, discordance, alpha)
    rise = min(1.0, (discordance + change) / (2 * discordance))
    significant = stats.binom.cdf(few, totals, rise) + stats.binom.sf(
        totals - few - 1, totals, rise
    )
    return float(chances @ significant)


@lru_cache(maxsize=256)
def _changed_pairs(
    n: int, discordance: float, alpha: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The numbers of changed pairs that can occur at all (their chance adds up to 1 - 2e-14),
    the chance of each, and the largest minority that is still significant."""
    low, high = (int(stats.binom.ppf(tail, n, discordance)) for tail in (1e-14, 1 - 1e-14))
    totals = np.arange(max(low, 0), high + 1)
    return totals, stats.binom.pmf(totals, n, discordance), _critical_minority(totals, alpha)


def _critical_minority(totals: NDArray[np.int64], alpha: float) -> NDArray[np.float64]:
    """Largest minority among `totals` changed pairs with mid-p below alpha; -1 if there is none."""
    # The quantile is the only candidate: one less is always significant, one more never.
    quantile = np.asarray(stats.binom.ppf(alpha / 2, totals, 0.5))
    below = stats.binom.cdf(quantile - 1, totals, 0.5)
    midp = 2 * below + stats.binom.pmf(quantile, totals, 0.5)
    return np.where(midp < alpha, quantile, quantile - 1)


def mcnemar_detectable_change(
    n: int, discordance: float, power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """Smallest change of a paired proportion that the mid-p McNemar test detects at `n` pairs.

    A fraction of all pairs, from the exact power of `mcnemar_power` at the given `discordance`
    (the fraction of pairs that change at all). A change cannot exceed the discordance; the most
    extreme case is that all changed pairs change the same way. When even that has too little
    power the answer is None: with so few changes, no net change is detectable at this n. At 30%
    discordance the answer is 22.2 points for 42 pairs, 20.3 for 51 and 16.9 for 78; the
    asymptotic formulas give 21.9, 20.1 and 16.7 (Miettinen 1968) and 23.0, 21.0 and 17.1 (Connor
    1987, Biometrics 43: 207-211). Above EXACT_POWER_PAIRS pairs the answer is Miettinen's: there
    the two differ by less than a tenth of a point.
    """
    check(alpha, power, [n], [discordance])
    if n > EXACT_POWER_PAIRS:
        return _miettinen_change(n, discordance, power, alpha)

    def excess(change: float) -> float:
        return mcnemar_power(n, discordance, change, alpha) - power

    if excess(discordance) < 0:
        return None
    return float(brentq(excess, 0.0, discordance, xtol=1e-8))


def _miettinen_change(n: int, discordance: float, power: float, alpha: float) -> float | None:
    """Miettinen (1968), the sample size formula for two sides solved for the change."""
    z_alpha, z_power = float(stats.norm.isf(alpha / 2)), float(stats.norm.ppf(power))

    def excess(change: float) -> float:
        spread = discordance**2 - change**2 * (3 + discordance) / 4
        needed = z_alpha * discordance + z_power * sqrt(max(spread, 0.0))
        return n * discordance * change**2 - needed**2

    if discordance == 0 or excess(discordance) < 0:
        return None
    return float(brentq(excess, 0.0, discordance, xtol=1e-10))


def paired_t_power(n: int, change: float, sd_difference: float, alpha: float = 0.05) -> float:
    """Power of the paired t test (p < alpha) at `n` pairs, for normal differences.

    `change` is the true mean change and `sd_difference` the standard deviation of the differences
    within pairs, in one unit. Both tails of the noncentral t distribution count. 0 when n < 2:
    there is no test. ValueError when the standard deviation is 0. Source: Cohen (1988), Statistical
    Power Analysis, section 2.3.5.
    """
    check(alpha, (1 + alpha) / 2, [n], [])
    check_deviations(sd_difference)
    if sd_difference == 0 or not isfinite(change):
        raise ValueError(f"need a change with a spread, got {change} and {sd_difference}")
    return 0.0 if n < 2 else t_power(change / sd_difference * sqrt(n), n - 1, alpha)


def detectable_mean_change(
    n: int, sd_difference: float, power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """Smallest mean change that a paired t test detects at `n` pairs.

    `sd_difference` is the standard deviation of the differences within pairs. Both tails of the
    noncentral t distribution count. None when n < 2, and when the standard deviation is 0: the
    formula would then call any change detectable. Source: Cohen (1988), Statistical Power
    Analysis, section 2.3.5.
    """
    check(alpha, power, [n], [])
    check_deviations(sd_difference)
    if n < 2 or sd_difference == 0:
        return None
    return t_shift(n - 1, power, alpha) * sd_difference / sqrt(n)


def detectable_score_change(
    n: int, sd_difference: float, power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """Smallest mean change in score that the signed-rank test detects at `n` pairs, roughly.

    The answer for the paired t test over sqrt(3/pi), the asymptotic efficiency of the rank test for
    normal differences; with few scale points and many ties it is a rule of thumb. None as in
    `detectable_mean_change`. Source: Hodges & Lehmann (1956), Annals of Mathematical Statistics
    27: 324-335.
    """
    change = detectable_mean_change(n, sd_difference, power, alpha)
    return None if change is None else change / sqrt(WILCOXON_EFFICIENCY)
