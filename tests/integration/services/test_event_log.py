"""The event log's tree: every committed event gets one leaf, heads continue each other, tampering is named."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select, text

from portal import embedded
from portal.domain.events import EventTag
from portal.domain.fields import Field
from portal.domain.stages import Leg
from portal.domain.verdicts import Verdict
from portal.embedded import DatabaseUrls
from portal.evidence import merkle
from portal.evidence.checkpoints import load_verifier, read_checkpoint
from portal.models import Event, LogCheckpoint, LogLeaf, LogSubtree, UnsequencedEvent, db
from portal.services import event_log
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.log_verification import verify_log
from tests import database
from tests.integration.scene import Scene, number_of


@pytest.fixture(scope="module")
def log(scene: Scene) -> Scene:
    """The scene with a log key and a list that has come as far as the police, values and verdicts among its events."""
    list_id = scene.make_list()
    scene.take("village_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE))
    scene.conclude_all("village_head", list_id, Verdict.FIXED, values={Field.ID_NUMBER: number_of(77)})
    scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    event_log.sequence_all()
    event_log.make_checkpoint()
    return scene


def more(scene: Scene, count: int = 5) -> None:
    """Some more events, waiting for their leaves."""
    for _ in range(count):
        record(EventTag.ACCOUNT_SIGNED_OUT, scene.actors["station_head"])
    db.session.commit()


def root_by_hand(size: int) -> bytes:
    hashes = db.session.scalars(select(LogLeaf.hash).where(LogLeaf.number < size).order_by(LogLeaf.number))
    return merkle.tree_hash([bytes(each) for each in hashes])


@contextmanager
def administrator(scene: Scene) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The database's superuser with triggers asleep: what a careless or corrupt administrator can do."""
    name = db.engine.url.database
    with psycopg.connect(embedded.superuser_url(database.server()), dbname=name, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def stored_columns(connection: psycopg.Connection[tuple[object, ...]], table: str) -> str:
    """The columns that hold data; generated ones make themselves again."""
    query = (
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = format('public.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = ''"
    )
    return str(connection.execute(query, [table]).fetchone()[0])


def codes() -> list[str]:
    return [finding.code for finding in verify_log().findings]


def test_every_committed_event_gets_exactly_one_leaf_and_an_act_taken_back_gets_none(log: Scene) -> None:
    before = event_log.log_size()
    more(log)
    record(EventTag.ACCOUNT_SIGNED_OUT, log.actors["station_head"])
    db.session.rollback()
    waiting = db.session.scalar(select(func.count()).select_from(UnsequencedEvent))
    assert waiting
    assert event_log.sequence_all() == waiting
    assert event_log.log_size() == before + waiting == db.session.scalar(select(func.count(Event.id)))
    assert event_log.sequence_all() == 0


def test_two_sequencers_at_once_number_each_event_once(log: Scene) -> None:
    more(log, 50)
    threads = []
    for _ in range(4):

        def work() -> None:
            with log.app.app_context():
                event_log.sequence_all()
                db.session.remove()

        threads.append(threading.Thread(target=work))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    event_log.sequence_all()
    numbers = db.session.scalars(select(LogLeaf.number).order_by(LogLeaf.number)).all()
    assert numbers == list(range(len(numbers)))


def test_a_leaf_tells_nothing_of_a_citizen(log: Scene) -> None:
    more(log)
    event_log.sequence_all()
    values = db.session.scalars(text("SELECT value FROM entry_value WHERE length(value) > 8")).all()
    bodies = b"".join(bytes(each) for each in db.session.scalars(select(LogLeaf.body)))
    assert values
    assert not [value for value in values if value.encode() in bodies]


def test_a_head_is_signed_once_per_size_and_continues_the_one_before(log: Scene) -> None:
    more(log)
    event_log.sequence_all()
    first = event_log.make_checkpoint()
    assert first is not None
    assert event_log.make_checkpoint() is None
    more(log)
    event_log.sequence_all()
    second = event_log.make_checkpoint()
    assert second is not None
    assert second.root == root_by_hand(second.size)
    path = event_log.prove_consistency(first.size, second.size)
    assert merkle.is_consistent(first.size, first.root, second.size, second.root, path)
    kept = event_log.latest_checkpoint()
    assert kept is not None
    assert read_checkpoint(kept.note, load_verifier(ground().settings.authority_folder)) == second


def test_every_leaf_is_proven_in_the_newest_head(log: Scene) -> None:
    more(log)
    event_log.sequence_all()
    size = event_log.log_size()
    root = event_log.root_of(size)
    for leaf in db.session.scalars(select(LogLeaf).where(LogLeaf.number > size - 20)):
        path = event_log.prove_inclusion(leaf.number, size)
        assert merkle.includes(bytes(leaf.hash), leaf.number, size, path, root)


def test_complete_subtrees_are_kept_and_give_the_same_root(log: Scene) -> None:
    for _ in range(3):
        more(log, 150)
        event_log.sequence_all()
    size = event_log.log_size()
    assert db.session.scalar(select(func.count()).select_from(LogSubtree)) == size >> 8
    assert event_log.root_of(size) == root_by_hand(size)
    assert event_log.root_of(256) == root_by_hand(256)


def test_an_untouched_log_fits(log: Scene) -> None:
    more(log)
    event_log.sequence_all()
    event_log.make_checkpoint()
    told = verify_log([("của thôn", event_log.latest_checkpoint().note)])
    assert told.findings == []
    assert told.leaves == event_log.log_size()
    assert told.files > 0
    assert told.witnesses == 1


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (
            "UPDATE event SET payload = payload || '{\"note\": \"khác\"}' WHERE id = (SELECT max(id) FROM event WHERE payload ? 'note')",
            "event_edited",
        ),
        (
            "UPDATE entry_value SET value = value || ' ' WHERE id = (SELECT max(id) FROM entry_value)",
            "event_edited",
        ),
        ("DELETE FROM event WHERE id = (SELECT max(event_id) FROM log_leaf)", "event_removed"),
        (
            "INSERT INTO event (at, tag, from_state, to_state, payload) VALUES (now(), 'x', '', '', '{}')",
            "event_inserted",
        ),
        ("DELETE FROM log_leaf WHERE number >= (SELECT max(size) - 1 FROM log_checkpoint)", "tail_removed"),
        ("UPDATE log_leaf SET body = body || ' ' WHERE number = 3", "leaf_edited"),
        ("UPDATE log_leaf SET hash = sha256('x') WHERE number = 3", "root_differs"),
        ("DELETE FROM log_leaf WHERE number = 3", "leaf_missing"),
        (
            "UPDATE log_checkpoint SET note = replace(note, chr(10) || size || chr(10), chr(10) || '7' || chr(10))",
            "checkpoint_forged",
        ),
        ("UPDATE correction_list SET stage = 'closed'", "state_untold"),
        ('UPDATE entry SET recorded = recorded || \'{"full_name": "Khác"}\' WHERE number = 2', "row_edited"),
        ('UPDATE entry SET proposed = proposed || \'{"sex": "nam"}\' WHERE number = 1', "row_edited"),
        ("UPDATE entry SET village_verdict = 'unresolved' WHERE number = 1", "row_edited"),
        (
            "UPDATE handover SET manifest_sha256 = repeat('0', 64) WHERE status = 'countersigned'",
            "record_differs",
        ),
    ],
)
def test_each_way_of_tampering_is_named(log: Scene, damage: str, code: str) -> None:
    more(log)
    event_log.sequence_all()
    event_log.make_checkpoint()
    assert codes() == []
    with administrator(log) as connection:
        connection.execute("CREATE SCHEMA kept")
        tables = ("event", "entry", "entry_value", "log_leaf", "log_checkpoint", "correction_list", "handover")
        for table in tables:
            connection.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")
        try:
            connection.execute(damage)
            assert code in codes()
        finally:
            for table in tables:
                columns = stored_columns(connection, table)
                connection.execute(f"DELETE FROM public.{table}")
                connection.execute(
                    f"INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM kept.{table}"
                )
            connection.execute("DROP SCHEMA kept CASCADE")
    assert codes() == []


def test_a_rewritten_tail_is_caught_by_the_head_a_party_kept(log: Scene) -> None:
    more(log)
    event_log.sequence_all()
    event_log.make_checkpoint()
    kept = event_log.latest_checkpoint()
    assert kept is not None
    note, size = kept.note, kept.size
    more(log)
    event_log.sequence_all()
    assert verify_log([("của xã", note)]).findings == []
    with administrator(log) as connection:
        # Whoever holds the server throws the newest heads away together with what they covered.
        connection.execute("CREATE TABLE kept_leaves AS SELECT * FROM log_leaf WHERE number >= %s", [size - 2])
        connection.execute("CREATE TABLE kept_heads AS SELECT * FROM log_checkpoint WHERE size > %s", [size - 2])
        connection.execute("DELETE FROM log_leaf WHERE number >= %s", [size - 2])
        connection.execute("DELETE FROM log_checkpoint WHERE size > %s", [size - 2])
        try:
            found = [each.code for each in verify_log([("của xã", note)]).findings]
            assert "tail_removed" in found
        finally:
            connection.execute("INSERT INTO log_leaf SELECT * FROM kept_leaves")
            connection.execute("INSERT INTO log_checkpoint SELECT * FROM kept_heads")
            connection.execute("DROP TABLE kept_leaves, kept_heads")


def test_a_swapped_and_a_lost_file_are_named(log: Scene) -> None:
    more(log)
    digest = db.session.scalar(text("SELECT pdf_sha256 FROM handover WHERE status = 'countersigned' LIMIT 1"))
    path = ground().store.path(digest)
    whole = path.read_bytes()
    path.chmod(0o640)
    try:
        path.write_bytes(whole[:-1] + b"x")
        assert "file_swapped" in codes()
        path.unlink()
        assert "file_missing" in codes()
    finally:
        path.write_bytes(whole)
        path.chmod(0o440)
    assert codes() == []


def test_the_command_names_what_it_finds_and_ends_with_1(log: Scene, module_database: DatabaseUrls) -> None:
    event_log.sequence_all()
    event_log.make_checkpoint()
    digest = db.session.scalar(text("SELECT pdf_sha256 FROM handover WHERE status = 'countersigned' LIMIT 1"))
    db.session.rollback()
    path = ground().store.path(digest)
    whole = path.read_bytes()
    path.chmod(0o640)
    home = ground().settings.home
    (home / "witness.txt").write_text(event_log.latest_checkpoint().note)
    places = {
        "DATABASE_URL": module_database.app,
        "DATABASE_OWNER_URL": module_database.owner,
        "BANGIAO_HOME": str(home),
    }
    command = [Path(sys.executable).with_name("portal"), "log", "verify", "--json", "--witness", home / "witness.txt"]
    try:
        path.write_bytes(whole[:-1] + b"x")
        told = subprocess.run(command, env=os.environ | places, capture_output=True, text=True, check=False)
    finally:
        path.write_bytes(whole)
        path.chmod(0o440)
    assert told.returncode == 1, told.stderr
    answer = json.loads(told.stdout)
    assert (answer["intact"], answer["witnesses"]) == (False, 1)
    assert [(each["code"], digest[:12] in each["text"]) for each in answer["findings"]] == [("file_swapped", True)]


def test_an_erased_payload_leaves_the_log_intact(log: Scene) -> None:
    more(log)
    event_log.sequence_all()
    event_log.make_checkpoint()
    with administrator(log) as connection:
        number = connection.execute("SELECT max(id) FROM event WHERE tag = 'entry:corrected'").fetchone()
        connection.execute("UPDATE event SET payload = '{}' WHERE id = %s", number)
        connection.execute("DELETE FROM event_salt WHERE event_id = %s", number)
    assert codes() == []


def test_the_application_itself_can_change_no_leaf_and_no_head(log: Scene) -> None:
    more(log)
    event_log.sequence_all()
    event_log.make_checkpoint()
    for statement in ("UPDATE log_leaf SET body = ''", "DELETE FROM log_checkpoint", "DELETE FROM event_salt"):
        with pytest.raises(Exception, match="permission denied"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(LogCheckpoint))
