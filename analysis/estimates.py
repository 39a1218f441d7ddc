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
from analysis.measures import PROPORTION, Measure
from analysis.moments import difference_counts, moments
from analysis.settings import INDEPENDENT, PAIRED, Settings
from analysis.significance import (
    OverlapResult,
    TestResult,
    brunner_munzel,
    fisher_exact,
    mann_whitney,
    mcnemar_exact,
    mcnemar_midp,
    overlapping_means,
    overlapping_proportions,
    paired_t,
    tost_paired_proportions,
    tost_paired_t,
    tost_proportions,
    tost_welch,
    welch_t,
    wilcoxon_pratt,
)

Counts = NDArray[np.int64]

_MCNEMAR = {"mcnemar_midp": mcnemar_midp, "mcnemar_exact": mcnemar_exact}
_PAIRED_SCORES = {"paired_t": paired_t, "wilcoxon_pratt": wilcoxon_pratt}
_INDEPENDENT_SCORES: dict[str, Callable[..., TestResult]] = {
    "welch_t": welch_t,
    "mann_whitney": mann_whitney,
    "brunner_munzel": brunner_munzel,
}
_PAIRED_INTERVALS = {
    "tango": intervals.tango_interval,
    "newcombe10": intervals.newcombe10_interval,
}


@dataclass(frozen=True)
class Estimate:
    """`change` is after minus before, `interval` its 95% interval, `detectable` the smallest
    change with 80% power, `equivalence` the two one-sided tests where a margin was given,
    `effect_low` and `effect_high` the 95% interval of the effect where there is one.

    Values are fractions for a proportion, mean scale positions (1 = lowest) for an ordinal
    scale, and means in the unit of the question for a grade or number.
    """

    value_before: float
    value_after: float
    test: TestResult
    interval: intervals.Interval | None
    detectable: float | None
    equivalence: TestResult | None = None
    count_before: int | None = None
    count_after: int | None = None
    effect_low: float | None = None
    effect_high: float | None = None

    @property
    def change(self) -> float:
        return self.value_after - self.value_before


def estimate_pairs(measure: Measure, table: Counts, settings: Settings) -> Estimate:
    """From the transition table (code before x code after) of a measure; at least one pair."""
    if measure.kind == PROPORTION:
        return _paired_proportion(measure, table, settings)
    return _paired_scores(measure, table, settings)


def estimate_independent(
    measure: Measure, before: Counts, after: Counts, settings: Settings
) -> Estimate:
    """From the counts per code of either wave; at least one valid answer in each."""
    if measure.kind == PROPORTION:
        return _independent_proportion(measure, before, after, settings)
    return _independent_scores(measure, before, after, settings)


def estimate_overlap(
    measure: Measure, table: Counts, only_before: Counts, only_after: Counts
) -> OverlapResult:
    """The change over all answers: the pairs, and the counts per code of the regions with a
    valid answer in one wave only."""
    if measure.kind == PROPORTION:
        yes = _counted(measure)
        return overlapping_proportions(
            *_fourfold(measure, table),
            int(only_before[yes].sum()),
            int(only_before.sum()),
            int(only_after[yes].sum()),
            int(only_after.sum()),
        )
    return overlapping_means(table, only_before, only_after, np.array(measure.scores))


def _counted(measure: Measure) -> NDArray[np.bool_]:
    return np.array([code in measure.counted for code in measure.codes])


def _fourfold(measure: Measure, table: Counts) -> tuple[int, int, int, int]:
    """The pairs that are counted in both waves, in the later only, the earlier only, neither."""
    yes = _counted(measure)
    return (
        int(table[yes][:, yes].sum()),
        int(table[~yes][:, yes].sum()),
        int(table[yes][:, ~yes].sum()),
        int(table[~yes][:, ~yes].sum()),
    )


def _paired_proportion(measure: Measure, table: Counts, settings: Settings) -> Estimate:
    both, up, down, neither = _fourfold(measure, table)
    n = both + up + down + neither
    name = settings.test(PROPORTION, PAIRED)
    odds_ratio = up / down if down else None
    odds = intervals.conditional_odds_ratio_interval(up, down, exact=name == "mcnemar_exact")
    interval = _PAIRED_INTERVALS[settings.paired_interval]
    margin = settings.margin.proportion
    return Estimate(
        value_before=(both + down) / n,
        value_after=(both + up) / n,
        test=TestResult(name, None, _MCNEMAR[name](up, down), odds_ratio, "conditional_odds_ratio"),
        interval=interval(both, up, down, neither),
        detectable=power.mcnemar_detectable_change(n, (up + down) / n),
        equivalence=tost_paired_proportions(both, up, down, neither, margin) if margin else None,
        count_before=both + down,
        count_after=both + up,
        effect_low=odds.low if odds else None,
        effect_high=odds.high if odds else None,
    )


def _paired_scores(measure: Measure, table: Counts, settings: Settings) -> Estimate:
    # no interval beside a rank test: one around the mean would be of another test than the star
    scores = np.array(measure.scores)
    name = settings.test(measure.kind, PAIRED)
    differences, counts = difference_counts(table, scores)
    n, _, variance = moments(counts, differences)
    detectable = (
        power.detectable_mean_change if name == "paired_t" else power.detectable_score_change
    )
    margin = settings.margin.mean
    return Estimate(
        value_before=moments(table.sum(axis=1), scores).mean,
        value_after=moments(table.sum(axis=0), scores).mean,
        test=_PAIRED_SCORES[name](table, scores),
        interval=intervals.mean_difference_interval(table, scores) if name == "paired_t" else None,
        detectable=detectable(n, sqrt(variance)) if n > 1 else None,
        equivalence=tost_paired_t(table, margin, scores) if margin else None,
    )


def _independent_proportion(
    measure: Measure, before: Counts, after: Counts, settings: Settings
) -> Estimate:
    yes = _counted(measure)
    yes_before, yes_after = int(before[yes].sum()), int(after[yes].sum())
    n_before, n_after = int(before.sum()), int(after.sum())
    counts = (yes_before, n_before, yes_after, n_after)
    odds = (yes_before * (n_after - yes_after), yes_after * (n_before - yes_before))
    odds_ratio = odds[1] / odds[0] if odds[0] else None
    share = yes_before / n_before
    margin = settings.margin.proportion
    return Estimate(
        value_before=share,
        value_after=yes_after / n_after,
        test=TestResult("fisher", None, fisher_exact(*counts), odds_ratio, "odds_ratio"),
        interval=intervals.newcombe_interval(*counts),
        detectable=power.detectable_proportion_change_independent(n_before, n_after, share),
        equivalence=tost_proportions(*counts, margin) if margin else None,
        count_before=yes_before,
        count_after=yes_after,
    )


def _independent_scores(
    measure: Measure, before: Counts, after: Counts, settings: Settings
) -> Estimate:
    scores = np.array(measure.scores)
    name = settings.test(measure.kind, INDEPENDENT)
    first, second = moments(before, scores), moments(after, scores)
    detectable = (
        power.detectable_mean_change_independent
        if name == "welch_t"
        else power.detectable_score_change_independent
    )
    is_small = min(first.n, second.n) < 2
    spread = () if is_small else (sqrt(first.variance), sqrt(second.variance))
    margin = settings.margin.mean
    return Estimate(
        value_before=first.mean,
        value_after=second.mean,
        test=_INDEPENDENT_SCORES[name](before, after, scores),
        interval=intervals.welch_interval(before, after, scores) if name == "welch_t" else None,
        detectable=detectable(first.n, second.n, *spread) if spread else None,
        equivalence=tost_welch(before, after, margin, scores) if margin else None,
    )
