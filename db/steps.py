"""The steps of the store's verbs, within a session that the store has opened."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from db import clock
from db.responses import previous
from db.responses.records import key, question_rows, read_answers, write_answer
from db.tables import (
    QuestionnaireRow,
    RegionRow,
    ResponseRow,
    WaveRow,
)
from surveys.answers import Answers, MissingReason, Value, validate
from surveys.definition import Definition, parse_definition
from surveys.fieldwork import (
    Entry,
    Form,
    Mode,
    NotSubmittable,
    ResponseState,
    Visit,
    Wave,
    WaveState,
)
from surveys.items import Question
from surveys.questionnaire import Questionnaire
from surveys.routing import open_questions, settle

# A definition never changes under its hash, and parsing it takes long.
_parsed: dict[str, Questionnaire] = {}


def questionnaire_by_hash(session: Session, content_hash: str) -> Questionnaire:
    """The stored questionnaire with this hash; NoResultFound where there is none."""
    if content_hash not in _parsed:
        source = session.exec(
            select(QuestionnaireRow.source).where(QuestionnaireRow.content_hash == content_hash)
        ).one()
        _parsed[content_hash] = parse_definition(source).questionnaire
    return _parsed[content_hash]


def keep_questionnaire(session: Session, definition: Definition) -> int:
    kept = session.exec(
        select(QuestionnaireRow).where(QuestionnaireRow.content_hash == definition.content_hash)
    ).first()
    if kept is None:
        kept = QuestionnaireRow(
            content_hash=definition.content_hash,
            name=definition.questionnaire.id,
            version=definition.questionnaire.version,
            source=definition.source,
            stored_at=clock.now(),
        )
        session.add(kept)
        session.flush()
        for row in question_rows(key(kept), definition):
            session.add(row)
            session.flush()
    return key(kept)


def to_wave(row: WaveRow, questionnaire: QuestionnaireRow) -> Wave:
    return Wave(
        name=row.name,
        state=WaveState(row.state),
        questionnaire_hash=questionnaire.content_hash,
        is_example=row.is_example,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closes_on=row.closes_on,
    )


def wave_row(session: Session, name: str) -> WaveRow:
    return session.exec(select(WaveRow).where(WaveRow.name == name)).one()


def region_row(session: Session, number: str) -> RegionRow:
    return session.exec(select(RegionRow).where(RegionRow.number == number)).one()


def questionnaire_of(session: Session, questionnaire_id: int) -> Questionnaire:
    return questionnaire_by_hash(session, hash_of(session, questionnaire_id))


def hash_of(session: Session, questionnaire_id: int) -> str:
    return session.exec(
        select(QuestionnaireRow.content_hash).where(QuestionnaireRow.id == questionnaire_id)
    ).one()


def person(visit: Visit) -> str:
    """Who fills in, as the audit trail names them."""
    return visit.entry.by if visit.entry else f"invitation {visit.invitation_id}"


def response_row(session: Session, form: Form) -> ResponseRow:
    return session.exec(select(ResponseRow).where(ResponseRow.id == form.response_id)).one()


def new_draft(
    session: Session, region_id: int, wave: WaveRow, version: int, entry: Entry | None = None
) -> ResponseRow:
    draft = ResponseRow(
        region_id=region_id,
        wave_id=key(wave),
        questionnaire_id=wave.questionnaire_id,
        state="draft",
        version=version,
        begun_at=clock.now(),
    )
    mark_entry(draft, entry)
    session.add(draft)
    session.flush()
    return draft


def mark_entry(response: ResponseRow, entry: Entry | None) -> None:
    """How the answers came in, who entered them for the region, and why they were corrected."""
    response.mode = entry.mode if entry else Mode.ONLINE
    response.entered_by = entry.by if entry else None
    response.reason = entry.reason if entry else None


def require_complete(questionnaire: Questionnaire, answers: Answers) -> None:
    missing = tuple(q.id for q in open_questions(questionnaire, answers) if q.required)
    if missing:
        raise NotSubmittable(missing)


def finish_response(
    session: Session, response: ResponseRow, questionnaire: Questionnaire, answers: Answers
) -> None:
    """Write an answer to every question and let this version take the place of the final one."""
    for item, value in settle(questionnaire, answers).items():
        question = questionnaire.question(item)
        write_answer(session, key(response), response.questionnaire_id, question, value)
    session.connection().execute(
        update(ResponseRow)
        .where(
            col(ResponseRow.region_id) == response.region_id,
            col(ResponseRow.wave_id) == response.wave_id,
            col(ResponseRow.state) == "final",
        )
        .values(state="superseded")
    )
    response.state = "final"
    response.submitted_at = clock.now()
    session.flush()


def to_form(session: Session, response: ResponseRow) -> Form:
    questionnaire = questionnaire_of(session, response.questionnaire_id)
    session.refresh(response)
    return Form(
        response_id=key(response),
        questionnaire_hash=hash_of(session, response.questionnaire_id),
        state=ResponseState(response.state),
        version=response.version,
        revision=response.revision,
        section=response.section,
        answers=read_answers(session, key(response), questionnaire),
        saved_at=response.saved_at,
        submitted_at=response.submitted_at,
        shown=previous.read_shown(session, key(response), questionnaire),
    )


def add_final_responses(
    session: Session,
    wave: WaveRow,
    questionnaire: Questionnaire,
    responses: Mapping[str, Answers],
    by: str,
) -> None:
    """Whole responses from a file, by region number, as final ones. `by`: who brings them in.

    Raises NotSubmittable, AnswerError, or KeyError for an item that is not asked; IntegrityError
    where there is a response that counts or is being filled in.
    """
    entry = Entry(by, Mode.IMPORT)
    latest = dict(
        session.exec(
            select(ResponseRow.region_id, func.max(ResponseRow.version))
            .where(
                ResponseRow.wave_id == wave.id,
                col(ResponseRow.state).in_(("superseded", "invalid")),
            )
            .group_by(col(ResponseRow.region_id))
        ).all()
    )
    for number, answers in responses.items():
        for item, value in answers.items():
            require_valid(questionnaire, questionnaire.question(item), value)
        require_complete(questionnaire, answers)
        region_id = key(region_row(session, number))
        draft = new_draft(session, region_id, wave, latest.get(region_id, 0) + 1, entry)
        finish_response(session, draft, questionnaire, answers)


def require_valid(questionnaire: Questionnaire, question: Question, value: Value) -> None:
    """Raise AnswerError unless the answer is one that the question can have."""
    if value not in (MissingReason.SKIPPED, MissingReason.NOT_ASKED):
        validate(questionnaire, question, str(value) if isinstance(value, Decimal) else value)
