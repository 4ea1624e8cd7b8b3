"""Lists divide into parts and are merged, records are adjusted, closed lists may be opened again.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OWN_DRAFT = "status = 'prepared' AND kind IN ('handover', 'return', 'completion')"
OWN_DRAFT_BEFORE = "status = 'prepared' AND kind <> 'refusal'"


def upgrade() -> None:
    op.add_column("correction_list", sa.Column("part", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("correction_list", "part", server_default=None)
    op.add_column("correction_list", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column("correction_list", sa.Column("reopening_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("correction_list", sa.Column("reopening_asked_by", sa.Uuid(), nullable=True))
    op.add_column("correction_list", sa.Column("reopening_note", sa.Text(), server_default="", nullable=False))
    op.alter_column("correction_list", "reopening_note", server_default=None)
    op.create_foreign_key(
        op.f("fk_correction_list_merged_into_id"), "correction_list", "correction_list", ["merged_into_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_correction_list_reopening_asked_by"),
        "correction_list",
        "user_account",
        ["reopening_asked_by"],
        ["id"],
    )
    op.create_index(op.f("ix_correction_list_parent_list_id"), "correction_list", ["parent_list_id"])
    op.create_index(op.f("ix_correction_list_merged_into_id"), "correction_list", ["merged_into_id"])
    op.drop_index("uq_correction_list_batch_id_number", table_name="correction_list")
    op.create_index(
        "uq_correction_list_batch_id_number_part", "correction_list", ["batch_id", "number", "part"], unique=True
    )

    op.add_column(
        "handover",
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    )
    op.alter_column("handover", "items", server_default=None)
    op.create_index(op.f("ix_handover_answers_id"), "handover", ["answers_id"])
    op.drop_index("uq_handover_prepared_list", table_name="handover")
    op.create_index(
        "uq_handover_prepared_list", "handover", ["list_id"], unique=True, postgresql_where=sa.text(OWN_DRAFT)
    )
    op.create_index(
        "uq_handover_adjusting",
        "handover",
        ["answers_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'adjustment' AND status IN ('prepared', 'proposed')"),
    )


def downgrade() -> None:
    op.drop_index("uq_handover_adjusting", table_name="handover")
    op.drop_index("uq_handover_prepared_list", table_name="handover")
    op.create_index(
        "uq_handover_prepared_list", "handover", ["list_id"], unique=True, postgresql_where=sa.text(OWN_DRAFT_BEFORE)
    )
    op.drop_index(op.f("ix_handover_answers_id"), table_name="handover")
    op.drop_column("handover", "items")
    op.drop_index("uq_correction_list_batch_id_number_part", table_name="correction_list")
    op.create_index("uq_correction_list_batch_id_number", "correction_list", ["batch_id", "number"], unique=True)
    op.drop_index(op.f("ix_correction_list_merged_into_id"), table_name="correction_list")
    op.drop_index(op.f("ix_correction_list_parent_list_id"), table_name="correction_list")
    for column in ("reopening_note", "reopening_asked_by", "reopening_asked_at", "merged_into_id", "part"):
        op.drop_column("correction_list", column)
