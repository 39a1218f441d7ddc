"""One change, estimated and tested: the value in each wave, the interval, the test.

Six cases: a proportion, an ordinal scale or a mean, over pairs or over independent waves.
An estimate has no test (p is None, with a reason in Dutch) where there is nothing to test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analysis import intervals, power
from analysis.measures import MEAN, ORDINAL, PROPORTION, Measure
from analysis.moments import difference_counts, moments
from analysis.significance import (
    TestResult,
    fisher_exact,
    mann_whitney,
    mcnemar_midp,
    paired_t,
    welch_t,
    wilcoxon_pratt,
)

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """`change` is after minus before, `interval` its 95% interval, `narrow` its 90% interval
    (for the test of equivalence), `detectable` the smallest change with 80% power.

    Values are fractions for a proportion, mean scale positions (1 = lowest) for an ordinal
    scale, and means in the unit of the question for a grade or number.
    """

    value_before: float
    value_after: float
    test: TestResult
    interval: intervals.Interval | None
    narrow: intervals.Interval | None
    detectable: float | None
    count_before: int | None = None
    count_after: int | None = None

    @property
    def change(self) -> float:
        return self.value_after - self.value_before


def estimate_pairs(measure: Measure, table: Counts) -> Estimate:
    """From the transition table (code before x code after) of a measure; at least one pair."""
    return _PAIRED[measure.kind](measure, table)


def estimate_independent(measure: Measure, before: Counts, after: Counts) -> Estimate:
    """From the counts per code of either wave; at least one valid answer in each."""
    return _INDEPENDENT[measure.kind](measure, before, after)


def _counted(measure: Measure) -> NDArray[np.bool_]:
    return np.array([code in measure.counted for code in measure.codes])


def _paired_proportion(measure: Measure, table: Counts) -> Estimate:
    yes = _counted(measure)
    both = int(table[yes][:, yes].sum())
    up = int(table[~yes][:, yes].sum())
    down = int(table[yes][:, ~yes].sum())
    n = int(table.sum())
    neither = n - both - up - down
    odds_ratio = up / down if down else None
    result = TestResult(
        "mcnemar_midp", None, mcnemar_midp(up, down), odds_ratio, "conditional_odds_ratio"
    )
    return Estimate(
        (both + down) / n,
        (both + up) / n,
        result,
        intervals.tango_interval(both, up, down, neither),
        intervals.tango_interval(both, up, down, neither, level=0.90),
        power.mcnemar_detectable_change(n, (up + down) / n),
        both + down,
        both + up,
    )


def _paired_scores(
    measure: Measure,
    table: Counts,
    test: Callable[..., TestResult],
    detectable: Callable[[int, float], float | None],
    has_interval: bool,
) -> Estimate:
    scores = np.array(measure.scores)
    differences, counts = difference_counts(table, scores)
    n, _, variance = moments(counts, differences)
    return Estimate(
        moments(table.sum(axis=1), scores).mean,
        moments(table.sum(axis=0), scores).mean,
        test(table, scores),
        intervals.mean_difference_interval(table, scores) if has_interval else None,
        intervals.mean_difference_interval(table, scores, level=0.90),
        detectable(n, sqrt(variance)) if n > 1 else None,
    )


def _paired_ordinal(measure: Measure, table: Counts) -> Estimate:
    # no interval: one around the mean would be of another test than the star
    detectable = power.detectable_score_change
    return _paired_scores(measure, table, wilcoxon_pratt, detectable, has_interval=False)


def _paired_mean(measure: Measure, table: Counts) -> Estimate:
    detectable = power.detectable_mean_change
    return _paired_scores(measure, table, paired_t, detectable, has_interval=True)


def _independent_proportion(measure: Measure, before: Counts, after: Counts) -> Estimate:
    yes = _counted(measure)
    yes_before, yes_after = int(before[yes].sum()), int(after[yes].sum())
    n_before, n_after = int(before.sum()), int(after.sum())
    counts = (yes_before, n_before, yes_after, n_after)
    odds = (yes_before * (n_after - yes_after), yes_after * (n_before - yes_before))
    result = TestResult(
        "fisher", None, fisher_exact(*counts), odds[1] / odds[0] if odds[0] else None, "odds_ratio"
    )
    share = yes_before / n_before
    return Estimate(
        share,
        yes_after / n_after,
        result,
        intervals.newcombe_interval(*counts),
        intervals.newcombe_interval(*counts, level=0.90),
        power.detectable_proportion_change_independent(n_before, n_after, share),
        yes_before,
        yes_after,
    )


def _independent_scores(
    measure: Measure,
    before: Counts,
    after: Counts,
    test: Callable[..., TestResult],
    detectable: Callable[[int, int, float, float], float | None],
    has_interval: bool,
) -> Estimate:
    scores = np.array(measure.scores)
    first, second = moments(before, scores), moments(after, scores)
    small = min(first.n, second.n) < 2
    return Estimate(
        first.mean,
        second.mean,
        test(before, after, scores),
        intervals.welch_interval(before, after, scores) if has_interval else None,
        intervals.welch_interval(before, after, scores, level=0.90),
        None
        if small
        else detectable(first.n, second.n, sqrt(first.variance), sqrt(second.variance)),
    )


def _independent_ordinal(measure: Measure, before: Counts, after: Counts) -> Estimate:
    detectable = power.detectable_score_change_independent
    return _independent_scores(measure, before, after, mann_whitney, detectable, has_interval=False)


def _independent_mean(measure: Measure, before: Counts, after: Counts) -> Estimate:
    detectable = power.detectable_mean_change_independent
    return _independent_scores(measure, before, after, welch_t, detectable, has_interval=True)


_PAIRED = {PROPORTION: _paired_proportion, ORDINAL: _paired_ordinal, MEAN: _paired_mean}
_INDEPENDENT = {
    PROPORTION: _independent_proportion,
    ORDINAL: _independent_ordinal,
    MEAN: _independent_mean,
}
