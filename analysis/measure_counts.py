"""What was counted of one figure in two waves that may be compared, or why they may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.counts import (
    PairCounts,
    WaveCounts,
    count_valid,
    missing_of,
    recode_tally,
    recode_transitions,
    transition_table,
)
from analysis.measures import Measure, is_in_both, measures_of
from analysis.settings import Settings
from surveys.comparability import Match, match_concepts
from surveys.questionnaire import Questionnaire


@dataclass(frozen=True)
class MeasureCounts:
    """A measure with its counts per code in both waves.

    `table` holds the pairs (code before x code after), `refusal` says why the waves may not be
    compared, if so.
    """

    measure: Measure
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    table: NDArray[np.int64]
    missing_before: dict[str, int]
    missing_after: dict[str, int]
    footnote: str
    refusal: str


def match_measures(
    before: WaveCounts,
    after: WaveCounts,
    settings: Settings,
    between: Sequence[Questionnaire] = (),
) -> Iterator[tuple[Match, Measure]]:
    """Every figure of the later questionnaire, and of what was dropped."""
    versions = (before.questionnaire, *between, after.questionnaire)
    for match in match_concepts(*versions):
        asked = match.after or match.before
        if asked is None:  # asked only in a wave between
            continue
        key = (match.section, match.concept, "")
        for measure in measures_of(
            after.questionnaire if match.after else before.questionnaire,
            match.section,
            asked,
            whole_scale=settings.whole_scale,
            tallies=[before.tallies.get(key, {}), after.tallies.get(key, {})],
        ):
            yield match, measure


def count_measure(
    match: Match, measure: Measure, before: WaveCounts, after: WaveCounts, pairs: PairCounts
) -> MeasureCounts:
    """What was counted of one figure, in the codes of the later questionnaire."""
    earlier = {**measure.recode, **(match.recode or {})}
    tally_before = recode_tally(before.tallies.get(measure.variable, {}), earlier)
    tally_after = recode_tally(after.tallies.get(measure.variable, {}), measure.recode)
    transitions = recode_transitions(
        pairs.transitions.get(measure.variable, {}), earlier, measure.recode
    )
    refusal = match.refusal
    if not refusal and not is_in_both(match, measure):
        refusal = f"Dit antwoord kon in {before.wave} niet worden gekozen."
    return MeasureCounts(
        measure,
        count_valid(tally_before, measure.codes),
        count_valid(tally_after, measure.codes),
        transition_table(transitions, measure.codes),
        missing_of(tally_before),
        missing_of(tally_after),
        match.footnote,
        refusal,
    )
