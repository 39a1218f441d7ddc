"""The waves, who was asked in each, and by which links and messages."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from db.tables.base import Moment, one_of


class ConsentRow(SQLModel, table=True):
    """A version of the text that respondents agree to; never changed once it is stored."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    content_hash: str = Field(unique=True, max_length=64)
    body: str = Field(sa_type=Text)
    stored_at: datetime = Field(sa_type=Moment)


class WaveRow(SQLModel, table=True):
    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint(one_of("state", ("planned", "open", "closing", "closed")), name="state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    state: str
    questionnaire_id: int = Field(foreign_key="questionnaire.id")
    is_example: bool = False
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closes_on: date | None = None
    consent_id: int | None = Field(default=None, foreign_key="consent.id")


class InvitationRow(SQLModel, table=True):
    """A region was asked in a wave."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index(
            "uq_invitation_live",
            "region_id",
            "wave_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    region_id: int = Field(foreign_key="region.id")
    wave_id: int = Field(foreign_key="wave.id")
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    opened_at: datetime | None = Field(default=None, sa_type=Moment)


class LinkRow(SQLModel, table=True):
    """A personal link of an invitation; its token is stored as a hash only. Every mail has a
    link of its own, and all of them work until they are withdrawn."""

    __tablename__ = "link"

    token_hash: str = Field(primary_key=True, max_length=64)
    invitation_id: int = Field(foreign_key="invitation.id", index=True)
    made_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class MailTextRow(SQLModel, table=True):
    """The text of a wave's invitations or reminders, where it is not the usual one."""

    __tablename__ = "mail_text"
    __table_args__ = (CheckConstraint(one_of("kind", ("invitation", "reminder")), name="kind"),)

    wave_id: int = Field(primary_key=True, foreign_key="wave.id")
    kind: str = Field(primary_key=True)
    subject: str
    body: str = Field(sa_type=Text)


class MessageRow(SQLModel, table=True):
    """A mail of an invitation: `number` 0 is the invitation itself, 1 and up are reminders.
    `reply` has the server's words. Whether an uncertain one arrived nobody knows: it is never
    sent again by itself, and the index keeps a second one with its number out."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "uq_message_number",
            "invitation_id",
            "number",
            unique=True,
            sqlite_where=text("state NOT IN ('refused', 'cancelled')"),
            postgresql_where=text("state NOT IN ('refused', 'cancelled')"),
        ),
        CheckConstraint(one_of("kind", ("invitation", "reminder")), name="kind"),
        CheckConstraint(
            one_of("state", ("queued", "sending", "sent", "refused", "uncertain", "cancelled")),
            name="state",
        ),
        CheckConstraint("(kind = 'invitation') = (number = 0)", name="numbered"),
    )

    id: int | None = Field(default=None, primary_key=True)
    invitation_id: int = Field(foreign_key="invitation.id", index=True)
    contact_id: int = Field(foreign_key="contact.id")
    kind: str
    number: int
    state: str
    message_id: str = Field(unique=True)
    queued_at: datetime = Field(sa_type=Moment)
    queued_by: str
    tried_at: datetime | None = Field(default=None, sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    tries: int = 0
    reply: str | None = Field(default=None, sa_type=Text)
