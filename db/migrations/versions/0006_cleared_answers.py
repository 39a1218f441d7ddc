"""Open answers that were cleared for showing"""

from alembic import op
import sqlalchemy as sa


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cleared_answer',
    sa.Column('response_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('original_hash', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_cleared_answer_filled')),
    sa.ForeignKeyConstraint(['response_id', 'item'], ['answer.response_id', 'answer.item'], name=op.f('fk_cleared_answer_response_id_item_answer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('response_id', 'item', name=op.f('pk_cleared_answer'))
    )
