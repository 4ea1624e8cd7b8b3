"""An opinion of a pair counts for the values it was formed on.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("duplicate_opinion", sa.Column("memory", sa.Text(), nullable=True))
    op.execute(
        "UPDATE duplicate_opinion SET memory = duplicate_pair.memory"
        " FROM duplicate_pair WHERE duplicate_pair.id = duplicate_opinion.pair_id"
    )
    op.alter_column("duplicate_opinion", "memory", nullable=False)
    op.drop_index("uq_duplicate_opinion_pair_id_user_id", "duplicate_opinion")
    op.create_index(
        "uq_duplicate_opinion_pair_id_user_id_memory",
        "duplicate_opinion",
        ["pair_id", "user_id", "memory"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index("uq_duplicate_opinion_pair_id_user_id_memory", "duplicate_opinion")
    # Of several opinions of one person the newest stays.
    op.execute(
        "DELETE FROM duplicate_opinion USING duplicate_opinion newer WHERE newer.pair_id = duplicate_opinion.pair_id"
        " AND newer.user_id = duplicate_opinion.user_id AND newer.id > duplicate_opinion.id"
    )
    op.create_index("uq_duplicate_opinion_pair_id_user_id", "duplicate_opinion", ["pair_id", "user_id"], unique=True)
    op.drop_column("duplicate_opinion", "memory")
