"""A demonstration portal with the scene in it, worked at by people without JavaScript; lists made where a test needs them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import inspect
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.domain.stages import Leg, Party
from portal.embedded import DatabaseUrls
from portal.models import CorrectionList, Entry, Unit, db
from portal.signatures.authority import Authority
from tests import database
from tests.integration import scene as scenery
from tests.integration.conftest import made_in
from tests.integration.scene import PASSPHRASE, Scene

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_INPUT = re.compile(r"<input[^>]*>")


class Worker:
    """One signed-in person; sends forms with the token of the page seen last."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client = app.test_client()
        self.token = ""
        self.get("/sign-in")
        answer = self.post("/sign-in", {"demo_user": username})
        assert answer.status_code == 303, answer.text
        self.get("/account")

    def get(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        """Open a page."""
        answer = self.client.get(path, headers=headers)
        found = _TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self.token = found.group(1) if found else self.token
        return answer

    def post(
        self, path: str, fields: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> TestResponse:
        """Send a form."""
        return self.client.post(path, data={"csrf_token": self.token, **(fields or {})}, headers=headers)

    def follow(self, answer: TestResponse) -> TestResponse:
        """Open where a redirect leads."""
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["Location"])


Enter = Callable[[str], Worker]


@dataclass
class Desk:
    """The application and who lives in it."""

    app: Flask
    scene: Scene

    @contextmanager
    def world(self) -> Iterator[Scene]:
        """The scene inside an application context, its units loaded anew."""
        with self.app.app_context():
            units = self.scene.units
            self.scene.units = {
                name: db.session.get_one(Unit, inspect(unit).identity[0]) for name, unit in units.items()
            }
            yield self.scene
            db.session.rollback()

    def make(self, party: Party | None = None, people: int = 2) -> UUID:
        """A list held by the party; drafted where none is named."""
        with self.world() as scene:
            list_id = scene.make_list(people)
            if party:
                scene.bring_to(party, list_id)
            return list_id

    def the_list(self, list_id: UUID) -> CorrectionList:
        """The list as it stands now."""
        with self.app.app_context():
            found = db.session.get_one(CorrectionList, list_id)
            db.session.expunge(found)
            return found

    def entry(self, list_id: UUID, number: int = 1) -> Entry:
        """A person of the list as it stands now."""
        with self.app.app_context():
            found = db.session.query(Entry).filter_by(list_id=list_id, number=number).one()
            db.session.expunge(found)
            return found


@pytest.fixture(scope="module")
def desk(
    module_database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory, authority: Authority, rsa_key
) -> Iterator[Desk]:
    """A portal of the module's own."""
    home = tmp_path_factory.mktemp("portal")
    (home / "authority").symlink_to(str(made_in[authority.certificate.serial_number]))
    app = create_app(database.settings_on(module_database, home, mode="demo"))
    with app.app_context():
        scene = scenery.build(authority, rsa_key)
        db.session.remove()
    yield Desk(app, scene)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def as_user(desk: Desk) -> Enter:
    """`as_user("station_head")`: that person of the scene, signed in."""
    return lambda username: Worker(desk.app, username)


def inputs(page: str) -> dict[str, str]:
    """The values of a page's inputs by name, as its form would send them; the last of a name counts."""
    found = {}
    for tag in _INPUT.findall(page):
        name, value = re.search(r'\bname="([^"]*)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or "checked" in tag):
            found[name.group(1)] = value.group(1) if value else ""
    return found


def words_of(page: str) -> str:
    """The words of a page's main part, tags taken out."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def prepare(worker: Worker, list_id: UUID, leg: Leg | str) -> str:
    """Have a record drawn; returns the address of its preview."""
    worker.get(f"/lists/{list_id}")
    answer = worker.post(f"/lists/{list_id}/handovers", {"leg": str(leg)})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def sign_form(page: str) -> dict[str, str]:
    """The hidden fields of the signing form."""
    found = inputs(page[page.index('id="sign-heading"') : page.index('name="passphrase"')])
    return {"key": found["key"], "shown": found["shown"]}


def sign(worker: Worker, address: str, verb: str = "signature", passphrase: str = PASSPHRASE) -> TestResponse:
    """Open a record's page and sign it there."""
    page = worker.get(address).text
    return worker.post(f"{address}/{verb}", {**sign_form(page), "passphrase": passphrase})
