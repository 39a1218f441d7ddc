"""The audit trail: who did what, when. Lines are added and read, never changed."""

from __future__ import annotations

from sqlalchemy import insert
from sqlmodel import Session

from db import clock
from db.tables import AuditRow

_LINE = insert(AuditRow.metadata.tables["audit"])


def add_line(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    old: str | None = None,
    new: str | None = None,
) -> None:
    line = {"at": clock.now(), "actor": actor, "action": action, "subject": subject}
    session.connection().execute(_LINE, {**line, "old": old, "new": new})
