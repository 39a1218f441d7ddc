"""What is known of a region: its province, its size, any attribute of the register"""

from alembic import op
import sqlalchemy as sa


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "region_attribute",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.CheckConstraint("name <> '' AND value <> ''", name=op.f("ck_region_attribute_filled")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_region_attribute_region_id_region")
        ),
        sa.PrimaryKeyConstraint("region_id", "name", name=op.f("pk_region_attribute")),
    )
