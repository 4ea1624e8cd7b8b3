"""Bulk acts with a row for each item.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.Column("undoes_id", sa.Uuid(), nullable=True),
        sa.Column("what", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_bulk_act_list_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_bulk_act_membership_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["bulk_act.id"], name=op.f("fk_bulk_act_undoes_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_bulk_act_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act")),
    )
    op.create_index("ix_bulk_act_user_id_created_at", "bulk_act", ["user_id", "created_at"], unique=False)
    op.create_index("uq_bulk_act_undoes_id", "bulk_act", ["undoes_id"], unique=True)
    op.create_table(
        "bulk_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("seen_rev", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["bulk_act.id"], name=op.f("fk_bulk_item_act_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_bulk_item_entry_id")),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_bulk_item_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_item")),
    )
    op.create_index("uq_bulk_item_act_id_place", "bulk_item", ["act_id", "place"], unique=True)
    app_role = op.get_context().config.attributes["app_role"]
    role = op.get_bind().dialect.identifier_preparer.quote(app_role)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON bulk_act, bulk_item TO {role}")


def downgrade() -> None:
    op.drop_index("uq_bulk_item_act_id_place", table_name="bulk_item")
    op.drop_table("bulk_item")
    op.drop_index("uq_bulk_act_undoes_id", table_name="bulk_act")
    op.drop_index("ix_bulk_act_user_id_created_at", table_name="bulk_act")
    op.drop_table("bulk_act")
