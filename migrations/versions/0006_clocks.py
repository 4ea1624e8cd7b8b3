"""Clocks that say whose time it is, requests for more time, days per step, notices.

Lists that exist already get their clocks from what the event log tells of their states.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APP_ROLE = "bangiao_app"
RIGHTS = f"""
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') AND current_user <> '{APP_ROLE}' THEN
    GRANT SELECT, INSERT, UPDATE ON clock, extension, step_days, notice_reading TO {APP_ROLE};
    GRANT SELECT, INSERT ON notice TO {APP_ROLE};
  END IF;
END $$
"""

CLOCKS_OF_THE_PAST = """
WITH state AS (
  SELECT id AS list_id, created_at AS at, 'drafting' AS name, 0::bigint AS place, NULL::uuid AS handover_id
  FROM correction_list
  UNION ALL
  SELECT list_id, at, to_state, id, handover_id FROM event
  WHERE list_id IS NOT NULL AND to_state <> '' AND to_state <> from_state
), stretch AS (
  SELECT list_id, at, lead(at) OVER (PARTITION BY list_id ORDER BY place) AS until, place, handover_id,
    split_part(name, '>', 1) AS stage, split_part(name, '>', 2) AS leg
  FROM state
), whose AS (
  SELECT *, CASE
      WHEN leg LIKE '%to_village' OR (leg = '' AND stage = 'village_review') THEN 'village'
      WHEN leg LIKE '%to_police' OR (leg = '' AND stage = 'police_verification') THEN 'police'
      ELSE 'station' END AS party
  FROM stretch WHERE stage NOT IN ('closed', 'cancelled', 'split', 'merged')
)
INSERT INTO clock (list_id, province_id, unit_id, party, kind, stage, started_at, due_at, first_due_at,
  due_inclusive, stopped_at, handover_id, reminded)
SELECT w.list_id, l.province_id,
  COALESCE(CASE w.party WHEN 'village' THEN l.village_unit_id WHEN 'police' THEN l.police_unit_id
    ELSE l.station_unit_id END, l.holder_unit_id),
  w.party, CASE WHEN w.leg = '' THEN 'holding' ELSE 'receipt' END, w.stage, w.at, l.due_at, l.due_at,
  true, CASE WHEN w.until IS NOT NULL THEN GREATEST(w.until, w.at) END, w.handover_id, ''
FROM whose w JOIN correction_list l ON l.id = w.list_id
ORDER BY w.at, w.place
"""
LATE_FROM = """
UPDATE correction_list SET late_from = date_trunc('second', due_at) + interval '1 second'
WHERE due_at IS NOT NULL AND stage NOT IN ('closed', 'cancelled', 'split', 'merged')
"""


def upgrade() -> None:
    op.create_table(
        "step_days",
        sa.Column("station_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["station_unit_id"], ["unit.id"], name=op.f("fk_step_days_station_unit_id")),
        sa.PrimaryKeyConstraint("station_unit_id", name=op.f("pk_step_days")),
    )
    op.create_table(
        "notice_reading",
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_until", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_notice_reading_membership_id")),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_notice_reading")),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_inclusive", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_id", sa.BigInteger(), nullable=True),
        sa.Column("handover_id", sa.Uuid(), nullable=True),
        sa.Column("reminded", sa.Text(), nullable=False),
        sa.CheckConstraint("stopped_at >= started_at", name=op.f("ck_clock_stops_after_it_starts")),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_clock_handover_id")),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_clock_list_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["clock.id"], name=op.f("fk_clock_origin_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_clock_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_index("ix_clock_list_id", "clock", ["list_id", "id"], unique=False)
    op.create_index("ix_clock_running_due", "clock", ["due_at"], unique=False, postgresql_where="stopped_at IS NULL")
    op.create_index(
        "ix_clock_running_unit", "clock", ["unit_id"], unique=False, postgresql_where="stopped_at IS NULL"
    )
    op.create_index("uq_clock_running_list", "clock", ["list_id"], unique=True, postgresql_where="stopped_at IS NULL")
    op.create_table(
        "extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("old_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wished_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_membership_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_membership_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_extension_asked_by")),
        sa.ForeignKeyConstraint(
            ["asked_membership_id"], ["membership.id"], name=op.f("fk_extension_asked_membership_id")
        ),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_extension_clock_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_extension_decided_by")),
        sa.ForeignKeyConstraint(
            ["decided_membership_id"], ["membership.id"], name=op.f("fk_extension_decided_membership_id")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_extension_list_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_extension_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index("ix_extension_list_id", "extension", ["list_id", "asked_at"], unique=False)
    op.create_index(
        "uq_extension_asked_list", "extension", ["list_id"], unique=True, postgresql_where="status = 'asked'"
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_notice_event_id")),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_notice_list_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_unit_id_id", "notice", ["unit_id", "id"], unique=False)
    step_days = sa.Column("step_days", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
    op.add_column("batch", step_days)
    op.alter_column("batch", "step_days", server_default=None)
    op.add_column("correction_list", sa.Column("late_from", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(op.f("ix_correction_list_due_at"), table_name="correction_list")
    op.create_index("ix_correction_list_late_from", "correction_list", ["late_from", "id"], unique=False)
    op.execute(CLOCKS_OF_THE_PAST)
    op.execute(LATE_FROM)
    op.execute(RIGHTS)


def downgrade() -> None:
    op.drop_index("ix_correction_list_late_from", table_name="correction_list")
    op.create_index(op.f("ix_correction_list_due_at"), "correction_list", ["due_at"], unique=False)
    op.drop_column("correction_list", "late_from")
    op.drop_column("batch", "step_days")
    op.drop_index("ix_notice_unit_id_id", table_name="notice")
    op.drop_table("notice")
    op.drop_index("uq_extension_asked_list", table_name="extension", postgresql_where="status = 'asked'")
    op.drop_index("ix_extension_list_id", table_name="extension")
    op.drop_table("extension")
    op.drop_index("uq_clock_running_list", table_name="clock", postgresql_where="stopped_at IS NULL")
    op.drop_index("ix_clock_running_unit", table_name="clock", postgresql_where="stopped_at IS NULL")
    op.drop_index("ix_clock_running_due", table_name="clock", postgresql_where="stopped_at IS NULL")
    op.drop_index("ix_clock_list_id", table_name="clock")
    op.drop_table("clock")
    op.drop_table("notice_reading")
    op.drop_table("step_days")
