"""The responses: one version after the other per region and wave, and their answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from db.tables.base import Moment, one_of
from db.tables.questionnaires import MISSING_CODES


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
    """One version of a region's answers in a wave: being filled in, final, superseded, or set
    invalid. `entered_by`: who submitted it for the region, or of a draft who alone worked on it;
    null where the region did itself. `reason`: why it corrects the version before."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("region_id", "wave_id", "version"),
        UniqueConstraint("id", "questionnaire_id"),
        _one_per_region_and_wave("final"),
        _one_per_region_and_wave("draft"),
        CheckConstraint(one_of("state", ("draft", "final", "superseded", "invalid")), name="state"),
        CheckConstraint(one_of("mode", ("online", "telephone", "paper", "import")), name="mode"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint("(state = 'invalid') = (invalid_reason IS NOT NULL)", name="invalid"),
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
    mode: str = Field(default="online", sa_column_kwargs={"server_default": "online"})
    entered_by: str | None = None
    reason: str | None = Field(default=None, sa_type=Text)
    invalid_reason: str | None = Field(default=None, sa_type=Text)
    consent_id: int | None = Field(default=None, foreign_key="consent.id")
    consented_at: datetime | None = Field(default=None, sa_type=Moment)


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
            f"kind <> 'multiple' OR code IS NULL OR {one_of('code', MISSING_CODES)}",
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
        CheckConstraint(f"NOT ({one_of('code', MISSING_CODES)})", name="no_missing_codes"),
        CheckConstraint("kind = 'multiple'", name="multiple_only"),
    )

    response_id: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    questionnaire_id: int
    kind: str = "multiple"


class ClearedAnswerRow(SQLModel, table=True):
    """What the evaluator decided on an open answer of a final response: the text as it may be
    shown to who sees results, or null where it is not to be shown. It holds as long as the answer
    is the one of `original_hash`."""

    __tablename__ = "cleared_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "item"], ["answer.response_id", "answer.item"], ondelete="CASCADE"
        ),
        CheckConstraint("text <> ''", name="filled"),
    )

    response_id: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    original_hash: str = Field(max_length=64)
    text: str | None = Field(default=None, sa_type=Text)
    judged_at: datetime = Field(sa_type=Moment)


class PreviousAnswerRow(SQLModel, table=True):
    """The region's answer of an earlier wave that was shown at this item, so that the effect of
    showing can be examined; with the reason that was given for a large move."""

    __tablename__ = "previous_answer"
    __table_args__ = (
        ForeignKeyConstraint(["response_id"], ["response.id"], ondelete="CASCADE"),
        CheckConstraint(one_of("policy", ("after", "before")), name="policy"),
    )

    response_id: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    policy: str
    wave: str
    code: str
    shown_at: datetime = Field(sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str | None = Field(default=None, sa_type=Text)


class ImportedFileRow(SQLModel, table=True):
    """A file whose answers were taken over: the same file again changes nothing."""

    __tablename__ = "imported_file"
    __table_args__ = (UniqueConstraint("wave_id", "source_hash", "mapping_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    source_hash: str = Field(max_length=64)
    mapping_hash: str = Field(max_length=64)
    regions: int
    imported_at: datetime = Field(sa_type=Moment)
