"""The embedded PostgreSQL: closed to others, shared by several processes, whole again after kill -9."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import pytest

from portal import embedded
from portal.embedded import DatabaseUnavailable, DatabaseUrls
from portal.embedded.cluster import Cluster, socket_folder
from portal.embedded.programs import Programs, copy_programs, find_programs
from portal.settings import CHECKOUT, Settings

USER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from portal import embedded
    from portal.settings import Settings
    settings = Settings(home=Path(sys.argv[1]))
    embedded.ensure(settings, fast="safe" not in sys.argv)
    print("ready", flush=True)
    sys.stdin.read()
    print(embedded.stop(settings), flush=True)
    """
)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="bangiao-test-embedded-") as folder:
        settings = Settings(home=Path(folder))
        embedded.ensure(settings, fast=True)
        embedded.stop(settings)
        yield settings.home
        embedded.discard(settings)
        settings.home.mkdir()


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home)


def another_user(home: Path, *how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(home), *how],
        cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def leave(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate("")
    return said.strip()


def runs(settings: Settings) -> bool:
    return Cluster(settings, find_programs(settings.home)).running()


def server_process(settings: Settings) -> psutil.Process:
    return psutil.Process(int((settings.database_folder / "postmaster.pid").read_text().splitlines()[0]))


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def kill_server(settings: Settings) -> None:
    server = server_process(settings)
    server.send_signal(signal.SIGKILL)
    server.wait(10)


def test_the_two_roles_are_who_they_say_and_the_application_cannot_make_tables(settings: Settings) -> None:
    with embedded.running(settings, fast=True) as urls:
        assert ask(urls.app, "SELECT current_user") == embedded.APP_ROLE
        assert ask(urls.owner, "SELECT current_user") == embedded.OWNER_ROLE
        assert (
            ask(
                urls.app, "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
            )
            is False
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(urls.app, "CREATE TABLE mine (id int)")


def test_nobody_enters_without_the_password_and_nothing_listens_on_the_network(settings: Settings) -> None:
    with embedded.running(settings, fast=True) as urls:
        for url in (urls.app, embedded.superuser_url(settings)):
            password = url.split(":")[2].split("@")[0]
            for wrong in (url.replace(f":{password}@", "@"), url.replace(password, "wrong")):
                with pytest.raises(psycopg.OperationalError, match="password"):
                    ask(wrong, "SELECT 1")
        assert server_process(settings).net_connections(kind="inet") == []


def test_secrets_are_readable_by_us_alone(settings: Settings) -> None:
    embedded.database_urls(settings)
    files = list(settings.secrets_folder.iterdir())
    assert {file.name for file in files} == {"database-app", "database-owner", "database-superuser"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(settings.secrets_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(settings.database_folder.stat().st_mode) == 0o700


def test_no_row_of_a_failed_statement_reaches_the_servers_log(settings: Settings) -> None:
    with embedded.running(settings, fast=True) as urls:
        with psycopg.connect(urls.owner) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS secret (id text PRIMARY KEY)")
            connection.execute("INSERT INTO secret VALUES ('001099000001') ON CONFLICT DO NOTHING")
        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(urls.owner, "INSERT INTO secret VALUES ('001099000001')")
    log = (settings.home / "log" / "postgresql.log").read_text()
    assert "secret_pkey" in log, "the fault itself is logged"
    assert "001099000001" not in log


def test_the_last_of_several_users_stops_the_server(settings: Settings) -> None:
    first = another_user(settings.home)
    second = another_user(settings.home)
    assert leave(first) == "False"
    assert runs(settings)
    assert leave(second) == "True"
    assert not runs(settings)


def test_a_killed_user_does_not_count_and_the_next_one_finds_the_server_running(settings: Settings) -> None:
    killed = another_user(settings.home)
    killed.kill()
    killed.communicate()
    before = server_process(settings).pid
    with embedded.running(settings, fast=True):
        assert server_process(settings).pid == before
    assert not runs(settings)


def test_what_was_committed_survives_kill_9_of_user_and_server(settings: Settings) -> None:
    with embedded.running(settings) as urls, psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    user = another_user(settings.home, "safe")
    with psycopg.connect(embedded.database_urls(settings).owner, autocommit=True) as connection:
        connection.execute("INSERT INTO kept SELECT generate_series(1, 500)")
        user.kill()
        kill_server(settings)
    user.communicate()
    started = time.monotonic()
    with embedded.running(settings, fast=True) as urls:
        assert ask(urls.owner, "SELECT count(*) FROM kept") == 500
    assert time.monotonic() - started < 5


def test_a_stale_process_number_that_now_belongs_to_somebody_else_does_not_deceive(settings: Settings) -> None:
    with embedded.running(settings, fast=True):
        kill_server(settings)
    file = settings.database_folder / "postmaster.pid"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    with embedded.running(settings, fast=True) as urls:
        assert ask(urls.app, "SELECT 1") == 1


def test_a_first_start_cut_off_is_repeated_from_the_beginning(tmp_path_factory: pytest.TempPathFactory) -> None:
    with TemporaryDirectory(prefix="bangiao-test-cut-") as folder:
        settings = Settings(home=Path(folder))
        (settings.home / "database.new").mkdir()
        (settings.home / "database.new" / "PG_VERSION").write_text("18")
        with embedded.running(settings, fast=True) as urls:
            assert ask(urls.app, "SELECT 1") == 1
        assert not (settings.home / "database.new").exists()


def test_a_data_folder_of_another_version_is_refused_with_the_way_out(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.database_folder.mkdir()
    (settings.database_folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseUnavailable, match="portal backup"):
        embedded.ensure(settings)


def test_a_home_with_a_very_long_path_still_gets_a_socket() -> None:
    long = Settings(home=Path("/var/lib") / ("x" * 120))
    assert len(str(socket_folder(long))) < 60
    assert socket_folder(long) != socket_folder(Settings(home=long.home / "y"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a private home that the server cannot enter")
def test_as_root_a_folder_under_roots_own_home_is_refused(settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match="BANGIAO_HOME"):
        find_programs(Path.home() / "bangiao")


@pytest.mark.skipif(os.geteuid() != 0, reason="only as root the server is another user than the program")
def test_from_a_checkout_in_a_private_folder_a_copy_of_the_server_works() -> None:
    with TemporaryDirectory(prefix="bangiao-test-copy-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        programs = find_programs(home)
        copied = Programs(copy_programs(programs.folder.parent, home) / "bin", programs.user)
        (home / "data").mkdir()
        copied.give(home / "data")
        copied.call("initdb", f"--pgdata={home / 'data'}", "--auth=reject", "--no-sync")
        assert (home / "data" / "PG_VERSION").read_text() == "18\n"


def test_with_a_server_address_nothing_is_started(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url="postgresql://app@db/x", database_owner_url="postgresql://o@db/x")
    assert embedded.ensure(settings) == DatabaseUrls("postgresql://app@db/x", "postgresql://o@db/x")
    assert embedded.stop(settings) is False
    assert list(tmp_path.iterdir()) == []
