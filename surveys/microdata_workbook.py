"""The answers of a wave as an Excel workbook: the answers as codes, a codebook, how and when each
response came in, and which earlier answers were shown. All text is text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter

from surveys.answers import MISSING_LABELS, MissingReason, Value, missing_reasons
from surveys.dutch import local_time
from surveys.entries import RESPONSE_STATES
from surveys.fieldwork import EXAMPLE_LABEL
from surveys.items import GradeItem, MultipleItem, Question, ScaleItem
from surveys.microdata import Export
from surveys.monitoring.response import MODES
from surveys.plain_text import fit_cell
from surveys.questionnaire import Questionnaire
from surveys.tidy import read_text, write_text
from surveys.versions.words import TYPES

SEPARATOR = ";"  # between the codes of a question with more than one answer
_WIDEST = 60
_POLICIES = {"after": "na het antwoord", "before": "vooraf"}

Cell = str | int | Decimal | datetime | None


def to_xlsx(export: Export) -> bytes:
    """What was skipped is an empty cell, other reasons for missing are codes; numbers and grades
    are numbers, moments those of a Dutch clock. The first sheet can be read in again by
    `surveys.importing`."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        for name, rows in _sheets(export):
            _write_sheet(book, name, rows)
    return file.getvalue()


def _sheets(export: Export) -> Iterator[tuple[str, Sequence[Sequence[Cell]]]]:
    """Per sheet its rows, the headings first."""
    yield "Antwoorden", [*_answers(export)]
    yield "Codeboek", [*_codebook(export.questionnaire)]
    yield "Inzendingen", [*_responses(export)]
    yield "Vorige antwoorden", [*_shown(export)]
    yield "Uitleg", [*_explanation(export)]


def _write_sheet(book: xlsxwriter.Workbook, name: str, rows: Sequence[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    heading = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    text = book.add_format({"num_format": "@", "valign": "top"})
    number = book.add_format({"align": "left", "valign": "top"})
    shape = {"num_format": "d-m-yyyy h:mm", "align": "left", "valign": "top"}
    moment = book.add_format(shape)
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, place, fit_cell(cell), text if line else heading)
            elif isinstance(cell, datetime):
                sheet.write_datetime(line, place, local_time(cell), moment)
            elif cell is not None:
                sheet.write_number(line, place, cell, number)
    for place in range(len(rows[0])):
        longest = max(_length(row[place]) for row in rows)
        sheet.set_column(place, place, min(max(10, longest + 2), _WIDEST), text)
    sheet.freeze_panes(1, 1)
    # a code such as 1 is a text on purpose
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _length(cell: Cell) -> int:
    return 16 if isinstance(cell, datetime) else len(str(cell or ""))


# The rows


def _answers(export: Export) -> Iterator[Sequence[Cell]]:
    questions = export.questionnaire.questions
    yield ["regio", *(question.id for question in questions)]
    for each in export.responses:
        told = (_tell_answer(question, each.answers[question.id]) for question in questions)
        yield [each.region, *told]


def _tell_answer(question: Question, value: Value) -> Cell:
    if isinstance(value, MissingReason):
        return None if value is MissingReason.SKIPPED else value.value
    if isinstance(value, Decimal):
        return value
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if isinstance(question, GradeItem):
        return int(value)
    # as it is, unless that would be read in again as something else
    return value if read_text(value) == value != MissingReason.NOT_ASKED else write_text(value)


def _codebook(questionnaire: Questionnaire) -> Iterator[Sequence[Cell]]:
    """A row per code, with the reasons for missing that can be chosen; a question without codes
    has one row."""
    yield ["item", "vraag", "type", "code", "label"]
    for question in questionnaire.questions:
        stem = f"{question.stem} " if isinstance(question, ScaleItem) and question.stem else ""
        about = [question.id, f"{stem}{question.text}", TYPES[question.type]]
        codes = [(choice.code, choice.label) for choice in questionnaire.choices(question)]
        reasons = [(reason.value, MISSING_LABELS[reason]) for reason in missing_reasons(question)]
        for code, label in [*(codes or [("", "")]), *reasons]:
            yield [*about, code, label]


def _responses(export: Export) -> Iterator[Sequence[Cell]]:
    yield ["regio", "versie", "hoe", "begonnen", "verzonden", "toestemming", "vragenlijst"]
    for each in export.responses:
        moments = (each.begun_at, each.submitted_at, each.consented_at)
        yield [each.region, each.version, MODES[each.mode], *moments, each.questionnaire_hash]


def _shown(export: Export) -> Iterator[Sequence[Cell]]:
    yield [
        "regio",
        "versie",
        "stand",
        "item",
        "wanneer getoond",
        "uit meting",
        "code van toen",
        "getoond op",
        "bevestigd op",
        "toelichting",
    ]
    for each in export.shown:
        policy = _POLICIES[each.policy]
        moments = (each.shown_at, each.confirmed_at)
        yield [
            each.region,
            each.version,
            RESPONSE_STATES[each.state],
            each.item,
            policy,
            each.wave,
            each.code,
            *moments,
            each.reason,
        ]


def _explanation(export: Export) -> Iterable[Sequence[Cell]]:
    several = any(isinstance(question, MultipleItem) for question in export.questionnaire.questions)
    yield [f"Antwoorden van meting {export.wave}"]
    if export.is_example:
        yield [EXAMPLE_LABEL]
    yield [f"Inzendingen: {len(export.responses)}, een per regio: die telt."]
    yield ["Antwoorden: een lege cel is overgeslagen; niet_gevraagd: de vraag is niet gesteld."]
    if several:
        yield [f"Antwoorden: tussen de codes van een vraag met meer antwoorden staat {SEPARATOR}"]
    yield ["Codeboek: volgens de versie van de vragenlijst die nu in gebruik is."]
    yield ["Inzendingen, vragenlijst: de versie die is beantwoord. Ingelezen: uit een bestand."]
    yield ["Vorige antwoorden: wat van een eerdere meting werd getoond, en wat daarbij is gezegd."]
    yield ["In open antwoorden en toelichtingen kunnen namen staan: bewaar dit bestand veilig."]
