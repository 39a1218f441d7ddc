"""Intervals for a change between two waves without a common respondent."""

from __future__ import annotations

from math import hypot, sqrt

from numpy.typing import ArrayLike
from scipy import optimize
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.intervals.interval import Interval, check_level, check_proportion, t_interval
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
    low, high = confint_proportions_2indep(
        after_yes, after_n, before_yes, before_n, method="newcomb", alpha=1 - level
    )
    return Interval(float(low), float(high), "newcombe")


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
        low_before, high_before = _wilson_reach(*before, abs(z))
        low_after, high_after = _wilson_reach(*after, abs(z))
        if z > 0:
            return change - hypot(low_after, high_before)
        return change + hypot(high_after, low_before)

    if limit(FARTHEST) >= delta:
        return FARTHEST
    if limit(-FARTHEST) <= delta:
        return -FARTHEST
    return float(optimize.brentq(lambda z: limit(z) - delta, -FARTHEST, FARTHEST, xtol=1e-13))


def _wilson_reach(yes: int, n: int, z: float) -> tuple[float, float]:
    """How far the Wilson limits at normal deviate z lie below and above the estimate."""
    share = yes / n
    shift = z * z / n * (1 / 2 - share)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and at 1 shift and half are equal but for rounding.
    return max(0.0, half - shift) / (1 + z * z / n), max(0.0, half + shift) / (1 + z * z / n)


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
