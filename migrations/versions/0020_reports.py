"""Reports: forms as they stood, periods, duties, versions, papers, leaves to send later.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_form",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_report_form")),
    )
    op.create_table(
        "report_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("territory_path", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_inclusive", sa.Boolean(), nullable=False),
        sa.Column("locks_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_membership_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["user_account.id"], name=op.f("fk_report_period_opened_by")),
        sa.ForeignKeyConstraint(
            ["opened_membership_id"], ["membership.id"], name=op.f("fk_report_period_opened_membership_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_period_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_period")),
    )
    op.create_index("ix_report_period_due_at", "report_period", ["due_at"], unique=False)
    op.create_index("uq_report_period_form_day", "report_period", ["unit_id", "form_key", "as_of"], unique=True)
    op.create_table(
        "report_duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("responsible_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("territory_path", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("gathers", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answerer", sa.Text(), nullable=False),
        sa.Column("accepted_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_version", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["report_duty.id"], name=op.f("fk_report_duty_parent_id")),
        sa.ForeignKeyConstraint(["period_id"], ["report_period.id"], name=op.f("fk_report_duty_period_id")),
        sa.ForeignKeyConstraint(
            ["responsible_unit_id"], ["unit.id"], name=op.f("fk_report_duty_responsible_unit_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_duty_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_duty")),
    )
    op.create_index(
        "ix_report_duty_awaited", "report_duty", ["due_at"], unique=False, postgresql_where="sent_at IS NULL"
    )
    op.create_index("ix_report_duty_parent_id", "report_duty", ["parent_id"], unique=False)
    op.create_index("ix_report_duty_responsible", "report_duty", ["responsible_unit_id", "due_at"], unique=False)
    op.create_index("uq_report_duty_period_unit", "report_duty", ["period_id", "unit_id"], unique=True)
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("missing", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_membership_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_membership_id", sa.BigInteger(), nullable=True),
        sa.Column("signed_delegation_id", sa.BigInteger(), nullable=True),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("signer_position", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("values_sha256", sa.Text(), nullable=False),
        sa.Column("receipt_code", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_membership_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("outdated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_report_version_counts_from_one")),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_report_decided_by")),
        sa.ForeignKeyConstraint(
            ["decided_membership_id"], ["membership.id"], name=op.f("fk_report_decided_membership_id")
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["report_duty.id"], name=op.f("fk_report_duty_id")),
        sa.ForeignKeyConstraint(["prepared_by"], ["user_account.id"], name=op.f("fk_report_prepared_by")),
        sa.ForeignKeyConstraint(
            ["prepared_membership_id"], ["membership.id"], name=op.f("fk_report_prepared_membership_id")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_report_signed_by")),
        sa.ForeignKeyConstraint(
            ["signed_delegation_id"], ["delegation.id"], name=op.f("fk_report_signed_delegation_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_membership_id"], ["membership.id"], name=op.f("fk_report_signed_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index("uq_report_duty_version", "report", ["duty_id", "version"], unique=True)
    op.create_index(
        "uq_report_receipt_code", "report", ["receipt_code"], unique=True, postgresql_where="receipt_code <> ''"
    )
    op.create_table(
        "report_leave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wished_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_due", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_membership_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_membership_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_report_leave_asked_by")),
        sa.ForeignKeyConstraint(
            ["asked_membership_id"], ["membership.id"], name=op.f("fk_report_leave_asked_membership_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_report_leave_decided_by")),
        sa.ForeignKeyConstraint(
            ["decided_membership_id"], ["membership.id"], name=op.f("fk_report_leave_decided_membership_id")
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["report_duty.id"], name=op.f("fk_report_leave_duty_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_leave")),
    )
    op.create_index("ix_report_leave_duty_id", "report_leave", ["duty_id", "asked_at"], unique=False)
    op.create_index(
        "uq_report_leave_asked", "report_leave", ["duty_id"], unique=True, postgresql_where="status = 'asked'"
    )
    op.create_table(
        "report_paper",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("values_sha256", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("signer_membership_id", sa.BigInteger(), nullable=False),
        sa.Column("signer_delegation_id", sa.BigInteger(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_serial", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_paper_report_id")),
        sa.ForeignKeyConstraint(
            ["signer_delegation_id"], ["delegation.id"], name=op.f("fk_report_paper_signer_delegation_id")
        ),
        sa.ForeignKeyConstraint(
            ["signer_membership_id"], ["membership.id"], name=op.f("fk_report_paper_signer_membership_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_paper_unit_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_paper")),
    )
    op.create_index("uq_report_paper_number", "report_paper", ["unit_id", "year", "number"], unique=True)
    role = op.get_bind().dialect.identifier_preparer.quote(op.get_context().config.attributes["app_role"])
    op.execute(f"GRANT SELECT, INSERT ON report_form TO {role}")
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE ON report_period, report_duty, report, report_paper, report_leave TO {role}"
    )


def downgrade() -> None:
    op.drop_index("uq_report_paper_number", table_name="report_paper")
    op.drop_table("report_paper")
    op.drop_index("uq_report_leave_asked", table_name="report_leave", postgresql_where="status = 'asked'")
    op.drop_index("ix_report_leave_duty_id", table_name="report_leave")
    op.drop_table("report_leave")
    op.drop_index("uq_report_receipt_code", table_name="report", postgresql_where="receipt_code <> ''")
    op.drop_index("uq_report_duty_version", table_name="report")
    op.drop_table("report")
    op.drop_index("uq_report_duty_period_unit", table_name="report_duty")
    op.drop_index("ix_report_duty_responsible", table_name="report_duty")
    op.drop_index("ix_report_duty_parent_id", table_name="report_duty")
    op.drop_index("ix_report_duty_awaited", table_name="report_duty", postgresql_where="sent_at IS NULL")
    op.drop_table("report_duty")
    op.drop_index("uq_report_period_form_day", table_name="report_period")
    op.drop_index("ix_report_period_due_at", table_name="report_period")
    op.drop_table("report_period")
    op.drop_table("report_form")
