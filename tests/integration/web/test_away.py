"""A database that does not answer: a page in words, quickly, without asking it again."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.models import db
from portal.services.context import ground, stand_on
from portal.settings import Settings
from tests.integration.web.conftest import Portal


@pytest.fixture
def cut_off(portal: Portal, tmp_path: Path) -> Iterator[Flask]:
    """A portal whose database is away; the module's own portal stands again afterwards."""
    before = ground()
    app = create_app(Settings(home=tmp_path, mode="real", database_url="postgresql://nobody@127.0.0.1:9/nothing"))
    yield app
    stand_on(before)
    with app.app_context():
        db.engine.dispose()


def test_a_page_says_that_nothing_was_saved_and_what_to_do(cut_off: Flask) -> None:
    start = time.monotonic()
    answer = cut_off.test_client().get("/verify/ABC123")
    assert answer.status_code == 503
    assert "chưa được lưu" in answer.text
    assert "tải lại trang" in answer.text
    assert time.monotonic() - start < 3


def test_the_health_light_is_off_but_answers(cut_off: Flask) -> None:
    answer = cut_off.test_client().get("/healthz")
    assert (answer.status_code, answer.json["database"], answer.json["seal"]) == (503, "failed", "failed")
