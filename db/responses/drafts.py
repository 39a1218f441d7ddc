"""The version that is being filled in: begun, gone on with, and guarded by its revision. Steps of
the store's verbs, as in `steps`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, SQLModel, col, select

from db import clock
from db.responses import previous
from db.responses.records import key, read_answers, write_answer
from db.steps import mark_entry, new_draft, person, questionnaire_of, wave_row
from db.tables import ResponseRow, WaveRow
from db.trail import add_line
from surveys.answers import MissingReason
from surveys.entries import check_entry
from surveys.fieldwork import (
    REVIEW,
    Entry,
    Form,
    Mode,
    ResponseState,
    StaleForm,
    Visit,
    WaveState,
    refuse_link,
)


def current_response(session: Session, visit: Visit) -> ResponseRow | None:
    """The draft where there is one ('draft' sorts before 'final'), else the final response. The
    evaluator's correction in progress is not for the region's own link."""
    for row in response_rows(session, visit.region_id, visit.wave.name, "draft", "final"):
        if row.state == "final" or row.reason is None or visit.entry is not None:
            return row
    return None


def response_rows(
    session: Session, region_id: int, wave: str, *states: str
) -> Sequence[ResponseRow]:
    """The region's versions in these states, by state and then by number."""
    return session.exec(
        select(ResponseRow)
        .join(WaveRow, col(WaveRow.id) == ResponseRow.wave_id)
        .where(
            ResponseRow.region_id == region_id,
            WaveRow.name == wave,
            col(ResponseRow.state).in_(states),
        )
        .order_by(ResponseRow.state, col(ResponseRow.version))
    ).all()


def require_entry(session: Session, visit: Visit, entry: Entry) -> None:
    """Raise EntryRefused unless answers may be entered in this way now."""
    wave = wave_row(session, visit.wave.name)
    has_final = bool(response_rows(session, visit.region_id, wave.name, "final"))
    check_entry(WaveState(wave.state), has_final=has_final, reason=entry.reason)


def take_over(session: Session, draft: ResponseRow, entry: Entry) -> None:
    """Go on with a draft for the region. What the region worked on itself stays marked as its
    own, until it is submitted."""
    if draft.entered_by != entry.by:
        add_line(session, entry.by, "response.taken_over", f"response {draft.id}", None, entry.mode)
    if draft.entered_by is not None:
        mark_entry(draft, entry)


def next_draft(session: Session, visit: Visit, final: ResponseRow | None) -> ResponseRow:
    """A new version: empty, or with the answers of the final one. Raises LinkRefused where the
    evaluator is correcting that, IntegrityError where another window began just now."""
    every = response_rows(session, visit.region_id, visit.wave.name, *ResponseState)
    if any(row.state == "draft" and row.reason is not None for row in every):
        raise refuse_link("correcting")
    version = max((row.version for row in every), default=0) + 1
    wave = wave_row(session, visit.wave.name)
    draft = new_draft(session, visit.region_id, wave, version, visit.entry)
    subject = f"response {draft.id}"
    if final is None:
        mode = visit.entry.mode if visit.entry else None
        add_line(session, person(visit), "response.begun", subject, None, mode)
        return draft
    draft.questionnaire_id = final.questionnaire_id
    draft.consent_id, draft.consented_at = final.consent_id, final.consented_at
    session.flush()
    questionnaire = questionnaire_of(session, final.questionnaire_id)
    unanswered = (MissingReason.SKIPPED, MissingReason.NOT_ASKED)
    for item, value in read_answers(session, key(final), questionnaire).items():
        if value not in unanswered:
            write_answer(
                session, key(draft), draft.questionnaire_id, questionnaire.question(item), value
            )
    previous.copy_shown(session, key(final), key(draft))
    reason = visit.entry.reason if visit.entry else None
    add_line(session, person(visit), "response.reopened", subject, None, reason)
    return draft


_RESPONSE = SQLModel.metadata.tables["response"]
_WAVE = SQLModel.metadata.tables["wave"]
_OWN_DRAFT = (  # the response of a form, where it is the draft of the visit's region and wave
    _RESPONSE.c.id == bindparam("response"),
    _RESPONSE.c.region_id == bindparam("region"),
    _RESPONSE.c.wave_id
    == select(_WAVE.c.id).where(_WAVE.c.name == bindparam("wave")).scalar_subquery(),
    _RESPONSE.c.state == "draft",
)
_TAKE = (
    update(_RESPONSE)
    .where(*_OWN_DRAFT, _RESPONSE.c.revision == bindparam("shown"))
    .values(revision=bindparam("next"), saved_at=bindparam("moment"))
    .returning(_RESPONSE.c.questionnaire_id)
)
# what a region worked on itself is its own from then on, and no correction is
_TAKE_AS_OWN = _TAKE.where(_RESPONSE.c.reason.is_(None)).values(
    entered_by=None, mode=Mode.ONLINE.value
)

_QUESTIONNAIRE = select(_RESPONSE.c.questionnaire_id).where(*_OWN_DRAFT)
_REMEMBER = update(_RESPONSE).where(*_OWN_DRAFT).values(section=bindparam("place"))


def _own_draft(visit: Visit, form: Form) -> dict[str, Any]:
    return {"response": form.response_id, "region": visit.region_id, "wave": visit.wave.name}


def require_draft(session: Session, visit: Visit, form: Form) -> int:
    """The key of the questionnaire; raises StaleForm unless the response of `form` is still the
    region's draft."""
    found = session.connection().execute(_QUESTIONNAIRE, _own_draft(visit, form))
    questionnaire: int | None = found.scalar_one_or_none()
    if questionnaire is None:
        raise StaleForm
    return questionnaire


def remember_section(session: Session, visit: Visit, form: Form, section: str) -> None:
    """Only in the region's draft, and only what its questionnaire has now."""
    try:
        questionnaire = questionnaire_of(session, require_draft(session, visit, form))
    except StaleForm:
        return
    if section in {REVIEW, *(each.id for each in questionnaire.sections)}:
        values = {**_own_draft(visit, form), "place": section}
        session.connection().execute(_REMEMBER, values)


def take_revision(session: Session, visit: Visit, form: Form) -> tuple[int, datetime]:
    """Raise the revision by one, only if it is still the one of `form` and the region's own;
    the key of the questionnaire and the moment. Raises StaleForm."""
    moment = clock.now()
    values = {
        **_own_draft(visit, form),
        "shown": form.revision,
        "next": form.revision + 1,
        "moment": moment,
    }
    take = _TAKE if visit.entry else _TAKE_AS_OWN
    questionnaire = session.connection().execute(take, values).scalar_one_or_none()
    if questionnaire is None:
        raise StaleForm
    return questionnaire, moment
