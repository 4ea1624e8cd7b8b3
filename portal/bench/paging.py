"""`page`: processor time of pages in a province of any size, beside bare SQL and Jinja for the same rows."""

import time
from collections.abc import Iterator
from functools import partial

import psycopg
from flask.testing import FlaskClient
from jinja2 import Environment
from psycopg.rows import dict_row

from portal.app import create_app
from portal.bench.measuring import Figure, beside, growth
from portal.bench.place import throw_away_portal
from portal.bench.province import Province, fill_province
from portal.services.sign_in import sign_in_for_demonstration
from portal.settings import Settings

SIZES = (20_000, 360_000)
_MILLISECONDS = 1_000.0
_OK = 200
_BARE_LISTS = (
    "SELECT l.id, l.code, l.name, b.code AS batch, u.name AS holder, l.stage, l.entries, l.decided, l.due_at "
    "FROM correction_list l JOIN batch b ON b.id = l.batch_id JOIN unit u ON u.id = l.holder_unit_id "
    "WHERE l.stage NOT IN ('closed', 'cancelled') ORDER BY l.due_at, l.id LIMIT 50"
)
_BARE_ENTRIES = (
    "SELECT number, recorded->>'full_name' AS code, recorded->>'birth_date' AS name, recorded->>'sex' AS batch, "
    "right(recorded->>'id_number', 3) AS holder, array_to_string(classes, ', ') AS stage, 1 AS entries, "
    "0 AS decided, changed_at AS due_at FROM entry WHERE list_id = %s ORDER BY number LIMIT 50"
)
_TABLE = Environment(autoescape=True).from_string(
    "<table>{% for row in rows %}<tr><td>{{ row.code }}</td><td>{{ row.name }}</td><td>{{ row.batch }}</td>"
    "<td>{{ row.holder }}</td><td>{{ row.stage }}</td><td>{{ row.decided }}/{{ row.entries }}</td>"
    "<td>{{ row.due_at }}</td></tr>{% endfor %}</table>"
)


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Figure]:
    """CPU of the table of lists (provincial supervisor) and of one list's page, at each size; then the growth."""
    taken: dict[str, list[Figure]] = {}
    for size in sizes:
        for figure in _at_size(size):
            taken.setdefault(figure.name, []).append(figure)
            yield figure
    for name, figures in taken.items():
        if len(figures) > 1:
            yield growth(f"{name}_growth", figures[0], figures[-1])


def _at_size(size: int) -> Iterator[Figure]:
    with throw_away_portal() as settings:
        province = fill_province(settings.database_url or "", size)
        client = _signed_in_client(settings)
        with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
            yield from _pages(client, connection, province)


def _pages(client: FlaskClient, connection: psycopg.Connection, province: Province) -> Iterator[Figure]:
    some = f"/lists/{province.some_list}"
    for name, address, bare in (
        ("page.lists", "/lists", partial(_bare_page, connection, _BARE_LISTS)),
        ("page.entries", some, partial(_bare_page, connection, _BARE_ENTRIES, [province.some_list])),
    ):
        ours = partial(_page, client, address)
        size = province.entries
        yield beside(name, size, ours, bare, unit="ms CPU", clock=time.process_time, scale=_MILLISECONDS)
        yield beside(f"{name}_wall", size, ours, bare, unit="ms", scale=_MILLISECONDS)


def _signed_in_client(settings: Settings) -> FlaskClient:
    app = create_app(settings)
    with app.app_context():
        token = sign_in_for_demonstration("soyte").token
    client = app.test_client()
    with client.session_transaction(base_url=settings.public_url) as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def _page(client: FlaskClient, address: str) -> None:
    answer = client.get(address, base_url="http://localhost:8000")
    if answer.status_code != _OK:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _bare_page(connection: psycopg.Connection, query: str, values: list[object] | None = None) -> bytes:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode(), values).fetchall()
    return _TABLE.render(rows=rows).encode()
