"""A wave takes another version of its questionnaire: what was answered, and who moves along."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, SQLModel, col

from db import steps
from db.responses.records import key, read_answers, write_answer
from db.tables import AnswerChoiceRow, AnswerRow, QuestionnaireRow, ResponseRow, WaveRow
from surveys.answers import MissingReason
from surveys.definition import Definition, parse_definition
from surveys.fieldwork import ResponseState
from surveys.questionnaire import Questionnaire
from surveys.versions.difference import compare_definitions
from surveys.versions.orphans import Orphan, Usage, find_orphans
from surveys.versions.proposal import Proposal

# What was superseded never counts again; what was set invalid may.
_KEPT = (ResponseState.DRAFT.value, ResponseState.FINAL.value, ResponseState.INVALID.value)
_NOT_GIVEN = (MissingReason.SKIPPED.value, MissingReason.NOT_ASKED.value)
_ANSWER, _RESPONSE = (SQLModel.metadata.tables[name] for name in ("answer", "response"))


def propose(session: Session, wave: WaveRow, definition: Definition) -> Proposal:
    """What this definition would change for the wave."""
    in_use = session.get_one(QuestionnaireRow, wave.questionnaire_id)
    count: Any = select(col(ResponseRow.state), func.count()).where(
        col(ResponseRow.wave_id) == wave.id
    )
    found: Any = session.execute(count.group_by(col(ResponseRow.state)))
    responses: dict[str, int] = dict(found.all())
    return Proposal(
        in_use=in_use.content_hash,
        changes=compare_definitions(parse_definition(in_use.source), definition),
        orphans=orphans_of(session, wave, definition.questionnaire),
        drafts=responses.get(ResponseState.DRAFT.value, 0),
        finals=responses.get(ResponseState.FINAL.value, 0),
    )


def orphans_of(session: Session, wave: WaveRow, new: Questionnaire) -> tuple[Orphan, ...]:
    """The answers of the wave that would have no place in a new version."""
    used = _count_usage(session, key(wave))
    in_use = steps.questionnaire_of(session, wave.questionnaire_id)
    asked = [question.id for question in in_use.questions]
    return find_orphans(new, {item: used[item] for item in asked if item in used})


def _count_usage(session: Session, wave_id: int) -> dict[str, Usage]:
    """What was answered to each question that anyone answered, counted by the database."""
    answers: Counter[str] = Counter()
    codes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    kinds: dict[str, str] = {}
    of_wave = (col(ResponseRow.wave_id) == wave_id, col(ResponseRow.state).in_(_KEPT))
    value = (col(AnswerRow.code), col(AnswerRow.number))
    given: Any = (
        select(col(AnswerRow.item), col(AnswerRow.kind), *value, func.count())
        .join(ResponseRow, col(ResponseRow.id) == AnswerRow.response_id)
        .where(*of_wave, func.coalesce(col(AnswerRow.code), "").not_in(_NOT_GIVEN))
        .group_by(col(AnswerRow.item), col(AnswerRow.kind), *value)
    )
    for item, kind, code, number, count in session.execute(given):
        kinds[item] = kind
        answers[item] += count
        if number is not None:
            code = f"{Decimal(f'{number:.15g}'):f}"
        if code is not None:
            codes[item][code] += count
    chosen: Any = (
        select(col(AnswerChoiceRow.item), col(AnswerChoiceRow.code), func.count())
        .join(ResponseRow, col(ResponseRow.id) == AnswerChoiceRow.response_id)
        .where(*of_wave)
        .group_by(col(AnswerChoiceRow.item), col(AnswerChoiceRow.code))
    )
    for item, code, count in session.execute(chosen):
        codes[item][code] += count
    return {item: Usage(kinds[item], answers[item], codes[item]) for item in kinds}


def hold_drafts(session: Session, wave: WaveRow) -> list[int]:
    """Raise the revision of every response in progress: a window that is open reads anew before
    it can save, and no save slips in between."""
    held = (
        update(_RESPONSE)
        .where(_RESPONSE.c.wave_id == wave.id, _RESPONSE.c.state == ResponseState.DRAFT.value)
        .values(revision=_RESPONSE.c.revision + 1)
        .returning(_RESPONSE.c.id)
    )
    return list(session.connection().execute(held).scalars())


def move_draft(session: Session, response_id: int, questionnaire_id: int) -> None:
    """Put a response in progress under another version that has a place for its answers."""
    response = session.get_one(ResponseRow, response_id)
    session.refresh(response)
    before = steps.questionnaire_of(session, response.questionnaire_id)
    answers = read_answers(session, response_id, before)
    session.connection().execute(delete(_ANSWER).where(_ANSWER.c.response_id == response_id))
    questionnaire = steps.questionnaire_of(session, questionnaire_id)
    response.questionnaire_id = questionnaire_id
    if response.section not in {section.id for section in questionnaire.sections}:
        response.section = None
    session.flush()
    for item, value in answers.items():
        # a text may read the same
        if not (isinstance(value, MissingReason) and value in _NOT_GIVEN):
            write_answer(
                session, response_id, questionnaire_id, questionnaire.question(item), value
            )
