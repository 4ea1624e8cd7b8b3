"""Adjustments that wait for a unit are found at once.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_handover_receiver_proposed",
        "handover",
        ["receiver_unit_id"],
        postgresql_where=sa.text("status = 'proposed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_handover_receiver_proposed", table_name="handover")
