"""Failures of known browsers apart, proofs of a session, authenticator apps and recovery codes.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("known_failures", sa.Integer(), server_default="0", nullable=False))
    op.add_column("user_account", sa.Column("known_slowed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_account", sa.Column("woken_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE user_account SET woken_at ="
        " (SELECT max(s.created_at) FROM sign_in_session s WHERE s.user_id = user_account.id)"
    )
    op.add_column("sign_in_session", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sign_in_session SET proved_at = created_at")
    op.alter_column("sign_in_session", "proved_at", nullable=False)
    op.add_column("sign_in_session", sa.Column("awaits_factor", sa.Boolean(), server_default="false", nullable=False))
    op.create_table(
        "totp_factor",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_totp_factor_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_totp_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_recovery_code_user_id"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])
    role = op.get_bind().dialect.identifier_preparer.quote(op.get_context().config.attributes["app_role"])
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON totp_factor, recovery_code TO {role}")


def downgrade() -> None:
    op.drop_table("recovery_code")
    op.drop_table("totp_factor")
    op.drop_column("sign_in_session", "awaits_factor")
    op.drop_column("sign_in_session", "proved_at")
    for column in ("woken_at", "known_slowed_until", "known_failures"):
        op.drop_column("user_account", column)
