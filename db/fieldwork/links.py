"""Personal links: made, withdrawn, and what an open one leads to."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select, update
from sqlmodel import Session, col

from db import clock
from db.access import Desk, needs
from db.people import attempts
from db.responses.records import key
from db.steps import region_row, wave_row
from db.tables import InvitationRow, LinkRow, QuestionnaireRow, RegionRow, ResponseRow, WaveRow
from surveys.fieldwork import (
    ENTRY_STATES,
    LinkRefused,
    Visit,
    Wave,
    WaveState,
    check_closed_invitation,
    check_invitation,
    hash_token,
    new_token,
    refuse_link,
)
from surveys.roles import Right
from surveys.sign_in import LINK_LIMIT, client_subject

_logger = logging.getLogger(__name__)


def invite(
    session: Session, region: RegionRow, wave: WaveRow, expires_at: datetime | None = None
) -> InvitationRow:
    """A new invitation, without a link yet."""
    invitation = InvitationRow(
        region_id=key(region), wave_id=key(wave), created_at=clock.now(), expires_at=expires_at
    )
    session.add(invitation)
    session.flush()
    return invitation


def live_invitation(session: Session, region: RegionRow, wave: WaveRow) -> InvitationRow | None:
    """The region's invitation in the wave that was not withdrawn."""
    return session.scalars(
        select(InvitationRow).where(
            col(InvitationRow.region_id) == region.id,
            col(InvitationRow.wave_id) == wave.id,
            col(InvitationRow.withdrawn_at).is_(None),
        )
    ).first()


def new_link(session: Session, invitation: InvitationRow) -> str:
    """One more link of an invitation; those before it go on working. Returns the token, which
    is kept as its hash only."""
    token = new_token()
    session.add(
        LinkRow(token_hash=hash_token(token), invitation_id=key(invitation), made_at=clock.now())
    )
    session.flush()
    return token


def withdraw_invitation(session: Session, region_id: int, wave_id: int) -> None:
    """No link of the region in the wave works any more."""
    session.connection().execute(
        update(InvitationRow)
        .where(
            col(InvitationRow.region_id) == region_id,
            col(InvitationRow.wave_id) == wave_id,
            col(InvitationRow.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=clock.now())
    )


_HAS_BEGUN = exists().where(
    col(ResponseRow.region_id) == col(InvitationRow.region_id),
    col(ResponseRow.wave_id) == col(InvitationRow.wave_id),
    col(ResponseRow.state) == "draft",
    col(ResponseRow.reason).is_(None),  # a correction is the evaluator's
)
_BY_LINK: Select[*tuple[Any, ...]] = (
    select(
        col(LinkRow.token_hash),
        col(LinkRow.withdrawn_at).label("link_withdrawn_at"),
        col(InvitationRow.id),
        col(InvitationRow.withdrawn_at),
        col(InvitationRow.expires_at),
        col(RegionRow.id).label("region_id"),
        col(RegionRow.name).label("region_name"),
        col(WaveRow.name).label("wave_name"),
        col(WaveRow.state),
        col(WaveRow.is_example),
        col(QuestionnaireRow.content_hash),
        _HAS_BEGUN.label("has_begun"),
    )
    .join(InvitationRow, col(InvitationRow.id) == LinkRow.invitation_id)
    .join(RegionRow, col(RegionRow.id) == InvitationRow.region_id)
    .join(WaveRow, col(WaveRow.id) == InvitationRow.wave_id)
    .join(QuestionnaireRow, col(QuestionnaireRow.id) == WaveRow.questionnaire_id)
    .where(col(LinkRow.token_hash) == bindparam("token_hash"))
)


def visit_by_token(session: Session, token: str) -> Visit:
    """Raises LinkRefused."""
    row = _find_link(session, hash_token(token))
    _check_open(row)
    return _to_visit(row)


def closed_visit_by_token(session: Session, token: str) -> Visit:
    """What a link leads to when its wave is closed. Raises LinkRefused."""
    row = _find_link(session, hash_token(token))
    check_closed_invitation(
        withdrawn_at=row.withdrawn_at or row.link_withdrawn_at,
        expires_at=row.expires_at,
        state=WaveState(row.state),
        now=clock.now(),
    )
    return _to_visit(row)


def _to_visit(row: Row[Any]) -> Visit:
    wave = Wave(row.wave_name, WaveState(row.state), row.content_hash, row.is_example)
    return Visit(row.id, row.region_id, row.region_name, wave, link=row.token_hash)


def require_own(session: Session, visit: Visit) -> None:
    """Raise LinkRefused where the visit is not to what its link leads to, whether that is open or
    not. The evaluator has no link, and may enter answers for every region."""
    if visit.entry is None:
        _require_led_to(visit, _find_link(session, visit.link))


def require_open(session: Session, visit: Visit) -> None:
    """Raise LinkRefused where the link or the wave was closed since the visit began, or the visit
    is not to what its link leads to."""
    if visit.entry is None:
        row = _find_link(session, visit.link)
        _require_led_to(visit, row)
        _check_open(row)
        return
    state = WaveState(wave_row(session, visit.wave.name).state)
    may_correct = visit.entry.reason is not None and state is not WaveState.PLANNED
    if state not in ENTRY_STATES and not may_correct:
        raise refuse_link(state.value)


def _find_link(session: Session, token_hash: str) -> Row[Any]:
    row = session.connection().execute(_BY_LINK, {"token_hash": token_hash}).one_or_none()
    if row is None:
        raise refuse_link("unknown")
    return row


def _require_led_to(visit: Visit, row: Row[Any]) -> None:
    told = visit.invitation_id, visit.region_id, visit.wave.name
    if told != (row.id, row.region_id, row.wave_name):
        raise refuse_link("unknown")


def _check_open(row: Row[Any]) -> None:
    check_invitation(
        withdrawn_at=row.withdrawn_at or row.link_withdrawn_at,
        expires_at=row.expires_at,
        state=WaveState(row.state),
        has_begun=row.has_begun,
        now=clock.now(),
    )


class Invitations(Desk):
    """The verbs on personal links."""

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def admit(self, token: str, client: str) -> None:
        """Let a link in that is known, used or not, of who did not guess too often from the address
        `client`. Raises LinkRefused ('unknown') or TooManyAttempts."""
        subject, token_hash = client_subject(client), hash_token(token)
        with self._read() as session:
            attempts.require_patience(session, attempts.LINK, subject, LINK_LIMIT)
            if session.get(LinkRow, token_hash) is not None:
                return
        with self._write() as session:
            attempts.require_patience(session, attempts.LINK, subject, LINK_LIMIT)
            if attempts.note_failure(session, attempts.LINK, subject, LINK_LIMIT):
                self._log(session, "link.throttled", f"{LINK_LIMIT.failures} unknown links")
                _logger.warning("unknown links: client %s is refused for a while", subject[:12])
        raise refuse_link("unknown")

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def mark_opened(self, token: str) -> None:
        """Remember when a link of the invitation was first opened that could be used."""
        with self._read() as session:
            try:
                invitation = visit_by_token(session, token).invitation_id
            except LinkRefused:
                return
            if session.get_one(InvitationRow, invitation).opened_at is not None:
                return
        with self._write() as session:
            row = session.get_one(InvitationRow, invitation)
            row.opened_at = row.opened_at or clock.now()

    @needs(Right.DO_FIELDWORK)
    def renew(self, number: str, wave: str, *, expires_at: datetime | None = None) -> str:
        """Make a personal link for a region; the earlier ones stop working. Returns the token."""
        with self._write() as session:
            region, row = region_row(session, number), wave_row(session, wave)
            withdraw_invitation(session, key(region), key(row))
            token = new_link(session, invite(session, region, row, expires_at))
            self._log(session, "invitation.made", f"region {number}, wave {wave}")
        return token

    @needs(Right.DO_FIELDWORK)
    def withdraw(self, number: str, wave: str) -> None:
        """Make the region's links useless. Its answers stay."""
        with self._write() as session:
            region, row = region_row(session, number), wave_row(session, wave)
            withdraw_invitation(session, key(region), key(row))
            self._log(session, "invitation.withdrawn", f"region {number}, wave {wave}")
