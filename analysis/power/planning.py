"""How many pairs or answers a change of a given size needs.

The answer is a number of valid answers: ask more regions than that, since some skip a question.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, isfinite, sqrt

from scipy import stats

from analysis.power.independent import EXACT_FISHER_TABLES, fisher_power
from analysis.power.noncentral import check, check_deviations, t_power
from analysis.power.paired import mcnemar_power, paired_t_power

# Above this number the exact search takes long and differs by less than a hundredth.
EXACT_NEEDED_PAIRS = 10_000


def needed_pairs_proportion(
    change: float, discordance: float, power: float = 0.8, alpha: float = 0.05
) -> int:
    """Pairs that the mid-p McNemar test needs to detect a change of a paired proportion.

    `discordance` is the fraction of pairs that change at all, and `change` the rises less the
    falls, both fractions of all pairs. The sign of the change does not matter. From the exact
    `mcnemar_power`; since that goes up and down a little with n, the answer is the n from which on
    it stays at `power`. Where the formula of Miettinen (1968), Biometrics 24: 339-352, gives more
    than 10,000 pairs its answer is taken: too low when nearly all changed pairs change the same
    way and they are few.

    ValueError when the change is 0, which no number shows, or exceeds the discordance, which
    cannot be.
    """
    check(alpha, power, [], [discordance])
    _check_change(change)
    if abs(change) > discordance:
        raise ValueError(f"a change of {change} needs at least that discordance, got {discordance}")
    z_alpha, z_power = _quantiles(power, alpha)
    spread = discordance**2 - change**2 * (3 + discordance) / 4
    estimate = (z_alpha * discordance + z_power * sqrt(spread)) ** 2 / (discordance * change**2)
    if estimate > EXACT_NEEDED_PAIRS:
        return ceil(estimate)
    return _settled(lambda n: mcnemar_power(n, discordance, change, alpha) >= power, estimate)


def needed_pairs_mean(
    change: float, sd_difference: float, power: float = 0.8, alpha: float = 0.05
) -> int:
    """Pairs that the paired t test needs to detect a mean change, for normal differences.

    `sd_difference` is the standard deviation of the differences within pairs; the sign of the
    change does not matter. At least 2. ValueError when the change is 0, which no number shows, and
    when the standard deviation is 0: then there is no test. Source: Cohen (1988), Statistical Power
    Analysis, section 2.4.
    """
    check(alpha, power, [], [])
    _check_change(change)
    _check_spread(sd_difference)
    estimate = (sum(_quantiles(power, alpha)) * sd_difference / change) ** 2
    return _first(lambda n: paired_t_power(n, abs(change), sd_difference, alpha) >= power, estimate)


def needed_answers_proportion(
    p_before: float, change: float, power: float = 0.8, alpha: float = 0.05
) -> int:
    """Answers that Fisher's test needs in each of two equal, independent waves.

    The proportion goes from `p_before` to `p_before + change`: here the sign does matter. From the
    exact `fisher_power`; since that goes up and down a little with n, the answer is the n from
    which on it stays at `power`. Where the formula of Casagrande, Pike & Smith (1978), Biometrics
    34: 483-486, gives waves too large for the exact power its answer is taken.

    ValueError when the change is 0, which no number shows, or leads outside [0, 1].
    """
    p_after = round(p_before + change, 12)  # 0.7 + 0.3 and the like may end a hair above 1
    check(alpha, power, [], [p_before, p_after])
    _check_change(change)
    z_alpha, z_power = _quantiles(power, alpha)
    mean = (p_before + p_after) / 2
    spread = p_before * (1 - p_before) + p_after * (1 - p_after)
    needed = (z_alpha * sqrt(2 * mean * (1 - mean)) + z_power * sqrt(spread)) ** 2 / change**2
    estimate = needed / 4 * (1 + sqrt(1 + 4 / (needed * abs(change)))) ** 2
    if estimate**2 > EXACT_FISHER_TABLES:
        return ceil(estimate)
    return _settled(lambda n: fisher_power(n, n, p_before, p_after, alpha) >= power, estimate)


def needed_answers_mean(change: float, sd: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Answers that the t test needs in each of two equal, independent waves, for normal answers.

    `sd` is the standard deviation within each wave; the sign of the change does not matter. At
    least 2. With equal sizes and spread, as supposed here, Welch's test is Student's. ValueError
    when the change or the standard deviation is 0. Source: Cohen (1988), Statistical Power
    Analysis, section 2.4.
    """
    check(alpha, power, [], [])
    _check_change(change)
    _check_spread(sd)

    def is_enough(n: int) -> bool:
        return n > 1 and t_power(abs(change) / sd * sqrt(n / 2), 2 * n - 2, alpha) >= power

    return _first(is_enough, 2 * (sum(_quantiles(power, alpha)) * sd / change) ** 2)


def _check_change(change: float) -> None:
    if change == 0 or not isfinite(change):
        raise ValueError(f"no number of answers shows a change of {change}")


def _check_spread(deviation: float) -> None:
    check_deviations(deviation)
    if deviation == 0:
        raise ValueError("without any spread there is no test")


def _quantiles(power: float, alpha: float) -> tuple[float, float]:
    return float(stats.norm.isf(alpha / 2)), float(stats.norm.ppf(power))


def _first(is_enough: Callable[[int], bool], estimate: float) -> int:
    """An n that is enough where n - 1 is not, searched from an estimate."""
    low, high = 0, ceil(estimate) + 1
    while not is_enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _settled(is_enough: Callable[[int], bool], estimate: float) -> int:
    """The n from which on every n is enough, searched from an estimate.

    Exact power dips after each step of the critical value, most where all pairs change. The dips
    were found to reach at most 1.5 sqrt(n) beyond the first n that is enough.
    """
    first = _first(is_enough, estimate)
    reach = first + ceil(2 * sqrt(first)) + 10
    return 1 + max((n for n in range(first, reach) if not is_enough(n)), default=first - 1)
