"""Fixtures that many tests share: a database per module or per test, settings on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded import DatabaseUrls
from portal.settings import Settings
from tests import database


@pytest.fixture(scope="module")
def module_database() -> Iterator[DatabaseUrls]:
    """One migrated, empty database for all tests of a module."""
    urls = database.fresh_database()
    yield urls
    database.drop_database(urls)


@pytest.fixture
def own_database() -> Iterator[DatabaseUrls]:
    """A migrated, empty database for one test."""
    urls = database.fresh_database()
    yield urls
    database.drop_database(urls)


@pytest.fixture
def settings(own_database: DatabaseUrls, tmp_path: Path) -> Settings:
    """Settings of a real, empty portal on a database of its own."""
    return database.settings_on(own_database, tmp_path)
