"""`portal serve` as an administrator meets it: starts quickly, ends cleanly, survives kill -9 of anything."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from alembic import command

from portal import embedded, schema
from portal.settings import CHECKOUT, Settings

PATIENCE_SECONDS = 30
SECOND_START_CPU_SECONDS = 10
"""The promise is 5 s by the clock on a quiet machine; here work is counted, which a busy machine doubles at most."""

UNITS = """code,kind,name,parent_code,serves_code
15,province,Tỉnh Yên Bái,,
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(home: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    return kept | {"BANGIAO_HOME": str(home), "PORT": str(port)}


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="bangiao-test-serve-") as folder:
        place = Path(folder) / "home"
        (Path(folder) / "password").write_text("một mật khẩu đủ dài\n")
        (Path(folder) / "units.csv").write_text(UNITS)
        subprocess.run(
            [
                *(sys.executable, "-m", "portal", "init", "--admin-username", "quantri", "--admin-name", "Lò Thị Mẩy"),
                *("--password-file", str(Path(folder) / "password"), "--units", str(Path(folder) / "units.csv")),
            ],
            cwd=CHECKOUT, env=environment(place, 1), check=True, capture_output=True,
        )  # fmt: skip
        yield place
        embedded.discard(Settings(home=place))


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def start(home: Path, port: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "portal", "serve"],
        cwd=CHECKOUT, env=environment(home, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if f"http://localhost:{port}" in line:
            assert healthy(port)
            return process
    pytest.fail(f"it ended instead of serving:\n{said}")


def wait_until(condition: object, seconds: float = PATIENCE_SECONDS) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.1)


def lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def children_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def with_argument(processes: Iterable[psutil.Process], argument: str) -> list[psutil.Process]:
    """Those that live and were started with this argument; processes come and go while we look."""
    found = []
    for process in processes:
        with suppress(psutil.Error):
            if argument in process.cmdline() and lives(process):
                found.append(process)
    return found


def servers_of(home: Path) -> list[psutil.Process]:
    """The home's PostgreSQL, found by its data folder."""
    return with_argument(psutil.process_iter(), str(home / "database"))


@contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = start(home, port)
    try:
        yield process, port
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)


def portal(home: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        cwd=CHECKOUT, env=environment(home, port), capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_leave_no_process_behind(home: Path, way: signal.Signals) -> None:
    with serving(home) as (process, _):
        family = children_of(process) + servers_of(home)
        assert len(family) >= 5, "web server with two workers, worker, database"
        process.send_signal(way)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "Đã dừng." in said
    assert "Traceback" not in said
    assert [one for one in family if lives(one)] == []


def test_it_starts_again_after_kill_9_of_everything(home: Path) -> None:
    with serving(home) as (process, port):
        family = children_of(process) + servers_of(home)
        process.kill()
        for one in family:
            one.kill()
        process.communicate()
        again = start(home, port)
        took = sum(sum(one.cpu_times()[:2]) for one in [psutil.Process(again.pid), *children_of(again)])
        again.send_signal(signal.SIGTERM)
        said, _ = again.communicate(timeout=PATIENCE_SECONDS)
    assert again.returncode == 0, said
    assert took < SECOND_START_CPU_SECONDS


def test_killed_alone_it_takes_its_children_along_and_the_next_start_finds_everything(home: Path) -> None:
    with serving(home) as (process, port):
        family = children_of(process)
        process.kill()
        process.communicate()
        wait_until(lambda: not any(lives(one) for one in family))
        again = start(home, port)
        again.send_signal(signal.SIGTERM)
        again.communicate(timeout=PATIENCE_SECONDS)
    assert servers_of(home) == []


def test_a_killed_worker_is_started_again(home: Path) -> None:
    def workers() -> list[psutil.Process]:
        return with_argument(psutil.Process(process.pid).children(), "worker")

    with serving(home) as (process, port):
        (worker,) = workers()
        assert worker.nice() == 19
        worker.kill()
        wait_until(lambda: workers() not in ([], [worker]))
        assert healthy(port)


def test_a_taken_port_is_said_with_the_next_step_and_nothing_is_started(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = portal(home, port, "serve")
    assert refused.returncode == 2
    assert f"Cổng mạng {port} đang được một chương trình khác dùng" in refused.stderr
    assert "PORT=" in refused.stderr
    assert servers_of(home) == []


def test_an_empty_home_is_not_served_but_told_what_to_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    with TemporaryDirectory(prefix="bangiao-test-empty-") as folder:
        refused = portal(Path(folder), free_port(), "serve")
        assert refused.returncode == 2
        assert "portal init" in refused.stderr
        assert servers_of(Path(folder)) == []


def test_a_second_init_does_not_touch_the_portal(home: Path) -> None:
    refused = portal(home, 1, "init", "--admin-username", "x", "--admin-name", "y", "--password-file", "/dev/null")
    assert refused.returncode == 2
    assert "đã có một cổng thật" in refused.stderr


def test_a_backup_made_while_serving_does_not_stop_the_database(home: Path, tmp_path: Path) -> None:
    with serving(home) as (_, port):
        done = portal(home, 1, "backup", str(tmp_path / "file"))
        assert done.returncode == 0, done.stderr
        assert healthy(port)


def test_before_an_upgrade_the_portal_is_backed_up(home: Path) -> None:
    with embedded.running(Settings(home=home)) as urls:
        command.downgrade(schema.alembic_config(urls), "0001")
    with serving(home) as (_, port):
        assert healthy(port)
    (copy,) = (home / "backups").iterdir()
    assert copy.name == f"before-{schema.head()}-from-0001.tar.gz"
    with embedded.running(Settings(home=home)) as urls:
        assert schema.current(urls.app) == schema.head()
