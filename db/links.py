"""Personal links: made, withdrawn, and what an open one leads to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Result, Select, bindparam, select, update
from sqlmodel import Session, col

from db.records import key
from db.tables import InvitationRow, QuestionnaireRow, RegionRow, WaveRow
from surveys.fieldwork import (
    Visit,
    Wave,
    WaveState,
    check_invitation,
    hash_token,
    refuse_link,
)


def new_invitation(
    region: RegionRow, wave: WaveRow, token: str, expires_at: datetime | None = None
) -> InvitationRow:
    return InvitationRow(
        region_id=key(region),
        wave_id=key(wave),
        token_hash=hash_token(token),
        created_at=datetime.now(UTC),
        expires_at=expires_at,
    )


def withdraw_invitation(session: Session, region_id: int, wave_id: int) -> None:
    session.connection().execute(
        update(InvitationRow)
        .where(
            col(InvitationRow.region_id) == region_id,
            col(InvitationRow.wave_id) == wave_id,
            col(InvitationRow.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=datetime.now(UTC))
    )


_VISIT: Select[*tuple[Any, ...]] = (
    select(
        col(InvitationRow.id),
        col(InvitationRow.withdrawn_at),
        col(InvitationRow.expires_at),
        col(RegionRow.id).label("region_id"),
        col(RegionRow.name).label("region_name"),
        col(WaveRow.name).label("wave_name"),
        col(WaveRow.state),
        col(WaveRow.is_example),
        col(QuestionnaireRow.content_hash),
    )
    .join(RegionRow, col(RegionRow.id) == InvitationRow.region_id)
    .join(WaveRow, col(WaveRow.id) == InvitationRow.wave_id)
    .join(QuestionnaireRow, col(QuestionnaireRow.id) == WaveRow.questionnaire_id)
)
_BY_TOKEN = _VISIT.where(col(InvitationRow.token_hash) == bindparam("token_hash"))
_BY_ID = _VISIT.where(col(InvitationRow.id) == bindparam("id"))


def visit_by_token(session: Session, token: str) -> Visit:
    """Raises LinkRefused."""
    return _open_visit(session.connection().execute(_BY_TOKEN, {"token_hash": hash_token(token)}))


def require_open_link(session: Session, visit: Visit) -> None:
    """Raise LinkRefused where the link or the wave was closed since the visit began."""
    _open_visit(session.connection().execute(_BY_ID, {"id": visit.invitation_id}))


def _open_visit(found: Result[Any]) -> Visit:
    row = found.one_or_none()
    if row is None:
        raise refuse_link("unknown")
    state = WaveState(row.state)
    check_invitation(
        withdrawn_at=row.withdrawn_at, expires_at=row.expires_at, state=state, now=datetime.now(UTC)
    )
    wave = Wave(row.wave_name, state, row.content_hash, row.is_example)
    return Visit(row.id, row.region_id, row.region_name, wave)
