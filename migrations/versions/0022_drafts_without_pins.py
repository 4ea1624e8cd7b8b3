"""Kept forms forget PINs and one-time codes, which were kept as typed.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE draft SET fields = fields - 'pin' WHERE fields ? 'pin'")
    # A unit's and a fact's code are no secrets: their authors still wait for them.
    op.execute(
        "UPDATE draft SET fields = fields - 'code' WHERE fields ? 'code' AND path !~ '^/administration/|/facets$'"
    )


def downgrade() -> None:
    """What is forgotten stays forgotten."""
