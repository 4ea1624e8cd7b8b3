"""Sheets for a village that writes on paper: printed, typed by one or two people.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("sheet_print", "paper_sheet", "sheet_row", "sheet_typing")
APPENDED = ("sheet_print", "paper_sheet")
"""What is written once and never touched again."""


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _number(name: str, kind: type[sa.Integer] = sa.Integer, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind(), nullable=nullable)


def _who(table: str, user: str, at: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column(user, sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("delegation_id", sa.BigInteger(), nullable=True),
        sa.Column(at, sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint([user], ["user_account.id"], name=f"fk_{table}_{user}"),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=f"fk_{table}_membership_id"),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=f"fk_{table}_delegation_id"),
    )


def upgrade() -> None:
    _printings()
    _rows()
    connection = op.get_bind()
    role = connection.dialect.identifier_preparer.quote(op.get_context().config.attributes["app_role"])
    for table in TABLES:
        rights = "SELECT, INSERT" if table in APPENDED else "SELECT, INSERT, UPDATE"
        connection.exec_driver_sql(f"GRANT {rights} ON {table} TO {role}")


def _printings() -> None:
    op.create_table(
        "sheet_print",
        _id(),
        _number("province_id"),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        *(_number(name) for name in ("number", "list_rev", "round", "sheets", "entries")),
        sa.Column("typed_twice", sa.Boolean(), nullable=False),
        *_who("sheet_print", "printed_by", "printed_at"),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name="fk_sheet_print_list_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_print"),
    )
    op.create_index("uq_sheet_print_list_id_number", "sheet_print", ["list_id", "number"], unique=True)
    op.create_table(
        "paper_sheet",
        _id(),
        _number("province_id"),
        _number("print_id", sa.BigInteger),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        _number("number"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("hamlet", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["print_id"], ["sheet_print.id"], name="fk_paper_sheet_print_id"),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name="fk_paper_sheet_list_id"),
        sa.PrimaryKeyConstraint("id", name="pk_paper_sheet"),
    )
    op.create_index("uq_paper_sheet_code", "paper_sheet", ["code"], unique=True)
    op.create_index("uq_paper_sheet_print_id_number", "paper_sheet", ["print_id", "number"], unique=True)
    op.create_index("ix_paper_sheet_list_id", "paper_sheet", ["list_id"])


def _rows() -> None:
    op.create_table(
        "sheet_row",
        _id(),
        _number("province_id"),
        _number("sheet_id", sa.BigInteger),
        _number("number"),
        _number("entry_id", sa.BigInteger),
        _number("entry_rev"),
        sa.Column("printed", JSONB(), nullable=False),
        sa.Column("known", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["paper_sheet.id"], name="fk_sheet_row_sheet_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_sheet_row_entry_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_row"),
    )
    op.create_index("uq_sheet_row_sheet_id_number", "sheet_row", ["sheet_id", "number"], unique=True)
    op.create_index("ix_sheet_row_entry_id", "sheet_row", ["entry_id"])
    op.create_table(
        "sheet_typing",
        _id(),
        _number("province_id"),
        _number("row_id", sa.BigInteger),
        sa.Column("said", JSONB(), nullable=False),
        *_who("sheet_typing", "user_id", "at"),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["row_id"], ["sheet_row.id"], name="fk_sheet_typing_row_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_typing"),
    )
    op.create_index(
        "uq_sheet_typing_row_id_user_id",
        "sheet_typing",
        ["row_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
