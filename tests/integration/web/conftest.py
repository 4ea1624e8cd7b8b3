"""The whole application over the scene, in demonstration mode so that a test signs in with one click."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.app import create_app
from portal.models import db
from portal.services.context import ground
from tests.integration.scene import Scene
from tests.integration.web.visitor import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def scene_app(scene: Scene) -> Iterator[Flask]:
    """The pages on the scene's database."""
    app = create_app(replace(ground().settings, mode="demo"))
    app.testing = True
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def visit(scene_app: Flask) -> Visit:
    """Sign one of the scene's people in."""
    return lambda name: Visitor(scene_app, name)
