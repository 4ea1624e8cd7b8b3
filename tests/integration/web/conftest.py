"""The whole application over a real database, the scene of the services' tests in it, browsers without JavaScript.

Shared by the tests of every page family: change it only together with them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from portal.app import create_app
from portal.embedded import DatabaseUrls
from portal.models import db
from portal.signatures.authority import Authority
from tests import database
from tests.integration import scene as scenery
from tests.integration.conftest import made_in
from tests.integration.scene import Scene
from tests.integration.web.browser import Browser
from tests.integration.web.visitor import Visitor

Visit = Callable[[str], Visitor]


@dataclass
class Portal:
    """An application and who lives in it."""

    app: Flask
    scene: Scene


@pytest.fixture(scope="module")
def portal(
    module_database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory, authority: Authority, rsa_key
) -> Iterator[Portal]:  # type: ignore[no-untyped-def]
    """A demonstration portal of the module's own."""
    home = tmp_path_factory.mktemp("portal")
    (home / "authority").symlink_to(str(made_in[authority.certificate.serial_number]))
    app = create_app(database.settings_on(module_database, home, mode="demo"))
    with app.app_context():
        scene = scenery.build(authority, rsa_key)
        scene.app = app
        # Loaded once and let go: tests read the units in application contexts of their own.
        for unit in scene.units.values():
            db.session.refresh(unit)
        db.session.expunge_all()
        db.session.remove()
    yield Portal(app, scene)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visitor(portal: Portal) -> Browser:
    """A browser that nobody has signed in with."""
    return Browser(portal.app)


@pytest.fixture
def as_user(portal: Portal) -> Callable[[str], Browser]:
    """`as_user("station_head")`: a browser with that account of the scene signed in."""

    def enter(username: str) -> Browser:
        browser = Browser(portal.app)
        answer = browser.post("/sign-in", {"demo_user": username})
        assert answer.status_code == 303, answer.text
        return browser

    return enter


@pytest.fixture(scope="module")
def scene(portal: Portal) -> Iterator[Scene]:
    """The portal's scene for a whole module, in the context of a bare second application.

    The pages' own application must have no context of the test's around it, or requests would share their `g`.
    """
    bare = Flask("scene")
    bare.config["SQLALCHEMY_DATABASE_URI"] = portal.app.config["SQLALCHEMY_DATABASE_URI"]
    db.init_app(bare)
    with bare.app_context():
        db.session.add_all(portal.scene.units.values())
        yield portal.scene
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def visit(portal: Portal) -> Visit:
    """`visit("station_head")`: as `as_user`, for fixtures of a whole module."""
    return lambda name: Visitor(portal.app, name)
