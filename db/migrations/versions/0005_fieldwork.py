"""Fieldwork: links apart from invitations, messages, leaders, successions, accounts, consent"""

from alembic import op
import sqlalchemy as sa


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("role IN ('stuurgroep', 'evaluator', 'beheerder')", name=op.f('ck_account_role')),
    sa.CheckConstraint('name IS NOT NULL OR disabled_at IS NOT NULL', name=op.f('ck_account_erased_is_disabled')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('name', name=op.f('uq_account_name'))
    )
    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('content_hash', name=op.f('uq_consent_content_hash'))
    )
    op.create_table('failed_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('door', sa.String(), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("door IN ('account', 'link')", name=op.f('ck_failed_attempt_door')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_failed_attempt'))
    )
    with op.batch_alter_table('failed_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_failed_attempt_recent', ['door', 'subject', 'at'], unique=False)

    op.create_table('setting',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_setting'))
    )
    op.create_table('succession',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.CheckConstraint("kind IN ('merge', 'split', 'ended')", name=op.f('ck_succession_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_succession'))
    )
    op.create_table('contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=True),
    sa.Column('email', sa.String(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('erased_at IS NULL OR (name IS NULL AND email IS NULL)', name=op.f('ck_contact_erased_is_empty')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_contact_region_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_region_id'), ['region_id'], unique=False)
        batch_op.create_index('uq_contact_current', ['region_id'], unique=True, sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))

    op.create_table('sign_in',
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_account_id_account')),
    sa.PrimaryKeyConstraint('key_hash', name=op.f('pk_sign_in'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_account_id'), ['account_id'], unique=False)

    op.create_table('succession_part',
    sa.Column('succession_id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.CheckConstraint("side IN ('predecessor', 'successor')", name=op.f('ck_succession_part_side')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_succession_part_region_id_region')),
    sa.ForeignKeyConstraint(['succession_id'], ['succession.id'], name=op.f('fk_succession_part_succession_id_succession')),
    sa.PrimaryKeyConstraint('succession_id', 'region_id', 'side', name=op.f('pk_succession_part'))
    )
    op.create_table('imported_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('source_hash', sa.String(length=64), nullable=False),
    sa.Column('mapping_hash', sa.String(length=64), nullable=False),
    sa.Column('regions', sa.Integer(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_imported_file_wave_id_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_file')),
    sa.UniqueConstraint('wave_id', 'source_hash', 'mapping_hash', name=op.f('uq_imported_file_wave_id_source_hash_mapping_hash'))
    )
    op.create_table('mail_text',
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('invitation', 'reminder')", name=op.f('ck_mail_text_kind')),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_mail_text_wave_id_wave')),
    sa.PrimaryKeyConstraint('wave_id', 'kind', name=op.f('pk_mail_text'))
    )
    op.create_table('link',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_link_invitation_id_invitation')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_link'))
    )
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_invitation_id'), ['invitation_id'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('queued_by', sa.String(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('reply', sa.Text(), nullable=True),
    sa.CheckConstraint("(kind = 'invitation') = (number = 0)", name=op.f('ck_message_numbered')),
    sa.CheckConstraint("kind IN ('invitation', 'reminder')", name=op.f('ck_message_kind')),
    sa.CheckConstraint("state IN ('queued', 'sending', 'sent', 'refused', 'uncertain', 'cancelled')", name=op.f('ck_message_state')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_message_contact_id_contact')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_message_invitation_id_invitation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('message_id', name=op.f('uq_message_message_id'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_invitation_id'), ['invitation_id'], unique=False)
        batch_op.create_index('uq_message_number', ['invitation_id', 'number'], unique=True, sqlite_where=sa.text("state NOT IN ('refused', 'cancelled')"), postgresql_where=sa.text("state NOT IN ('refused', 'cancelled')"))

    op.create_table('previous_answer',
    sa.Column('response_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('policy', sa.String(), nullable=False),
    sa.Column('wave', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("policy IN ('after', 'before')", name=op.f('ck_previous_answer_policy')),
    sa.ForeignKeyConstraint(['response_id'], ['response.id'], name=op.f('fk_previous_answer_response_id_response'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('response_id', 'item', name=op.f('pk_previous_answer'))
    )
    # every invitation had one link
    op.execute(
        "INSERT INTO link (token_hash, invitation_id, made_at, withdrawn_at) "
        "SELECT token_hash, id, created_at, withdrawn_at FROM invitation"
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_invitation_token_hash'), type_='unique')
        batch_op.drop_column('token_hash')

    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ended_on', sa.Date(), nullable=True))

    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_response_state'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_response_state'),
            "state IN ('draft', 'final', 'superseded', 'invalid')",
        )
        batch_op.add_column(sa.Column('mode', sa.String(), server_default='online', nullable=False))
        batch_op.create_check_constraint(
            batch_op.f('ck_response_mode'), "mode IN ('online', 'telephone', 'paper', 'import')"
        )
        batch_op.add_column(sa.Column('entered_by', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('invalid_reason', sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f('ck_response_invalid'), "(state = 'invalid') = (invalid_reason IS NOT NULL)"
        )
        batch_op.add_column(sa.Column('consent_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('consented_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_response_consent_id_consent'), 'consent', ['consent_id'], ['id'])

    # only what came whole from a file was never saved before it was submitted
    op.execute(
        "UPDATE response SET mode = 'import' WHERE submitted_at IS NOT NULL AND saved_at IS NULL"
    )
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_wave_state'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_wave_state'), "state IN ('planned', 'open', 'closing', 'closed')"
        )
        batch_op.add_column(sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('closes_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('consent_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_wave_consent_id_consent'), 'consent', ['consent_id'], ['id'])

    if op.get_bind().dialect.name == 'sqlite':
        # SQLite takes the line that is replaced away without asking the trigger on DELETE
        op.execute(
            "CREATE TRIGGER audit_refuses_replace BEFORE INSERT ON audit "
            "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
