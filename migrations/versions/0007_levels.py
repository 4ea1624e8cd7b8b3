"""Records have a level, wait for time-stamps, are archived and renewed.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNARCHIVED = "archived_at IS NULL AND status IN ('countersigned', 'countersigned_except', 'refused', 'recalled')"


def upgrade() -> None:
    op.add_column("handover", sa.Column("level", sa.Text(), server_default="", nullable=False))
    op.add_column("handover", sa.Column("unstamped_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handover", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handover", sa.Column("renew_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_handover_renew_at", "handover", ["renew_at"])
    op.create_index("ix_handover_unarchived", "handover", ["decided_at"], postgresql_where=sa.text(UNARCHIVED))
    op.create_index(
        "ix_handover_unstamped", "handover", ["list_id"], postgresql_where=sa.text("unstamped_since IS NOT NULL")
    )
    # What was signed before there were time-stamps gets its first one from the worker.
    op.execute("UPDATE handover SET level = 'B-B' WHERE sent_at IS NOT NULL")
    op.execute("UPDATE handover SET unstamped_since = now() WHERE status = 'sent'")


def downgrade() -> None:
    op.drop_index("ix_handover_unstamped", table_name="handover")
    op.drop_index("ix_handover_unarchived", table_name="handover")
    op.drop_index("ix_handover_renew_at", table_name="handover")
    for column in ("renew_at", "archived_at", "unstamped_since", "level"):
        op.drop_column("handover", column)
