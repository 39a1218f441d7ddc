"""Counts and transitions: the sufficient statistics that every figure is computed from.

A variable is what is counted, (section, concept, option). The option is empty for a
closed item or a number; every option of a multiple item is a variable of its own with
the codes CHOSEN and NOT_CHOSEN, and OPTION_TOTAL is how many were chosen. The codes of
a tally include the reasons for missing, so that nothing drops out unseen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.reliability import block_scores
from surveys.answers import Answers, MissingReason
from surveys.items import LongTextItem, MultipleItem, ShortTextItem
from surveys.questionnaire import Questionnaire, Score

Variable = tuple[str, str, str]
Tally = Mapping[str, int]
Transitions = Mapping[tuple[str, str], int]
# Per row of answers (a code per wave or per item, NO_ANSWER where there was no response) how
# many regions gave it.
Patterns = Mapping[tuple[str, ...], int]

CHOSEN, NOT_CHOSEN, OPTION_TOTAL, NO_ANSWER = "1", "0", "#", ""
MISSING = frozenset(reason.value for reason in MissingReason)
_COLUMNS = ["region", "section", "concept", "option", "code"]


@dataclass(frozen=True)
class WaveCounts:
    """The answers of one wave, counted. `asked`: regions that were invited, if known."""

    wave: str
    questionnaire: Questionnaire
    tallies: Mapping[Variable, Tally]
    respondents: int
    asked: int | None = None


@dataclass(frozen=True)
class PairCounts:
    """The transitions between two waves over the `regions` that answered in both."""

    transitions: Mapping[Variable, Transitions]
    regions: int


def plain_code(code: str) -> str:
    """One spelling per number: the database may say '7.0' where a file says '7'."""
    return f"{Decimal(code).normalize():f}" if "." in code else code


def group_tallies(rows: Iterable[tuple[Any, ...]]) -> dict[Variable, dict[str, int]]:
    """From rows (section, concept, option, code, n)."""
    tallies: dict[Variable, dict[str, int]] = defaultdict(dict)
    for section, concept, option, code, n in rows:
        tallies[section, concept, option][plain_code(code)] = int(n)
    return dict(tallies)


def group_transitions(
    rows: Iterable[tuple[Any, ...]],
) -> dict[Variable, dict[tuple[str, str], int]]:
    """From rows (section, concept, option, code before, code after, n)."""
    transitions: dict[Variable, dict[tuple[str, str], int]] = defaultdict(dict)
    for section, concept, option, before, after, n in rows:
        transitions[section, concept, option][plain_code(before), plain_code(after)] = int(n)
    return dict(transitions)


def group_patterns(
    rows: Iterable[tuple[Any, ...]],
) -> dict[Variable, dict[tuple[str, ...], int]]:
    """From rows (section, concept, option, a code per wave, n)."""
    patterns: dict[Variable, dict[tuple[str, ...], int]] = defaultdict(dict)
    for section, concept, option, *codes, n in rows:
        said = tuple(plain_code(code) for code in codes)
        patterns[section, concept, option][said] = int(n)
    return dict(patterns)


def group_joint(rows: Iterable[tuple[Any, ...]]) -> dict[str, dict[tuple[str, str], int]]:
    """Per concept, from rows (concept, code in one section, code in the other, n)."""
    joint: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for concept, first, second, n in rows:
        joint[concept][plain_code(first), plain_code(second)] = int(n)
    return dict(joint)


def tidy_frame(questionnaire: Questionnaire, responses: Mapping[str, Answers]) -> pd.DataFrame:
    """One row per region and variable, with columns region, section, concept, option, code.

    `responses` holds per region an answer to every question (see `routing.settle`).
    """
    columns: dict[str, list[str]] = {name: [] for name in _COLUMNS}

    def add(*row: str) -> None:
        for name, value in zip(_COLUMNS, row, strict=True):
            columns[name].append(value)

    for section in questionnaire.sections:
        for question in section.questions:
            if isinstance(question, ShortTextItem | LongTextItem):
                continue
            for region, answers in responses.items():
                for option, code in _codes(question, answers[question.id]):
                    add(region, section.id, question.concept, option, code)
        if section.score:
            scores = _score_codes(questionnaire, section.score, responses)
            for region, code in zip(responses, scores, strict=True):
                add(region, section.id, section.score.concept, "", code)
    return pd.DataFrame(columns, dtype=str)  # also without a row, or frames would not merge


def _score_codes(
    questionnaire: Questionnaire, score: Score, responses: Mapping[str, Answers]
) -> list[str]:
    """Per region the score of a block as a code, skipped where too few items are answered."""
    questions = questionnaire.scored_questions(score)
    worth = [questionnaire.score_values(question) for question in questions]
    rows = [
        [
            values.get(str(answers[question.id]), np.nan)
            for question, values in zip(questions, worth, strict=True)
        ]
        for answers in responses.values()
    ]
    scores = block_scores(np.array(rows).reshape(len(rows), len(questions)), score.minimum)
    return [
        MissingReason.SKIPPED.value if np.isnan(value) else plain_code(f"{value:.6f}")
        for value in scores
    ]


def _codes(question: Any, value: Any) -> list[tuple[str, str]]:
    """(option, code) of one answer."""
    if not isinstance(question, MultipleItem):
        return [("", plain_code(f"{value:f}") if isinstance(value, Decimal) else str(value))]
    options = [choice.code for choice in question.choices]
    if isinstance(value, MissingReason):
        return [(option, value.value) for option in (*options, OPTION_TOTAL)]
    alone = {choice.code for choice in question.choices if choice.exclusive}
    total = str(len(set(value) - alone))
    chosen = [(option, CHOSEN if option in value else NOT_CHOSEN) for option in options]
    return [*chosen, (OPTION_TOTAL, total)]


def _count_rows(frame: pd.DataFrame, columns: list[str]) -> Iterator[tuple[tuple[str, ...], int]]:
    """The combinations of values that occur, each with its number of rows."""
    sizes = frame.groupby(columns, sort=False, observed=True).size()
    for values, n in sizes.items():
        # of one column pandas gives the value itself
        found = (values,) if len(columns) == 1 else tuple(values)  # type: ignore[arg-type]
        yield tuple(map(str, found)), int(n)


def tally_frame(frame: pd.DataFrame) -> dict[Variable, dict[str, int]]:
    """The tallies of a tidy frame of one wave."""
    return group_tallies((*values, n) for values, n in _count_rows(frame, _COLUMNS[1:]))


def transition_frame(
    before: pd.DataFrame, after: pd.DataFrame
) -> dict[Variable, dict[tuple[str, str], int]]:
    """The transitions between two tidy frames, over the regions in both."""
    key = _COLUMNS[:-1]
    both = before.merge(after, on=key, suffixes=("_before", "_after"))
    found = _count_rows(both, [*key[1:], "code_before", "code_after"])
    return group_transitions((*values, n) for values, n in found)


def pattern_frame(frames: Sequence[pd.DataFrame]) -> dict[Variable, dict[tuple[str, ...], int]]:
    """The rows of answers over several waves, of every region that responded in any of them."""
    key = _COLUMNS[:-1]
    wide = pd.concat([frame.set_index(key)["code"] for frame in frames], axis=1).fillna(NO_ANSWER)
    wide.columns = pd.Index([str(number) for number in range(len(frames))])
    counted = _count_rows(wide.reset_index(), [*key[1:], *wide.columns])
    return group_patterns((*values, n) for values, n in counted)


def joint_frame(
    frame: pd.DataFrame, first: str, second: str
) -> dict[str, dict[tuple[str, str], int]]:
    """Per concept that two sections of a wave share, how many regions gave which two codes."""
    single = frame[frame["option"] == ""]
    one, other = (single[single["section"] == section] for section in (first, second))
    both = one.merge(other, on=["region", "concept"], suffixes=("_first", "_second"))
    counted = _count_rows(both, ["concept", "code_first", "code_second"])
    return group_joint((*values, n) for values, n in counted)


def item_patterns(
    frame: pd.DataFrame, section: str, concepts: Sequence[str]
) -> dict[tuple[str, ...], int]:
    """The rows of answers over several closed items of a section in one wave."""
    rows = frame[(frame["section"] == section) & (frame["option"] == "")]
    wide = rows.pivot(index="region", columns="concept", values="code")
    wide = wide.reindex(columns=list(concepts))  # of no regions there are no columns either
    return dict(_count_rows(wide, list(concepts)))


def count_valid(tally: Tally, codes: tuple[str, ...]) -> NDArray[np.int64]:
    """The counts of `codes`, in their order; missing answers stay out."""
    return np.array([tally.get(code, 0) for code in codes], dtype=np.int64)


def transition_table(transitions: Transitions, codes: tuple[str, ...]) -> NDArray[np.int64]:
    """The square table code before x code after of the pairs that are valid in both waves."""
    position = {code: index for index, code in enumerate(codes)}
    table = np.zeros((len(codes), len(codes)), dtype=np.int64)
    for (before, after), n in transitions.items():
        if before in position and after in position:
            table[position[before], position[after]] += n
    return table


def recode_tally(tally: Tally, recode: Mapping[str, str]) -> dict[str, int]:
    """The tally with codes replaced; codes without an entry stay."""
    recoded: dict[str, int] = defaultdict(int)
    for code, n in tally.items():
        recoded[recode.get(code, code)] += n
    return dict(recoded)


def recode_transitions(
    transitions: Transitions, before: Mapping[str, str], after: Mapping[str, str]
) -> dict[tuple[str, str], int]:
    """The transitions with codes replaced on either side."""
    recoded: dict[tuple[str, str], int] = defaultdict(int)
    for (code_before, code_after), n in transitions.items():
        recoded[before.get(code_before, code_before), after.get(code_after, code_after)] += n
    return dict(recoded)


def missing_of(tally: Tally) -> dict[str, int]:
    """Per reason, how many answers are missing."""
    return {reason.value: tally.get(reason.value, 0) for reason in MissingReason}
