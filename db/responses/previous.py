"""A region's own answers of the wave before: found, and kept where they were shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, literal, update
from sqlmodel import Session, SQLModel, col, select

from db import clock
from db.responses.records import audit_text, key, read_answers
from db.tables import BY_NUMBER, PreviousAnswerRow, RegionRow, ResponseRow, WaveRow
from db.trail import add_line
from surveys.entries import ShownAnswer
from surveys.fieldwork import Form, Mode, Remark, ResponseState, StaleForm, Visit
from surveys.items import NO, YES
from surveys.previous import PreviousAnswer, find_previous
from surveys.questionnaire import Questionnaire

_SHOWN = SQLModel.metadata.tables["previous_answer"]


def may_show(questionnaire: Questionnaire) -> bool:
    """Whether any question shows the answer of the wave before."""
    return any(question.previous != "never" for question in questionnaire.questions)


def is_there_to_see(visit: Visit) -> bool:
    """Whether the respondent is there: not on paper, nor where the evaluator corrects."""
    entry = visit.entry
    return entry is None or (entry.mode is not Mode.PAPER and entry.reason is None)


def response_before(session: Session, visit: Visit) -> tuple[str, ResponseRow] | None:
    """The region's final response in the last wave before this one that has one, and that wave.
    Example data is never shown as somebody's answers, but in an example."""
    return session.exec(
        select(WaveRow.name, ResponseRow)
        .join(ResponseRow, col(ResponseRow.wave_id) == WaveRow.id)
        .where(
            WaveRow.name < visit.wave.name,
            WaveRow.is_example == visit.wave.is_example,
            ResponseRow.region_id == visit.region_id,
            ResponseRow.state == "final",
        )
        .order_by(col(WaveRow.name).desc())
    ).first()


def find_answers(
    session: Session,
    questionnaire: Questionnaire,
    earlier: Questionnaire,
    before: tuple[str, ResponseRow],
) -> dict[str, PreviousAnswer]:
    """What may be shown of the response before, which answers `earlier`, by question of now."""
    wave, response = before
    found = find_previous(questionnaire, earlier, read_answers(session, key(response), earlier))
    return {
        item: replace(previous, wave=wave)
        for item, previous in found.items()
        if previous.question.previous != "never"
    }


def read_shown(session: Session, response: int, questionnaire: Questionnaire) -> dict[str, Remark]:
    """Per question at which an answer was shown, what was said of the move."""
    if not may_show(questionnaire):
        return {}
    rows = session.exec(select(PreviousAnswerRow).where(PreviousAnswerRow.response_id == response))
    return {row.item: Remark(row.confirmed_at is not None, row.reason or "") for row in rows}


def list_shown(session: Session, wave: str) -> list[ShownAnswer]:
    """What was shown in all responses of a wave, drafts and earlier versions too, by region and
    version: to examine what showing does."""
    found = session.exec(
        select(RegionRow.number, ResponseRow, PreviousAnswerRow)
        .join(ResponseRow, col(ResponseRow.region_id) == RegionRow.id)
        .join(PreviousAnswerRow, col(PreviousAnswerRow.response_id) == ResponseRow.id)
        .join(WaveRow, col(WaveRow.id) == ResponseRow.wave_id)
        .where(WaveRow.name == wave)
        .order_by(*BY_NUMBER, col(ResponseRow.version), PreviousAnswerRow.item)
    )
    return [_to_shown(*row) for row in found]


def _to_shown(number: str, response: ResponseRow, shown: PreviousAnswerRow) -> ShownAnswer:
    return ShownAnswer(
        region=number,
        version=response.version,
        state=ResponseState(response.state),
        item=shown.item,
        policy=shown.policy,
        wave=shown.wave,
        code=shown.code,
        shown_at=shown.shown_at,
        confirmed_at=shown.confirmed_at,
        reason=shown.reason,
    )


def keep_shown(session: Session, response: int, shown: Iterable[PreviousAnswer]) -> None:
    """Remember that these were shown; what was remembered before stays."""
    known = session.exec(
        select(PreviousAnswerRow.item).where(PreviousAnswerRow.response_id == response)
    ).all()
    for previous in shown:
        if previous.question.id not in known:
            session.add(
                PreviousAnswerRow(
                    response_id=response,
                    item=previous.question.id,
                    policy=previous.question.previous,
                    wave=previous.wave,
                    code=audit_text(previous.value) or "",
                    shown_at=clock.now(),
                )
            )


def keep_remarks(session: Session, form: Form, remarks: Mapping[str, Remark], actor: str) -> None:
    """Write what was said of large moves. Raises StaleForm where the answer was not shown."""
    moment = clock.now()
    for item, remark in remarks.items():
        before = form.shown[item]
        values: dict[str, str | datetime | None] = {"reason": remark.reason or None}
        if remark.confirmed != before.confirmed:
            values["confirmed_at"] = moment if remark.confirmed else None
        place = (_SHOWN.c.response_id == form.response_id, _SHOWN.c.item == item)
        done = session.connection().execute(update(_SHOWN).where(*place).values(values))
        if done.rowcount != 1:
            raise StaleForm
        subject = f"response {form.response_id}, {item}"
        if remark.confirmed != before.confirmed:
            old, new = (YES if each.confirmed else NO for each in (before, remark))
            add_line(session, actor, "answer.confirmed", subject, old, new)
        if remark.reason != before.reason:
            add_line(
                session,
                actor,
                "answer.explained",
                subject,
                before.reason or None,
                remark.reason or None,
            )


def copy_shown(session: Session, response: int, other: int) -> None:
    """A new version begins with what the version before it showed, and what was said of it."""
    columns = [column for column in _SHOWN.c if column.name != "response_id"]
    rows = select(literal(other), *columns).where(_SHOWN.c.response_id == response)
    names = ["response_id", *(column.name for column in columns)]
    session.connection().execute(insert(_SHOWN).from_select(names, rows))
