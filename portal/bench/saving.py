"""`page.row_save`: the police officer's save of one row of the grid, beside the bare writes of the same save."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from uuid import UUID, uuid4

import psycopg
from flask.testing import FlaskClient

from portal.bench.province import ENTRIES_PER_LIST
from portal.domain.stages import Stage
from portal.services.demonstration.units import unit_of

SITE = "http://localhost:8000"
OFFICER = "cax.tramtau.cb"
_HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
_OK = 200
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_GIVE = (
    "UPDATE correction_list SET stage = %s, police_unit_id = %s, holder_unit_id = %s, known_to_police = true, "
    "decided = 0 WHERE id = %s"
)
_BARE = (
    "UPDATE correction_list SET rev = rev + 1 WHERE id = %(list)s",
    "UPDATE entry SET rev = rev + 1, police_note = '' WHERE list_id = %(list)s AND number = %(number)s",
    "INSERT INTO bare_save (entry_id, verdict) SELECT id, 'verified' FROM entry "
    "WHERE list_id = %(list)s AND number = %(number)s",
)
"""List, row and verdict: what a save cannot do without. The event, the sight and the answer are ours on top."""


def give_to_police(owner: psycopg.Connection, list_id: UUID) -> None:
    """Put the list into the hands of the demonstration's officer, and make a table for the bare part."""
    police = unit_of("cax", "tramtau").id
    owner.execute(_GIVE, (Stage.POLICE_VERIFICATION.value, police, police, list_id))
    owner.execute("CREATE TABLE bare_save (entry_id bigint, verdict text)")


@dataclass
class Grid:
    """One officer before one list: each call of `save` concludes the next row, as key 1 does."""

    client: FlaskClient
    list_id: UUID
    token: str = ""
    revs: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = cycle(range(1, ENTRIES_PER_LIST + 1))
        for page in range(1, -(-ENTRIES_PER_LIST // 50) + 1):
            shown = self.client.get(f"/lists/{self.list_id}?page={page}", base_url=SITE).text
            found = _TOKEN.search(shown)
            if found is None:
                raise RuntimeError("the grid has no form")
            self.token = found.group(1)

    def save(self) -> None:
        """One row found right."""
        number = next(self._numbers)
        sent = {"csrf_token": self.token, "verdict": "verified", "key": str(uuid4())}
        answer = self.client.post(
            f"/lists/{self.list_id}/entries/{number}/verification",
            base_url=SITE,
            data={**sent, "rev": str(self.revs.get(number, 1))},
            headers=_HTMX,
        )
        if answer.status_code != _OK:
            raise RuntimeError(f"row {number}: {answer.status_code}")
        self.revs[number] = self.revs.get(number, 1) + 1


def bare_save(owner: psycopg.Connection, list_id: UUID) -> Callable[[], None]:
    """The same rows written by plain SQL in one transaction."""
    numbers = cycle(range(1, ENTRIES_PER_LIST + 1))

    def save() -> None:
        values = {"list": list_id, "number": next(numbers)}
        with owner.transaction():
            for statement in _BARE:
                owner.execute(statement.encode(), values)

    return save
