"""Pairs of entries that may be one person: blocking keys, opinions of reviewers, earlier numbers.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_block",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_entry_block_entry_id"),
        sa.PrimaryKeyConstraint("key", "entry_id", name="pk_entry_block"),
    )
    op.create_index("ix_entry_block_entry_id", "entry_block", ["entry_id"])
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("one_entry_id", sa.BigInteger(), nullable=False),
        sa.Column("other_entry_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("is_hard", sa.Boolean(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("one_entry_id < other_entry_id", name="older_first"),
        sa.CheckConstraint("(state = 'decided') = (decision <> '')", name="decided_has_decision"),
        sa.ForeignKeyConstraint(["one_entry_id"], ["entry.id"], name="fk_duplicate_pair_one_entry_id"),
        sa.ForeignKeyConstraint(["other_entry_id"], ["entry.id"], name="fk_duplicate_pair_other_entry_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_pair"),
    )
    op.create_index("uq_duplicate_pair_entries", "duplicate_pair", ["one_entry_id", "other_entry_id"], unique=True)
    op.create_index("ix_duplicate_pair_province_id_state", "duplicate_pair", ["province_id", "state", "weight"])
    op.create_index("ix_duplicate_pair_other_entry_id", "duplicate_pair", ["other_entry_id"])
    op.create_index(
        "ix_duplicate_pair_memory", "duplicate_pair", ["memory"], postgresql_where=sa.text("decision = 'different'")
    )
    op.create_table(
        "duplicate_opinion",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("delegation_id", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["duplicate_pair.id"], name="fk_duplicate_opinion_pair_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_duplicate_opinion_user_id"),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="fk_duplicate_opinion_membership_id"),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name="fk_duplicate_opinion_delegation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_opinion"),
    )
    op.create_index("uq_duplicate_opinion_pair_id_user_id", "duplicate_opinion", ["pair_id", "user_id"], unique=True)
    op.create_table(
        "earlier_number",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_earlier_number_entry_id"),
        sa.ForeignKeyConstraint(["pair_id"], ["duplicate_pair.id"], name="fk_earlier_number_pair_id"),
        sa.PrimaryKeyConstraint("id", name="pk_earlier_number"),
    )
    op.create_index("uq_earlier_number_entry_id_number", "earlier_number", ["entry_id", "number"], unique=True)
    role = op.get_bind().dialect.identifier_preparer.quote(op.get_context().config.attributes["app_role"])
    op.execute(f"GRANT SELECT, INSERT, DELETE ON entry_block TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON duplicate_pair TO {role}")
    op.execute(f"GRANT SELECT, INSERT ON duplicate_opinion, earlier_number TO {role}")


def downgrade() -> None:
    op.drop_table("earlier_number")
    op.drop_table("duplicate_opinion")
    op.drop_table("duplicate_pair")
    op.drop_table("entry_block")
