"""A table becomes the answers of a wave, or every fault in it at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.answers import Answers, MissingReason, Value
from surveys.definition import hash_content
from surveys.importing.entries import Cell, Entries, gather_entries, iterate_entries
from surveys.importing.faults import Fault, Place, describe_fault
from surveys.importing.mapping import WaveMapping
from surveys.importing.mapping_checks import check_mapping
from surveys.importing.meanings import UNCHOSEN, Reading
from surveys.importing.table import Table
from surveys.items import LongTextItem, Question, ShortTextItem
from surveys.questionnaire import Questionnaire
from surveys.routing import settle


@dataclass(frozen=True)
class ItemSummary:
    """What would come in on one question: numbers of regions.

    `answered` have a valid answer. `values` counts each code, number or reason for missing;
    of a text only the reasons.
    """

    item: str
    answered: int
    values: Mapping[str, int]

    @property
    def skipped(self) -> int:
        return self.values.get(MissingReason.SKIPPED, 0)

    @property
    def not_asked(self) -> int:
        return self.values.get(MissingReason.NOT_ASKED, 0)


@dataclass(frozen=True)
class DryRun:
    """What an import would bring in, and every fault that stands in its way.

    `responses` has per region an answer to every question, in the form that `surveys.tidy`
    reads; what is at fault is left out of it. `silent` are regions with a row but no answer:
    they are not taken in. The hashes are of the file's bytes, and of the mapping with the name
    of the sheet.
    """

    responses: Mapping[str, dict[str, Value]]
    items: tuple[ItemSummary, ...]
    left_out: tuple[str, ...]
    silent: tuple[str, ...]
    faults: tuple[Fault, ...]
    source_hash: str
    mapping_hash: str


def try_out(
    table: Table,
    mapping: WaveMapping,
    questionnaire: Questionnaire,
    regions: Collection[str] | None = None,
) -> DryRun:
    """A dry run. `regions` are the numbers in the register; None takes any region."""
    faults = check_mapping(mapping, table, questionnaire)
    # a question that is mapped wrongly would give a fault in every row
    wrong = {fault.place.item for fault in faults if fault.place.item}
    entries = gather_entries(table, mapping, questionnaire, regions)
    faults += entries.faults
    given, unread = _read_answers(entries, table, mapping, questionnaire, wrong, faults)
    responses = {}
    for region, answers in given.items():
        absent = dict.fromkeys(mapping.not_asked, MissingReason.NOT_ASKED)
        said = absent | {
            item: value
            for item, value in answers.items()
            if isinstance(value, MissingReason) and value in UNCHOSEN  # a text may read the same
        }
        faulty = _follow_conditions(questionnaire, wrong | unread.get(region, set()))
        check = _Response(region, answers, said, entries.cells[region], faulty)
        faults += _check_routing(check, table, questionnaire)
        responses[region] = _settled(questionnaire, answers, said)
    return DryRun(
        responses,
        tuple(_summarise(question, responses) for question in questionnaire.questions),
        tuple(column for column in table.places if column in mapping.left_out),
        entries.silent,
        tuple(sorted(faults, key=lambda fault: fault.place.row)),
        table.source_hash,
        _hash_mapping(mapping, table),
    )


def _hash_mapping(mapping: WaveMapping, table: Table) -> str:
    """Two sheets of one workbook are not the same answers."""
    parts = {"sheet": table.sheet, "mapping": mapping.content_hash}
    return hash_content(parts) if table.sheet else mapping.content_hash


def _read_answers(
    entries: Entries,
    table: Table,
    mapping: WaveMapping,
    questionnaire: Questionnaire,
    wrong: set[str],
    faults: list[Fault],
) -> tuple[dict[str, dict[str, Value]], dict[str, set[str]]]:
    """Per region its answers, and the questions whose cells are at fault."""
    reading = Reading(table, mapping, questionnaire)
    given: dict[str, dict[str, Value]] = {region: {} for region in entries.cells}
    unread: dict[str, set[str]] = {}
    for region, item in entries.unread:
        unread.setdefault(region, set()).add(item)
    for region, item, cells in iterate_entries(entries):
        if item in wrong:
            continue
        answer = reading.answer(region, questionnaire.question(item), cells)
        if isinstance(answer, Fault):
            faults.append(answer)
            unread.setdefault(region, set()).add(item)
        elif answer is not None:
            given[region][item] = answer
    return given, unread


def _follow_conditions(questionnaire: Questionnaire, faulty: set[str]) -> set[str]:
    """With the questions of which it cannot be known whether they are asked."""
    unknown = set(faulty)
    for question in questionnaire.questions:
        if question.condition and question.condition.item in unknown:
            unknown.add(question.id)
    return unknown


def _settled(questionnaire: Questionnaire, answers: Answers, said: Answers) -> dict[str, Value]:
    kept = {item: value for item, value in answers.items() if item not in said}
    # what the file itself says of a missing answer goes before what the conditions say
    return {**settle(questionnaire, kept), **said}


@dataclass(frozen=True)
class _Response:
    """One region: its answers, the reasons that the file gives, the cells, what is at fault."""

    region: str
    answers: Answers
    said: Answers
    cells: Mapping[str, list[Cell]]
    faulty: set[str]


def _check_routing(response: _Response, table: Table, questionnaire: Questionnaire) -> list[Fault]:
    """Answers to questions that are not asked, and required questions without an answer."""
    faults = []
    settled = _settled(questionnaire, response.answers, response.said)
    row = min(cell.row for cells in response.cells.values() for cell in cells)
    for question in questionnaire.questions:
        item = question.id
        if item in response.said or item in response.faulty:
            continue
        cell = (response.cells.get(item) or [Cell("", row, "")])[0]
        code = ""
        if settled[item] is MissingReason.NOT_ASKED and item in response.answers:
            code = "not_asked"
        elif settled[item] is MissingReason.SKIPPED and question.required:
            code = "required"
        if code:
            on = question.condition.item if question.condition else ""
            place = Place(table.sheet, cell.row, cell.column, response.region, item)
            faults.append(describe_fault(code, place, on=on))
    return faults


def _summarise(question: Question, responses: Mapping[str, Answers]) -> ItemSummary:
    is_text = isinstance(question, ShortTextItem | LongTextItem)
    counts: Counter[str] = Counter()
    answered = 0
    for answers in responses.values():
        value = answers[question.id]
        if isinstance(value, MissingReason):
            counts[value.value] += 1
            continue
        answered += 1
        if isinstance(value, tuple):
            counts.update(value)
        elif isinstance(value, Decimal) or not is_text:
            counts[str(value)] += 1
    return ItemSummary(question.id, answered, dict(counts))
