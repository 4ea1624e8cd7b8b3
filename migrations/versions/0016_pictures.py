"""Pictures of a person's signature and of a unit's seal.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("signature_picture", sa.LargeBinary(), nullable=True))
    op.add_column("unit", sa.Column("seal_picture", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("unit", "seal_picture")
    op.drop_column("user_account", "signature_picture")
