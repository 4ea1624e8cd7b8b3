"""`rights`: what it costs that everybody sees only what is theirs, and that a unit has many members."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from uuid import UUID

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bench.measuring import Figure, beside
from portal.bench.place import throw_away_portal
from portal.bench.province import fill_province
from portal.services.demonstration.accounts import actor
from portal.services.sign_in import sign_in_for_demonstration
from portal.settings import Settings

SIZE = 360_000
ALL_SEEING, OWN, TERRITORY = "soyte", "cax.tramtau", "tctx.tramtau"
"""Who sees the whole province, who the lists of his unit, who those of his commune."""
FEW, MANY = "tyt.tramtau", "tyt.hanhphuc"
"""A signer of a unit of ten, and one of a unit of ten thousand."""
_LISTS = 100
"""Lists of each of the two communes: more than a page, so that every page compared shows fifty."""
_MILLISECONDS = 1_000.0
_OK = 200

_MOVE = """
UPDATE correction_list SET station_unit_id = %(station)s, police_unit_id = %(police)s, holder_unit_id = %(station)s,
  territory_path = %(path)s || id_of_village || '/'
FROM (SELECT id AS moved, split_part(territory_path, '/', 4) AS id_of_village FROM correction_list
  ORDER BY due_at, id OFFSET %(skip)s LIMIT %(lists)s) AS picked
WHERE correction_list.id = picked.moved
"""
_JOIN = """
WITH people AS (
  INSERT INTO user_account (id, username, full_name, phone, language, password_hash, must_change_password,
    failed_attempts, created_at)
  SELECT gen_random_uuid(), 'bench-' || %(unit)s || '-' || n, 'Người ' || n, '', '', 'x', false, 0, now()
  FROM generate_series(1, %(people)s) AS n RETURNING id)
INSERT INTO membership (user_id, unit_id, role, position, can_sign, appointment_document, valid_from)
SELECT id, %(unit)s, 'station', 'Nhân viên', false, '', '2025-07-01' FROM people
"""


def measure(sizes: tuple[int, ...] = (SIZE,)) -> Iterator[Figure]:
    """Processor time of the table of lists and of one list, narrowed by rights beside all-seeing, at each size.

    `rights.page`: a unit's own lists (`_territory`: a commune's) beside the same page of a provincial supervisor.
    `rights.members`: the pages in a unit of 10,000 members beside those in a unit of 10.
    """
    for size in sizes:
        with ExitStack() as stack:
            yield from _figures(stack, size)


def _figures(stack: ExitStack, size: int) -> Iterator[Figure]:
    settings = stack.enter_context(throw_away_portal())
    owner = settings.database_owner_url or settings.database_url or ""
    fill_province(owner, size)
    app = create_app(settings)
    some_list = _settle(owner, lists=min(_LISTS, max(1, size // 500)))
    seen = {name: _signed_in(app, settings, name) for name in (ALL_SEEING, OWN, TERRITORY, FEW, MANY)}
    for name, who in (("rights.page", OWN), ("rights.page_territory", TERRITORY)):
        yield _cpu(name, size, partial(_page, seen[who], "/lists"), partial(_page, seen[ALL_SEEING], "/lists"))
    for name, address in (("rights.members", ("/lists", "/lists")), ("rights.members_list", some_list)):
        few, many = address
        yield _cpu(name, size, partial(_page, seen[MANY], many), partial(_page, seen[FEW], few))


def _settle(owner: str, lists: int) -> tuple[str, str]:
    """Give both communes their lists and members; the address of a list of the small unit and of the large one."""
    found: list[str] = []
    with psycopg.connect(owner, autocommit=True) as connection:
        for place, (station, police, people) in enumerate(((FEW, OWN, 10), (MANY, "cax.hanhphuc", 10_000))):
            head = actor(station)
            whose = {"station": head.unit_id, "police": actor(police).unit_id, "path": head.territory_path}
            connection.execute(_MOVE, {**whose, "skip": place * lists, "lists": lists})
            connection.execute(_JOIN, {"unit": head.unit_id, "people": people})
            found.append(f"/lists/{_list_of(connection, head.unit_id)}")
        connection.execute("ANALYZE")
    return found[0], found[1]


def _list_of(connection: psycopg.Connection, station: int) -> UUID:
    query = "SELECT id FROM correction_list WHERE station_unit_id = %s ORDER BY stage <> 'drafting', due_at LIMIT 1"
    row = connection.execute(query, [station]).fetchone()
    if row is None:
        raise LookupError(station)
    found: UUID = row[0]
    return found


def _signed_in(app: Flask, settings: Settings, username: str) -> FlaskClient:
    with app.app_context():
        token = sign_in_for_demonstration(username).token
    client = app.test_client()
    with client.session_transaction(base_url=settings.public_url) as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def _page(client: FlaskClient, address: str) -> None:
    answer = client.get(address, base_url="http://localhost:8000")
    if answer.status_code != _OK:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _cpu(name: str, size: int, ours: Callable[[], object], bare: Callable[[], object]) -> Figure:
    return beside(name, size, ours, bare, unit="ms CPU", clock=time.process_time, scale=_MILLISECONDS)
