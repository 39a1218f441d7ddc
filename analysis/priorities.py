"""Where the need is and what it brought: urgency against yields, per concept, in one wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.counts import Transitions, WaveCounts, transition_table
from analysis.decision import ALPHA, NOT_SHOWN, adjust
from analysis.intervals import tango_interval
from analysis.measures import PROPORTION, Measure, measures_of
from analysis.settings import Adjustment
from analysis.significance import mcnemar_midp
from surveys.items import Question, ScaleItem

# The two sections of the questionnaire that are laid side by side.
URGENCY, YIELDS = "urgentie", "opbrengsten"
URGENT = "urgent, weinig opbrengst"
YIELDING = "meer opbrengst dan urgentie"
NOT_BOTH = "Geen enkele regio gaf op beide vragen een geldig antwoord."


@dataclass(frozen=True)
class Priority:
    """One concept in both sections, over the `n` regions with a valid answer in both.

    `item`, `section` and `text` are those of the urgency. Each share is that of the scale's
    headline answers, named by `label_urgent` and `label_yielding`, a fraction; `gap` is the
    urgent share minus the yielding one, with Tango's 95% interval and the mid-p McNemar test,
    since the same regions give both. `standing` is URGENT or YIELDING where the adjusted p is
    below 0.05, else NOT_SHOWN: which does not say that they are equal. `footnote`: what differs
    from the questions of another wave that the row stands beside.
    """

    item: str
    concept: str
    section: str
    text: str
    label: str
    label_urgent: str
    label_yielding: str
    wave: str
    n: int
    measure: str = PROPORTION
    count_urgent: int | None = None
    count_yielding: int | None = None
    urgent: float | None = None
    yielding: float | None = None
    gap: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_method: str | None = None
    test: str | None = None
    p: float | None = None
    p_adjusted: float | None = None
    adjustment: Adjustment = "holm"
    standing: str = ""
    reason: str = ""
    footnote: str = ""

    @property
    def base(self) -> int:
        return self.n


def rank_priorities(
    counts: WaveCounts,
    joint: Mapping[str, Transitions],
    urgency: str,
    yields: str,
    adjustment: Adjustment = "holm",
) -> list[Priority]:
    """The concepts that both sections ask on a scale, largest gap first.

    `joint` holds per concept how many regions gave which code on urgency and which on yields
    (see `counts.joint_frame`). ValueError where the sections share no such concept.
    """
    first, second = _headlines(counts, urgency), _headlines(counts, yields)
    shared = [concept for concept in first if concept in second]
    if not shared:
        raise ValueError(f"sections {urgency!r} and {yields!r} share no concept on a scale")
    rows = [
        _compare_shares(counts.wave, first[concept], second[concept], joint.get(concept, {}))
        for concept in shared
    ]
    adjusted = adjust([row.p for row in rows], [""] * len(rows), adjustment)
    decided = [
        replace(row, p_adjusted=p, adjustment=adjustment, standing=_stand(row.gap, p))
        for row, p in zip(rows, adjusted, strict=True)
    ]
    return sorted(decided, key=lambda row: -2.0 if row.gap is None else row.gap, reverse=True)


def _headlines(counts: WaveCounts, section: str) -> dict[str, Measure]:
    """Per concept of a section the first share of its scale."""
    found = next((s for s in counts.questionnaire.sections if s.id == section), None)
    if found is None:
        known = ", ".join(s.id for s in counts.questionnaire.sections)
        raise ValueError(f"no section {section!r}; known: {known}")
    return {
        question.concept: measure
        for question in found.questions
        if (measure := _headline(counts, section, question)) is not None
    }


def _headline(counts: WaveCounts, section: str, question: Question) -> Measure | None:
    if not isinstance(question, ScaleItem):
        return None
    measure = next(measures_of(counts.questionnaire, section, question))
    return measure if measure.kind == PROPORTION else None


def _compare_shares(wave: str, urgent: Measure, yielding: Measure, joint: Transitions) -> Priority:
    codes = tuple(dict.fromkeys((*urgent.codes, *yielding.codes)))
    table = transition_table(joint, codes)
    is_urgent, is_yielding = (
        np.array([code in measure.counted for code in codes]) for measure in (urgent, yielding)
    )
    both = int(table[is_urgent][:, is_yielding].sum())
    only_urgent = int(table[is_urgent][:, ~is_yielding].sum())
    only_yielding = int(table[~is_urgent][:, is_yielding].sum())
    n = int(table.sum())
    row = Priority(
        item=urgent.item,
        concept=urgent.concept,
        section=urgent.section,
        text=urgent.text,
        label=f"{urgent.label} tegenover {yielding.label}",
        label_urgent=urgent.label,
        label_yielding=yielding.label,
        wave=wave,
        n=n,
    )
    if n == 0:
        return replace(row, reason=NOT_BOTH)
    neither = n - both - only_urgent - only_yielding
    interval = tango_interval(both, only_urgent, only_yielding, neither)
    return replace(
        row,
        count_urgent=both + only_urgent,
        count_yielding=both + only_yielding,
        urgent=(both + only_urgent) / n,
        yielding=(both + only_yielding) / n,
        gap=(only_urgent - only_yielding) / n,
        ci_low=interval.low,
        ci_high=interval.high,
        ci_method=interval.method,
        test="mcnemar_midp",
        p=mcnemar_midp(only_urgent, only_yielding),
    )


def _stand(gap: float | None, p: float | None) -> str:
    if gap is None or p is None:
        return ""
    if p >= ALPHA:
        return NOT_SHOWN
    return URGENT if gap > 0 else YIELDING
