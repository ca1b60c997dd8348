"""files that arrive in pieces and may go on later; sizes of more than 2 GiB on PostgreSQL"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import core.store.types

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('upload',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('user_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('size', core.store.types.FileSize, nullable=True),
    sa.Column('about', sa.JSON(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('job_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('new', sa.Boolean(), nullable=True),
    sa.Column('error', sa.JSON(), nullable=True),
    sa.Column('created_at', core.store.types.UtcDateTime(), nullable=False),
    sa.Column('ended_at', core.store.types.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_user_id'), ['user_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_upload_ended_at'), ['ended_at'], unique=False)

    if op.get_bind().dialect.name != 'sqlite':  # there an INTEGER has eight bytes anyway
        op.alter_column('recording', 'size', existing_type=sa.Integer(), type_=sa.BigInteger())


def downgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        op.alter_column('recording', 'size', existing_type=sa.BigInteger(), type_=sa.Integer())

    op.drop_table('upload')
