"""First tables"""

from alembic import op
import sqlalchemy as sa


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_questionnaire_content_hash")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("number", name=op.f("uq_region_number")),
    )
    op.create_table(
        "question",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("concept", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_question_questionnaire_id_questionnaire"),
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "item", name=op.f("pk_question")),
        sa.UniqueConstraint(
            "questionnaire_id", "item", "kind", name=op.f("uq_question_questionnaire_id_item_kind")
        ),
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'open', 'closed')", name=op.f("ck_wave_state")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_wave_questionnaire_id_questionnaire"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("name", name=op.f("uq_wave_name")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_invitation_region_id_region")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_invitation_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            "uq_invitation_live",
            ["region_id", "wave_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "permitted_code",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("is_missing", sa.Boolean(), nullable=False),
        sa.Column("is_exclusive", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "is_missing = (code IN ('weet_niet', 'nvt', 'overgeslagen', 'niet_gevraagd'))",
            name=op.f("ck_permitted_code_missing_codes"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id", "item"],
            ["question.questionnaire_id", "question.item"],
            name=op.f("fk_permitted_code_questionnaire_id_item_question"),
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "item", "code", name=op.f("pk_permitted_code")),
    )
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)", name=op.f("ck_response_submitted")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'final', 'superseded')", name=op.f("ck_response_state")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_response_questionnaire_id_questionnaire"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_response_region_id_region")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_response_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("id", "questionnaire_id", name=op.f("uq_response_id_questionnaire_id")),
        sa.UniqueConstraint(
            "region_id", "wave_id", "version", name=op.f("uq_response_region_id_wave_id_version")
        ),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_wave_id"), ["wave_id"], unique=False)
        batch_op.create_index(
            "uq_response_draft",
            ["region_id", "wave_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_index(
            "uq_response_final",
            ["region_id", "wave_id"],
            unique=True,
            sqlite_where=sa.text("state = 'final'"),
            postgresql_where=sa.text("state = 'final'"),
        )

    op.create_table(
        "answer",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN code IS NOT NULL THEN number IS NULL AND text IS NULL WHEN kind = 'number' THEN number IS NOT NULL AND text IS NULL WHEN kind IN ('short_text', 'long_text') THEN text IS NOT NULL AND number IS NULL ELSE kind = 'multiple' AND number IS NULL AND text IS NULL END",
            name=op.f("ck_answer_fits_kind"),
        ),
        sa.CheckConstraint(
            "kind <> 'multiple' OR code IS NULL OR code IN ('weet_niet', 'nvt', 'overgeslagen', 'niet_gevraagd')",
            name=op.f("ck_answer_multiple_apart"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id", "item", "code"],
            ["permitted_code.questionnaire_id", "permitted_code.item", "permitted_code.code"],
            name=op.f("fk_answer_questionnaire_id_item_code_permitted_code"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id", "item", "kind"],
            ["question.questionnaire_id", "question.item", "question.kind"],
            name=op.f("fk_answer_questionnaire_id_item_kind_question"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id", "questionnaire_id"],
            ["response.id", "response.questionnaire_id"],
            name=op.f("fk_answer_response_id_questionnaire_id_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "item", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "response_id",
            "item",
            "questionnaire_id",
            "kind",
            name=op.f("uq_answer_response_id_item_questionnaire_id_kind"),
        ),
    )
    op.create_table(
        "answer_choice",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint(
            "NOT (code IN ('weet_niet', 'nvt', 'overgeslagen', 'niet_gevraagd'))",
            name=op.f("ck_answer_choice_no_missing_codes"),
        ),
        sa.CheckConstraint("kind = 'multiple'", name=op.f("ck_answer_choice_multiple_only")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id", "item", "code"],
            ["permitted_code.questionnaire_id", "permitted_code.item", "permitted_code.code"],
            name=op.f("fk_answer_choice_questionnaire_id_item_code_permitted_code"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id", "item", "questionnaire_id", "kind"],
            ["answer.response_id", "answer.item", "answer.questionnaire_id", "answer.kind"],
            name=op.f("fk_answer_choice_response_id_item_questionnaire_id_kind_answer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "item", "code", name=op.f("pk_answer_choice")),
    )
