"""Indexes for the order in which tabs of the inbox show their lists.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_correction_list_stage_late_from", "correction_list", ["stage", "late_from", "id"], unique=False
    )
    op.create_index(
        "ix_correction_list_closed_at",
        "correction_list",
        [sa.literal_column("closed_at DESC NULLS LAST")],
        unique=False,
    )
    op.create_index(
        "ix_correction_list_reopening_asked_at",
        "correction_list",
        ["late_from", "id"],
        unique=False,
        postgresql_where=sa.text("reopening_asked_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_correction_list_reopening_asked_at", table_name="correction_list")
    op.drop_index("ix_correction_list_closed_at", table_name="correction_list")
    op.drop_index("ix_correction_list_stage_late_from", table_name="correction_list")
