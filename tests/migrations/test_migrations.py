"""The migrations lead to exactly the tables that the models describe, and back."""

import psycopg
from alembic import command

from portal import schema
from portal.embedded import DatabaseUrls
from tests import database


def test_models_and_migrations_agree(own_database: DatabaseUrls) -> None:
    command.check(schema.alembic_config(own_database))


def test_there_is_one_newest_migration() -> None:
    assert schema.head() is not None


def test_every_migration_can_be_undone_and_done_again() -> None:
    urls = database.bare_database()
    config = schema.alembic_config(urls)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert schema.current(urls.owner) is None
    assert schema.upgrade(urls)
    assert schema.current(urls.app) == schema.head(), "the application role may read which migration it is"
    database.drop_database(urls)


def test_lists_that_exist_get_their_clocks_from_the_event_log() -> None:
    urls = database.bare_database()
    config = schema.alembic_config(urls)
    command.upgrade(config, "0005")
    with psycopg.connect(urls.owner) as connection:
        connection.execute(OLD_LISTS)
    command.upgrade(config, "0006")
    with psycopg.connect(urls.app) as connection:
        found = connection.execute(
            "SELECT party, kind, c.stage, unit_id, to_char(started_at, 'DD'), to_char(stopped_at, 'DD') FROM clock c"
            " JOIN correction_list l ON l.id = c.list_id ORDER BY l.code, c.id"
        ).fetchall()
        late = connection.execute("SELECT code, late_from > due_at FROM correction_list ORDER BY code").fetchall()
    assert found == [
        ("station", "holding", "drafting", 2, "01", "02"),
        ("village", "receipt", "drafting", 3, "02", "03"),
        ("village", "holding", "village_review", 3, "03", None),
        ("station", "holding", "drafting", 2, "01", "03"),
    ]
    assert late == [("A", True), ("B", None)]
    database.drop_database(urls)


def test_forms_kept_before_lose_their_pins_and_one_time_codes() -> None:
    urls = database.bare_database()
    config = schema.alembic_config(urls)
    command.upgrade(config, "0021")
    with psycopg.connect(urls.owner) as connection:
        connection.execute(
            "INSERT INTO user_account (id, username, full_name, phone, password_hash, must_change_password,"
            " failed_attempts, created_at, language) VALUES (gen_random_uuid(), 'x', '', '', '', false, 0, now(), 'vi');"
            "INSERT INTO draft (user_id, path, fields, saved_at) SELECT id, path,"
            ' \'{"pin": ["1234"], "code": ["9"], "user": ["x"]}\', now()'
            " FROM user_account, (VALUES ('/handovers/1/remote'), ('/administration/units/new'), ('/lists/1/facets')) AS each(path)"
        )
    command.upgrade(config, "0022")
    with psycopg.connect(urls.app) as connection:
        kept = dict(connection.execute("SELECT path, fields FROM draft").fetchall())
    assert kept == {
        "/handovers/1/remote": {"user": ["x"]},
        "/administration/units/new": {"code": ["9"], "user": ["x"]},
        "/lists/1/facets": {"code": ["9"], "user": ["x"]},
    }
    database.drop_database(urls)


OLD_LISTS = """
INSERT INTO unit (id, code, kind, name, abbreviation, superior_name, place_name, phone, territory_path, province_id,
  valid_from) OVERRIDING SYSTEM VALUE
  SELECT id, id::text, 'unit', '', '', '', '', '', '/1/', 1, '2025-07-01' FROM generate_series(1, 4) id;
INSERT INTO user_account (id, username, full_name, phone, password_hash, must_change_password, failed_attempts,
  created_at) VALUES (gen_random_uuid(), 'x', '', '', '', false, 0, now());
INSERT INTO batch (id, code, station_unit_id, province_id, territory_path, title, due_at, entries, parked, created_at,
  created_by) SELECT gen_random_uuid(), 'x', 2, 1, '/1/', '', now(), 2, 0, now(), id FROM user_account;
INSERT INTO correction_list (id, batch_id, number, code, name, province_id, territory_path, station_unit_id,
  village_unit_id, police_unit_id, holder_unit_id, known_to_village, known_to_police, stage, round, rev, entries,
  decided, returned, part, reopening_note, due_at, held_since, created_at)
  SELECT gen_random_uuid(), batch.id, ascii(c), c, '', 1, '/1/', 2, 3, 4, 2, true, false,
    CASE c WHEN 'A' THEN 'village_review' ELSE 'cancelled' END, 1, 1, 1, 0, 0, 0, '', '2026-05-20', '2026-05-03', '2026-05-01'
  FROM batch, (VALUES ('A'), ('B')) AS each(c);
INSERT INTO event (at, tag, list_id, from_state, to_state, payload)
  SELECT e.at::timestamptz, 'x', l.id, e.before, e.after, '{}' FROM correction_list l JOIN (VALUES
    ('A', '2026-05-02', 'drafting', 'drafting>station_to_village'),
    ('A', '2026-05-03', 'drafting>station_to_village', 'village_review'),
    ('B', '2026-05-03', 'drafting', 'cancelled')) AS e(code, at, before, after) USING (code)
  ORDER BY e.at
"""
