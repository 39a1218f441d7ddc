"""From the cells of one question to its answer, by what the mapping says of the values."""

from __future__ import annotations

from surveys.answers import AnswerError, MissingReason, Value, validate
from surveys.importing.entries import Cell
from surveys.importing.faults import Fault, Place, describe_fault, quote
from surveys.importing.mapping import CHOSEN, NOT_CHOSEN, WaveMapping
from surveys.importing.table import Table
from surveys.items import LongTextItem, MultipleItem, Question, ShortTextItem
from surveys.questionnaire import Questionnaire
from surveys.tidy import read_text

_REASONS = {reason.value: reason for reason in MissingReason}
# Reasons that a file may give and a respondent cannot choose.
UNCHOSEN = frozenset({MissingReason.SKIPPED, MissingReason.NOT_ASKED})
_TICKS = {"1": CHOSEN, "0": NOT_CHOSEN, "": NOT_CHOSEN}


class _Refused(Exception):
    def __init__(self, code: str, cell: Cell, **values: object) -> None:
        super().__init__(code)
        self.code, self.cell, self.values = code, cell, values


class Reading:
    """Reads the cells of one question after another, of one table under one mapping."""

    def __init__(self, table: Table, mapping: WaveMapping, questionnaire: Questionnaire) -> None:
        self._table = table
        self._mapping = mapping
        self._questionnaire = questionnaire

    def answer(self, region: str, question: Question, cells: list[Cell]) -> Value | Fault | None:
        """The answer in the cells, None where nothing was filled in, or what is wrong."""
        try:
            if self._mapping.items[question.id].options:
                return self._answer_of_options(question, cells)
            return self._answer_of_texts(question, cells)
        except _Refused as refused:
            cell = refused.cell
            place = Place(self._table.sheet, cell.row, cell.column, region, question.id)
            given = quote(cell.text)
            return describe_fault(refused.code, place, given=given, **refused.values)

    def _answer_of_texts(self, question: Question, cells: list[Cell]) -> Value | None:
        """Of one cell; of a multiple item perhaps several, or one with several codes."""
        separator = self._mapping.items[question.id].separator
        given: list[tuple[str | MissingReason, Cell]] = []
        for cell in cells:
            texts = cell.text.split(separator) if separator and cell.text else [cell.text]
            meant = [self._meaning(question, text.strip(), cell) for text in texts]
            given += [(meaning, cell) for meaning in meant if meaning]
        reason = self._single_reason(given)
        if not given or reason:
            return self._validate(question, reason, cells[0])
        if isinstance(question, MultipleItem):
            return self._validate(question, [meaning for meaning, _ in given], given[0][1])
        return self._validate(question, given[0][0], given[0][1])

    def _answer_of_options(self, question: Question, cells: list[Cell]) -> Value | None:
        """Of a multiple item with a column per option."""
        chosen: list[tuple[str | MissingReason, Cell]] = []
        values = {**_TICKS, **self._mapping.items[question.id].values}
        for cell in cells:
            meaning = values.get(cell.text, cell.text)
            self._refuse_unmeant(question, cell.text, cell)
            if meaning in _REASONS:
                chosen.append((_REASONS[meaning], cell))
            elif meaning == CHOSEN:
                chosen.append((_REASONS.get(cell.option, cell.option), cell))
            elif meaning != NOT_CHOSEN:
                raise _Refused("unknown_tick", cell)
        reason = self._single_reason(chosen)
        if not chosen or reason:
            return self._validate(question, reason, cells[0])
        return self._validate(question, [code for code, _ in chosen], chosen[0][1])

    def _single_reason(self, given: list[tuple[str | MissingReason, Cell]]) -> MissingReason | None:
        """The reason that stands alone, perhaps several times; None where there are answers."""
        reasons = [(m, cell) for m, cell in given if isinstance(m, MissingReason)]
        if not reasons:
            return None
        first, cell = reasons[0]
        if len({meaning for meaning, _ in given}) > 1:
            raise _Refused("reason_beside", cell, reason=first.value)
        return first

    def _meaning(self, question: Question, text: str, cell: Cell) -> str | MissingReason:
        """What one text stands for; as it is where the mapping says nothing of it."""
        values = self._mapping.values_of(question)
        if text in values:
            return _REASONS.get(values[text], values[text])
        self._refuse_unmeant(question, text, cell)
        if isinstance(question, ShortTextItem | LongTextItem):
            return read_text(text)  # a text may read 'nvt'
        return _REASONS.get(text, text)

    def _refuse_unmeant(self, question: Question, text: str, cell: Cell) -> None:
        missing = self._table.column(cell.column).user_missing
        if text in missing and text not in self._mapping.values_of(question):
            raise _Refused("unmeant_missing", cell)

    def _validate(
        self, question: Question, raw: str | list[str | MissingReason] | None, cell: Cell
    ) -> Value | None:
        if isinstance(raw, MissingReason) and raw in UNCHOSEN:
            return raw
        try:
            return validate(self._questionnaire, question, raw)
        except AnswerError as error:
            known = ", ".join(choice.code for choice in self._questionnaire.choices(question))
            expected = f" (expected: {known})" if known else ""
            reason = error.code.replace("_", " ") + expected
            raise _Refused("answer", cell, reason=reason, dutch=error.message) from error
