"""Accounts and what guards them: sign-ins, failed attempts, settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from db.tables.base import Moment, one_of


class AccountRow(SQLModel, table=True):
    """Who may sign in: `name` is an e-mail address or another name to sign in with; without a
    password only through the organisation's own sign-in. An erased account keeps its row: the
    audit trail speaks of `account <id>`."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(one_of("role", ("stuurgroep", "evaluator", "beheerder")), name="role"),
        CheckConstraint("name IS NOT NULL OR disabled_at IS NOT NULL", name="erased_is_disabled"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str | None = Field(default=None, unique=True)
    role: str
    password_hash: str | None = None
    made_at: datetime = Field(sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)


class SignInRow(SQLModel, table=True):
    """One sign-in, known by the hash of what the browser's cookie holds."""

    __tablename__ = "sign_in"

    key_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    begun_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class FailedAttemptRow(SQLModel, table=True):
    """A wrong password or an unknown link; `subject` is a hash of who tried or of what name."""

    __tablename__ = "failed_attempt"
    __table_args__ = (
        Index("ix_failed_attempt_recent", "door", "subject", "at"),
        CheckConstraint(one_of("door", ("account", "link")), name="door"),
    )

    id: int | None = Field(default=None, primary_key=True)
    door: str
    subject: str = Field(max_length=64)
    at: datetime = Field(sa_type=Moment)


class SettingRow(SQLModel, table=True):
    """A setting of the monitor that the administrator changed."""

    __tablename__ = "setting"

    name: str = Field(primary_key=True)
    value: str
