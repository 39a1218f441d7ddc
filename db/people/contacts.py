"""Who leads the regions: a row of contacts for every person who did."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from db.responses.records import key
from db.tables import BY_NUMBER, ContactRow, RegionRow
from db.trail import add_line
from surveys.regions.contacts import Contact


def read_leaders(session: Session) -> dict[str, Contact]:
    """Per region number who leads it now, where that is known."""
    rows = session.exec(
        select(RegionRow.number, ContactRow)
        .join(ContactRow, col(ContactRow.region_id) == col(RegionRow.id))
        .where(col(ContactRow.until).is_(None))
        .order_by(*BY_NUMBER)
    )
    return {number: _to_contact(row) for number, row in rows}


def write_leader(
    session: Session, region: RegionRow, leader: Contact, since: datetime, actor: str
) -> None:
    """Who leads the region from a moment on; an empty contact: nobody who is known.

    Another person gets a row of its own, which begins where the one before ends. The trail tells
    which contact and region, never who that is.
    """
    present = session.exec(
        select(ContactRow).where(ContactRow.region_id == region.id, col(ContactRow.until).is_(None))
    ).first()
    before = Contact() if present is None else _to_contact(present)
    if leader == before:
        return
    if present is not None and leader and before.is_same_person(leader):
        present.name, present.email = leader.name or None, leader.email or None
        add_line(session, actor, "leader.corrected", _subject(present, region))
        return
    if present is not None:
        since = present.until = max(since, present.since)
        session.flush()  # before the next one: a region has one present contact
    if leader:
        contact = ContactRow(
            region_id=key(region), name=leader.name or None, email=leader.email or None, since=since
        )
        session.add(contact)
        session.flush()
        action = "leader.added" if present is None else "leader.changed"
        old = None if present is None else f"contact {present.id}"
        add_line(session, actor, action, _subject(contact, region), old)
    elif present is not None:
        add_line(session, actor, "leader.ended", _subject(present, region))


def _to_contact(row: ContactRow) -> Contact:
    return Contact(row.name or "", row.email or "")


def _subject(contact: ContactRow, region: RegionRow) -> str:
    return f"contact {contact.id}, region {region.number}"
