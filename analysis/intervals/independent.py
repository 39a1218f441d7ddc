"""Intervals for a change between two waves without a common respondent."""

from __future__ import annotations

from math import hypot

from numpy.typing import ArrayLike
from scipy import optimize, stats

from analysis.intervals.interval import Interval, check_level, check_proportion, t_interval
from analysis.intervals.levels import wilson_reach
from analysis.moments import moments, welch_error


def newcombe_interval(
    before_yes: int, before_n: int, after_yes: int, after_n: int, level: float = 0.95
) -> Interval:
    """Newcombe's hybrid score interval for independent proportions, method 'newcombe'.

    The difference is after minus before. Source: Newcombe (1998), Statistics in Medicine 17:
    873-890, method 10. ValueError when a wave is empty or has more successes than answers.
    """
    check_proportion(before_yes, before_n, level)
    check_proportion(after_yes, after_n, level)
    z = float(stats.norm.isf((1 - level) / 2))
    low_before, high_before = wilson_reach(before_yes / before_n, before_n, z)
    low_after, high_after = wilson_reach(after_yes / after_n, after_n, z)
    change = after_yes / after_n - before_yes / before_n
    low, high = change - hypot(low_after, high_before), change + hypot(high_after, low_before)
    return Interval(low, high, "newcombe")


# A normal deviate so large that its p value is 0 in floating point.
FARTHEST = 40.0


def newcombe_deviate(before: tuple[int, int], after: tuple[int, int], delta: float) -> float:
    """Return the normal deviate z at which a limit of the Newcombe interval equals `delta`.

    Positive when `delta` lies below the estimate, so that the lower limit gets there. Limited to
    +-40, since the interval does not reach every difference. `before` and `after` are (yes, n),
    checked by the caller. Source as above.
    """
    change = after[0] / after[1] - before[0] / before[1]

    def limit(z: float) -> float:
        low_before, high_before = wilson_reach(before[0] / before[1], before[1], abs(z))
        low_after, high_after = wilson_reach(after[0] / after[1], after[1], abs(z))
        if z > 0:
            return change - hypot(low_after, high_before)
        return change + hypot(high_after, low_before)

    if limit(FARTHEST) >= delta:
        return FARTHEST
    if limit(-FARTHEST) <= delta:
        return -FARTHEST
    return float(optimize.brentq(lambda z: limit(z) - delta, -FARTHEST, FARTHEST, xtol=1e-13))


def welch_interval(
    before_counts: ArrayLike,
    after_counts: ArrayLike,
    scores: ArrayLike | None = None,
    level: float = 0.95,
) -> Interval | None:
    """Welch t interval for a difference of independent means, method 'welch'.

    Both arguments hold the valid answers per code of one scale. None when a wave has n < 2. When
    each wave has equal answers only, the width is 0. Source: Welch (1947), Biometrika 34: 28-35.
    ValueError on invalid counts or scores.
    """
    check_level(level)
    before, after = moments(before_counts, scores), moments(after_counts, scores)
    if min(before.n, after.n) < 2:
        return None
    error, df = welch_error(before, after)
    return t_interval(after.mean - before.mean, error, df, level, "welch")
