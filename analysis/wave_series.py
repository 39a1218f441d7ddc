"""Three waves or more compared: one test over all of them, the trend, and every pair of waves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from typing import Any

from analysis.comparison import Comparison, compare
from analysis.counts import PairCounts, Patterns, Variable, WaveCounts
from analysis.decision import NOT_COMPARABLE, NOT_TESTABLE, adjust, decide
from analysis.measures import measures_of
from analysis.series_estimates import (
    SeriesCounts,
    WaveValue,
    compare_independent,
    compare_panel,
    compare_rotating,
    count_series,
    count_wave,
    panel_tallies,
    wave_times,
)
from analysis.series_panel import SMALLEST_PANEL, count_panel_only
from analysis.settings import INDEPENDENT, OVERLAP, PAIRED, Settings
from analysis.significance import EMPTY_WAVE
from surveys.comparability import match_concepts

# Which regions a test is over: of every wave, of two waves or more, or of one wave each.
_FOUND = {
    PAIRED: (
        "De uitkomst gaat over de regio's die in alle metingen antwoordden, elk met zichzelf "
        "vergeleken; de trend telt alle antwoorden mee."
    ),
    OVERLAP: (
        "De meeste regio's antwoordden in een deel van de metingen. De uitkomst telt alle "
        "antwoorden mee en houdt ermee rekening dat sommige van dezelfde regio komen."
    ),
    INDEPENDENT: (
        "Geen enkele regio antwoordde in meer dan één meting. De metingen worden als "
        "verschillende groepen vergeleken."
    ),
}
_CHOSEN = "De onderzoeker koos deze opzet."


@dataclass(frozen=True)
class WaveSeries:
    """One figure over three waves or more.

    In the paired and the overlap design `n` regions answered validly in every wave, and the test
    is over those; with fewer than SMALLEST_PANEL of them, and in the independent design, it is
    over all valid answers. The trend is the change per unit of
    time (per year where the waves are named by year, else per wave) over all answers: a log
    odds for the proportions of a panel, else in the unit of the value. `pairwise` holds the
    comparison of every two waves, with p values adjusted within the series; those decide.
    `n_panel` counts the regions that answered validly in every wave, whatever the test is over.
    """

    item: str
    part: str
    concept: str
    section: str
    text: str
    label: str
    measure: str
    design: str
    design_reason: str
    n: int
    n_panel: int
    values: tuple[WaveValue, ...]
    is_summary: bool = False
    test: str | None = None
    statistic: float | None = None
    statistic_name: str = "chi2"
    df: float | None = None
    df_error: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    adjustment: str = "holm"
    stars: str = "raw"
    effect: float | None = None
    effect_name: str | None = None
    trend_test: str | None = None
    trend: float | None = None
    trend_error: float | None = None
    trend_p: float | None = None
    trend_reason: str = ""
    outcome: str = NOT_COMPARABLE
    pairwise: tuple[Comparison, ...] = field(default_factory=tuple)
    footnote: str = ""
    reason: str = ""

    @property
    def is_panel(self) -> bool:
        """Whether the values and the test are over the regions that answered in every wave."""
        return _base(self.design, self.n_panel) == PAIRED

    @property
    def base(self) -> int:
        """The number of regions behind the figure: the panel, or the smallest wave."""
        return min(value.n for value in self.values)

    def as_dict(self) -> dict[str, Any]:
        """With the statistic under its own name as well: q, chi2, h or f."""
        fields = asdict(self)
        fields[self.statistic_name] = self.statistic
        return fields


def compare_series(
    waves: Sequence[WaveCounts],
    patterns: Mapping[Variable, Patterns],
    pairs: Mapping[tuple[str, str], PairCounts],
    settings: Settings,
    *,
    one_panel: bool = False,
) -> list[WaveSeries]:
    """Every figure of the last questionnaire over all waves, earliest first.

    `patterns` counts per variable the answers of each region over the waves, `pairs` the
    transitions of every two. Two waves are compared over the regions that answered in both, or
    with `one_panel` over those of the series where these are the regions that answered in every
    wave: all values of a figure are then of the same regions. ValueError for fewer than three
    waves.
    """
    if len(waves) < 3:
        raise ValueError("a series has three waves or more; use compare for two")
    in_pairs = (waves, pairs)
    if one_panel and settings.design != INDEPENDENT:
        in_pairs = count_panel_only(waves, patterns, pairs)
    pairwise = _compare_pairs(*in_pairs, settings)
    rows = [
        replace(row, pairwise=tuple(pairwise.get((row.section, row.concept, row.part), ())))
        for row in _test_series(waves, patterns, settings)
    ]
    families = [(row.section, row.is_summary) for row in rows]
    adjusted = adjust([row.p for row in rows], families, settings.adjustment)
    return [
        row
        if row.outcome == NOT_COMPARABLE
        else replace(
            row,
            p_adjusted=p,
            outcome=decide(row.p if settings.stars == "raw" else p),
        )
        for row, p in zip(rows, adjusted, strict=True)
    ]


def _compare_pairs(
    waves: Sequence[WaveCounts],
    pairs: Mapping[tuple[str, str], PairCounts],
    settings: Settings,
) -> dict[tuple[str, str, str], list[Comparison]]:
    """Per figure the comparisons of every two waves, adjusted for their number."""
    found: dict[tuple[str, str, str], list[Comparison]] = defaultdict(list)
    for first, last in combinations(range(len(waves)), 2):
        before, after = waves[first], waves[last]
        between = [wave.questionnaire for wave in waves[first + 1 : last]]
        for row in compare(before, after, pairs[before.wave, after.wave], settings, between):
            found[row.section, row.concept, row.part].append(row)
    return {figure: _adjust_pairs(rows, settings) for figure, rows in found.items()}


def _adjust_pairs(rows: list[Comparison], settings: Settings) -> list[Comparison]:
    adjusted = adjust([row.p for row in rows], [""] * len(rows), settings.adjustment)
    return [
        row
        if row.outcome == NOT_COMPARABLE
        else replace(
            row,
            p_adjusted=p,
            stars="adjusted",
            outcome=decide(p, row.p_equivalence),
        )
        for row, p in zip(rows, adjusted, strict=True)
    ]


def _test_series(
    waves: Sequence[WaveCounts], patterns: Mapping[Variable, Patterns], settings: Settings
) -> list[WaveSeries]:
    versions = [wave.questionnaire for wave in waves]
    to_last = [
        {(match.section, match.concept): match for match in match_concepts(*versions[first:])}
        for first in range(len(versions) - 1)
    ]
    rows = []
    for key, match in to_last[0].items():
        if match.after is None:
            continue
        for measure in measures_of(
            versions[-1],
            match.section,
            match.after,
            whole_scale=settings.whole_scale,
            tallies=[wave.tallies.get((*key, ""), {}) for wave in waves],
        ):
            counts = count_series([step[key] for step in to_last], measure, waves, patterns)
            row = _describe(counts, [wave.wave for wave in waves], settings)
            rows.append(row if counts.refusal else _test(row, counts))
    return rows


def _choose_design(counts: SeriesCounts, settings: Settings) -> str:
    if settings.design != "auto":
        return settings.design
    if counts.repeated == 0:
        return INDEPENDENT
    return PAIRED if counts.is_whole else OVERLAP


def _base(design: str, complete: int) -> str:
    """Whether the test is over the complete panel (PAIRED), over all answers with what they share
    (OVERLAP), or over independent waves."""
    if design == OVERLAP and complete < SMALLEST_PANEL:
        return OVERLAP
    return INDEPENDENT if design == INDEPENDENT else PAIRED


def _describe(counts: SeriesCounts, waves: Sequence[str], settings: Settings) -> WaveSeries:
    measure = counts.measure
    design = _choose_design(counts, settings)
    base = _base(design, counts.complete)
    of_test = panel_tallies(counts) if base == PAIRED else counts.tallies
    return WaveSeries(
        **measure.names(),
        design=design,
        design_reason=_FOUND[base] if settings.design == "auto" else _CHOSEN,
        n=0,
        n_panel=counts.complete,
        values=tuple(
            count_wave(wave, measure, tally, everyone)
            for wave, tally, everyone in zip(waves, of_test, counts.tallies, strict=True)
        ),
        is_summary=measure.is_summary,
        adjustment=settings.adjustment,
        stars=settings.stars,
        footnote="" if counts.refusal else counts.footnote,
        reason=counts.refusal,
        outcome=NOT_COMPARABLE if counts.refusal else NOT_TESTABLE,
    )


_COMPARE = {
    PAIRED: compare_panel,
    OVERLAP: compare_rotating,
    INDEPENDENT: compare_independent,
}


def _test(row: WaveSeries, counts: SeriesCounts) -> WaveSeries:
    if counts.tallies.sum(axis=1).min() == 0:
        return replace(row, reason=EMPTY_WAVE)
    times = wave_times([value.wave for value in row.values])
    compare_waves = _COMPARE[_base(row.design, counts.complete)]
    test, trend = compare_waves(counts, times)
    row = replace(
        row,
        n=test.n,
        test=test.test,
        statistic=test.statistic,
        statistic_name=test.statistic_name,
        df=test.df,
        df_error=test.df_error,
        p=test.p,
        effect=test.effect,
        effect_name=test.effect_name or None,
        reason=test.reason,
    )
    if trend is None:
        return row
    return replace(
        row,
        trend_test=trend.test,
        trend=trend.effect,
        trend_error=trend.error,
        trend_p=trend.p,
        trend_reason=trend.reason,
    )
