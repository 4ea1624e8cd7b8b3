"""`portal serve`: database, migrations, web server and worker as one thing that starts and stops together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

import click

from portal import embedded, schema
from portal.cli import load
from portal.cli.children import Child
from portal.clock import now
from portal.domain.errors import DomainError
from portal.embedded import DatabaseUrls
from portal.settings import CHECKOUT, DEMO, INTERNAL_TSA, Settings

HOST = "127.0.0.1"
PORT_PATIENCE_SECONDS = 4
START_PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.5
HELPER_PAUSE_SECONDS = 2


@click.command
@click.option("--demo", is_flag=True, help="Nếu cổng còn trống thì nạp dữ liệu trình diễn trước khi chạy.")
def serve(demo: bool) -> None:
    """Chạy cổng tại http://localhost:8000 (đổi cổng mạng: PORT=8080). Dừng bằng Ctrl-C."""
    stopping = _stop_on_signals()
    settings = Settings.from_environment()
    wait_for_port(settings.port)
    with embedded.running(settings) as urls:
        _migrate(settings, urls)
        settings = _with_contents(settings, demo=demo)
        web_server, helpers = _web_server(settings), _helpers(settings)
        try:
            for child in (*helpers, web_server):
                child.start()
            _await_answer(settings.port, web_server, stopping)
            if not stopping.is_set():
                _announce(settings)
            _watch(web_server, helpers, stopping)
        finally:
            for child in (web_server, *reversed(helpers)):
                child.end()
    click.echo("Đã dừng.")


def wait_for_port(port: int) -> None:
    """Return once the port is free; a predecessor just killed may hold it for a moment. Raises DomainError."""
    patience_ends = time.monotonic() + PORT_PATIENCE_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except PermissionError as error:
                raise DomainError(
                    f"Máy không cho dùng cổng mạng {port}. Hãy chọn số từ 1024 trở lên: PORT=8080 make run."
                ) from error
            except OSError as error:
                if time.monotonic() > patience_ends:
                    raise DomainError(
                        f"Cổng mạng {port} đang được một chương trình khác dùng. "
                        f"Hãy dừng chương trình đó, hoặc chọn số khác: PORT={port + 80} make run."
                    ) from error
            else:
                return
        time.sleep(LOOK_SECONDS)


def _stop_on_signals() -> threading.Event:
    """From here on Ctrl-C and SIGTERM only set this event; until the web server starts they end the command."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if stopping.is_set():
            return
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return stopping


def _migrate(settings: Settings, urls: DatabaseUrls) -> None:
    """Bring the tables up to date; a portal with contents is backed up first, so that the way back is open."""
    before = schema.current(urls.owner)
    if before not in (None, schema.head()):
        from portal.services.backup.make import make_backup

        settings.backups_folder.mkdir(mode=0o700, exist_ok=True)
        target = settings.backups_folder / f"before-{schema.head()}-from-{before}.tar.gz"
        click.echo(f"Chương trình mới hơn dữ liệu: sao lưu vào {target} rồi nâng cấp…")
        make_backup(settings, urls, target, now=now())
    schema.upgrade(urls)


def _with_contents(settings: Settings, *, demo: bool) -> Settings:
    """The settings of a portal that has been set up; an empty one gets the demonstration if that is wished."""
    if settings.mode is None and demo:
        subprocess.run(_portal("demo"), check=False, env=_environment(settings))
        settings = Settings.from_environment()
        if settings.mode != DEMO:
            raise DomainError("Chưa nạp được dữ liệu trình diễn; nguyên nhân ghi ở các dòng trên.")
    if settings.mode is None:
        raise DomainError(
            f"Cổng ở {settings.home} còn trống. Hãy chạy «portal init» để lập cổng thật, "
            "hoặc «portal serve --demo» để xem bản trình diễn."
        )
    return settings


def _web_server(settings: Settings) -> Child:
    """Gunicorn; the application is loaded once and then forked (it connects at the first request, not before)."""
    arguments = [
        *(sys.executable, "-m", "gunicorn", "wsgi:app"),
        *("--chdir", str(CHECKOUT), "--bind", f"{HOST}:{settings.port}"),
        *("--worker-class", "gthread", "--workers", str(settings.web_processes)),
        *("--threads", str(settings.web_threads), "--timeout", "120", "--graceful-timeout", "10"),
        *("--log-level", "warning", "--no-control-socket", "--preload"),
    ]
    if Path("/dev/shm").is_dir():  # noqa: S108  gunicorn's sign of life must not wait for a slow disk
        arguments += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return Child(arguments, _environment(settings))


def _helpers(settings: Settings) -> tuple[Child, ...]:
    """The time-stamp authority where the settings name it, and the worker."""
    worker = Child(_portal("worker"), _environment(settings), niceness=19)
    if settings.tsa_urls and INTERNAL_TSA not in settings.tsa_urls:
        return (worker,)
    return (Child(_portal("tsa"), _environment(settings)), worker)


def _portal(command: str) -> list[str]:
    return [sys.executable, "-m", "portal", command]


def _environment(settings: Settings) -> dict[str, str]:
    """Ours, with what defaults gave made explicit: a child must not guess another home."""
    return os.environ | {"BANGIAO_HOME": str(settings.home), "PYTHONPATH": str(CHECKOUT)}


def _await_answer(port: int, web_server: Child, stopping: threading.Event) -> None:
    """Until a page comes back: the port is open long before the application has been loaded."""
    patience_ends = time.monotonic() + START_PATIENCE_SECONDS
    while time.monotonic() < patience_ends and not stopping.is_set():
        if web_server.ended():
            raise DomainError("Trang web không khởi động được; nguyên nhân ghi ở các dòng trên.")
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            connection.getresponse()
        except (OSError, HTTPException):
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()


def _announce(settings: Settings) -> None:
    click.echo(f"\nBàn giao đang chạy tại {settings.public_url}   (dừng: Ctrl-C; dữ liệu: {settings.home})")
    if settings.demo:
        click.echo(load("portal.cli.demo:accounts_text")())


def _watch(web_server: Child, helpers: Sequence[Child], stopping: threading.Event) -> None:
    """Until told to stop: a killed helper is started again; without the web server there is nothing to serve."""
    while not stopping.wait(LOOK_SECONDS):
        if web_server.ended():
            raise DomainError("Trang web đã dừng ngoài ý muốn; nguyên nhân ghi ở các dòng trên.")
        for helper in helpers:
            if helper.ended() and not stopping.wait(HELPER_PAUSE_SECONDS):
                helper.start()
