"""Real PostgreSQL for tests: one throw-away server per test session, migrated once, cloned for each database.

A clone of the migrated template costs some 30 ms, so a test (or a module) may have a database to itself.
"""

import atexit
import itertools
import os
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import psycopg

from portal import embedded, schema
from portal.embedded import DatabaseUrls
from portal.settings import Settings

TEMPLATE = "template_portal"

_numbers = itertools.count(1)


@cache
def server() -> Settings:
    """The session's embedded server (fsync off), stopped and removed when Python ends."""
    home = Path(tempfile.mkdtemp(prefix="bangiao-test-"))
    settings = Settings(home=home)
    embedded.ensure(settings, fast=True)
    atexit.register(_remove, settings)
    return settings


def fresh_database() -> DatabaseUrls:
    """A migrated, empty database of its own; its addresses for the application role and the owner."""
    settings = server()
    _make_template()
    name = f"portal_{os.getpid()}_{next(_numbers)}"
    _as_superuser(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {embedded.OWNER_ROLE} STRATEGY FILE_COPY")
    return _urls(settings, name)


def bare_database() -> DatabaseUrls:
    """A database without any table, as a server's administrator would hand it over."""
    name = f"bare_{os.getpid()}_{next(_numbers)}"
    _as_superuser(f"CREATE DATABASE {name} OWNER {embedded.OWNER_ROLE}")
    return _urls(server(), name)


def drop_database(urls: DatabaseUrls) -> None:
    """Remove a database that the test has done with (the session's end removes all of them anyway)."""
    _as_superuser(f"DROP DATABASE IF EXISTS {_name(urls)} WITH (FORCE)")


def settings_on(urls: DatabaseUrls, home: Path, *, mode: str | None = "real") -> Settings:
    """Settings of a portal on this database with its files in `home`."""
    return replace(Settings(home=home), mode=mode).with_databases(urls.app, urls.owner)


@cache
def _make_template() -> None:
    _as_superuser(f"CREATE DATABASE {TEMPLATE} OWNER {embedded.OWNER_ROLE}")
    schema.upgrade(_urls(server(), TEMPLATE))


def _as_superuser(command: str) -> None:
    with psycopg.connect(embedded.superuser_url(server()), autocommit=True) as connection:
        connection.execute(command)


def _urls(settings: Settings, name: str) -> DatabaseUrls:
    urls = embedded.database_urls(settings)
    return DatabaseUrls(*(url.replace(f"/{embedded.DATABASE}?", f"/{name}?") for url in (urls.app, urls.owner)))


def _name(urls: DatabaseUrls) -> str:
    return urls.app.rpartition("@/")[2].partition("?")[0]


def _remove(settings: Settings) -> None:
    embedded.stop(settings)
    shutil.rmtree(settings.home, ignore_errors=True)
