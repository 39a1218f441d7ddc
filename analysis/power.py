"""What a comparison could have shown: power, and the smallest change it would have detected.

'Not shown' is not 'unchanged'. These functions give the change that a two-sided test at `alpha`
would have found with probability `power`, from the number of valid answers or pairs alone: for
planning, or beside a result without a star. Do not feed them the observed change: power at the
observed change only repeats the p value (Hoenig & Heisey 2001, The American Statistician 55:
19-24).

Changes of proportions are fractions (0.10 is ten points), changes of means are in the unit of the
standard deviation given. Sizes are counts of valid answers or pairs: the callers leave missing
answers out. ValueError on a negative or fractional size, on a proportion outside [0, 1], on a
negative standard deviation, and unless 0 < alpha < power < 1.
"""

from functools import lru_cache
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln

from analysis.moments import Moments, welch_error, whole_counts

# Relative to the t test, for normal data: Hodges & Lehmann (1956), Annals of Mathematical
# Statistics 27: 324-335. The same for the signed-rank and the Mann-Whitney test.
WILCOXON_EFFICIENCY = 3 / pi


# Above this number of pairs the exact power takes long and the asymptotic one will do.
EXACT_POWER_PAIRS = 1_000


def _check(alpha: float, power: float, sizes: list[int], shares: list[float]) -> None:
    whole_counts(sizes, 1)
    if not 0 < alpha < power < 1:
        raise ValueError(f"need 0 < alpha < power < 1, got {alpha} and {power}")
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError(f"proportions must lie in [0, 1], got {shares}")


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
    _check(alpha, (1 + alpha) / 2, [n], [discordance])
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
    _check(alpha, power, [n], [discordance])
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


def detectable_mean_change(
    n: int, sd_difference: float, power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """Smallest mean change that a paired t test detects at `n` pairs.

    `sd_difference` is the standard deviation of the differences within pairs. Both tails of the
    noncentral t distribution count. None when n < 2, and when the standard deviation is 0: the
    formula would then call any change detectable. Source: Cohen (1988), Statistical Power
    Analysis, section 2.3.5.
    """
    _check(alpha, power, [n], [])
    if not sd_difference >= 0:
        raise ValueError(f"a standard deviation cannot be {sd_difference}")
    if n < 2 or sd_difference == 0:
        return None
    return _noncentrality(n - 1, power, alpha) * sd_difference / sqrt(n)


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
    _check(alpha, power, [n_before, n_after], [])
    if not (sd_before >= 0 and sd_after >= 0):
        raise ValueError(f"standard deviations cannot be {sd_before} and {sd_after}")
    if min(n_before, n_after) < 2:
        return None
    error, df = welch_error(
        Moments(n_before, 0.0, sd_before**2), Moments(n_after, 0.0, sd_after**2)
    )
    return None if error == 0 else _noncentrality(df, power, alpha) * error


def _noncentrality(df: float, power: float, alpha: float) -> float:
    critical = float(stats.t.isf(alpha / 2, df))

    def excess(shift: float) -> float:
        # The lower tail by symmetry: SciPy's nct.cdf(-critical, df, shift) can be NaN.
        tails = stats.nct.sf(critical, df, shift) + stats.nct.sf(critical, df, -shift)
        return float(tails) - power

    high = critical + 1
    while excess(high) < 0:
        high *= 2
    return float(brentq(excess, 0.0, high))


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


def fisher_power(
    n_before: int, n_after: int, p_before: float, p_after: float, alpha: float = 0.05
) -> float:
    """Exact unconditional power of Fisher's test (p < alpha) between two independent waves.

    Adds the probabilities of all significant tables; 0 when a wave is empty. Time and memory grow
    with n_before * n_after: meant for waves of at most some thousands of answers. Source: Bennett
    & Hsu (1960), Biometrika 47: 393-398.
    """
    _check(alpha, (1 + alpha) / 2, [n_before, n_after], [p_before, p_after])
    before = stats.binom.pmf(np.arange(n_before + 1), n_before, p_before)
    after = stats.binom.pmf(np.arange(n_after + 1), n_after, p_after)
    return float(before @ _fisher_significant(n_before, n_after, alpha) @ after)


@lru_cache(maxsize=8)  # a search for the detectable change needs one region some ten times
def _fisher_significant(n_before: int, n_after: int, alpha: float) -> NDArray[np.bool_]:
    """Which tables (yes before, yes after) have a two-sided Fisher p below alpha."""
    significant = np.zeros((n_before + 1, n_after + 1), dtype=bool)
    for total in range(n_before + n_after + 1):
        yes = np.arange(max(0, total - n_after), min(n_before, total) + 1)
        weight = _log_choose(n_before, yes) + _log_choose(n_after, total - yes)
        likelihood = np.exp(weight - _log_choose(n_before + n_after, np.array([total])))
        ordered = np.sort(likelihood)
        # Tables that are equally likely up to rounding count together, as in R's fisher.test.
        as_extreme = np.searchsorted(ordered, likelihood * (1 + 1e-7), side="right")
        significant[yes, total - yes] = np.cumsum(ordered)[as_extreme - 1] < alpha
    return significant


def _log_choose(n: int, k: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def detectable_proportion_change_independent(
    n_before: int, n_after: int, p_before: float, power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """Smallest change of a proportion that Fisher's test detects between independent waves.

    Counted from `p_before` towards the farther end of the scale (a rise up to .5, a fall above
    it): that way there is room, and the larger variance makes it the harder direction. The size of
    the change is returned, as a positive fraction, from the exact power of `fisher_power`. None
    when even a change all the way to that end has too little power.
    """
    _check(alpha, power, [n_before, n_after], [p_before])
    direction = 1.0 if p_before <= 0.5 else -1.0

    def excess(change: float) -> float:
        p_after = min(1.0, max(0.0, p_before + direction * change))
        return fisher_power(n_before, n_after, p_before, p_after, alpha) - power

    room = max(p_before, 1 - p_before)
    return None if excess(room) < 0 else float(brentq(excess, 0.0, room, xtol=1e-8))
