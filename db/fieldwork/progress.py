"""What is stored of one wave, put together per region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Integer, Row, Select, and_, case, cast, func, select
from sqlmodel import Session, col

from db import steps
from db.mailing.standings import WAS_REFUSED
from db.responses.records import key
from db.tables import (
    BY_NUMBER,
    AnswerRow,
    ContactRow,
    InvitationRow,
    MessageRow,
    RegionAttributeRow,
    RegionRow,
    ResponseRow,
    WaveRow,
)
from surveys.answers import MissingReason
from surveys.fieldwork import Mode
from surveys.monitoring.response import (
    Draft,
    LastMail,
    MailState,
    RegionProgress,
    Submission,
    takes_part,
)
from surveys.questionnaire import Questionnaire

_PROVINCE = "provincie"

# How many of the answers are to a question that was asked, and how many of those were skipped.
ASKED, SKIPPED = (
    cast(func.sum(case((condition, 1), else_=0)), Integer)
    for condition in (
        func.coalesce(col(AnswerRow.code), "") != MissingReason.NOT_ASKED.value,
        col(AnswerRow.code) == MissingReason.SKIPPED.value,
    )
)


def read_progress(session: Session, wave: WaveRow, day: date) -> list[RegionProgress]:
    """Every region that a wave of this day concerns, by number."""
    run = session.connection().execute
    wave_id = key(wave)
    invited = {region: rest for region, *rest in run(invitations(wave_id))}
    mails, responses = _group(run(_mails(wave_id))), _group(run(_responses(wave_id)))
    counts = {response: (asked, skipped) for response, asked, skipped in run(_answers(wave_id))}
    drafted = {row.questionnaire_id for rows in responses.values() for row in rows}
    questionnaires = {found: steps.questionnaire_of(session, found) for found in drafted}
    progress = []
    for region in run(_regions()):
        invited_at, opened_at, is_refused = invited.get(region.id, (None, None, False))
        given = responses[region.id]
        if not takes_part(
            region.ended_on, day, invited=invited_at is not None, answered=bool(given)
        ):
            continue
        progress.append(
            RegionProgress(
                region_id=region.id,
                number=region.number,
                name=region.name,
                province=region.province,
                has_address=region.has_address,
                invited_at=invited_at,
                is_refused=bool(is_refused),
                mail=_last_mail(mails[region.id]),
                reminders=_count_reminders(mails[region.id]),
                opened_at=opened_at,
                begun_at=min(
                    (row.begun_at for row in given if row.mode != Mode.IMPORT), default=None
                ),
                draft=_find_draft(given, questionnaires),
                submission=_find_submission(given, counts),
                is_invalid=any(row.state == "invalid" for row in given),
            )
        )
    return progress


def _group(rows: Any) -> defaultdict[int, list[Row[Any]]]:
    """The rows of each region, in their order."""
    grouped: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.region_id].append(row)
    return grouped


def _last_mail(mails: Sequence[Row[Any]]) -> LastMail | None:
    if not mails:
        return None
    last = mails[0]
    return LastMail(last.number, MailState(last.state), last.at, last.reply)


def _count_reminders(mails: Sequence[Row[Any]]) -> int:
    """Those that went out, or may have."""
    gone = (MailState.SENT, MailState.UNCERTAIN)
    return sum(mail.number > 0 and mail.state in gone for mail in mails)


def _find_draft(
    responses: Sequence[Row[Any]], questionnaires: dict[int, Questionnaire]
) -> Draft | None:
    draft = next((row for row in responses if row.state == "draft"), None)
    if draft is None:
        return None
    sections = questionnaires[draft.questionnaire_id].sections
    titles = {section.id: section.title for section in sections}
    place = draft.section or sections[0].id
    return Draft(titles.get(place, place.capitalize()), draft.saved_at or draft.begun_at)


def _find_submission(
    responses: Sequence[Row[Any]], counts: dict[int, tuple[int, int]]
) -> Submission | None:
    final = next((row for row in responses if row.state == "final"), None)
    if final is None:
        return None
    first = next(row for row in responses if row.state in ("final", "superseded"))
    by_itself = first.version == 1 and first.mode == Mode.ONLINE and first.entered_by is None
    asked, skipped = counts.get(final.id, (0, 0))
    return Submission(
        submitted_at=final.submitted_at,
        first_at=None if first.mode == Mode.IMPORT else first.submitted_at,
        took=first.submitted_at - first.begun_at if by_itself else None,
        version=final.version,
        mode=Mode(final.mode),
        asked=asked,
        skipped=skipped,
    )


# What is asked of the database


def _regions() -> Select[*tuple[Any, ...]]:
    """Rows (id, number, name, ended_on, province, has_address), by number."""
    province = (
        select(func.max(col(RegionAttributeRow.value)))
        .where(
            col(RegionAttributeRow.region_id) == col(RegionRow.id),
            func.lower(col(RegionAttributeRow.name)) == _PROVINCE,
        )
        .scalar_subquery()
    )
    leads = and_(col(ContactRow.region_id) == col(RegionRow.id), col(ContactRow.until).is_(None))
    return (
        select(
            col(RegionRow.id),
            col(RegionRow.number),
            col(RegionRow.name),
            col(RegionRow.ended_on),
            func.coalesce(province, "").label("province"),
            (func.coalesce(col(ContactRow.email), "") != "").label("has_address"),
        )
        .outerjoin(ContactRow, leads)
        .order_by(*BY_NUMBER)
    )


def invitations(wave_id: int) -> Select[*tuple[Any, ...]]:
    """Rows (region, when its invitation that is not withdrawn was made, first opened, whether
    that invitation was refused)."""
    is_live = col(InvitationRow.withdrawn_at).is_(None)
    return (
        select(
            col(InvitationRow.region_id),
            func.max(case((is_live, col(InvitationRow.created_at)))),
            func.min(col(InvitationRow.opened_at)),
            func.max(case((and_(is_live, WAS_REFUSED), 1), else_=0)),
        )
        .where(col(InvitationRow.wave_id) == wave_id)
        .group_by(col(InvitationRow.region_id))
    )


def _mails(wave_id: int) -> Select[*tuple[Any, ...]]:
    """Rows (region, number, state, at, reply) of all mails that were not cancelled, last first."""
    at = func.coalesce(col(MessageRow.done_at), col(MessageRow.tried_at), col(MessageRow.queued_at))
    return (
        select(
            col(InvitationRow.region_id),
            col(MessageRow.number),
            col(MessageRow.state),
            at.label("at"),
            func.coalesce(col(MessageRow.reply), "").label("reply"),
        )
        .join(InvitationRow, col(InvitationRow.id) == MessageRow.invitation_id)
        .where(
            col(InvitationRow.wave_id) == wave_id,
            col(MessageRow.state) != MailState.CANCELLED.value,
        )
        .order_by(col(MessageRow.queued_at).desc(), col(MessageRow.id).desc())
    )


def _responses(wave_id: int) -> Select[*tuple[Any, ...]]:
    """Every version of every response, without answers, by version."""
    return (
        select(
            col(ResponseRow.id),
            col(ResponseRow.region_id),
            col(ResponseRow.questionnaire_id),
            col(ResponseRow.state),
            col(ResponseRow.version),
            col(ResponseRow.section),
            col(ResponseRow.begun_at),
            col(ResponseRow.saved_at),
            col(ResponseRow.submitted_at),
            col(ResponseRow.mode),
            col(ResponseRow.entered_by),
        )
        .where(col(ResponseRow.wave_id) == wave_id)
        .order_by(col(ResponseRow.version))
    )


def _answers(wave_id: int) -> Select[*tuple[Any, ...]]:
    """Rows (response, asked, skipped) of the responses that count."""
    return (
        select(col(AnswerRow.response_id), ASKED, SKIPPED)
        .join(ResponseRow, col(ResponseRow.id) == AnswerRow.response_id)
        .where(col(ResponseRow.wave_id) == wave_id, col(ResponseRow.state) == "final")
        .group_by(col(AnswerRow.response_id))
    )
