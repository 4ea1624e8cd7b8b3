"""Lists that are offered to another commune's station.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("correction_list", sa.Column("offered_to_unit_id", sa.BigInteger(), nullable=True))
    op.add_column("correction_list", sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("correction_list", sa.Column("offer_note", sa.Text(), server_default="", nullable=False))
    op.alter_column("correction_list", "offer_note", server_default=None)
    op.create_foreign_key(
        "fk_correction_list_offered_to_unit_id", "correction_list", "unit", ["offered_to_unit_id"], ["id"]
    )
    op.create_index("ix_correction_list_offered_to_unit_id", "correction_list", ["offered_to_unit_id"])


def downgrade() -> None:
    op.drop_index("ix_correction_list_offered_to_unit_id", table_name="correction_list")
    op.drop_constraint("fk_correction_list_offered_to_unit_id", "correction_list", type_="foreignkey")
    op.drop_column("correction_list", "offer_note")
    op.drop_column("correction_list", "offered_at")
    op.drop_column("correction_list", "offered_to_unit_id")
