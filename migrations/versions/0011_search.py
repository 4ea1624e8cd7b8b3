"""Words to search by, stored with lists and entries.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# The twin of domain.names.folding_key: small letters, no marks, đ as d.
FOLDED = r"""
CREATE FUNCTION folded_text(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(regexp_replace(normalize(lower(words), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')
"""

# The words without marks, the words as written (a tone behind its syllable: hoà and hòa are one), and more.
SEARCH = r"""
CREATE FUNCTION search_words(plain text, written text, more text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(array_remove(string_to_array(
  plain || ' '
  || regexp_replace(normalize(lower(written), NFD), '([\u0300\u0301\u0303\u0309\u0323])([^ ]*)', '\2\1', 'g')
  || ' ' || more, ' '), ''))
"""


def upgrade() -> None:
    op.execute(FOLDED)
    op.execute(SEARCH)
    op.add_column(
        "entry",
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "search_words(folded_name, coalesce(recorded ->> 'full_name'::text, ''::text), "
                "'#'::text || right(coalesce(recorded ->> 'id_number'::text, ''::text), 3))",
                persisted=True,
            ),
            nullable=False,
        ),
    )
    op.create_index("ix_entry_search", "entry", ["search"], unique=False, postgresql_using="gin")
    op.add_column(
        "correction_list",
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "search_words(folded_text(name), name, "
                "folded_text(code || ' '::text || translate(code, '-/'::text, '  '::text)))",
                persisted=True,
            ),
            nullable=False,
        ),
    )
    op.create_index("ix_correction_list_search", "correction_list", ["search"], unique=False, postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_correction_list_search", table_name="correction_list")
    op.drop_column("correction_list", "search")
    op.drop_index("ix_entry_search", table_name="entry")
    op.drop_column("entry", "search")
    op.execute("DROP FUNCTION search_words(text, text, text)")
    op.execute("DROP FUNCTION folded_text(text)")
