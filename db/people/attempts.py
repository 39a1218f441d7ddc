"""Failed attempts at a door: counted per who tried and per what name, forgotten after a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from db import clock
from db.tables import FailedAttemptRow
from surveys.sign_in import REMEMBERED, Limit, TooManyAttempts, refused_until

ACCOUNT, LINK = "account", "link"


def require_patience(session: Session, door: str, subject: str, limit: Limit) -> None:
    """Raises TooManyAttempts."""
    now = clock.now()
    until = refused_until(_failures(session, door, subject, now), limit)
    if until is not None and until > now:
        raise TooManyAttempts(until, now)


def note_failure(session: Session, door: str, subject: str, limit: Limit) -> bool:
    """Count one more; True where the limit is reached with it."""
    now = clock.now()
    session.connection().execute(
        delete(FailedAttemptRow).where(col(FailedAttemptRow.at) < now - REMEMBERED)
    )
    session.add(FailedAttemptRow(door=door, subject=subject, at=now))
    session.flush()
    until = refused_until(_failures(session, door, subject, now), limit)
    return until is not None and until > now


def forget_failures(session: Session, door: str, subject: str) -> None:
    """Those of the subject, and of every subject that begins with it."""
    session.connection().execute(
        delete(FailedAttemptRow).where(
            col(FailedAttemptRow.door) == door,
            col(FailedAttemptRow.subject).startswith(subject),
        )
    )


def _failures(session: Session, door: str, subject: str, now: datetime) -> list[datetime]:
    return list(
        session.scalars(
            select(col(FailedAttemptRow.at))
            .where(
                col(FailedAttemptRow.door) == door,
                col(FailedAttemptRow.subject) == subject,
                col(FailedAttemptRow.at) >= now - REMEMBERED,
            )
            .order_by(col(FailedAttemptRow.at), col(FailedAttemptRow.id))
        )
    )
