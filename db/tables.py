"""The tables, with the constraints that make the database itself refuse what cannot be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


CLOSED_KINDS = ("scale", "multiple", "grade", "yes_no")
MISSING_CODES = ("weet_niet", "nvt", "overgeslagen", "niet_gevraagd")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


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
        CheckConstraint(f"is_missing = ({_one_of('code', MISSING_CODES)})", name="missing_codes"),
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


class RegionRow(SQLModel, table=True):
    """A region: the unit that is followed over the waves."""

    __tablename__ = "region"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    name: str


class RegionAttributeRow(SQLModel, table=True):
    """What the register says of a region, such as its province."""

    __tablename__ = "region_attribute"
    __table_args__ = (CheckConstraint("name <> '' AND value <> ''", name="filled"),)

    region_id: int = Field(primary_key=True, foreign_key="region.id")
    name: str = Field(primary_key=True)
    value: str


class WaveRow(SQLModel, table=True):
    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint(_one_of("state", ("planned", "open", "closed")), name="state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    state: str
    questionnaire_id: int = Field(foreign_key="questionnaire.id")
    is_example: bool = False


class InvitationRow(SQLModel, table=True):
    """A region was asked in a wave; the link's token is stored as its hash only."""

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
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


def _one_per_region_and_wave(state: str) -> Index:
    return Index(
        f"uq_response_{state}",
        "region_id",
        "wave_id",
        unique=True,
        sqlite_where=text(f"state = '{state}'"),
        postgresql_where=text(f"state = '{state}'"),
    )


class ResponseRow(SQLModel, table=True):
    """One version of a region's answers in a wave: being filled in, final or superseded."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("region_id", "wave_id", "version"),
        UniqueConstraint("id", "questionnaire_id"),
        _one_per_region_and_wave("final"),
        _one_per_region_and_wave("draft"),
        CheckConstraint(_one_of("state", ("draft", "final", "superseded")), name="state"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted"),
    )

    id: int | None = Field(default=None, primary_key=True)
    region_id: int = Field(foreign_key="region.id")
    wave_id: int = Field(foreign_key="wave.id", index=True)
    questionnaire_id: int = Field(foreign_key="questionnaire.id")
    state: str
    version: int
    revision: int = 0
    section: str | None = None
    begun_at: datetime = Field(sa_type=Moment)
    saved_at: datetime | None = Field(default=None, sa_type=Moment)
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)


class AnswerRow(SQLModel, table=True):
    """One answer. `code` is a choice or a reason for missing; a multiple item that was
    answered has its choices in answer_choice and all three columns empty."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("response_id", "item", "questionnaire_id", "kind"),
        ForeignKeyConstraint(
            ["response_id", "questionnaire_id"],
            ["response.id", "response.questionnaire_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["questionnaire_id", "item", "kind"],
            ["question.questionnaire_id", "question.item", "question.kind"],
        ),
        ForeignKeyConstraint(
            ["questionnaire_id", "item", "code"],
            ["permitted_code.questionnaire_id", "permitted_code.item", "permitted_code.code"],
        ),
        CheckConstraint(
            "CASE WHEN code IS NOT NULL THEN number IS NULL AND text IS NULL"
            " WHEN kind = 'number' THEN number IS NOT NULL AND text IS NULL"
            " WHEN kind IN ('short_text', 'long_text') THEN text IS NOT NULL AND number IS NULL"
            " ELSE kind = 'multiple' AND number IS NULL AND text IS NULL END",
            name="fits_kind",
        ),
        CheckConstraint(
            f"kind <> 'multiple' OR code IS NULL OR {_one_of('code', MISSING_CODES)}",
            name="multiple_apart",
        ),
    )

    response_id: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    questionnaire_id: int
    kind: str
    code: str | None = None
    number: float | None = None
    text: str | None = Field(default=None, sa_type=Text)


class AnswerChoiceRow(SQLModel, table=True):
    """One chosen option of a multiple item."""

    __tablename__ = "answer_choice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "item", "questionnaire_id", "kind"],
            ["answer.response_id", "answer.item", "answer.questionnaire_id", "answer.kind"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["questionnaire_id", "item", "code"],
            ["permitted_code.questionnaire_id", "permitted_code.item", "permitted_code.code"],
        ),
        CheckConstraint(f"NOT ({_one_of('code', MISSING_CODES)})", name="no_missing_codes"),
        CheckConstraint("kind = 'multiple'", name="multiple_only"),
    )

    response_id: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    questionnaire_id: int
    kind: str = "multiple"


class AuditRow(SQLModel, table=True):
    """Who did what, when: one line for every write by a person."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    actor: str
    action: str
    subject: str
    old: str | None = Field(default=None, sa_type=Text)
    new: str | None = Field(default=None, sa_type=Text)
