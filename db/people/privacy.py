"""Erasing the names and addresses of programme leaders. Answers stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, union_all, update
from sqlmodel import Session, col

from db import clock, steps
from db.access import Desk, needs
from db.settings import read_setting
from db.tables import BY_NUMBER, ContactRow, InvitationRow, MessageRow, RegionRow, WaveRow
from surveys.erasing import HeldContact, WaveContacts, WaveNotClosed, clean_reply, retention_limit
from surveys.fieldwork import WaveState
from surveys.roles import Right
from surveys.settings import RETENTION

_IS_CLOSED = col(WaveRow.state) == WaveState.CLOSED.value
# when a closed wave closed; where that was not kept, when the region was invited
_CLOSED_AT = func.coalesce(col(WaveRow.closed_at), col(InvitationRow.created_at))
_COLUMNS: tuple[Any, ...] = (
    col(ContactRow.id).label("contact_id"),
    col(WaveRow.name).label("wave"),
    case((_IS_CLOSED, _CLOSED_AT)).label("closed_at"),
    _IS_CLOSED.label("is_closed"),
)
_MAILED = (
    select(*_COLUMNS)
    .join(MessageRow, col(MessageRow.contact_id) == col(ContactRow.id))
    .join(InvitationRow, col(InvitationRow.id) == col(MessageRow.invitation_id))
    .join(WaveRow, col(WaveRow.id) == col(InvitationRow.wave_id))
)
# who led the region between its invitation and the closing of the wave
_INVITED = (
    select(*_COLUMNS)
    .join(InvitationRow, col(InvitationRow.region_id) == col(ContactRow.region_id))
    .join(WaveRow, col(WaveRow.id) == col(InvitationRow.wave_id))
    .where(
        col(InvitationRow.withdrawn_at).is_(None),
        or_(col(ContactRow.until).is_(None), col(ContactRow.until) > col(InvitationRow.created_at)),
        or_(~_IS_CLOSED, col(ContactRow.since) <= _CLOSED_AT),
    )
)
# Which contacts were asked in which waves.
_ASKED = union_all(_MAILED, _INVITED).subquery("asked")

_HELD: Select[ContactRow, RegionRow] = (
    select(ContactRow, RegionRow)
    .join(RegionRow, col(RegionRow.id) == col(ContactRow.region_id))
    .where(
        col(ContactRow.erased_at).is_(None),
        or_(col(ContactRow.name).is_not(None), col(ContactRow.email).is_not(None)),
    )
    .order_by(*BY_NUMBER, col(ContactRow.since).desc())
)


class Privacy(Desk):
    """The verbs that erase. What they erased is out of the file when they return; in backups it
    stays until these are deleted."""

    @needs(Right.DO_FIELDWORK)
    def held(self) -> list[HeldContact]:
        """Every contact whose name or address is kept, by region, the latest first."""
        with self._read() as session:
            return _held(session)

    @needs(Right.DO_FIELDWORK)
    def of_wave(self, wave: str) -> WaveContacts:
        """Who was asked in the wave. NoResultFound where there is no such wave."""
        with self._read() as session:
            return _of_wave(session, wave)

    @needs(Right.DO_FIELDWORK)
    def due(self) -> list[HeldContact]:
        """Who has been kept as long as the setting says: since they ended, or since the last
        wave closed in which they were asked."""
        with self._read() as session:
            return _held(session, _is_due(_limit(session)))

    @needs(Right.DO_FIELDWORK)
    def erase(self, contact: int) -> bool:
        """Erase one person; False where there was nothing to erase."""
        with self._write() as session:
            found = _held(session, col(ContactRow.id) == contact)
            self._erase(session, found, "op verzoek")
        self._database.clear_log()
        return bool(found)

    @needs(Right.DO_FIELDWORK)
    def erase_wave(self, wave: str) -> int:
        """Erase who was asked in the wave and is not needed for another; how many that were.

        Raises WaveNotClosed.
        """
        with self._write() as session:
            if steps.wave_row(session, wave).state != WaveState.CLOSED:
                raise WaveNotClosed(wave)
            found = _of_wave(session, wave).erasable
            self._erase(session, found, f"meting {wave}")
        self._database.clear_log()
        return len(found)

    @needs(Right.DO_FIELDWORK)
    def erase_due(self) -> int:
        """Erase all who are due; how many that were."""
        with self._write() as session:
            found = _held(session, _is_due(_limit(session)))
            self._erase(session, found, "bewaartermijn")
        self._database.clear_log()
        return len(found)

    def _erase(self, session: Session, contacts: Iterable[HeldContact], why: str) -> None:
        for contact in contacts:
            row = session.get_one(ContactRow, contact.contact)
            row.name = row.email = None
            row.erased_at = clock.now()
            row.until = row.until or row.erased_at  # a next register adds a contact anew
            self._log(session, "contact.erased", f"contact {contact.contact}", new=why)
        session.flush()
        _clean_messages(session)


def _held(session: Session, *conditions: ColumnElement[bool]) -> list[HeldContact]:
    return [
        HeldContact(
            contact=contact.id or 0,
            region=region.number,
            region_name=region.name,
            name=contact.name or "",
            email=contact.email or "",
            since=contact.since,
            until=contact.until,
        )
        for contact, region in session.execute(_HELD.where(*conditions))
    ]


def _of_wave(session: Session, wave: str) -> WaveContacts:
    steps.wave_row(session, wave)
    asked = select(_ASKED.c.contact_id).where(_ASKED.c.wave == wave)
    others: dict[int, list[str]] = {}
    for contact, name in session.execute(
        select(_ASKED.c.contact_id, _ASKED.c.wave)
        .where(_ASKED.c.contact_id.in_(asked), _ASKED.c.wave != wave, ~_ASKED.c.is_closed)
        .distinct()
        .order_by(_ASKED.c.wave)
    ):
        others.setdefault(contact, []).append(name)
    found = _held(session, col(ContactRow.id).in_(asked))
    return WaveContacts(
        [held for held in found if held.contact not in others],
        [(held, others[held.contact]) for held in found if held.contact in others],
    )


def _limit(session: Session) -> datetime:
    return retention_limit(clock.now(), read_setting(session, RETENTION))


def _is_due(limit: datetime) -> ColumnElement[bool]:
    over = (
        select(_ASKED.c.contact_id)
        .group_by(_ASKED.c.contact_id)
        .having(func.count(case((~_ASKED.c.is_closed, 1))) == 0)
        .having(func.max(_ASKED.c.closed_at) <= limit)
    )
    return or_(col(ContactRow.until) <= limit, col(ContactRow.id).in_(over))


def _clean_messages(session: Session) -> None:
    """Of those who were erased: no mail that still waits, no words of a server that quote them."""
    of_erased = col(MessageRow.contact_id).in_(
        select(col(ContactRow.id)).where(col(ContactRow.erased_at).is_not(None))
    )
    session.connection().execute(
        update(MessageRow)
        .where(of_erased, col(MessageRow.state) == "queued")
        .values(state="cancelled", done_at=clock.now())
    )
    for message in session.scalars(
        select(MessageRow).where(of_erased, col(MessageRow.reply).is_not(None))
    ):
        message.reply = clean_reply(message.reply)
