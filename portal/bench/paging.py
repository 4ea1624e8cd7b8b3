"""`page`: processor time of pages in a province of any size, beside bare SQL and Jinja for the same rows."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import psycopg
from flask.testing import FlaskClient
from jinja2 import Environment
from psycopg.rows import dict_row

from portal.app import create_app
from portal.bench.crowd import under_a_crowd
from portal.bench.measuring import Figure, beside, percentile_beside
from portal.bench.place import throw_away_portal
from portal.bench.province import Province, fill_province
from portal.bench.saving import OFFICER, SITE, Grid, bare_save, give_to_police
from portal.services.sign_in import sign_in_for_demonstration
from portal.settings import Settings

SIZES = (20_000, 360_000)
LARGE = 2_000_000
"""Entries of the largest province, asked for by `--large`: filling it takes minutes."""
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
_BARE_SEARCH = (
    "SELECT number, recorded->>'full_name' AS code, recorded->>'birth_date' AS name, recorded->>'sex' AS batch, "
    "right(recorded->>'id_number', 3) AS holder, array_to_string(classes, ', ') AS stage, 1 AS entries, "
    "0 AS decided, changed_at AS due_at FROM entry WHERE search @@ %s::tsquery LIMIT 50"
)
_TABLE = Environment(autoescape=True).from_string(
    "<table>{% for row in rows %}<tr><td>{{ row.code }}</td><td>{{ row.name }}</td><td>{{ row.batch }}</td>"
    "<td>{{ row.holder }}</td><td>{{ row.stage }}</td><td>{{ row.decided }}/{{ row.entries }}</td>"
    "<td>{{ row.due_at }}</td></tr>{% endfor %}</table>"
)


@dataclass(frozen=True)
class _Site:
    """One running portal with its province: a signed-in browser and a bare connection."""

    client: FlaskClient
    connection: psycopg.Connection
    province: Province
    settings: Settings
    grid: Grid
    bare_save: Callable[[], None]

    def pages(self) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
        """Each measured page, and the bare part that gives the same rows."""
        some = self.province.some_list
        return {
            "page.lists": (
                partial(_page, self.client, "/lists"),
                partial(_bare_page, self.connection, _BARE_LISTS),
            ),
            "page.entries": (
                partial(_page, self.client, f"/lists/{some}"),
                partial(_bare_page, self.connection, _BARE_ENTRIES, [some]),
            ),
            "page.inbox": (
                partial(_page, self.client, "/inbox"),
                partial(_bare_page, self.connection, _BARE_LISTS),
            ),
            "page.search": (
                partial(_page, self.client, "/people?q=hòa+thị+đoàn"),
                partial(_bare_page, self.connection, _BARE_SEARCH, ["'hoa' & 'thi' & 'doan'"]),
            ),
            "page.search_common": (
                partial(_page, self.client, "/people?q=nguyen"),
                partial(_bare_page, self.connection, _BARE_SEARCH, ["'nguyen'"]),
            ),
        }


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Figure]:
    """CPU, median and 95th percentile of a provincial supervisor's pages and of the police's saves, at each size.

    The pages: table of lists, one list, inbox, and the search for three words and for the name that most people bear.
    The growth is the largest province against the smallest, their pages asked in turns: value and baseline are
    their CPU (their 95th percentile), ratio the growth.
    """
    with ExitStack() as stack:
        sites = [_site(stack, size) for size in sizes]
        for site in sites:
            size = site.province.entries
            yield percentile_beside("page.row_save", size, site.grid.save, site.bare_save)
            yield _cpu("page.row_save_cpu", size, site.grid.save, site.bare_save)
            for name, (ours, bare) in site.pages().items():
                yield _cpu(name, size, ours, bare)
                yield beside(f"{name}_wall", size, ours, bare, unit="ms", scale=_MILLISECONDS)
                yield percentile_beside(f"{name}_p95", size, ours, bare)
            yield under_a_crowd("page.crowd", size, site.settings, "/lists", _cookie(site.client))
        if len(sites) > 1:
            small, large = sites[0].pages(), sites[-1].pages()
            small["page.row_save"] = sites[0].grid.save, sites[0].bare_save
            large["page.row_save"] = sites[-1].grid.save, sites[-1].bare_save
            for name in small:
                size = sites[-1].province.entries
                yield _cpu(f"{name}_growth", size, large[name][0], small[name][0])
                yield percentile_beside(f"{name}_p95_growth", size, large[name][0], small[name][0])


def _cpu(name: str, size: int, ours: Callable[[], object], bare: Callable[[], object]) -> Figure:
    return beside(name, size, ours, bare, unit="ms CPU", clock=time.process_time, scale=_MILLISECONDS)


def _site(stack: ExitStack, size: int) -> _Site:
    settings = stack.enter_context(throw_away_portal())
    address = settings.database_url or ""
    # By the owner: only he may gather the statistics that the planner needs, as autovacuum does in a real portal.
    province = fill_province(settings.database_owner_url or address, size)
    connection = stack.enter_context(psycopg.connect(address, autocommit=True))
    owner = stack.enter_context(psycopg.connect(settings.database_owner_url or address, autocommit=True))
    give_to_police(owner, province.some_list)
    grid = Grid(_signed_in_client(settings, OFFICER), province.some_list)
    bare = bare_save(owner, province.some_list)
    return _Site(_signed_in_client(settings, "soyte"), connection, province, settings, grid, bare)


def _signed_in_client(settings: Settings, username: str) -> FlaskClient:
    app = create_app(settings)
    with app.app_context():
        token = sign_in_for_demonstration(username).token
    client = app.test_client()
    with client.session_transaction(base_url=settings.public_url) as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def _cookie(client: FlaskClient) -> str:
    name = client.application.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    if cookie is None:
        raise LookupError(name)
    return f"{name}={cookie.value}"


def _page(client: FlaskClient, address: str) -> None:
    answer = client.get(address, base_url=SITE)
    if answer.status_code != _OK:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _bare_page(connection: psycopg.Connection, query: str, values: list[object] | None = None) -> bytes:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode(), values).fetchall()
    return _TABLE.render(rows=rows).encode()
