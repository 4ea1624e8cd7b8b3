"""Every endpoint × role × relation answers as the table of grants says: open, refused, or as if the thing did not exist.

Addresses are the application's own; what they name is made by `relations`. An argument that nobody made a thing for
fails the walk, so that a new page cannot stay outside.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.routing import MapAdapter, Rule
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.clock import now
from portal.domain.permissions import Actor, Permission, Role, can, covers, has_permission
from portal.embedded import DatabaseUrls
from portal.models import SignInSession, db
from portal.services.sign_in import sign_in_for_demonstration
from portal.signatures.authority import Authority
from portal.web.access import BY_TOKEN, PUBLIC, declared_access
from tests import database
from tests.integration.conftest import made_in
from tests.integration.scene import Scene
from tests.integration.web import relations
from tests.integration.web.relations import Related, Relation
from tests.integration.web.visitor import TOKEN

ALIKE = frozenset({"account.drop_kept_form"})
"""Forgetting what is not there is no error: whoever asks gets the same answer, and nothing is forgotten."""
NOT_MADE = frozenset(
    {"account.signature_picture_file", "account.switch_membership", "batches.sample", "trails.checkpoint"}
)
"""Pages of the portal's own that show something nobody made here, or choose something not named in the address."""
PLACED = {
    "certificate_id": Permission.USER_ADMINISTER,
    "membership_id": Permission.USER_ADMINISTER,
    "handover_id": Permission.LIST_READ,
    "list_id": Permission.LIST_READ,
    "pair_id": Permission.LIST_READ,
    "sheet": Permission.LIST_READ,
    "batch_id": Permission.BATCH_READ,
    "upload_id": Permission.BATCH_IMPORT,
    "user_id": Permission.USER_ADMINISTER,
    "office_id": Permission.UNIT_ADMINISTER,
    "reader_id": Permission.READING_REVIEW,
    "unit_id": Permission.PROGRESS_READ,
    "duty_id": Permission.REPORT_READ,
    "register_id": Permission.REGISTER_READ,
}
"""What lies somewhere, and the right without which one may not know of it; the first in an address counts."""
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
RIGHT_MISSING = re.compile(
    "Vai trò của bạn không có quyền|Bạn chưa được phân công ký|Giao việc là của người phụ trách"
)
"""A refusal for want of a right; that the list is elsewhere just now is the table of transitions' to say."""
_CHANGING = re.compile(r"[\w.-]{60,}|\d\d:\d\d(:\d\d)?|[0-9a-f]{8}-[0-9a-f-]{27}")


_OWN = re.compile(r'<input type="hidden" name="next" value="[^"]*">|<div id="messages".*?(?=<main|<h1)', re.DOTALL)
"""The language switch leads back to where the reader is; a message of another act waits for his next page."""


class Answer(StrEnum):
    """What the asked one gets."""

    OPEN = "open"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Call:
    """One endpoint with one method, and what its address names."""

    rule: Rule
    method: str
    declared: Permission

    @property
    def _administers(self) -> bool:
        return self.rule.endpoint.startswith("administration.")

    @property
    def kind(self) -> str:
        """What the right is judged against: a placed thing, `own` for one person's things, `` for the portal's pages."""
        named = {"office_id" if self._administers and name == "unit_id" else name for name in self.rule.arguments}
        if not self._administers and "certificate_id" in named:
            return "own"
        if placed := next((kind for kind in PLACED if kind in named), ""):
            return placed
        return (
            "own"
            if named & {"act_id", "examination_id", "draft_id", "claim_id", "ticket_id", "delegation_id", "mark"}
            else ""
        )

    def address(self, adapter: MapAdapter, things: dict[str, Any]) -> str:
        """The address that names these things."""
        office = {"unit_id": things["office_id"]} if self._administers else {}
        values = {name: {**things, **office}[name] for name in self.rule.arguments}
        query = f"?v={things['paper']}" if self.rule.endpoint == "handovers.page_picture" else ""
        return adapter.build(self.rule.endpoint, values, method=self.method) + query


def calls(app: Flask) -> list[Call]:
    """Every endpoint that needs a right, once for each method."""
    return [
        Call(rule, method, Permission(declared))
        for rule in app.url_map.iter_rules()
        for declared in [declared_access(app.view_functions[rule.endpoint])]
        if declared not in {PUBLIC, BY_TOKEN} and rule.endpoint not in NOT_MADE
        for method in sorted({"GET", "POST"} & (rule.methods or set()))
    ]


def told(actor: Actor, call: Call, world: Related, relation: Relation) -> Answer:
    """What the table of grants says."""
    if not has_permission(actor, call.declared):
        return Answer.REFUSED
    if not call.kind:
        return Answer.OPEN
    if call.kind == "own":
        return Answer.OPEN if relation in _may_end(actor, call.rule.endpoint) else Answer.UNKNOWN
    place = world.place_of(call.kind, relation)
    if not covers(actor, PLACED[call.kind], place):
        return Answer.UNKNOWN
    return Answer.OPEN if can(actor, call.declared, place) else Answer.REFUSED


def _may_end(actor: Actor, endpoint: str) -> set[Relation]:
    """Where the actor may end what is another's: a lead a delegation of his unit (givers here sit in stations)."""
    if actor.role is Role.ADMINISTRATOR and endpoint in {"account.end_delegation", "account.end_certificate"}:
        return {Relation.OWN, Relation.CHILD}
    leads = actor.role is Role.STATION and endpoint == "account.end_delegation"
    return {Relation.OWN} if leads else set()


@dataclass
class Site:
    """The application, its world and a browser for each role."""

    app: Flask
    world: Related
    clients: dict[Role, FlaskClient]
    tokens: dict[Role, str]

    def ask(self, role: Role, method: str, address: str, **headers: str) -> TestResponse:
        """Call the address; what it changes is taken back."""
        client = self.clients[role]
        if method == "GET":
            return client.get(address, headers=headers)
        with self.undone():
            return client.post(address, data={"csrf_token": self.tokens[role]}, headers=headers)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever the block commits is rolled back."""
        with self.app.app_context():
            engines, engine = db.engines, db.engine
        with engine.connect() as connection, connection.begin() as outer:
            connection.begin_nested()
            engines[None] = connection  # type: ignore[assignment]
            try:
                yield
            finally:
                engines[None] = engine
                outer.rollback()


@pytest.fixture(scope="module")
def site(
    module_database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory, authority: Authority, rsa_key: Any
) -> Iterator[Site]:
    """The world of relations behind the real application, everybody signed in."""
    home = tmp_path_factory.mktemp("portal")
    (home / "authority").symlink_to(str(made_in[authority.certificate.serial_number]))
    app = create_app(database.settings_on(module_database, home, mode="demo"))
    clients, tokens = {}, {}
    with app.app_context():
        world = relations.build(Scene(authority, rsa_key), home)
        for role in Role:
            clients[role] = app.test_client()
            token = sign_in_for_demonstration(str(role)).token
            with clients[role].session_transaction() as session:
                session["_user_id"], session["_fresh"] = token, True
        # However long the walk takes: what it compares are rights, not the age of a proof.
        later = now() + timedelta(days=1)
        db.session.execute(update(SignInSession).values(proved_at=later, seen_at=later))
        db.session.commit()
        for unit in world.scene.units.values():
            db.session.refresh(unit)
        db.session.expunge_all()
        db.session.remove()
    for role, client in clients.items():
        tokens[role] = TOKEN.search(client.get("/account").text).group(1)  # type: ignore[union-attr]
    yield Site(app, world, clients, tokens)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def given(answer: TestResponse) -> Answer:
    """What was in fact given."""
    if answer.status_code == 404:
        return Answer.UNKNOWN
    return Answer.REFUSED if answer.status_code == 403 and RIGHT_MISSING.search(answer.text) else Answer.OPEN


def body(answer: TestResponse) -> str:
    """What stands in the answer: tokens, times and ids aside, the reader's own address and what an act before left."""
    return _CHANGING.sub("", _OWN.sub("", answer.text))


def walk(
    site: Site, role: Role, asked: Callable[[int, Call, Actor], Iterable[Relation]], part: dict[str, str]
) -> tuple[list[str], int]:
    """Every endpoint as this role; what differs from the table, and how many answers were compared.

    Where something must be unknown, the answer must be word for word that to something that exists nowhere.
    """
    adapter, actor = site.app.url_map.bind("localhost"), site.world.people[role]
    wrong, compared = [], 0
    for index, call in enumerate(calls(site.app)):
        nowhere = ""
        for relation in asked(index, call, actor):
            expected, compared = told(actor, call, site.world, relation), compared + 1
            headers = {} if expected is Answer.OPEN else part
            answer = site.ask(role, call.method, call.address(adapter, site.world.things[relation]), **headers)
            if expected is Answer.UNKNOWN and not nowhere:
                unknown = site.ask(role, call.method, call.address(adapter, site.world.unknown()), **headers)
                nowhere = body(unknown)
            differs = expected is Answer.UNKNOWN and body(answer) != nowhere
            fits = given(answer) is expected or call.rule.endpoint in ALIKE
            if not fits or differs or answer.status_code >= 500:
                wrong.append(
                    f"{role} {call.method} {call.rule.rule} {relation}: {answer.status_code}, not {expected}"
                )
    return wrong, compared


def in_turns(index: int, call: Call, actor: Actor) -> tuple[Relation, ...]:
    """The own place and one other, another one for each role and endpoint; a missing right asks no place."""
    if not call.kind or not has_permission(actor, call.declared):
        return (Relation.OWN,)
    others = tuple(Relation)[1:]
    return Relation.OWN, others[(index + tuple(Role).index(actor.role)) % len(others)]


@pytest.mark.parametrize("role", list(Role))
def test_every_endpoint_answers_each_role_as_the_grants_say(site: Site, role: Role) -> None:
    wrong, compared = walk(site, role, in_turns, PART)
    assert wrong == []
    assert compared > 100


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", list(Role))
def test_every_endpoint_answers_each_role_in_all_eight_relations(site: Site, role: Role) -> None:
    def all_eight(_index: int, call: Call, _actor: Actor) -> Iterable[Relation]:
        return Relation if call.kind else (Relation.OWN,)

    for part in ({}, PART):
        wrong, compared = walk(site, role, all_eight, part)
        assert wrong == []
        assert compared > 700


def test_every_role_and_every_endpoint_meet_every_relation(site: Site) -> None:
    met = {(actor.role, relation, call.kind) for index, call in enumerate(calls(site.app))
           for actor in site.world.people.values() for relation in in_turns(index, call, actor)}  # fmt: skip
    working = {Role.STATION, Role.VILLAGE, Role.POLICE}
    assert {(role, relation) for role, relation, kind in met if kind == "list_id"} >= {
        (role, relation) for role in working for relation in Relation
    }


COLLECTIONS = ("/lists?state=all", "/people?q=thử", "/inbox", "/batches", "/progress")


@pytest.mark.parametrize("role", list(Role))
def test_tables_search_and_counts_show_exactly_the_places_of_the_grants(site: Site, role: Role) -> None:
    actor = site.world.people[role]
    batches = {relation: str(site.world.things[relation]["batch_id"]) for relation in Relation}
    wanted = [
        relation
        for relation in Relation
        if covers(actor, Permission.LIST_READ, site.world.place_of("list_id", relation))
    ]
    for address in COLLECTIONS:
        answer = site.ask(role, "GET", address)
        if answer.status_code == 403:
            continue
        shown = [
            relation for relation in Relation if f"DS-{relation}" in answer.text or f"Nơi {relation}" in answer.text
        ]
        known = [
            relation
            for relation in Relation
            if covers(actor, Permission.BATCH_READ, site.world.place_of("batch_id", relation))
        ]
        if address == "/batches":
            assert [relation for relation in Relation if batches[relation] in answer.text] == known, address
        elif address in COLLECTIONS[:2]:
            assert shown == wanted, address
            assert re.search(rf"\b{len(wanted)} (danh sách|người|dòng)", words_of(answer.text)), address
        else:
            assert set(shown) <= set(wanted), address


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())
