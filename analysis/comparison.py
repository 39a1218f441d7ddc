"""Two waves compared: which design, which test, and what it says of every figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from analysis.counts import (
    PairCounts,
    Tally,
    Transitions,
    WaveCounts,
    count_valid,
    missing_of,
    recode_tally,
    recode_transitions,
    transition_table,
)
from analysis.estimates import Estimate, estimate_independent, estimate_pairs
from analysis.measures import PROPORTION, Measure, is_in_both, measures_of
from analysis.significance import EMPTY_WAVE, NO_PAIRS, holm
from surveys.comparability import Match, match_concepts

PAIRED, INDEPENDENT = "paired", "independent"
Design = Literal["auto", "paired", "independent"]
Follows = Literal["raw", "holm"]
ALPHA = 0.05

CHANGED = "veranderd"
NOT_SHOWN = "niet aangetoond"
EQUIVALENT = "gelijkwaardig"
NOT_TESTABLE = "niet te toetsen"
NOT_COMPARABLE = "niet vergelijkbaar"


@dataclass(frozen=True)
class Margin:
    """The change that still counts as equivalent: a fraction for proportions, and scale
    positions or units of the question for the others. None: equivalence is not tested."""

    proportion: float | None = None
    mean: float | None = None


@dataclass(frozen=True)
class Comparison:
    """One figure in two waves.

    In the paired design values, change and test are over the `n_pairs` regions with a valid
    answer in both waves; `n_before` and `n_after` are all valid answers of either wave. Missing
    answers are counted per reason over everyone who responded in that wave. Proportions and
    their changes are fractions. `stars` tells which p decides the outcome.
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
    outcome: str = NOT_COMPARABLE
    detectable_change: float | None = None
    missing_before: dict[str, int] = field(default_factory=dict)
    missing_after: dict[str, int] = field(default_factory=dict)
    footnote: str = ""
    reason: str = ""
    attribute: str = ""
    group: str = ""
    design_reason: str = ""
    value_before_all: float | None = None
    value_after_all: float | None = None
    change_all: float | None = None
    ci_low_all: float | None = None
    ci_high_all: float | None = None
    test_all: str | None = None
    statistic_all: float | None = None
    p_all: float | None = None

    @property
    def has_star(self) -> bool:
        return self.outcome == CHANGED

    @property
    def base(self) -> int:
        """The number of regions behind the figure: the pairs, or the smaller wave."""
        return self.n_pairs if self.design == PAIRED else min(self.n_before, self.n_after)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def choose_design(pairs: PairCounts, wanted: Design = "auto") -> str:
    """Paired as soon as any region answered in both waves, unless the evaluator overrules."""
    if wanted != "auto":
        return wanted
    return PAIRED if pairs.regions else INDEPENDENT


def compare(
    before: WaveCounts,
    after: WaveCounts,
    pairs: PairCounts,
    *,
    design: Design = "auto",
    stars: Follows = "raw",
    margin: Margin | None = None,
    whole_scale: bool = False,
) -> list[Comparison]:
    """Compare every concept that both questionnaires allow to compare, and say of the others
    why not. `whole_scale` tests scales as a whole in place of their reported shares.

    Holm's adjustment is per section. `stars` is the p value that decides: raw or holm.
    """
    chosen = choose_design(pairs, design)
    margin = margin or Margin()
    rows: list[Comparison] = []
    narrow: list[Estimate | None] = []
    for match, measure in _matched_measures(before, after, whole_scale):
        row, estimate = _compare_measure(match, measure, before, after, pairs, chosen)
        rows.append(row)
        narrow.append(estimate)
    adjusted = _adjust(rows)
    return [
        _decide(row, estimate, stars, margin)
        for row, estimate in zip(adjusted, narrow, strict=True)
    ]


def _matched_measures(
    before: WaveCounts, after: WaveCounts, whole_scale: bool
) -> Iterator[tuple[Match, Measure]]:
    for match in match_concepts(before.questionnaire, after.questionnaire):
        asked = match.after or match.before
        questionnaire = after.questionnaire if match.after else before.questionnaire
        if asked is None:
            continue
        key = (match.section, match.concept, "")
        tallies = [before.tallies.get(key, {}), after.tallies.get(key, {})]
        for measure in measures_of(
            questionnaire, match.section, asked, whole_scale=whole_scale, tallies=tallies
        ):
            if match.recode:
                measure = replace(measure, recode_before=match.recode)
            yield match, measure


def _compare_measure(
    match: Match,
    measure: Measure,
    before: WaveCounts,
    after: WaveCounts,
    pairs: PairCounts,
    design: str,
) -> tuple[Comparison, Estimate | None]:
    on_before = {**measure.recode, **measure.recode_before}
    tally_before = recode_tally(before.tallies.get(measure.variable, {}), on_before)
    tally_after = recode_tally(after.tallies.get(measure.variable, {}), measure.recode)
    transitions = recode_transitions(
        pairs.transitions.get(measure.variable, {}), on_before, measure.recode
    )
    row = _empty_row(measure, before.wave, after.wave, design, tally_before, tally_after)
    refusal = match.refusal
    if not refusal and not is_in_both(match, measure):
        refusal = f"Dit antwoord kon in {before.wave} niet worden gekozen."
    if refusal:
        return replace(row, reason=refusal), None
    row = replace(row, footnote=match.footnote, outcome=NOT_TESTABLE)
    return _fill_row(row, measure, tally_before, tally_after, transitions)


def _empty_row(
    measure: Measure, before: str, after: str, design: str, tally_before: Tally, tally_after: Tally
) -> Comparison:
    return Comparison(
        item=measure.item,
        part=measure.part,
        concept=measure.concept,
        section=measure.section,
        text=measure.text,
        label=measure.label,
        measure=measure.kind,
        wave_before=before,
        wave_after=after,
        design=design,
        n_pairs=0,
        n_before=int(count_valid(tally_before, measure.codes).sum()),
        n_after=int(count_valid(tally_after, measure.codes).sum()),
        missing_before=missing_of(tally_before),
        missing_after=missing_of(tally_after),
    )


def _fill_row(
    row: Comparison,
    measure: Measure,
    tally_before: Tally,
    tally_after: Tally,
    transitions: Transitions,
) -> tuple[Comparison, Estimate | None]:
    table = transition_table(transitions, measure.codes)
    row = replace(row, n_pairs=int(table.sum()))
    if row.design == PAIRED:
        if row.n_pairs == 0:
            return replace(row, reason=NO_PAIRS), None
        estimate = estimate_pairs(measure, table)
    else:
        if min(row.n_before, row.n_after) == 0:
            return replace(row, reason=EMPTY_WAVE), None
        counts = (count_valid(tally, measure.codes) for tally in (tally_before, tally_after))
        estimate = estimate_independent(measure, *counts)
    interval, test = estimate.interval, estimate.test
    filled = replace(
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
        detectable_change=estimate.detectable,
        reason=test.reason,
    )
    return filled, estimate


def _adjust(rows: Sequence[Comparison]) -> list[Comparison]:
    """Holm within each section: one table in the report."""
    family: dict[str, list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        family[row.section].append(position)
    adjusted = list(rows)
    for positions in family.values():
        for position, p in zip(positions, holm([rows[i].p for i in positions]), strict=True):
            adjusted[position] = replace(rows[position], p_adjusted=p)
    return adjusted


def _decide(
    row: Comparison, estimate: Estimate | None, stars: Follows, margin: Margin
) -> Comparison:
    row = replace(row, stars=stars)
    deciding = row.p if stars == "raw" else row.p_adjusted
    if estimate is None or deciding is None:
        return row
    if deciding < ALPHA:
        return replace(row, outcome=CHANGED)
    limit = margin.proportion if row.measure == PROPORTION else margin.mean
    narrow = estimate.narrow
    if limit is not None and narrow and -limit < narrow.low and narrow.high < limit:
        return replace(row, outcome=EQUIVALENT)
    return replace(row, outcome=NOT_SHOWN)
