"""Two one-sided tests: is the change shown to lie within a margin, either way?

The null hypotheses are a change of -margin or less, and one of margin or more. p is the larger of
the two one-sided p values, so p < .05 says that both are rejected. That is exactly when the 90%
interval of the same name lies inside the margin. `statistic` is that of the larger p; the effect
is the change, after minus before: 'difference' of proportions or 'mean_difference'.

Source: Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15: 657-680.
"""

from __future__ import annotations

from math import inf, isfinite, sqrt

from numpy.typing import ArrayLike
from scipy import stats

from analysis.intervals.independent import newcombe_deviate
from analysis.intervals.paired import tango_deviation
from analysis.moments import difference_counts, moments, welch_error, whole_counts
from analysis.significance.result import (
    EMPTY_WAVE,
    NO_CHANGE,
    NO_PAIRS,
    NO_SPREAD,
    ONE_PAIR,
    SAME_CHANGE,
    SMALL_WAVE,
    TestResult,
)

# Whatever its level, the Newcombe interval may stay within this distance of 0 on both sides.
NEWCOMBE_REACH = sqrt(1 / 2)


def tost_paired_proportions(
    both: int, up: int, down: int, neither: int, margin: float
) -> TestResult:
    """Equivalence of paired proportions by Tango's score statistic, test 'tost_tango'.

    The four counts are pairs: yes in both waves, no-yes, yes-no, no in both. `margin` is a
    fraction between 0 and 1. Goes with the 90% `tango_interval`; defined for every table with a
    pair, also without any change. No pairs give p None. ValueError on an invalid count or margin.
    Source: Tango (1998), Statistics in Medicine 17: 891-908.
    """
    _check_margin(margin, below=1)
    _, up, down, _ = counts = whole_counts([both, up, down, neither], 1).tolist()
    n = sum(counts)
    if n == 0:
        return TestResult("tost_tango", None, None, None, "difference", NO_PAIRS)
    low, high = (tango_deviation(up, down, n, delta) for delta in (-margin, margin))
    scores = low[0] / low[1], high[0] / high[1]
    return _larger_p("tost_tango", scores, inf, (up - down) / n, "difference")


def tost_proportions(
    before_yes: int, before_n: int, after_yes: int, after_n: int, margin: float
) -> TestResult:
    """Equivalence of independent proportions by Newcombe's interval, test 'tost_newcombe'.

    A one-sided p is the tail area of the normal deviate at which a limit of `newcombe_interval`
    equals the margin, so this goes with its 90% interval. `margin` is a fraction below
    sqrt(1/2): a wider one can hold the interval at every level. An empty wave gives p None.
    ValueError on an invalid count or margin, and on more yes than n. Source: Newcombe (1998),
    Statistics in Medicine 17: 873-890, method 10, inverted.
    """
    _check_margin(margin, below=NEWCOMBE_REACH)
    counts = whole_counts([before_yes, before_n, after_yes, after_n], 1).tolist()
    before, after = (counts[0], counts[1]), (counts[2], counts[3])
    if before[0] > before[1] or after[0] > after[1]:
        raise ValueError(f"more yes than answers: {counts}")
    if min(before[1], after[1]) == 0:
        return TestResult("tost_newcombe", None, None, None, "difference", EMPTY_WAVE)
    deviates = newcombe_deviate(before, after, -margin), newcombe_deviate(before, after, margin)
    change = after[0] / after[1] - before[0] / before[1]
    return _larger_p("tost_newcombe", deviates, inf, change, "difference")


def tost_paired_t(
    transitions: ArrayLike, margin: float, scores: ArrayLike | None = None
) -> TestResult:
    """Equivalence of the means of a panel by paired t tests, test 'tost_paired_t'.

    `transitions` is the square table of code before (rows) by code after (columns); `margin` is
    in the unit of the scores. Goes with the 90% `mean_difference_interval`. p is None without
    pairs, with one pair, and when all pairs change equally, also by nothing. ValueError on an
    invalid table, margin or scores.
    """
    _check_margin(margin)
    n, mean, variance = moments(*reversed(difference_counts(transitions, scores)))
    name, effect = "tost_paired_t", "mean_difference"
    if n < 2:
        return TestResult(name, None, None, None, effect, ONE_PAIR if n else NO_PAIRS)
    if variance == 0:
        return TestResult(name, None, None, mean, effect, SAME_CHANGE if mean else NO_CHANGE)
    error = sqrt(variance / n)
    return _larger_p(name, ((mean + margin) / error, (mean - margin) / error), n - 1, mean, effect)


def tost_welch(
    before_counts: ArrayLike,
    after_counts: ArrayLike,
    margin: float,
    scores: ArrayLike | None = None,
) -> TestResult:
    """Equivalence of the means of two waves without a common respondent, test 'tost_welch'.

    The counts are the valid answers per code of one scale; `margin` is in the unit of the scores.
    Goes with the 90% `welch_interval`. p is None when a wave has fewer than two answers, and when
    neither has any spread. ValueError on invalid counts, margin or scores.
    """
    _check_margin(margin)
    before, after = moments(before_counts, scores), moments(after_counts, scores)
    name, effect = "tost_welch", "mean_difference"
    if min(before.n, after.n) < 2:
        return TestResult(name, None, None, None, effect, SMALL_WAVE)
    change = after.mean - before.mean
    error, df = welch_error(before, after)
    if error == 0:
        return TestResult(name, None, None, change, effect, NO_SPREAD)
    return _larger_p(
        name, ((change + margin) / error, (change - margin) / error), df, change, effect
    )


def _check_margin(margin: float, below: float = inf) -> None:
    if not (isfinite(margin) and 0 < margin < below):
        raise ValueError(f"margin must be above 0 and below {below:.3g}, got {margin}")


def _larger_p(
    test: str, scores: tuple[float, float], df: float, change: float, effect_name: str
) -> TestResult:
    """From the distances to -margin (in favour of equivalence when high) and to margin (low)."""
    above, below = scores
    p_above, p_below = float(stats.t.sf(above, df)), float(stats.t.cdf(below, df))
    statistic = above if p_above >= p_below else below
    return TestResult(test, statistic, max(p_above, p_below), change, effect_name)
