"""How an answer stands in the tables, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import bindparam, delete, insert
from sqlmodel import Session, SQLModel, col, select

from db.tables import (
    CLOSED_KINDS,
    MISSING_CODES,
    AnswerChoiceRow,
    AnswerRow,
    PermittedCodeRow,
    QuestionRow,
    ScoredCodeRow,
)
from surveys.answers import MissingReason, Value
from surveys.definition import Definition
from surveys.items import Question
from surveys.questionnaire import Questionnaire


class Stored(Protocol):
    """A row of a table with a key of its own."""

    id: int | None


def question_rows(
    questionnaire_id: int, definition: Definition
) -> Iterable[QuestionRow | PermittedCodeRow | ScoredCodeRow]:
    """The rows that say what may be answered. Questions come before their codes, and codes
    before what they count for."""
    questionnaire = definition.questionnaire
    for section in questionnaire.sections:
        for question in section.questions:
            yield QuestionRow(
                questionnaire_id=questionnaire_id,
                item=question.id,
                kind=question.type,
                section=section.id,
                concept=question.concept,
            )
    for question in questionnaire.questions:
        codes = [
            (choice.code, False, choice.exclusive) for choice in questionnaire.choices(question)
        ]
        codes += [(code, True, False) for code in MISSING_CODES]
        for code, is_missing, is_exclusive in codes:
            yield PermittedCodeRow(
                questionnaire_id=questionnaire_id,
                item=question.id,
                code=code,
                is_missing=is_missing,
                is_exclusive=is_exclusive,
            )
    for score in questionnaire.scores:
        for question in questionnaire.scored_questions(score):
            for code, value in questionnaire.score_values(question).items():
                yield ScoredCodeRow(
                    questionnaire_id=questionnaire_id,
                    item=question.id,
                    code=code,
                    section=questionnaire.section_of(score.id).id,
                    concept=score.concept,
                    minimum=score.minimum,
                    value=value,
                )


def answer_values(question: Question, value: Value) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The columns of an answer that depend on its value, and its options if it is a multiple."""
    values: dict[str, Any] = {"kind": question.type, "code": None, "number": None, "text": None}
    if isinstance(value, MissingReason):
        return {**values, "code": value.value}, ()
    if isinstance(value, tuple):
        return values, value
    if isinstance(value, Decimal):
        return {**values, "number": float(value)}, ()
    column = "code" if question.type in CLOSED_KINDS else "text"
    return {**values, column: value}, ()


def key(row: Stored) -> int:
    """The primary key of a row that is in the database."""
    if row.id is None:
        raise ValueError("the row has not been stored yet")
    return row.id


_ANSWER, _CHOICE = (SQLModel.metadata.tables[name] for name in ("answer", "answer_choice"))
_REMOVE = delete(_ANSWER).where(
    _ANSWER.c.response_id == bindparam("response"), _ANSWER.c.item == bindparam("asked")
)
_INSERT, _CHOOSE = insert(_ANSWER), insert(_CHOICE)


def write_answer(
    session: Session, response: int, questionnaire: int, question: Question, value: Value | None
) -> None:
    """Put one answer in place of what was there; None takes it away."""
    run = session.connection().execute
    run(_REMOVE, {"response": response, "asked": question.id})
    if value is None:
        return
    place = {"response_id": response, "questionnaire_id": questionnaire, "item": question.id}
    values, options = answer_values(question, value)
    run(_INSERT, {**place, **values})
    if options:
        run(_CHOOSE, [{**place, "code": code, "kind": question.type} for code in options])


def read_answers(
    session: Session, response_id: int, questionnaire: Questionnaire
) -> dict[str, Value]:
    """All answers of a response, reasons for missing included."""
    return read_all_answers(session, {response_id: questionnaire})[response_id]


def read_all_answers(
    session: Session, responses: Mapping[int, Questionnaire]
) -> dict[int, dict[str, Value]]:
    """As `read_answers`, of many responses at once: each with the questionnaire it answers."""
    rows = session.exec(select(AnswerRow).where(col(AnswerRow.response_id).in_(responses))).all()
    choices = session.exec(
        select(AnswerChoiceRow).where(col(AnswerChoiceRow.response_id).in_(responses))
    )
    chosen: dict[tuple[int, str], set[str]] = {}
    for choice in choices:
        chosen.setdefault((choice.response_id, choice.item), set()).add(choice.code)
    found: dict[int, dict[str, Value]] = {response: {} for response in responses}
    for row in rows:
        picked = chosen.get((row.response_id, row.item), set())
        found[row.response_id][row.item] = _value(responses[row.response_id], row, picked)
    return found


def _value(questionnaire: Questionnaire, row: AnswerRow, chosen: set[str]) -> Value:
    if row.code in MISSING_CODES:
        return MissingReason(row.code)
    if row.kind == "multiple":
        choices = questionnaire.choices(questionnaire.question(row.item))
        return tuple(choice.code for choice in choices if choice.code in chosen)
    if row.number is not None:
        return Decimal(f"{row.number:.15g}")
    return row.code if row.code is not None else row.text or ""


def audit_text(value: Value | None) -> str | None:
    """An answer as it stands in the audit log."""
    if value is None:
        return None
    return ";".join(value) if isinstance(value, tuple) else str(value)
