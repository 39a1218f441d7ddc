"""Answers as a tidy CSV file: region, wave, item, value; one row per answer or chosen option.

A text that a spreadsheet would take for a formula has an apostrophe before it in the file, as has
one that reads as a reason for missing; who reads the file here gets the text as it was.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from surveys.answers import AnswerError, Answers, MissingReason, Value, validate
from surveys.delimited import InvalidFile, RowError, read_rows
from surveys.items import LongTextItem, MultipleItem, Question, ShortTextItem
from surveys.plain_text import FORMULA_STARTS
from surveys.questionnaire import Questionnaire
from surveys.routing import settle

COLUMNS = ("region", "wave", "item", "value")
# The reasons that a file may give and a respondent cannot choose.
_NOT_CHOSEN = {reason.value: reason for reason in (MissingReason.SKIPPED, MissingReason.NOT_ASKED)}

# With or without apostrophes before it: each gets one more in a file, and loses one again.
_ELSE = rf"'*(?:[{re.escape(''.join(FORMULA_STARTS))}]|(?:{'|'.join(_NOT_CHOSEN)})\Z)"
_TO_WRITE, _WRITTEN = re.compile(_ELSE), re.compile(f"'(?={_ELSE})")


class InvalidAnswers(InvalidFile):
    """A file of answers with faults."""


@dataclass
class _Given:
    """What a file says on one item of one region in one wave, and in which rows."""

    values: list[str]
    rows: list[int]


@dataclass(frozen=True)
class AnswerFile:
    """Per wave and region an answer to every question, and the number of rows of other waves."""

    responses: dict[str, dict[str, Answers]]
    left_out: dict[str, int]


def read_answers(path: Path, questionnaires: Mapping[str, Questionnaire]) -> AnswerFile:
    """The answers of the waves in `questionnaires` (wave -> questionnaire), from a CSV file.

    An empty value is skipped, as is a question without a row. Comma or semicolon; UTF-8.
    Raises InvalidAnswers with every fault found, and OSError where the file cannot be read.
    """
    errors: list[RowError] = []
    left_out: Counter[str] = Counter()
    given: dict[tuple[str, str, str], _Given] = {}
    for number, (region, wave, item, value) in _in_columns(read_rows(path, errors), errors):
        if wave not in questionnaires:
            left_out[wave] += 1
            continue
        fault = _check_row(questionnaires[wave], region, wave, item)
        if fault:
            errors.append(RowError(number, fault))
            continue
        entry = given.setdefault((wave, region, item), _Given([], []))
        entry.values.append(value)
        entry.rows.append(number)
    responses: dict[str, dict[str, dict[str, Value]]] = {wave: {} for wave in questionnaires}
    for (wave, region, item), entry in given.items():
        answers = responses[wave].setdefault(region, {})
        question = questionnaires[wave].question(item)
        try:
            answer = _answer(questionnaires[wave], question, entry)
        except AnswerError as error:
            errors.append(RowError(entry.rows[-1], _explain(questionnaires[wave], question, error)))
        except ValueError as error:
            errors.append(RowError(entry.rows[-1], str(error)))
        else:
            if answer is not None:
                answers[item] = answer
    if errors:
        raise InvalidAnswers(errors)
    complete = {
        wave: {region: _complete(questionnaires[wave], found) for region, found in regions.items()}
        for wave, regions in responses.items()
    }
    return AnswerFile(complete, dict(left_out))


def _in_columns(
    rows: Iterator[tuple[int, list[str]]], errors: list[RowError]
) -> Iterator[tuple[int, list[str]]]:
    """The rows behind the header, each in the order of COLUMNS; none under another header."""
    header = next(rows, None)
    if header is None:
        return
    number, names = header
    if sorted(names) != sorted(COLUMNS):
        fault = f"the columns are '{','.join(names)}', but should be '{','.join(COLUMNS)}'"
        errors.append(RowError(number, fault))
        return
    places = [names.index(name) for name in COLUMNS]
    for number, row in rows:
        region, wave, item, value = (row[place] for place in places)
        yield number, [read_text(region), read_text(wave), item, value]


def _check_row(questionnaire: Questionnaire, region: str, wave: str, item: str) -> str:
    if not region:
        return "the region is empty"
    try:
        questionnaire.question(item)
    except KeyError:
        return f"unknown item '{item}' in wave {wave}"
    return ""


def _answer(questionnaire: Questionnaire, question: Question, given: _Given) -> Value | None:
    """The answer of one or more rows. Raises AnswerError, or ValueError for a duplicate."""
    earlier = ", ".join(map(str, given.rows[:-1]))
    if earlier and not isinstance(question, MultipleItem):
        raise ValueError(f"duplicate answer on item '{question.id}' (also in row {earlier})")
    if len(set(given.values)) < len(given.values):
        raise ValueError(f"item '{question.id}' has the same answer in row {earlier}")
    if len(given.values) == 1 and given.values[0] in _NOT_CHOSEN:
        return _NOT_CHOSEN[given.values[0]]
    if earlier and "" in given.values:
        raise ValueError(f"item '{question.id}' is empty here and answered in another row")
    if isinstance(question, MultipleItem):
        return validate(questionnaire, question, [value for value in given.values if value])
    if isinstance(question, ShortTextItem | LongTextItem):
        return validate(questionnaire, question, read_text(given.values[0]))
    return validate(questionnaire, question, given.values[0])


def read_text(written: str) -> str:
    """The text that `write_text` made this of; any other text is left as it is."""
    return written[1:] if _WRITTEN.match(written) else written


def _explain(questionnaire: Questionnaire, question: Question, error: AnswerError) -> str:
    known = ", ".join(choice.code for choice in questionnaire.choices(question))
    expected = f"; expected one of: {known}" if known else ""
    return f"item '{question.id}': {error.code.replace('_', ' ')}{expected}"


def _complete(questionnaire: Questionnaire, found: Answers) -> Answers:
    said = {
        item: value
        for item, value in found.items()
        if isinstance(value, MissingReason) and value in _NOT_CHOSEN  # a text may read the same
    }
    given = {item: value for item, value in found.items() if item not in said}
    # what the file itself says of a missing answer goes before what the conditions say
    return settle(questionnaire, given) | said


def write_answers(file: TextIO, wave: str, responses: Mapping[str, Answers]) -> None:
    """Write the rows of one wave, without a header; texts as `write_text` does."""
    writer = csv.writer(file, lineterminator="\n")
    for region, answers in responses.items():
        for item, value in answers.items():
            for text in _as_texts(value):
                writer.writerow([write_text(region), write_text(wave), item, text])


def _as_texts(value: Value) -> Iterable[str]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, MissingReason | Decimal):
        return ["" if value is MissingReason.SKIPPED else str(value)]
    return [write_text(value)]  # no code begins as a formula does


def write_text(text: str) -> str:
    """A text with an apostrophe before it where it would be taken for something else."""
    return f"'{text}" if _TO_WRITE.match(text) else text
