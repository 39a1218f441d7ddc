"""The audit trail is append-only: the database refuses to change or take away a line"""

from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_REFUSAL = "the audit trail is append-only"
_POSTGRESQL = f"""
CREATE FUNCTION refuse_audit_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{_REFUSAL}'; END;
$$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(_POSTGRESQL)
    for action in ("update", "delete"):
        trigger = f"CREATE TRIGGER audit_refuses_{action} BEFORE {action.upper()} ON audit "
        body = (
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            if is_sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        op.execute(trigger + body)
