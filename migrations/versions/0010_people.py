"""Delegations, who works on a list, and «on behalf of» beside every membership that acted.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ACTED = ("event", "entry_value", "entry_verdict", "signature", "sign_in_session", "bulk_act")
"""Tables whose rows name the membership that acted in a column `membership_id`."""


def upgrade() -> None:
    _delegations()
    _claims()
    for table in ACTED:
        _on_behalf(table, "delegation_id")
    _on_behalf("handover", "signer_delegation_id")
    context = op.get_context()
    role = op.get_bind().dialect.identifier_preparer.quote(context.config.attributes["app_role"])
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON delegation, list_claim TO {role}")


def _delegations() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("from_membership_id", sa.BigInteger(), nullable=False),
        sa.Column("to_membership_id", sa.BigInteger(), nullable=False),
        sa.Column("may_sign", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("from_membership_id <> to_membership_id", name=op.f("ck_delegation_two_people")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_delegation_days_in_order")),
        sa.CheckConstraint(
            "NOT may_sign OR (capacity IS NOT NULL AND document_number <> '' AND document_date IS NOT NULL)",
            name=op.f("ck_delegation_signing_needs_document"),
        ),
        _foreign_key("delegation", "from_membership_id", "membership"),
        _foreign_key("delegation", "to_membership_id", "membership"),
        _foreign_key("delegation", "given_by", "user_account"),
        _foreign_key("delegation", "revoked_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    for column in ("from_membership_id", "to_membership_id"):
        op.create_index(op.f(f"ix_delegation_{column}"), "delegation", [column])


def _claims() -> None:
    op.create_table(
        "list_claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("assigned_by", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_kind", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (end_kind = '')", name=op.f("ck_list_claim_end_has_its_kind")),
        _foreign_key("list_claim", "list_id", "correction_list"),
        _foreign_key("list_claim", "unit_id", "unit"),
        _foreign_key("list_claim", "membership_id", "membership"),
        _foreign_key("list_claim", "assigned_by", "membership"),
        _foreign_key("list_claim", "ended_by", "membership"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_claim")),
    )
    live, untold = "ended_at IS NULL", "told_at IS NULL AND end_kind IN ('taken_over', 'assigned')"
    op.create_index(
        "uq_list_claim_live", "list_claim", ["list_id", "unit_id"], unique=True, postgresql_where=sa.text(live)
    )
    op.create_index(
        "ix_list_claim_member_live", "list_claim", ["membership_id", "list_id"], postgresql_where=sa.text(live)
    )
    op.create_index("ix_list_claim_untold", "list_claim", ["membership_id"], postgresql_where=sa.text(untold))


def _foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _on_behalf(table: str, column: str) -> None:
    op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, "delegation", [column], ["id"])


def downgrade() -> None:
    op.drop_column("handover", "signer_delegation_id")
    for table in reversed(ACTED):
        op.drop_column(table, "delegation_id")
    op.drop_table("list_claim")
    op.drop_table("delegation")
