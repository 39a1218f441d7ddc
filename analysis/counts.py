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
from numpy.typing import NDArray

from surveys.answers import MissingReason
from surveys.questionnaire import Questionnaire

Variable = tuple[str, str, str]
Tally = Mapping[str, int]
Transitions = Mapping[tuple[str, str], int]
# Per row of answers (a code per wave or per item, NO_ANSWER where there was no response) how
# many regions gave it.
Patterns = Mapping[tuple[str, ...], int]

CHOSEN, NOT_CHOSEN, OPTION_TOTAL, NO_ANSWER = "1", "0", "#", ""
MISSING = frozenset(reason.value for reason in MissingReason)


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
