"""Records that a village signs in ink: their scans, entered by one person and confirmed by another.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handover", sa.Column("by_hand", sa.Boolean(), server_default="false", nullable=False))
    op.create_table(
        "paper_scan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_name", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_name", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name="fk_paper_scan_handover_id"),
        sa.ForeignKeyConstraint(["entered_by"], ["user_account.id"], name="fk_paper_scan_entered_by"),
        sa.ForeignKeyConstraint(["confirmed_by"], ["user_account.id"], name="fk_paper_scan_confirmed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_paper_scan"),
    )
    op.create_index("ix_paper_scan_handover_id", "paper_scan", ["handover_id"])
    op.create_index(
        "uq_paper_scan_handover_id_side",
        "paper_scan",
        ["handover_id", "side"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    connection = op.get_bind()
    role = connection.dialect.identifier_preparer.quote(op.get_context().config.attributes["app_role"])
    connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE ON paper_scan TO {role}")


def downgrade() -> None:
    op.drop_table("paper_scan")
    op.drop_column("handover", "by_hand")
