"""What decides whether regions get a mail, put together from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, Row, Select, and_, exists, func, select
from sqlmodel import Session, col

from db import clock
from db.responses.records import key
from db.tables import (
    BY_NUMBER,
    ContactRow,
    InvitationRow,
    LinkRow,
    MessageRow,
    RegionRow,
    ResponseRow,
    WaveRow,
)
from surveys.dutch import local_day
from surveys.fieldwork import WaveState
from surveys.mailing.standing import Standing
from surveys.monitoring.response import MailState

WAITING = (MailState.QUEUED, MailState.SENDING)
GONE = (MailState.SENT, MailState.UNCERTAIN)  # it went out, or may have

_HAS_LINK = exists().where(
    col(LinkRow.invitation_id) == col(InvitationRow.id), col(LinkRow.withdrawn_at).is_(None)
)


def _has_mail(*states: MailState) -> Exists:
    return exists().where(
        col(MessageRow.invitation_id) == col(InvitationRow.id), col(MessageRow.state).in_(states)
    )


# A mail of the invitation was refused, none is on its way, and it has no other link that works.
WAS_REFUSED = and_(_has_mail(MailState.REFUSED), ~_has_mail(*WAITING), ~_HAS_LINK)


def read_standings(
    session: Session, wave: WaveRow, region_id: int | None = None
) -> dict[int, Standing]:
    """Per region (its key) how it stands in a wave, by number; of one region where it is given."""
    run, now = session.connection().execute, clock.now()
    mails = _group(run(_mails(key(wave), region_id)))
    states: defaultdict[int, set[tuple[str, bool]]] = defaultdict(set)
    for row in run(_responses(key(wave), region_id)):
        states[row.region_id].add((row.state, row.is_correction))
    return {
        row.id: Standing(
            number=row.number,
            region=row.region,
            name=row.name or "",
            address=row.email or "",
            wave=WaveState(wave.state),
            is_example=wave.is_example,
            ended=row.ended_on is not None and row.ended_on <= local_day(now),
            invited=row.invitation is not None,
            expired=row.expires_at is not None and row.expires_at <= now,
            has_link=row.has_link,
            is_refused=row.is_refused,
            has_begun=("draft", False) in states[row.id],
            submitted=("final", False) in states[row.id],
            is_invalid=("invalid", False) in states[row.id],
            **_sum_up(mails[row.id], row.invitation),
        )
        for row in run(_regions(key(wave), region_id))
    }


def _group(rows: Iterable[Row[Any]]) -> defaultdict[int, list[Row[Any]]]:
    grouped: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.region_id].append(row)
    return grouped


def _sum_up(mails: Iterable[Row[Any]], invitation: int | None) -> dict[str, Any]:
    """The part of a Standing that the mails tell."""
    own = [mail for mail in mails if mail.invitation_id == invitation]
    gone = [mail for mail in mails if mail.state in GONE]
    moments: list[datetime] = [mail.at for mail in gone]
    return {
        "mailed": any(mail.number == 0 for mail in own),
        "waits": any(mail.state in WAITING for mail in own),
        "reminders": sum(mail.number > 0 for mail in gone),
        "last_turn": max((mail.number for mail in mails), default=0),
        "last_mail_at": max(moments, default=None),
    }


# What is asked of the database


def _regions(wave_id: int, region_id: int | None) -> Select[*tuple[Any, ...]]:
    """Rows of regions with who leads them now, and their invitation that was not withdrawn."""
    leads = and_(col(ContactRow.region_id) == col(RegionRow.id), col(ContactRow.until).is_(None))
    invited = and_(
        col(InvitationRow.region_id) == col(RegionRow.id),
        col(InvitationRow.wave_id) == wave_id,
        col(InvitationRow.withdrawn_at).is_(None),
    )
    rows: Select[*tuple[Any, ...]] = (
        select(
            col(RegionRow.id),
            col(RegionRow.number),
            col(RegionRow.name).label("region"),
            col(RegionRow.ended_on),
            col(ContactRow.name),
            col(ContactRow.email),
            col(InvitationRow.id).label("invitation"),
            col(InvitationRow.expires_at),
            _HAS_LINK.label("has_link"),
            WAS_REFUSED.label("is_refused"),
        )
        .outerjoin(ContactRow, leads)
        .outerjoin(InvitationRow, invited)
        .order_by(*BY_NUMBER)
    )
    return rows if region_id is None else rows.where(col(RegionRow.id) == region_id)


def _mails(wave_id: int, region_id: int | None) -> Select[*tuple[Any, ...]]:
    """Rows of the mails that wait, went out or may have."""
    at = func.coalesce(col(MessageRow.done_at), col(MessageRow.tried_at), col(MessageRow.queued_at))
    rows: Select[*tuple[Any, ...]] = (
        select(
            col(InvitationRow.region_id),
            col(MessageRow.invitation_id),
            col(MessageRow.number),
            col(MessageRow.state),
            at.label("at"),
        )
        .join(InvitationRow, col(InvitationRow.id) == col(MessageRow.invitation_id))
        .where(col(InvitationRow.wave_id) == wave_id, col(MessageRow.state).in_([*WAITING, *GONE]))
    )
    return rows if region_id is None else rows.where(col(InvitationRow.region_id) == region_id)


def _responses(wave_id: int, region_id: int | None) -> Select[*tuple[Any, ...]]:
    """Rows (region, state, whether it is the evaluator's correction in progress)."""
    correction = and_(col(ResponseRow.state) == "draft", col(ResponseRow.reason).is_not(None))
    rows: Select[*tuple[Any, ...]] = select(
        col(ResponseRow.region_id), col(ResponseRow.state), correction.label("is_correction")
    ).where(col(ResponseRow.wave_id) == wave_id)
    return rows if region_id is None else rows.where(col(ResponseRow.region_id) == region_id)
