"""Counts and transitions: the sufficient statistics that every figure is computed from.

A variable is what is counted, (section, concept, option). The option is empty for a
closed item or a number; every option of a multiple item is a variable of its own with
the codes CHOSEN and NOT_CHOSEN, and OPTION_TOTAL is how many were chosen. The codes of
a tally include the reasons for missing, so that nothing drops out unseen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveys.answers import Answers, MissingReason
from surveys.items import LongTextItem, MultipleItem, ShortTextItem
from surveys.questionnaire import Questionnaire

Variable = tuple[str, str, str]
Tally = Mapping[str, int]
Transitions = Mapping[tuple[str, str], int]

CHOSEN, NOT_CHOSEN, OPTION_TOTAL = "1", "0", "#"
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


def tidy_frame(questionnaire: Questionnaire, responses: Mapping[str, Answers]) -> pd.DataFrame:
    """One row per region and variable, with columns region, section, concept, option, code.

    `responses` holds per region an answer to every question (see `routing.settle`).
    """
    columns: dict[str, list[str]] = {name: [] for name in _COLUMNS}
    for section in questionnaire.sections:
        for question in section.questions:
            if isinstance(question, ShortTextItem | LongTextItem):
                continue
            for region, answers in responses.items():
                for option, code in _codes(question, answers[question.id]):
                    row = (region, section.id, question.concept, option, code)
                    for name, value in zip(_COLUMNS, row, strict=True):
                        columns[name].append(value)
    return pd.DataFrame(columns)


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


def tally_frame(frame: pd.DataFrame) -> dict[Variable, dict[str, int]]:
    """The tallies of a tidy frame of one wave."""
    sizes = frame.groupby(_COLUMNS[1:], sort=False, observed=True).size()
    return group_tallies((*key, n) for key, n in sizes.items())  # type: ignore[misc]


def transition_frame(
    before: pd.DataFrame, after: pd.DataFrame
) -> dict[Variable, dict[tuple[str, str], int]]:
    """The transitions between two tidy frames, over the regions in both."""
    key = _COLUMNS[:-1]
    both = before.merge(after, on=key, suffixes=("_before", "_after"))
    sizes = both.groupby([*key[1:], "code_before", "code_after"], sort=False, observed=True).size()
    return group_transitions((*key, n) for key, n in sizes.items())  # type: ignore[misc]


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
