"""accounts, shared meetings, named styles, what is remembered of a person, whose minutes are"""

import unicodedata
import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op

import core.store.types

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = core.store.types.UtcDateTime


def upgrade() -> None:
    _people()
    _entrances()
    _memory()
    _styles()
    _whose_minutes()


def _people() -> None:
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('folded', _TEXT(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('password', _TEXT(), nullable=True))
        batch_op.add_column(sa.Column('subject', _TEXT(), nullable=True))
        batch_op.add_column(
            sa.Column('admin', sa.Boolean(), nullable=False, server_default='0')
        )
        batch_op.add_column(sa.Column('leaving_at', _MOMENT(), nullable=True))
    user = sa.table('user', sa.column('id', _TEXT), sa.column('name', _TEXT), sa.column('folded', _TEXT))
    link = op.get_bind()
    for user_id, name in link.execute(sa.select(user.c.id, user.c.name)).all():
        folded = unicodedata.normalize('NFKC', name).casefold()
        link.execute(sa.update(user).where(user.c.id == user_id).values(folded=folded))
    # Indexes, not constraints: for those SQLite would have to make the table anew, and what refers
    # to it would not let it go.
    op.create_index('ix_user_folded', 'user', ['folded'], unique=True)
    op.create_index('ix_user_subject', 'user', ['subject'], unique=True)


def _entrances() -> None:
    op.create_table('sign_in',
    sa.Column('token_hash', _TEXT(), nullable=False),
    sa.Column('id', _TEXT(), nullable=False),
    sa.Column('user_id', _TEXT(), nullable=False),
    sa.Column('agent', _TEXT(), nullable=False),
    sa.Column('way', _TEXT(), nullable=False),
    sa.Column('created_at', _MOMENT(), nullable=False),
    sa.Column('seen_at', _MOMENT(), nullable=False),
    sa.Column('expires_at', _MOMENT(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('token_hash'),
    sa.UniqueConstraint('id')
    )
    op.create_index('ix_sign_in_user_id', 'sign_in', ['user_id'])
    op.create_index('ix_sign_in_expires_at', 'sign_in', ['expires_at'])
    op.create_table('invitation',
    sa.Column('token_hash', _TEXT(), nullable=False),
    sa.Column('id', _TEXT(), nullable=False),
    sa.Column('user_id', _TEXT(), nullable=False),
    sa.Column('note', _TEXT(), nullable=False),
    sa.Column('created_at', _MOMENT(), nullable=False),
    sa.Column('expires_at', _MOMENT(), nullable=False),
    sa.Column('used_at', _MOMENT(), nullable=True),
    sa.Column('used_by', _TEXT(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('token_hash'),
    sa.UniqueConstraint('id')
    )
    op.create_index('ix_invitation_user_id', 'invitation', ['user_id'])
    op.create_table('api_token',
    sa.Column('id', _TEXT(), nullable=False),
    sa.Column('token_hash', _TEXT(), nullable=False),
    sa.Column('user_id', _TEXT(), nullable=False),
    sa.Column('name', _TEXT(), nullable=False),
    sa.Column('hint', _TEXT(), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', _MOMENT(), nullable=False),
    sa.Column('used_at', _MOMENT(), nullable=True),
    sa.Column('expires_at', _MOMENT(), nullable=True),
    sa.Column('revoked_at', _MOMENT(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index('ix_api_token_user_id', 'api_token', ['user_id'])
    op.create_table('attempts',
    sa.Column('key', _TEXT(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('first_at', _MOMENT(), nullable=False),
    sa.Column('last_at', _MOMENT(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index('ix_attempts_last_at', 'attempts', ['last_at'])
    op.create_table('share',
    sa.Column('meeting_id', _TEXT(), nullable=False),
    sa.Column('user_id', _TEXT(), nullable=False),
    sa.Column('may_edit', sa.Boolean(), nullable=False),
    sa.Column('created_at', _MOMENT(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('meeting_id', 'user_id')
    )
    op.create_index('ix_share_user_id', 'share', ['user_id'])


def _memory() -> None:
    op.create_table('memory_entry',
    sa.Column('id', _TEXT(), nullable=False),
    sa.Column('user_id', _TEXT(), nullable=False),
    sa.Column('kind', _TEXT(), nullable=False),
    sa.Column('status', _TEXT(), nullable=False),
    sa.Column('text', _TEXT(), nullable=False),
    sa.Column('heard', sa.JSON(), nullable=False),
    sa.Column('note', _TEXT(), nullable=True),
    sa.Column('source', sa.JSON(), nullable=False),
    sa.Column('fingerprint', _TEXT(), nullable=False),
    sa.Column('replaces', _TEXT(), nullable=True),
    sa.Column('created_at', _MOMENT(), nullable=False),
    sa.Column('updated_at', _MOMENT(), nullable=False),
    sa.Column('decided_at', _MOMENT(), nullable=True),
    sa.Column('used_at', _MOMENT(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('user_id', 'kind', 'fingerprint')
    )
    op.create_index('ix_memory_entry_user_id', 'memory_entry', ['user_id'])
    op.create_table('lesson',
    sa.Column('id', _TEXT(), nullable=False),
    sa.Column('user_id', _TEXT(), nullable=False),
    sa.Column('meeting_id', _TEXT(), nullable=True),
    sa.Column('way', _TEXT(), nullable=False),
    sa.Column('key', _TEXT(), nullable=False),
    sa.Column('material', sa.JSON(), nullable=False),
    sa.Column('state', _TEXT(), nullable=False),
    sa.Column('proposed', sa.Integer(), nullable=False),
    sa.Column('error', sa.JSON(), nullable=True),
    sa.Column('created_at', _MOMENT(), nullable=False),
    sa.Column('ended_at', _MOMENT(), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_lesson_user_id', 'lesson', ['user_id'])
    op.create_index('ix_lesson_meeting_id', 'lesson', ['meeting_id'])
    op.create_index('ix_lesson_state', 'lesson', ['state'])
    with op.batch_alter_table('turn', schema=None) as batch_op:
        batch_op.add_column(sa.Column('memory', sa.JSON(), nullable=False, server_default='{}'))


def _styles() -> None:
    """What was one style with versions is the first of the person's named styles."""
    op.create_table('named_style',
    sa.Column('id', _TEXT(), nullable=False),
    sa.Column('user_id', _TEXT(), nullable=False),
    sa.Column('name', _TEXT(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('created_at', _MOMENT(), nullable=False),
    sa.Column('deleted_at', _MOMENT(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_named_style_user_id', 'named_style', ['user_id'])
    with op.batch_alter_table('style', schema=None) as batch_op:
        batch_op.add_column(sa.Column('named_style_id', _TEXT(), nullable=True))
    style = sa.table('style', sa.column('user_id', _TEXT), sa.column('named_style_id', _TEXT))
    named = sa.table('named_style', sa.column('id', _TEXT), sa.column('user_id', _TEXT),
        sa.column('name', _TEXT), sa.column('is_default', sa.Boolean), sa.column('created_at', _MOMENT()))
    link = op.get_bind()
    for (user_id,) in link.execute(sa.select(style.c.user_id).distinct()).all():
        first = uuid.uuid4().hex
        link.execute(sa.insert(named).values(
            id=first, user_id=user_id, name='', is_default=True, created_at=datetime.now(UTC)))
        link.execute(
            sa.update(style).where(style.c.user_id == user_id).values(named_style_id=first))
    with op.batch_alter_table('style', schema=None) as batch_op:
        batch_op.alter_column('named_style_id', existing_type=_TEXT(), nullable=False)
        batch_op.create_index('ix_style_named_style_id', ['named_style_id'])
        batch_op.create_foreign_key('fk_style_named_style', 'named_style', ['named_style_id'], ['id'])


def _whose_minutes() -> None:
    with op.batch_alter_table('minutes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('user_id', _TEXT(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('memory', sa.JSON(), nullable=False, server_default='{}'))
    op.execute(
        'update minutes set user_id ='
        ' (select meeting.user_id from meeting where meeting.id = minutes.meeting_id)'
    )
    op.create_index('ix_minutes_user_id', 'minutes', ['user_id'])


def downgrade() -> None:
    op.drop_index('ix_minutes_user_id', 'minutes')
    op.drop_column('minutes', 'memory')
    op.drop_column('minutes', 'user_id')
    with op.batch_alter_table('style', schema=None) as batch_op:
        batch_op.drop_constraint('fk_style_named_style', type_='foreignkey')
        batch_op.drop_index('ix_style_named_style_id')
        batch_op.drop_column('named_style_id')
    op.drop_table('named_style')
    op.drop_column('turn', 'memory')
    for table in ('lesson', 'memory_entry', 'share', 'attempts', 'api_token', 'invitation', 'sign_in'):
        op.drop_table(table)
    op.drop_index('ix_user_subject', 'user')
    op.drop_index('ix_user_folded', 'user')
    # Columns go one by one (SQLite 3.35 can), not with the table: what refers to it would not let it.
    for column in ('leaving_at', 'admin', 'subject', 'password', 'folded'):
        op.drop_column('user', column)
