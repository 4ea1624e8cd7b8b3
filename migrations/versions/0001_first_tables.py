"""Tables, the application role's rights and the rule that a recorded value never changes.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APP_ROLE = "bangiao_app"
APPEND_ONLY = ("event", "entry_value", "entry_verdict", "signature", "record_revision")
DELETABLE = ("freed_number", "draft")

RIGHTS = f"""
DO $$
DECLARE t text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') OR current_user = '{APP_ROLE}' THEN
    RETURN;
  END IF;
  EXECUTE 'GRANT USAGE ON SCHEMA public TO {APP_ROLE}';
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user LOOP
    EXECUTE format('GRANT SELECT, INSERT ON %I TO {APP_ROLE}', t);
    IF NOT t = ANY (ARRAY{list(APPEND_ONLY)!r}) THEN
      EXECUTE format('GRANT UPDATE ON %I TO {APP_ROLE}', t);
    END IF;
    IF t = ANY (ARRAY{list(DELETABLE)!r}) THEN
      EXECUTE format('GRANT DELETE ON %I TO {APP_ROLE}', t);
    END IF;
  END LOOP;
  EXECUTE 'REVOKE INSERT, UPDATE ON alembic_version FROM {APP_ROLE}';
END $$
"""  # noqa: S608  our own constants

RECORDED_STAYS = """
CREATE FUNCTION refuse_recorded_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.recorded IS DISTINCT FROM OLD.recorded OR NEW.raw IS DISTINCT FROM OLD.raw
     OR NEW.batch_id <> OLD.batch_id OR NEW.source_row <> OLD.source_row THEN
    RAISE EXCEPTION 'a recorded value never changes (entry %)', OLD.id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_recorded_stays BEFORE UPDATE ON entry
  FOR EACH ROW EXECUTE FUNCTION refuse_recorded_change();
"""

APPEND_ONLY_RULE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("abbreviation", sa.Text(), nullable=False),
        sa.Column("superior_name", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("serves_id", sa.BigInteger(), nullable=True),
        sa.Column("territory_path", sa.Text(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.ForeignKeyConstraint(["serves_id"], ["unit.id"], name=op.f("fk_unit_serves_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_index(op.f("ix_unit_serves_id"), "unit", ["serves_id"], unique=False)
    op.create_index(
        "ix_unit_territory_path",
        "unit",
        ["territory_path"],
        unique=False,
        postgresql_ops={"territory_path": "text_pattern_ops"},
    )
    op.create_index("uq_unit_code_valid_from", "unit", ["code", "valid_from"], unique=True)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("slowed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("station_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("territory_path", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("parked", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_batch_created_by")),
        sa.ForeignKeyConstraint(["station_unit_id"], ["unit.id"], name=op.f("fk_batch_station_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(
        "ix_batch_territory_path",
        "batch",
        ["territory_path"],
        unique=False,
        postgresql_ops={"territory_path": "text_pattern_ops"},
    )
    op.create_index("uq_batch_station_unit_id_code", "batch", ["station_unit_id", "code"], unique=True)
    op.create_table(
        "column_profile",
        sa.Column("station_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("headings_key", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["station_unit_id"], ["unit.id"], name=op.f("fk_column_profile_station_unit_id")),
        sa.PrimaryKeyConstraint("station_unit_id", "headings_key", name=op.f("pk_column_profile")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("uq_draft_user_id_path", "draft", ["user_id", "path"], unique=True)
    op.create_table(
        "freed_number",
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_freed_number_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "year", "number", name=op.f("pk_freed_number")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("can_sign", sa.Boolean(), nullable=False),
        sa.Column("appointment_document", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_unit_id"), "membership", ["unit_id"], unique=False)
    op.create_index(op.f("ix_membership_user_id"), "membership", ["user_id"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_number_series_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "receipt",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_receipt_user_id")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_receipt")),
    )
    op.create_table(
        "unit_succession",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("from_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("to_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["from_unit_id"], ["unit.id"], name=op.f("fk_unit_succession_from_unit_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_unit_succession_to_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_succession")),
    )
    op.create_index(op.f("ix_unit_succession_from_unit_id"), "unit_succession", ["from_unit_id"], unique=False)
    op.create_index(op.f("ix_unit_succession_to_unit_id"), "unit_succession", ["to_unit_id"], unique=False)
    op.create_table(
        "correction_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("territory_path", sa.Text(), nullable=False),
        sa.Column("station_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("village_unit_id", sa.BigInteger(), nullable=True),
        sa.Column("police_unit_id", sa.BigInteger(), nullable=True),
        sa.Column("holder_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("known_to_village", sa.Boolean(), nullable=False),
        sa.Column("known_to_police", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("pending_leg", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parent_list_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "decided >= 0 AND decided <= entries", name=op.f("ck_correction_list_decided_within_entries")
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_correction_list_round_from_one")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_correction_list_batch_id")),
        sa.ForeignKeyConstraint(["holder_unit_id"], ["unit.id"], name=op.f("fk_correction_list_holder_unit_id")),
        sa.ForeignKeyConstraint(
            ["parent_list_id"], ["correction_list.id"], name=op.f("fk_correction_list_parent_list_id")
        ),
        sa.ForeignKeyConstraint(["police_unit_id"], ["unit.id"], name=op.f("fk_correction_list_police_unit_id")),
        sa.ForeignKeyConstraint(["station_unit_id"], ["unit.id"], name=op.f("fk_correction_list_station_unit_id")),
        sa.ForeignKeyConstraint(["village_unit_id"], ["unit.id"], name=op.f("fk_correction_list_village_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_list")),
    )
    op.create_index("ix_correction_list_due_at", "correction_list", ["due_at"], unique=False)
    op.create_index(op.f("ix_correction_list_holder_unit_id"), "correction_list", ["holder_unit_id"], unique=False)
    op.create_index(
        "ix_correction_list_police_unit_id_stage", "correction_list", ["police_unit_id", "stage", "id"], unique=False
    )
    op.create_index(
        "ix_correction_list_station_unit_id_stage",
        "correction_list",
        ["station_unit_id", "stage", "id"],
        unique=False,
    )
    op.create_index(
        "ix_correction_list_territory_path",
        "correction_list",
        ["territory_path", "stage"],
        unique=False,
        postgresql_ops={"territory_path": "text_pattern_ops"},
    )
    op.create_index(
        "ix_correction_list_village_unit_id_stage",
        "correction_list",
        ["village_unit_id", "stage", "id"],
        unique=False,
    )
    op.create_index("uq_correction_list_batch_id_number", "correction_list", ["batch_id", "number"], unique=True)
    op.create_table(
        "import_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("parked", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_import_file_batch_id")),
        sa.ForeignKeyConstraint(["station_unit_id"], ["unit.id"], name=op.f("fk_import_file_station_unit_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user_account.id"], name=op.f("fk_import_file_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index(op.f("ix_import_file_batch_id"), "import_file", ["batch_id"], unique=False)
    op.create_index(
        "ix_import_file_station_unit_id_created_at", "import_file", ["station_unit_id", "created_at"], unique=False
    )
    op.create_index(
        "uq_import_file_batch",
        "import_file",
        ["station_unit_id", "sha256"],
        unique=True,
        postgresql_where="batch_id IS NOT NULL",
    )
    op.create_table(
        "parked_row",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("raw", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_parked_row_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_row")),
    )
    op.create_index(op.f("ix_parked_row_batch_id"), "parked_row", ["batch_id"], unique=False)
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_sign_in_session_membership_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_in_session_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_session")),
    )
    op.create_index(op.f("ix_sign_in_session_user_id"), "sign_in_session", ["user_id"], unique=False)
    op.create_table(
        "signing_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("p12", sa.LargeBinary(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_signing_key_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("serial", name=op.f("uq_signing_key_serial")),
    )
    op.create_index(
        "uq_signing_key_active_membership",
        "signing_key",
        ["membership_id"],
        unique=True,
        postgresql_where="revoked_at IS NULL",
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("recorded", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("raw", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("classes", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("suggestions", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("proposed", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("verified", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("final", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("village_verdict", sa.Text(), nullable=False),
        sa.Column("village_reason", sa.Text(), nullable=False),
        sa.Column("village_note", sa.Text(), nullable=False),
        sa.Column("police_verdict", sa.Text(), nullable=False),
        sa.Column("police_reason", sa.Text(), nullable=False),
        sa.Column("police_note", sa.Text(), nullable=False),
        sa.Column("station_verdict", sa.Text(), nullable=False),
        sa.Column("station_reason", sa.Text(), nullable=False),
        sa.Column("station_note", sa.Text(), nullable=False),
        sa.Column("marks", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_entry_batch_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["user_account.id"], name=op.f("fk_entry_changed_by")),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_entry_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_batch_id", "entry", ["batch_id"], unique=False)
    op.create_index("uq_entry_list_id_number", "entry", ["list_id", "number"], unique=True)
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("leg", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("list_rev", sa.Integer(), nullable=False),
        sa.Column("giver_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("receiver_unit_id", sa.BigInteger(), nullable=True),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("boxes", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("signer_membership_id", sa.BigInteger(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answers_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("status = 'abandoned' OR number IS NOT NULL", name=op.f("ck_handover_number_kept")),
        sa.ForeignKeyConstraint(["answers_id"], ["handover.id"], name=op.f("fk_handover_answers_id")),
        sa.ForeignKeyConstraint(["giver_unit_id"], ["unit.id"], name=op.f("fk_handover_giver_unit_id")),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_handover_list_id")),
        sa.ForeignKeyConstraint(["prepared_by"], ["user_account.id"], name=op.f("fk_handover_prepared_by")),
        sa.ForeignKeyConstraint(["receiver_unit_id"], ["unit.id"], name=op.f("fk_handover_receiver_unit_id")),
        sa.ForeignKeyConstraint(
            ["signer_membership_id"], ["membership.id"], name=op.f("fk_handover_signer_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_list_id", "handover", ["list_id", "prepared_at"], unique=False)
    op.create_index(
        "ix_handover_receiver_sent",
        "handover",
        ["receiver_unit_id"],
        unique=False,
        postgresql_where="status = 'sent'",
    )
    op.create_index("uq_handover_code", "handover", ["code"], unique=True)
    op.create_index("uq_handover_number", "handover", ["giver_unit_id", "year", "number"], unique=True)
    op.create_index(
        "uq_handover_prepared_list",
        "handover",
        ["list_id"],
        unique=True,
        postgresql_where="status = 'prepared' AND kind <> 'refusal'",
    )
    op.create_index("uq_handover_sent_list", "handover", ["list_id"], unique=True, postgresql_where="status = 'sent'")
    op.create_table(
        "platform_exchange",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_platform_exchange_list_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_platform_exchange_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_exchange")),
    )
    op.create_index(op.f("ix_platform_exchange_list_id"), "platform_exchange", ["list_id"], unique=False)
    op.create_table(
        "entry_value",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_value_entry_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_entry_value_membership_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_entry_value_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_value")),
    )
    op.create_index(op.f("ix_entry_value_entry_id"), "entry_value", ["entry_id"], unique=False)
    op.create_table(
        "entry_verdict",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_verdict_entry_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_entry_verdict_membership_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_entry_verdict_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_verdict")),
    )
    op.create_index(op.f("ix_entry_verdict_entry_id"), "entry_verdict", ["entry_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("handover_id", sa.Uuid(), nullable=True),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_event_batch_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_event_entry_id")),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_event_handover_id")),
        sa.ForeignKeyConstraint(["list_id"], ["correction_list.id"], name=op.f("fk_event_list_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_event_membership_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_event_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_batch_id_id", "event", ["batch_id", "id"], unique=False)
    op.create_index("ix_event_list_id_id", "event", ["list_id", "id"], unique=False)
    op.create_index("ix_event_user_id_at", "event", ["user_id", "at"], unique=False)
    op.create_table(
        "record_revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_record_revision_handover_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_revision")),
    )
    op.create_index("ix_record_revision_handover_id", "record_revision", ["handover_id", "id"], unique=False)
    op.create_table(
        "signature",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("certificate_serial", sa.Text(), nullable=False),
        sa.Column("revision_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_signature_handover_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_signature_membership_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_signature_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index("uq_signature_handover_id_side", "signature", ["handover_id", "side"], unique=True)

    op.execute(RECORDED_STAYS)
    op.execute(APPEND_ONLY_RULE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(RIGHTS)


def downgrade() -> None:
    op.drop_index("uq_signature_handover_id_side", table_name="signature")
    op.drop_table("signature")
    op.drop_index("ix_record_revision_handover_id", table_name="record_revision")
    op.drop_table("record_revision")
    op.drop_index("ix_event_user_id_at", table_name="event")
    op.drop_index("ix_event_list_id_id", table_name="event")
    op.drop_index("ix_event_batch_id_id", table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_entry_verdict_entry_id"), table_name="entry_verdict")
    op.drop_table("entry_verdict")
    op.drop_index(op.f("ix_entry_value_entry_id"), table_name="entry_value")
    op.drop_table("entry_value")
    op.drop_index(op.f("ix_platform_exchange_list_id"), table_name="platform_exchange")
    op.drop_table("platform_exchange")
    op.drop_index("uq_handover_sent_list", table_name="handover", postgresql_where="status = 'sent'")
    op.drop_index(
        "uq_handover_prepared_list",
        table_name="handover",
        postgresql_where="status = 'prepared' AND kind <> 'refusal'",
    )
    op.drop_index("uq_handover_number", table_name="handover")
    op.drop_index("uq_handover_code", table_name="handover")
    op.drop_index("ix_handover_receiver_sent", table_name="handover", postgresql_where="status = 'sent'")
    op.drop_index("ix_handover_list_id", table_name="handover")
    op.drop_table("handover")
    op.drop_index("uq_entry_list_id_number", table_name="entry")
    op.drop_index("ix_entry_batch_id", table_name="entry")
    op.drop_table("entry")
    op.drop_index("uq_signing_key_active_membership", table_name="signing_key", postgresql_where="revoked_at IS NULL")
    op.drop_table("signing_key")
    op.drop_index(op.f("ix_sign_in_session_user_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_parked_row_batch_id"), table_name="parked_row")
    op.drop_table("parked_row")
    op.drop_index("uq_import_file_batch", table_name="import_file", postgresql_where="batch_id IS NOT NULL")
    op.drop_index("ix_import_file_station_unit_id_created_at", table_name="import_file")
    op.drop_index(op.f("ix_import_file_batch_id"), table_name="import_file")
    op.drop_table("import_file")
    op.drop_index("uq_correction_list_batch_id_number", table_name="correction_list")
    op.drop_index("ix_correction_list_village_unit_id_stage", table_name="correction_list")
    op.drop_index(
        "ix_correction_list_territory_path",
        table_name="correction_list",
        postgresql_ops={"territory_path": "text_pattern_ops"},
    )
    op.drop_index("ix_correction_list_station_unit_id_stage", table_name="correction_list")
    op.drop_index("ix_correction_list_police_unit_id_stage", table_name="correction_list")
    op.drop_index(op.f("ix_correction_list_holder_unit_id"), table_name="correction_list")
    op.drop_index("ix_correction_list_due_at", table_name="correction_list")
    op.drop_table("correction_list")
    op.drop_index(op.f("ix_unit_succession_to_unit_id"), table_name="unit_succession")
    op.drop_index(op.f("ix_unit_succession_from_unit_id"), table_name="unit_succession")
    op.drop_table("unit_succession")
    op.drop_table("receipt")
    op.drop_table("number_series")
    op.drop_index(op.f("ix_membership_user_id"), table_name="membership")
    op.drop_index(op.f("ix_membership_unit_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_table("freed_number")
    op.drop_index("uq_draft_user_id_path", table_name="draft")
    op.drop_table("draft")
    op.drop_table("column_profile")
    op.drop_index("uq_batch_station_unit_id_code", table_name="batch")
    op.drop_index(
        "ix_batch_territory_path", table_name="batch", postgresql_ops={"territory_path": "text_pattern_ops"}
    )
    op.drop_table("batch")
    op.drop_table("user_account")
    op.drop_index("uq_unit_code_valid_from", table_name="unit")
    op.drop_index("ix_unit_territory_path", table_name="unit", postgresql_ops={"territory_path": "text_pattern_ops"})
    op.drop_index(op.f("ix_unit_serves_id"), table_name="unit")
    op.drop_index(op.f("ix_unit_parent_id"), table_name="unit")
    op.drop_table("unit")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION refuse_recorded_change()")
