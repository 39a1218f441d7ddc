"""The same comparison per group of regions, and whether the groups differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.comparison import Comparison, compare
from analysis.counts import PairCounts, WaveCounts
from analysis.decision import adjust
from analysis.design import COMPLETE_ITEM, choose_design
from analysis.measure_counts import MeasureCounts, count_measure, match_measures
from analysis.measures import MEAN, ORDINAL, PROPORTION, Measure
from analysis.moments import moments, welch_error
from analysis.settings import INDEPENDENT, Settings
from analysis.significance.heterogeneity import ONE_GROUP, heterogeneity
from analysis.significance.result import SMALL_WAVE
from analysis.significance.several_waves import (
    WAVE_WITHOUT_SPREAD,
    kruskal_wallis,
    welch_anova,
)
from surveys.questionnaire import Questionnaire

Counted = tuple[WaveCounts, WaveCounts, PairCounts]

GROUP_DESIGN = "De opzet is die van de vergelijking van alle regio's."
_TESTS = {PROPORTION: "kruskal_wallis", ORDINAL: "kruskal_wallis", MEAN: "welch_anova"}
# The tests speak of waves; here they are over groups.
_REASONS = {
    SMALL_WAVE: (
        "Voor een toets op verschil tussen groepen zijn in elke groep minstens twee geldige "
        "antwoorden nodig."
    ),
    WAVE_WITHOUT_SPREAD: (
        "In minstens één groep verschillen de regio's niet van elkaar. Dan is het verschil tussen "
        "groepen niet te toetsen."
    ),
}


@dataclass(frozen=True)
class GroupTest:
    """One test of difference between groups; p None with a Dutch reason.

    `n` is the number of regions in the test, of changes of independent waves the answers of both
    waves together; `groups` is how many groups took part. Of an F `df` is of the groups and
    `df_error` of the answers.
    """

    test: str
    statistic: float | None
    df: float | None
    p: float | None
    n: int
    groups: int
    reason: str = ""
    p_adjusted: float | None = None
    df_error: float | None = None


@dataclass(frozen=True)
class GroupDifference:
    """Whether the groups of an attribute differ on one figure: in the level of the later wave,
    and in the change between the waves. Both are over the regions that the figures of the groups
    are over: the pairs, or all valid answers of independent waves."""

    item: str
    part: str
    concept: str
    section: str
    text: str
    label: str
    measure: str
    wave_before: str
    wave_after: str
    attribute: str
    design: str
    adjustment: str
    level: GroupTest
    change: GroupTest
    is_summary: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def compare_groups(
    attribute: str,
    groups: Mapping[str, Counted],
    total: Counted,
    settings: Settings,
    between: Sequence[Questionnaire] = (),
) -> list[Comparison]:
    """Per figure the comparison of all regions and of every group, in the design of the whole.

    The rows may hold small groups: `disclosure.release` decides which of them may be seen.
    """
    whole = compare(*total, settings, between)
    alike = replace(settings, design=choose_design(*total, settings.design).name)
    by_figure: dict[tuple[str, str, str], list[Comparison]] = defaultdict(list)
    for name, counted in groups.items():
        for row in compare(*counted, alike, between):
            reason = row.design_reason if row.design_reason == COMPLETE_ITEM else GROUP_DESIGN
            by_figure[_figure(row)].append(
                replace(row, attribute=attribute, group=name, design_reason=reason)
            )
    return [
        row
        for first in whole
        for row in (replace(first, attribute=attribute), *by_figure[_figure(first)])
    ]


def _figure(row: Comparison) -> tuple[str, str, str]:
    return row.section, row.item, row.part


def find_group_differences(
    attribute: str,
    groups: Mapping[str, Counted],
    total: Counted,
    settings: Settings,
    between: Sequence[Questionnaire] = (),
    *,
    shown: Mapping[tuple[str, str], Collection[str]],
) -> list[GroupDifference]:
    """Per figure that may be compared, the tests of difference between the groups that are shown.

    `shown` names, per item and part, the groups whose figure is released
    (`disclosure.shown_groups`). Only those take part: a test over hidden groups would tell what
    they said, since the total is known. A figure that is not in `shown` has no test.

    Levels, and changes of pairs, by Kruskal-Wallis (of a proportion that is Pearson's chi-square
    times (n - 1)/n) or Welch's F for means; changes of independent waves by their heterogeneity.
    P values are adjusted per section, summaries apart, and levels and changes apart.
    """
    before, after, _ = total
    design = choose_design(*total, settings.design).name
    rows = []
    for match, measure in match_measures(before, after, settings, between):
        names = shown.get((measure.item, measure.part))
        if names is None or count_measure(match, measure, *total).refusal:
            continue
        counts = [
            count_measure(match, measure, *counted)
            for name, counted in groups.items()
            if name in names
        ]
        rows.append(
            GroupDifference(
                **measure.names(),
                wave_before=before.wave,
                wave_after=after.wave,
                attribute=attribute,
                design=design,
                adjustment=settings.adjustment,
                level=_test_level(measure, counts, design),
                change=_test_change(measure, counts, design),
                is_summary=measure.is_summary,
            )
        )
    return _adjust(rows, settings)


def _adjust(rows: list[GroupDifference], settings: Settings) -> list[GroupDifference]:
    families = [(row.section, row.is_summary) for row in rows]
    levels = adjust([row.level.p for row in rows], families, settings.adjustment)
    changes = adjust([row.change.p for row in rows], families, settings.adjustment)
    return [
        replace(
            row,
            level=replace(row.level, p_adjusted=level),
            change=replace(row.change, p_adjusted=change),
        )
        for row, level, change in zip(rows, levels, changes, strict=True)
    ]


def _test_level(measure: Measure, groups: list[MeasureCounts], design: str) -> GroupTest:
    counts = [group.after if design == INDEPENDENT else group.table.sum(axis=0) for group in groups]
    return _test_scores(measure, counts, measure.values)


def _test_change(measure: Measure, groups: list[MeasureCounts], design: str) -> GroupTest:
    scores = measure.values
    if design == INDEPENDENT:
        return _test_independent_changes(groups, scores)
    change = (scores[np.newaxis, :] - scores[:, np.newaxis]).ravel()
    return _test_scores(measure, [group.table.ravel() for group in groups], change)


def _test_scores(
    measure: Measure, groups: list[NDArray[np.int64]], scores: NDArray[np.float64]
) -> GroupTest:
    """From the counts per group of each score; groups without a valid answer do not take part."""
    answered = np.array([counts for counts in groups if counts.sum() > 0])
    base = int(answered.sum()), len(answered)
    if len(answered) < 2:
        return GroupTest(_TESTS[measure.kind], None, None, None, *base, ONE_GROUP)
    test = welch_anova if measure.kind == MEAN else kruskal_wallis
    found = test(answered, scores)
    reason = _REASONS.get(found.reason, found.reason)
    return GroupTest(
        found.test, found.statistic, found.df, found.p, *base, reason, df_error=found.df_error
    )


def _test_independent_changes(
    groups: list[MeasureCounts], scores: NDArray[np.float64]
) -> GroupTest:
    """A change whose error is not known, of a wave with one answer, does not take part."""
    waves = [(moments(group.before, scores), moments(group.after, scores)) for group in groups]
    waves = [(before, after) for before, after in waves if min(before.n, after.n) >= 2]
    errors = [welch_error(before, after) for before, after in waves]
    found = heterogeneity(
        [after.mean - before.mean for before, after in waves],
        [error**2 for error, _ in errors],
        [df for _, df in errors],
    )
    return GroupTest(
        "heterogeneity",
        found.f,
        found.df,
        found.p,
        sum(before.n + after.n for before, after in waves),
        len(waves),
        found.reason,
        df_error=found.df_error,
    )
