"""The embedded PostgreSQL: a real server in the home folder, or the address of another one.

`running(settings)` is what commands use; `attach(settings)` is for processes that a command has started. Several
processes may use one home at once: each holds a shared lock while it needs the server, the last one stops it. The
kernel drops the locks of killed processes, so nothing has to be tidied up after `kill -9`.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

from portal.embedded.cluster import PORT, SUPERUSER, Cluster, socket_folder, superuser_password
from portal.embedded.programs import DatabaseUnavailable, find_programs
from portal.embedded.roles import APP_ROLE, DATABASE, OWNER_ROLE, ensure_roles, role_password
from portal.settings import Settings, prepare_home

__all__ = [
    "APP_ROLE",
    "DATABASE",
    "OWNER_ROLE",
    "DatabaseUnavailable",
    "DatabaseUrls",
    "attach",
    "database_urls",
    "discard",
    "ensure",
    "running",
    "stop",
    "superuser_url",
]


@dataclass(frozen=True)
class DatabaseUrls:
    """`app`: may read and write rows. `owner`: may change the tables (migrations, restore)."""

    app: str
    owner: str


_in_use: dict[Path, IO[bytes]] = {}
"""This process's shared lock for each home whose server it uses."""


def ensure(settings: Settings, *, fast: bool = False) -> DatabaseUrls:
    """Have the database ready and count this process among its users until `stop`.

    With `database_url` set nothing is started. `fast` gives up safety for speed: throw-away databases only.
    Raises DatabaseUnavailable with the next step in Vietnamese.
    """
    if settings.database_url:
        return database_urls(settings)
    prepare_home(settings)
    settings.run_folder.mkdir(mode=0o711, exist_ok=True)
    with _locked(settings.run_folder / "start.lock"):
        cluster = Cluster(settings, find_programs(settings.home))
        cluster.make(fast=fast)
        cluster.start(fast=fast)
        ensure_roles(settings, superuser_url(settings))
        _join(settings)
    return database_urls(settings)


def stop(settings: Settings) -> bool:
    """No longer use the database; the last user stops the server. Returns whether it was stopped."""
    held = _in_use.pop(settings.home, None)
    if settings.database_url or held is None:
        return False
    with _locked(settings.run_folder / "start.lock"):
        try:
            # Our shared lock becomes an exclusive one only if nobody else holds a share.
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            Cluster(settings, find_programs(settings.home)).stop()
            return True
        finally:
            held.close()


@contextmanager
def running(settings: Settings, *, fast: bool = False) -> Iterator[DatabaseUrls]:
    """The database for the length of a block: `with running(settings) as urls:`."""
    urls = ensure(settings, fast=fast)
    try:
        yield urls
    finally:
        stop(settings)


def discard(settings: Settings) -> None:
    """Remove a throw-away home with everything in it, its server ended first, whoever started it.

    Also tidies up after a process that was killed while it built one. An absent home is nothing to do.
    """
    if not settings.home.exists():
        return
    stop(settings)
    if settings.database_folder.exists():
        Cluster(settings, find_programs(settings.home)).stop()
    shutil.rmtree(settings.home)


def database_urls(settings: Settings) -> DatabaseUrls:
    """The two addresses, as told by the environment or of the embedded server (started or not)."""
    if settings.database_url:
        return DatabaseUrls(settings.database_url, settings.database_owner_url or settings.database_url)
    return DatabaseUrls(
        _embedded_url(settings, APP_ROLE, role_password(settings, APP_ROLE)),
        _embedded_url(settings, OWNER_ROLE, role_password(settings, OWNER_ROLE)),
    )


def attach(settings: Settings) -> Settings:
    """The settings with both addresses filled in, for a process whose starter keeps the server running."""
    urls = database_urls(settings)
    return settings.with_databases(urls.app, urls.owner)


def superuser_url(settings: Settings, database: str = "postgres") -> str:
    """The embedded server's superuser: to make roles and databases, never to serve pages."""
    return _embedded_url(settings, SUPERUSER, superuser_password(settings), database)


def _embedded_url(settings: Settings, role: str, password: str, database: str = DATABASE) -> str:
    place = urlencode({"host": str(socket_folder(settings)), "port": PORT})
    return f"postgresql://{role}:{quote(password)}@/{database}?{place}"


def _join(settings: Settings) -> None:
    if settings.home in _in_use:
        return
    held = (settings.run_folder / "users.lock").open("ab")
    fcntl.flock(held, fcntl.LOCK_SH)
    _in_use[settings.home] = held


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
