"""What all tests share: how generated cases are drawn, a database per module or per test, settings on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from portal.embedded import DatabaseUrls
from portal.settings import Settings
from tests import database

# The suite draws the same cases on every machine, so that a red run is red again; `make long` draws others.
hypothesis_settings.register_profile("suite", derandomize=True)
hypothesis_settings.register_profile("long", derandomize=False)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


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
