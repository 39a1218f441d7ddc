"""How many regions went up, stayed and went down, per question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.counts import PairCounts, WaveCounts
from analysis.measure_counts import MeasureCounts, count_measure, match_measures
from analysis.measures import PROPORTION
from analysis.settings import Settings
from analysis.significance import NO_PAIRS
from surveys.questionnaire import Questionnaire

WHOLE_SCALE = Settings(whole_scale=True)
CELLS = ("up", "same", "down")


@dataclass(frozen=True)
class Movement:
    """The regions with a valid answer in both waves, by the direction of their change.

    Up is a higher position on the scale or a higher number; of a yes/no question or an option
    it is to yes, of an index to a higher level. The cells may be so small that they show what a
    single region said: `disclosure.release` decides which of them may be seen.
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
    n_pairs: int
    up: int
    same: int
    down: int
    footnote: str = ""
    reason: str = ""

    @property
    def base(self) -> int:
        return self.n_pairs


def count_movements(
    before: WaveCounts,
    after: WaveCounts,
    pairs: PairCounts,
    between: Sequence[Questionnaire] = (),
) -> list[Movement]:
    """One row per question, option, score or index; a refused one has no pairs and a reason."""
    rows: list[Movement] = []
    for match, measure in match_measures(before, after, WHOLE_SCALE, between):
        if measure.is_summary and rows and rows[-1].item == measure.item:
            continue  # an index has a figure per level, and moves as one
        found = count_measure(match, measure, before, after, pairs)
        rows.append(_count(found, before.wave, after.wave))
    return rows


def _count(found: MeasureCounts, before: str, after: str) -> Movement:
    measure = found.measure
    is_index = measure.is_summary and measure.kind == PROPORTION
    scores = np.array(measure.scores) if is_index else measure.values
    change = scores[np.newaxis, :] - scores[:, np.newaxis]
    table = np.zeros_like(found.table) if found.refusal else found.table
    return Movement(
        item=measure.item,
        part="" if is_index else measure.part,
        concept=measure.concept,
        section=measure.section,
        text=measure.text,
        label="niveau" if is_index else measure.label,
        measure=measure.kind,
        wave_before=before,
        wave_after=after,
        n_pairs=int(table.sum()),
        up=int(table[change > 0].sum()),
        same=int(table[change == 0].sum()),
        down=int(table[change < 0].sum()),
        footnote="" if found.refusal else found.footnote,
        reason=found.refusal or ("" if table.any() else NO_PAIRS),
    )
