"""Block scores: what each code counts for in the mean of its section"""

from alembic import op
import sqlalchemy as sa


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scored_code",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("concept", sa.String(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id", "item", "code"],
            ["permitted_code.questionnaire_id", "permitted_code.item", "permitted_code.code"],
            name=op.f("fk_scored_code_questionnaire_id_item_code_permitted_code"),
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "item", "code", name=op.f("pk_scored_code")),
    )
