"""What the pages of somebody who oversees a province cost the database does not grow with the province.

Counted in pages of the database's memory that the statements touch: the same on every machine, busy or not.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from portal.bench.province import fill_province
from portal.clock import now, today
from portal.domain.permissions import Actor
from portal.embedded import DatabaseUrls
from portal.models import db
from portal.queries import inbox, lists, people
from portal.queries.inbox_tabs import tabs_of
from portal.queries.lists import ListFilter
from portal.queries.people import EVERYWHERE
from portal.services.demonstration.accounts import actor, create_accounts
from portal.services.demonstration.units import create_units
from portal.services.standalone import opened
from portal.services.unit_of_work import transaction
from tests import database

SMALL, LARGE = 4_000, 12_000
"""Lists; in both, every tab and the common name reach the thousand where counting stops."""
MORE = 1.5
"""Growth that is allowed; the province grows three times."""


def touched(work: Callable[[], object]) -> int:
    """How many pages of memory the statements of `work` touch, each explained after it ran."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    total = 0
    with db.engine.connect() as connection:
        for statement, values in asked:
            plan = connection.exec_driver_sql(
                f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values
            ).scalar_one()
            total += plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
    return total


def pages(of: Actor) -> dict[str, Callable[[], object]]:
    """The statements of each page."""
    at, on = now(), today()
    tabs = {f"inbox {tab.key}": (lambda tab=tab: inbox.inbox_page(of, tab, at=at, on=on)) for tab in tabs_of(of)}
    return {
        "inbox counters": lambda: inbox.counts(of, at),
        **tabs,
        "lists": lambda: lists.lists_page(of, ListFilter(), at=at, on=on),
        "late lists": lambda: lists.lists_page(of, ListFilter(overdue=True), at=at, on=on),
        "a common name": lambda: people.people_page(of, "nguyen", EVERYWHERE, at=at, on=on),
        "with marks": lambda: people.people_page(of, "Nguyễn Thị", EVERYWHERE, at=at, on=on),
    }


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, int]]:
    """Both provinces measured, three people to a list."""
    found = {}
    for size in (SMALL, LARGE):
        urls: DatabaseUrls = database.fresh_database()
        with opened(database.settings_on(urls, tmp_path_factory.mktemp("portal"), mode="demo")):
            with transaction():
                create_units()
                create_accounts()
            fill_province(urls.owner, size * 3, each=3)
            with psycopg.connect(urls.owner, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
            found[size] = {name: touched(work) for name, work in pages(actor("soyte")).items()}
            db.session.remove()
            db.engine.dispose()
        database.drop_database(urls)
    return found


def test_no_page_of_the_supervisor_costs_more_in_a_larger_province(costs: dict[int, dict[str, int]]) -> None:
    grown = {
        name: (small, costs[LARGE][name])
        for name, small in costs[SMALL].items()
        if costs[LARGE][name] > MORE * small + 60
    }
    assert grown == {}, costs
