"""utterances that nobody said are hidden, with the reason, and can be brought back"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import core.store.types

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('utterance', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('hidden_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True)
        )
        batch_op.add_column(
            sa.Column('brought_back_at', core.store.types.UtcDateTime(), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table('utterance', schema=None) as batch_op:
        batch_op.drop_column('brought_back_at')
        batch_op.drop_column('hidden_reason')
