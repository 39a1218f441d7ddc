"""The same comparison per group of regions, and whether the groups differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.comparison import (
    Comparison,
    MeasureCounts,
    compare,
    count_measure,
    match_measures,
)
from analysis.counts import PairCounts, WaveCounts
from analysis.decision import adjust
from analysis.design import choose_design
from analysis.measures import MEAN, ORDINAL, PROPORTION, Measure
from analysis.moments import moments
from analysis.settings import INDEPENDENT, Settings
from analysis.significance.heterogeneity import ONE_GROUP, heterogeneity
from analysis.significance.several_waves import kruskal_wallis, welch_anova
from surveys.questionnaire import Questionnaire

Counted = tuple[WaveCounts, WaveCounts, PairCounts]

_TESTS = {PROPORTION: "kruskal_wallis", ORDINAL: "kruskal_wallis", MEAN: "welch_anova"}


@dataclass(frozen=True)
class GroupTest:
    """One test of difference between groups; p None with a Dutch reason."""

    test: str
    statistic: float | None
    df: float | None
    p: float | None
    reason: str = ""
    p_adjusted: float | None = None


@dataclass(frozen=True)
class GroupDifference:
    """Whether the groups of an attribute differ on one figure: in the level of the later wave,
    and in the change between the waves. Groups without a valid answer do not take part."""

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
    found = [
        [replace(row, attribute=attribute, group=name) for row in compare(*counted, alike, between)]
        for name, counted in groups.items()
    ]
    by_figure: dict[tuple[str, str, str], list[Comparison]] = defaultdict(list)
    for rows in found:
        for row in rows:
            by_figure[_figure(row)].append(row)
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
) -> list[GroupDifference]:
    """Per figure that may be compared, the tests of difference between the groups.

    Levels, and changes of pairs, by Kruskal-Wallis (of a proportion that is Pearson's chi-square
    times (n - 1)/n) or Welch's F for means; changes of independent waves by their heterogeneity.
    P values are adjusted per section, levels and changes apart.
    """
    before, after, _ = total
    design = choose_design(*total, settings.design).name
    rows = []
    for match, measure in match_measures(before, after, settings, between):
        if count_measure(match, measure, *total).refusal:
            continue
        counts = [count_measure(match, measure, *counted) for counted in groups.values()]
        rows.append(
            GroupDifference(
                item=measure.item,
                part=measure.part,
                concept=measure.concept,
                section=measure.section,
                text=measure.text,
                label=measure.label,
                measure=measure.kind,
                wave_before=before.wave,
                wave_after=after.wave,
                attribute=attribute,
                design=design,
                adjustment=settings.adjustment,
                level=_test_level(measure, counts),
                change=_test_change(measure, counts, design),
            )
        )
    return _adjust(rows, settings)


def _adjust(rows: list[GroupDifference], settings: Settings) -> list[GroupDifference]:
    families = [row.section for row in rows]
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


def _test_level(measure: Measure, groups: list[MeasureCounts]) -> GroupTest:
    return _test_scores(measure, [group.after for group in groups], measure.values)


def _test_change(measure: Measure, groups: list[MeasureCounts], design: str) -> GroupTest:
    scores = measure.values
    if design == INDEPENDENT:
        return _test_independent_changes(groups, scores)
    change = (scores[np.newaxis, :] - scores[:, np.newaxis]).ravel()
    return _test_scores(measure, [group.table.ravel() for group in groups], change)


def _test_scores(
    measure: Measure, groups: list[NDArray[np.int64]], scores: NDArray[np.float64]
) -> GroupTest:
    """From the counts per group of each score."""
    answered = [counts for counts in groups if counts.sum() > 0]
    if len(answered) < 2:
        return GroupTest(_TESTS[measure.kind], None, None, None, ONE_GROUP)
    test = welch_anova if measure.kind == MEAN else kruskal_wallis
    found = test(np.array(answered), scores)
    return GroupTest(found.test, found.statistic, found.df, found.p, found.reason)


def _test_independent_changes(
    groups: list[MeasureCounts], scores: NDArray[np.float64]
) -> GroupTest:
    changes, variances = [], []
    for group in groups:
        before, after = moments(group.before, scores), moments(group.after, scores)
        if min(before.n, after.n) < 2:
            continue
        changes.append(after.mean - before.mean)
        variances.append(before.variance / before.n + after.variance / after.n)
    found = heterogeneity(changes, variances)
    return GroupTest("heterogeneity", found.chi2, found.df, found.p, found.reason)
