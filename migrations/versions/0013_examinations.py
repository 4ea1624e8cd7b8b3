"""Examinations: an auditor has all records of the territory verified at once.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "examination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("territory_path", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("genuine", sa.Integer(), nullable=False),
        sa.Column("undecided", sa.Integer(), nullable=False),
        sa.Column("not_genuine", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_examination_membership_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_examination_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examination")),
    )
    op.create_index("ix_examination_user_id_created_at", "examination", ["user_id", "created_at"], unique=False)
    op.create_table(
        "examined_record",
        sa.Column("examination_id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("text", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examination.id"], name=op.f("fk_examined_record_examination_id")
        ),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_examined_record_handover_id")),
        sa.PrimaryKeyConstraint("examination_id", "handover_id", name=op.f("pk_examined_record")),
    )
    op.create_index(
        "ix_examined_record_examination_id_word", "examined_record", ["examination_id", "word"], unique=False
    )
    role = op.get_bind().dialect.identifier_preparer.quote(op.get_context().config.attributes["app_role"])
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON examination, examined_record TO {role}")


def downgrade() -> None:
    op.drop_index("ix_examined_record_examination_id_word", table_name="examined_record")
    op.drop_table("examined_record")
    op.drop_index("ix_examination_user_id_created_at", table_name="examination")
    op.drop_table("examination")
