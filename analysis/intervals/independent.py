"""Intervals for a change between two waves without a common respondent."""

from __future__ import annotations

from numpy.typing import ArrayLike
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
