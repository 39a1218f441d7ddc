"""The steps of the store's verbs, within a session that the store has opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, update
from sqlmodel import Session, SQLModel, col, select

from db import clock
from db.records import key, question_rows, read_answers, write_answer
from db.tables import (
    QuestionnaireRow,
    RegionRow,
    ResponseRow,
    WaveRow,
)
from db.trail import add_line
from surveys.answers import Answers, MissingReason, Value, validate
from surveys.definition import Definition, parse_definition
from surveys.fieldwork import (
    Form,
    NotSubmittable,
    ResponseState,
    StaleForm,
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
    return Wave(row.name, WaveState(row.state), questionnaire.content_hash, row.is_example)


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


def current_response(session: Session, visit: Visit) -> ResponseRow | None:
    """The draft where there is one ('draft' sorts before 'final'), else the final response."""
    return session.exec(
        select(ResponseRow)
        .join(WaveRow, col(WaveRow.id) == ResponseRow.wave_id)
        .where(
            ResponseRow.region_id == visit.region_id,
            WaveRow.name == visit.wave.name,
            col(ResponseRow.state).in_(("draft", "final")),
        )
        .order_by(ResponseRow.state)
    ).first()


def response_row(session: Session, form: Form) -> ResponseRow:
    return session.exec(select(ResponseRow).where(ResponseRow.id == form.response_id)).one()


def new_draft(session: Session, region_id: int, wave: WaveRow, version: int) -> ResponseRow:
    draft = ResponseRow(
        region_id=region_id,
        wave_id=key(wave),
        questionnaire_id=wave.questionnaire_id,
        state="draft",
        version=version,
        begun_at=clock.now(),
    )
    session.add(draft)
    session.flush()
    return draft


def next_draft(session: Session, visit: Visit, final: ResponseRow | None) -> ResponseRow:
    wave = wave_row(session, visit.wave.name)
    draft = new_draft(session, visit.region_id, wave, 1 if final is None else final.version + 1)
    if final is None:
        add_line(session, person(visit), "response.begun", f"response {draft.id}")
        return draft
    draft.questionnaire_id = final.questionnaire_id
    session.flush()
    questionnaire = questionnaire_of(session, final.questionnaire_id)
    unanswered = (MissingReason.SKIPPED, MissingReason.NOT_ASKED)
    for item, value in read_answers(session, key(final), questionnaire).items():
        if value not in unanswered:
            write_answer(
                session, key(draft), draft.questionnaire_id, questionnaire.question(item), value
            )
    add_line(session, person(visit), "response.reopened", f"response {draft.id}")
    return draft


_RESPONSE = SQLModel.metadata.tables["response"]
_TAKE = (
    update(_RESPONSE)
    .where(
        _RESPONSE.c.id == bindparam("response"),
        _RESPONSE.c.region_id == bindparam("region"),
        _RESPONSE.c.revision == bindparam("shown"),
        _RESPONSE.c.state == "draft",
    )
    .values(revision=bindparam("next"), saved_at=bindparam("moment"))
    .returning(_RESPONSE.c.questionnaire_id)
)


def take_revision(session: Session, visit: Visit, form: Form) -> tuple[int, datetime]:
    """Raise the revision by one, only if it is still the one of `form` and the region's own;
    the key of the questionnaire and the moment. Raises StaleForm."""
    moment = clock.now()
    values = {
        "response": form.response_id,
        "region": visit.region_id,
        "shown": form.revision,
        "next": form.revision + 1,
        "moment": moment,
    }
    questionnaire = session.connection().execute(_TAKE, values).scalar_one_or_none()
    if questionnaire is None:
        raise StaleForm
    return questionnaire, moment


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
    )


def add_final_responses(
    session: Session,
    wave: WaveRow,
    questionnaire: Questionnaire,
    responses: Mapping[str, Answers],
) -> None:
    """Whole responses by region number, as final ones.

    Raises NotSubmittable, AnswerError, or KeyError for an item that is not asked.
    """
    for number, answers in responses.items():
        for item, value in answers.items():
            require_valid(questionnaire, questionnaire.question(item), value)
        require_complete(questionnaire, answers)
        draft = new_draft(session, key(region_row(session, number)), wave, version=1)
        finish_response(session, draft, questionnaire, answers)


def require_valid(questionnaire: Questionnaire, question: Question, value: Value) -> None:
    """Raise AnswerError unless the answer is one that the question can have."""
    if value not in (MissingReason.SKIPPED, MissingReason.NOT_ASKED):
        validate(questionnaire, question, str(value) if isinstance(value, Decimal) else value)
