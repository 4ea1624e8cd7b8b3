"""The event log as a tree: leaves, subtrees, signed heads, and a trigger that forgets no event.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("log_leaf", "log_subtree", "log_checkpoint", "event_salt")

NOTE_EVENTS = """
CREATE FUNCTION note_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unsequenced_event (event_id) SELECT id FROM added;
  INSERT INTO event_salt (event_id, salt)
    SELECT id, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER event_noted AFTER INSERT ON event
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_events();
INSERT INTO unsequenced_event (event_id) SELECT id FROM event;
INSERT INTO event_salt (event_id, salt)
  SELECT id, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) FROM event;
"""

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') AND current_user <> '{role}' THEN
    GRANT SELECT, INSERT ON log_leaf, log_subtree, log_checkpoint, event_salt, unsequenced_event TO {quoted};
    GRANT DELETE ON unsequenced_event TO {quoted};
  END IF;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "unsequenced_event",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_unsequenced_event_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_unsequenced_event")),
    )
    op.create_table(
        "event_salt",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_salt_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_salt")),
    )
    op.create_table(
        "log_leaf",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_log_leaf_event_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_leaf")),
        sa.UniqueConstraint("event_id", name=op.f("uq_log_leaf_event_id")),
    )
    op.create_table(
        "log_subtree",
        sa.Column("height", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("height", "number", name=op.f("pk_log_subtree")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )
    op.execute(NOTE_EVENTS)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(RIGHTS.format(role=role.replace("'", "''"), quoted=quoted))


def downgrade() -> None:
    op.execute("DROP TRIGGER event_noted ON event")
    op.execute("DROP FUNCTION note_events()")
    for table in ("log_checkpoint", "log_subtree", "log_leaf", "event_salt", "unsequenced_event"):
        op.drop_table(table)
