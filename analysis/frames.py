"""Answers in memory as data frames, counted: what the database counts where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from analysis.counts import (
    CHOSEN,
    NO_ANSWER,
    NOT_CHOSEN,
    OPTION_TOTAL,
    Variable,
    group_joint,
    group_patterns,
    group_tallies,
    group_transitions,
    plain_code,
)
from analysis.reliability import block_scores
from surveys.answers import Answers, MissingReason
from surveys.items import LongTextItem, MultipleItem, ShortTextItem
from surveys.questionnaire import Questionnaire, Score

_COLUMNS = ["region", "section", "concept", "option", "code"]


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
