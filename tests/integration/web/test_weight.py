# ruff: noqa: F811
"""What the pages weigh over the wire: the first with its script and style at most 100 kB, each further one 15 kB."""

import re
from uuid import UUID

import pytest

from portal.domain.stages import Party
from tests.integration.web.desk import Desk, Enter, Worker, as_user, desk  # noqa: F401

FIRST, NEXT = 100_000, 15_000
GZIP = {"Accept-Encoding": "gzip"}
_PARTS = re.compile(r'(?:src|href)="(/static/[^"]+)"')
WORK = [
    ("village_head", Party.VILLAGE), ("police_officer", Party.POLICE), ("station_clerk", Party.STATION),
    ("station_clerk", Party.VILLAGE), ("auditor", Party.POLICE),
]  # fmt: skip


@pytest.fixture(scope="module")
def long_lists(desk: Desk) -> dict[Party, UUID]:
    """A list of sixty people with each party, and sixty lists beside them: every table fills its page."""
    with desk.world() as scene:
        for _ in range(60):
            scene.put_before(Party.VILLAGE, 1)
        return {party: scene.put_before(party, 60) for party in Party}


def weight(worker: Worker, path: str) -> tuple[int, int]:
    """Bytes of the page alone, and together with everything it names (a year in the browser's cache afterwards)."""
    page = worker.client.get(path, headers=GZIP)
    assert page.status_code == 200, path
    assert page.headers["Content-Encoding"] == "gzip"
    parts = set(_PARTS.findall(worker.client.get(path).text))
    assert any(part.endswith(".js") or ".js?" in part for part in parts), "the parts were found"
    return len(page.data), len(page.data) + sum(len(worker.client.get(p, headers=GZIP).data) for p in parts)


def within(worker: Worker, path: str) -> None:
    alone, first = weight(worker, path)
    assert alone <= NEXT, (path, alone)
    assert first <= FIRST, (path, first)


@pytest.mark.parametrize(
    "who", ["village_head", "police_officer", "station_clerk", "coordinator", "supervisor", "auditor"]
)
def test_inbox_table_and_search_are_light(
    desk: Desk, as_user: Enter, long_lists: dict[Party, UUID], who: str
) -> None:
    worker = as_user(who)
    for path in ("/inbox", "/lists?state=all", "/people?q=vang", "/bulk"):
        within(worker, path)


@pytest.mark.parametrize(("who", "party"), WORK)
def test_a_lists_page_of_fifty_people_is_light(
    desk: Desk, as_user: Enter, long_lists: dict[Party, UUID], who: str, party: Party
) -> None:
    worker = as_user(who)
    within(worker, f"/lists/{long_lists[party]}")
    within(worker, f"/lists/{long_lists[party]}/entries/1")
