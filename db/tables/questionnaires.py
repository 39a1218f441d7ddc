"""The questionnaires: what can be answered, with which codes, and what they count for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables.base import Moment, one_of

CLOSED_KINDS = ("scale", "multiple", "grade", "yes_no")
TEXT_KINDS = ("short_text", "long_text")
MISSING_CODES = ("weet_niet", "nvt", "overgeslagen", "niet_gevraagd")


class QuestionnaireRow(SQLModel, table=True):
    """A definition, stored once per content hash."""

    __tablename__ = "questionnaire"

    id: int | None = Field(default=None, primary_key=True)
    content_hash: str = Field(unique=True, max_length=64)
    name: str
    version: str
    source: str = Field(sa_type=Text)
    stored_at: datetime = Field(sa_type=Moment)


class QuestionRow(SQLModel, table=True):
    """What can be answered in a questionnaire: the anchor of every answer."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("questionnaire_id", "item", "kind"),)

    questionnaire_id: int = Field(primary_key=True, foreign_key="questionnaire.id")
    item: str = Field(primary_key=True)
    kind: str
    section: str
    concept: str


class PermittedCodeRow(SQLModel, table=True):
    """The codes an item can have, the reasons for missing included."""

    __tablename__ = "permitted_code"
    __table_args__ = (
        ForeignKeyConstraint(
            ["questionnaire_id", "item"], ["question.questionnaire_id", "question.item"]
        ),
        CheckConstraint(f"is_missing = ({one_of('code', MISSING_CODES)})", name="missing_codes"),
    )

    questionnaire_id: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    is_missing: bool
    is_exclusive: bool = False


class ScoredCodeRow(SQLModel, table=True):
    """What a code counts for in the score of its section: the mean over the items, for regions
    that answered `minimum` of them or more. `concept` is that of the score."""

    __tablename__ = "scored_code"
    __table_args__ = (
        ForeignKeyConstraint(
            ["questionnaire_id", "item", "code"],
            ["permitted_code.questionnaire_id", "permitted_code.item", "permitted_code.code"],
        ),
    )

    questionnaire_id: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    section: str
    concept: str
    minimum: int
    value: float
