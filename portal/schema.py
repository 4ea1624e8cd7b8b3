"""Bringing the database's tables to the state that this program expects (Alembic, as the owner role)."""

import functools
from typing import TYPE_CHECKING

import psycopg
from psycopg.errors import UndefinedTable
from sqlalchemy import make_url

from portal.embedded import DatabaseUrls
from portal.settings import CHECKOUT

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = CHECKOUT / "migrations"


def upgrade(urls: DatabaseUrls, *, to: str | None = None) -> bool:
    """Run the missing migrations up to `to` (default: all); whether there were any.

    Safe to call from two processes at once.
    """
    if current(urls.owner) == (to or head()):
        return False
    from alembic import command

    command.upgrade(alembic_config(urls), to or "head")
    return True


@functools.cache
def head() -> str | None:
    """The newest migration's identifier (None while there is none)."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def current(url: str) -> str | None:
    """The identifier of the migration that the database has reached (None: empty)."""
    with psycopg.connect(url) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except UndefinedTable:
            return None
    return str(row[0]) if row else None


def alembic_config(urls: DatabaseUrls) -> "Config":
    """Alembic's settings for these addresses; migrations read the role's name from its attributes."""
    from alembic.config import Config

    config = Config(attributes={"owner_url": urls.owner, "app_role": make_url(urls.app).username})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
