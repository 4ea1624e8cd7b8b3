"""The language a person has chosen for pages and papers.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("language", sa.Text(), server_default="", nullable=False))
    op.alter_column("user_account", "language", server_default=None)


def downgrade() -> None:
    op.drop_column("user_account", "language")
