"""Certificates of other authorities, enrolled by two people; tickets for signatures made elsewhere.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

RIGHTS = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'bangiao_app') AND current_user <> 'bangiao_app' THEN
    GRANT SELECT, INSERT, UPDATE ON signer_certificate, signing_ticket TO bangiao_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO bangiao_app;
  END IF;
END $$
"""


def upgrade() -> None:
    moment, person = sa.DateTime(timezone=True), "user_account.id"
    op.create_table(
        "signer_certificate",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("not_after", moment, nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_signer_certificate_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_signer_certificate_membership_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], [person], name=op.f("fk_signer_certificate_proposed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], [person], name=op.f("fk_signer_certificate_confirmed_by")),
        sa.ForeignKeyConstraint(["ended_by"], [person], name=op.f("fk_signer_certificate_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signer_certificate")),
    )
    op.create_index("ix_signer_certificate_membership_id", "signer_certificate", ["membership_id"])
    op.create_index(
        "uq_signer_certificate_fingerprint",
        "signer_certificate",
        ["fingerprint"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "signing_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("prepared", sa.LargeBinary(), nullable=False),
        sa.Column("attributes", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], [person], name=op.f("fk_signing_ticket_user_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_signing_ticket_membership_id")),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_signing_ticket_handover_id")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["signer_certificate.id"], name=op.f("fk_signing_ticket_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_ticket")),
    )
    op.create_index("ix_signing_ticket_handover_id", "signing_ticket", ["handover_id"])
    op.execute(RIGHTS)


def downgrade() -> None:
    op.drop_table("signing_ticket")
    op.drop_table("signer_certificate")
