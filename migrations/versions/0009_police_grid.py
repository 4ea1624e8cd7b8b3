"""What an officer has seen of each row, when a row was shown before its verdict, and verdicts taken back.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_sight",
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user_account.id", name="fk_entry_sight_user_id")),
        sa.Column("entry_id", sa.BigInteger(), sa.ForeignKey("entry.id", name="fk_entry_sight_entry_id")),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "entry_id", name="pk_entry_sight"),
    )
    op.create_index("ix_entry_sight_entry_id", "entry_sight", ["entry_id"])
    op.add_column("entry_verdict", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("entry_verdict", sa.Column("undoes", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_entry_verdict_undoes", "entry_verdict", "entry_verdict", ["undoes"], ["id"])
    connection = op.get_bind()
    role = connection.dialect.identifier_preparer.quote(op.get_context().config.attributes["app_role"])
    connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE ON entry_sight TO {role}")


def downgrade() -> None:
    op.drop_constraint("fk_entry_verdict_undoes", "entry_verdict")
    op.drop_column("entry_verdict", "undoes")
    op.drop_column("entry_verdict", "shown_at")
    op.drop_table("entry_sight")
