"""Two waves compared: which design, which test, and what it says of every figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from analysis.counts import PairCounts, WaveCounts
from analysis.decision import CHANGED, NOT_COMPARABLE, NOT_TESTABLE, adjust, decide
from analysis.design import COMPLETE_ITEM, ChosenDesign, choose_design
from analysis.estimates import estimate_independent, estimate_overlap, estimate_pairs
from analysis.measure_counts import MeasureCounts, count_measure, match_measures
from analysis.settings import INDEPENDENT, OVERLAP, PAIRED, Settings
from analysis.significance import EMPTY_WAVE, NO_PAIRS
from surveys.questionnaire import Questionnaire

_DEFAULT = Settings()


@dataclass(frozen=True)
class Comparison:
    """One figure in two waves.

    In the paired and the overlap design values, change and test are over the `n_pairs` regions
    with a valid answer in both waves; `n_before` and `n_after` are all valid answers of either
    wave, and in the overlap design the fields that end in `_all` are over all of them. Missing
    answers are counted per reason over everyone who responded in that wave. Proportions and
    their changes are fractions. `stars` tells which p decides the outcome. `group` is the part
    of the regions that this is about, by their `attribute`; empty for all regions. `weights`
    says what was weighted on; the effective n is then that of the pairs or of either wave.
    """

    item: str
    part: str
    concept: str
    section: str
    text: str
    label: str
    measure: str
    wave_before: str
    wave_after: str
    design: str
    n_pairs: int
    n_before: int
    n_after: int
    count_before: int | None = None
    count_after: int | None = None
    value_before: float | None = None
    value_after: float | None = None
    change: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_method: str | None = None
    test: str | None = None
    statistic: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    adjustment: str = "holm"
    stars: str = "raw"
    effect: float | None = None
    effect_name: str | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    p_equivalence: float | None = None
    reason_equivalence: str = ""
    outcome: str = NOT_COMPARABLE
    detectable_change: float | None = None
    missing_before: dict[str, int] = field(default_factory=dict)
    missing_after: dict[str, int] = field(default_factory=dict)
    footnote: str = ""
    reason: str = ""
    attribute: str = ""
    group: str = ""
    is_summary: bool = False
    design_reason: str = ""
    value_before_all: float | None = None
    value_after_all: float | None = None
    change_all: float | None = None
    ci_low_all: float | None = None
    ci_high_all: float | None = None
    test_all: str | None = None
    statistic_all: float | None = None
    p_all: float | None = None
    reason_all: str = ""
    weights: str = ""
    effective_n: float | None = None
    effective_n_before: float | None = None
    effective_n_after: float | None = None

    @property
    def has_star(self) -> bool:
        return self.outcome == CHANGED

    @property
    def base(self) -> int:
        """The number of regions behind the figure: the pairs, or the smaller wave."""
        independent = self.design == INDEPENDENT
        return min(self.n_before, self.n_after) if independent else self.n_pairs

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def compare(
    before: WaveCounts,
    after: WaveCounts,
    pairs: PairCounts,
    settings: Settings = _DEFAULT,
    between: Sequence[Questionnaire] = (),
) -> list[Comparison]:
    """Compare every concept that the questionnaires allow to compare, and say of the others
    why not.

    P values are adjusted per section: one table in the report. `between` holds the
    questionnaires of waves between the two, through which comparability runs.
    """
    design = choose_design(before, after, pairs, settings.design)
    rows = []
    for match, measure in match_measures(before, after, settings, between):
        found = count_measure(match, measure, before, after, pairs)
        row = describe(found, before.wave, after.wave, design, settings)
        rows.append(row if found.refusal else _fill(row, found, settings))
    return decide_rows(rows, settings)


def describe(
    found: MeasureCounts, before: str, after: str, design: ChosenDesign, settings: Settings
) -> Comparison:
    """The row of a figure with its bases, before anything is estimated."""
    measure = found.measure
    n_pairs, n_before, n_after = (
        int(counts.sum()) for counts in (found.table, found.before, found.after)
    )
    # a question that only regions of both waves answered is a panel, whoever else responded
    is_panel = design.name == OVERLAP and 0 < n_pairs == n_before == n_after
    return Comparison(
        **measure.names(),
        wave_before=before,
        wave_after=after,
        is_summary=measure.is_summary,
        design=PAIRED if is_panel else design.name,
        design_reason=COMPLETE_ITEM if is_panel else design.reason,
        n_pairs=0 if found.refusal else n_pairs,
        n_before=n_before,
        n_after=n_after,
        adjustment=settings.adjustment,
        stars=settings.stars,
        missing_before=found.missing_before,
        missing_after=found.missing_after,
        footnote="" if found.refusal else found.footnote,
        reason=found.refusal,
        outcome=NOT_COMPARABLE if found.refusal else NOT_TESTABLE,
    )


def _fill(row: Comparison, found: MeasureCounts, settings: Settings) -> Comparison:
    if row.design == INDEPENDENT:
        if min(row.n_before, row.n_after) == 0:
            return replace(row, reason=EMPTY_WAVE)
        estimate = estimate_independent(found.measure, found.before, found.after, settings)
    else:
        if row.n_pairs == 0:
            row = replace(row, reason=NO_PAIRS)
            return _add_overall(row, found) if row.design == OVERLAP else row
        estimate = estimate_pairs(found.measure, found.table, settings)
    if row.design == OVERLAP:
        row = _add_overall(row, found)
    interval, test, equivalence = estimate.interval, estimate.test, estimate.equivalence
    return replace(
        row,
        count_before=estimate.count_before,
        count_after=estimate.count_after,
        value_before=estimate.value_before,
        value_after=estimate.value_after,
        change=estimate.change,
        ci_low=interval.low if interval else None,
        ci_high=interval.high if interval else None,
        ci_method=interval.method if interval else None,
        test=test.test,
        statistic=test.statistic,
        p=test.p,
        effect=test.effect,
        effect_name=test.effect_name,
        effect_low=estimate.effect_low,
        effect_high=estimate.effect_high,
        p_equivalence=equivalence.p if equivalence else None,
        reason_equivalence=equivalence.reason if equivalence else "",
        detectable_change=estimate.detectable,
        reason=test.reason,
    )


def _add_overall(row: Comparison, found: MeasureCounts) -> Comparison:
    """The secondary outcome over everyone who answered in either wave."""
    only_before = found.before - found.table.sum(axis=1)
    only_after = found.after - found.table.sum(axis=0)
    overall = estimate_overlap(found.measure, found.table, only_before, only_after)
    return replace(
        row,
        value_before_all=overall.value_before,
        value_after_all=overall.value_after,
        change_all=overall.change,
        ci_low_all=overall.interval.low if overall.interval else None,
        ci_high_all=overall.interval.high if overall.interval else None,
        test_all=overall.test,
        statistic_all=overall.statistic,
        p_all=overall.p,
        reason_all=overall.reason,
    )


def decide_rows(rows: Sequence[Comparison], settings: Settings) -> list[Comparison]:
    """Adjust the p values per section, summaries and groups apart, and give every row its
    outcome."""
    families = [(row.section, row.is_summary, row.attribute, row.group) for row in rows]
    adjusted = adjust([row.p for row in rows], families, settings.adjustment)
    return [
        row
        if row.outcome == NOT_COMPARABLE
        else replace(
            row,
            p_adjusted=p,
            outcome=decide(row.p if settings.stars == "raw" else p, row.p_equivalence),
        )
        for row, p in zip(rows, adjusted, strict=True)
    ]
