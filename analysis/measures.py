"""What is measured of a question: a share of the answers, the scale as a whole, or a mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.counts import (
    CHOSEN,
    MISSING,
    NOT_CHOSEN,
    OPTION_TOTAL,
    Tally,
    Variable,
    recode_tally,
)
from surveys.comparability import Asked, Match
from surveys.items import YES, GradeItem, MultipleItem, NumberItem, ScaleItem, YesNoItem
from surveys.questionnaire import Index, Questionnaire, Score

PROPORTION, ORDINAL, MEAN = "proportion", "ordinal", "mean"


@dataclass(frozen=True)
class Measure:
    """One figure of one question.

    `part` names the share, option or level ('' where there is only one figure) and `label`
    puts it in words. `codes` are the valid codes in order, `scores` their values and
    `counted` those that a proportion counts. The recodes apply to what was counted.
    """

    kind: str
    section: str
    concept: str
    item: str
    text: str
    part: str
    label: str
    variable: Variable
    codes: tuple[str, ...]
    scores: tuple[float, ...]
    counted: frozenset[str] = frozenset()
    recode: Mapping[str, str] = field(default_factory=dict)
    is_summary: bool = False

    def names(self) -> dict[str, Any]:
        """What every figure of this measure is told by: the fields that all figures share."""
        return {
            "item": self.item,
            "part": self.part,
            "concept": self.concept,
            "section": self.section,
            "text": self.text,
            "label": self.label,
            "measure": self.kind,
        }

    @property
    def values(self) -> NDArray[np.float64]:
        """What each code counts for in the mean: of a proportion 1 or 0."""
        if self.kind == PROPORTION:
            return np.array([float(code in self.counted) for code in self.codes])
        return np.array(self.scores)


def measures_of(
    questionnaire: Questionnaire,
    section: str,
    asked: Asked,
    *,
    whole_scale: bool = False,
    tallies: Iterable[Tally] = (),
) -> Iterator[Measure]:
    """The figures of a question, as its questionnaire reports them.

    A scale is reported by its shares, or as a whole where it has none or `whole_scale`
    asks for it. The codes of a number or a score are those that occur in `tallies`.
    """
    match asked:
        case ScaleItem():
            yield from _scale_measures(questionnaire, section, asked, whole_scale)
        case YesNoItem():
            codes = tuple(choice.code for choice in questionnaire.choices(asked))
            yield _measure(PROPORTION, section, asked, YES, "ja", codes, counted={YES})
        case MultipleItem():
            for choice in asked.choices:
                yield _measure(
                    PROPORTION,
                    section,
                    asked,
                    choice.code,
                    choice.label,
                    (NOT_CHOSEN, CHOSEN),
                    option=choice.code,
                    counted={CHOSEN},
                )
        case GradeItem():
            codes = tuple(choice.code for choice in questionnaire.choices(asked))
            yield _measure(MEAN, section, asked, "", "gemiddeld cijfer", codes)
        case NumberItem():
            label = f"gemiddelde {asked.unit}".strip()
            yield _measure(MEAN, section, asked, "", label, _numbers(tallies))
        case Score():
            codes = _numbers(tallies)
            yield replace(
                _measure(MEAN, section, asked, "", "gemiddelde score", codes), is_summary=True
            )
        case Index():
            yield from _index_measures(questionnaire, section, asked)


def _numbers(tallies: Iterable[Tally]) -> tuple[str, ...]:
    found = {code for tally in tallies for code in tally} - MISSING
    return tuple(sorted(found, key=float))


def _scale_measures(
    questionnaire: Questionnaire, section: str, asked: ScaleItem, whole_scale: bool
) -> Iterator[Measure]:
    scale = questionnaire.scale(asked)
    if whole_scale or not scale.shares:
        yield _measure(ORDINAL, section, asked, "", "hele antwoordschaal", scale.codes)
        return
    for share in scale.shares:
        yield _measure(
            PROPORTION, section, asked, share.id, share.label, scale.codes, counted=set(share.codes)
        )


def _index_measures(questionnaire: Questionnaire, section: str, asked: Index) -> Iterator[Measure]:
    item = questionnaire.question(asked.item)
    options = sum(not choice.exclusive for choice in questionnaire.choices(item))
    recode = {
        str(total): next(lev.code for lev in reversed(asked.levels) if total >= lev.minimum)
        for total in range(options + 1)
    }
    for level in asked.levels:
        yield Measure(
            kind=PROPORTION,
            section=section,
            concept=asked.concept,
            item=asked.id,
            text=asked.text,
            part=level.code,
            label=level.label,
            variable=(section, item.concept, OPTION_TOTAL),
            codes=tuple(lev.code for lev in asked.levels),
            scores=tuple(float(position) for position in range(1, len(asked.levels) + 1)),
            counted=frozenset({level.code}),
            recode=recode,
            is_summary=True,
        )


def _measure(
    kind: str,
    section: str,
    asked: Asked,
    part: str,
    label: str,
    codes: tuple[str, ...],
    *,
    option: str = "",
    counted: set[str] | None = None,
) -> Measure:
    positions = range(1, len(codes) + 1)
    return Measure(
        kind=kind,
        section=section,
        concept=asked.concept,
        item=asked.id,
        text=asked.text,
        part=part,
        label=label,
        variable=(section, asked.concept, option),
        codes=codes,
        scores=tuple(map(float, codes if kind == MEAN else positions)),
        counted=frozenset(counted or ()),
    )


def read_tally(measure: Measure, tally: Tally) -> Tally:
    """The tally in the codes of the measure."""
    return recode_tally(tally, measure.recode) if measure.recode else tally


def count_share(measure: Measure, tally: Tally) -> tuple[int, int]:
    """How many gave a counted code, and how many a valid one."""
    valid = {code: tally.get(code, 0) for code in measure.codes}
    return sum(valid[code] for code in measure.counted), sum(valid.values())


def is_in_both(match: Match, measure: Measure) -> bool:
    """Whether an option of a multiple item was offered in both versions."""
    if not (isinstance(match.before, MultipleItem) and isinstance(match.after, MultipleItem)):
        return True
    return any(choice.code == measure.part for choice in match.before.choices)
