"""The queue on a real PostgreSQL: transactions decide, killed workers lose nothing."""

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal.embedded import DatabaseUrls
from portal.queueing import enqueue
from portal.settings import CHECKOUT

WORKER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from portal.jobs.worker import run_worker
    from portal.queueing import queue
    from portal.settings import Settings

    diary = Path(sys.argv[2])

    @queue.task(name="test.write")
    def write(word):
        with diary.open("a") as file:
            file.write(f"begun {word}\\n")
        if "hang" in sys.argv:
            time.sleep(60)
        with diary.open("a") as file:
            file.write(f"done {word}\\n")

    run_worker(Settings(home=diary.parent, database_url=sys.argv[1]), heartbeat_seconds=0.2, stalled_seconds=1)
    """
)


def start_worker(urls: DatabaseUrls, diary: Path, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORKER, urls.app, str(diary), *more], cwd=CHECKOUT)


def wait_for(diary: Path, line: str, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if diary.exists() and line in diary.read_text().splitlines():
            return
        time.sleep(0.1)
    pytest.fail(f"«{line}» was not written within {seconds} s: {diary.read_text() if diary.exists() else 'nothing'}")


def put(urls: DatabaseUrls, word: str, *, commit: bool = True) -> None:
    engine = create_engine(urls.app)
    with Session(engine) as session:
        enqueue(session, "test.write", word=word)
        session.commit() if commit else session.rollback()
    engine.dispose()


def states(urls: DatabaseUrls) -> list[str]:
    with psycopg.connect(urls.app) as connection:
        return [
            row[0]
            for row in connection.execute("SELECT status FROM procrastinate_jobs WHERE task_name LIKE 'test.%'")
        ]


def test_a_job_exists_only_if_the_callers_transaction_commits(own_database: DatabaseUrls) -> None:
    put(own_database, "taken back", commit=False)
    assert states(own_database) == []
    put(own_database, "kept")
    assert states(own_database) == ["todo"]


def test_a_job_cut_off_by_kill_9_is_done_by_the_next_worker(own_database: DatabaseUrls, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    put(own_database, "once")
    first = start_worker(own_database, diary, "hang")
    wait_for(diary, "begun once")
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert states(own_database) == ["doing"], "the killed worker could not tidy up"

    second = start_worker(own_database, diary)
    try:
        wait_for(diary, "done once")
    finally:
        second.terminate()
        assert second.wait(20) == 0
    assert diary.read_text().splitlines() == ["begun once", "begun once", "done once"]
    assert states(own_database) == [], "successful jobs are removed"


def test_the_application_role_may_not_change_the_queues_tables(own_database: DatabaseUrls) -> None:
    with psycopg.connect(own_database.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("ALTER TABLE procrastinate_jobs ADD COLUMN extra text")
