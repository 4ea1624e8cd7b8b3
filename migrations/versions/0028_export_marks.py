"""Exports are found by their mark.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the marks of exports."""
    op.create_index(
        "ix_event_mark",
        "event",
        [sa.text("(payload ->> 'mark')")],
        postgresql_where=sa.text("tag = 'list:exported'"),
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_event_mark", table_name="event")
