"""What a confirmed import would make: people per village, people who leave the flow, rows kept back."""

from collections import Counter
from dataclasses import dataclass

from portal.domain.permissions import Actor
from portal.domain.sorting import name_sort_key
from portal.domain.units import UNKNOWN_VILLAGE
from portal.models import Unit, db
from portal.services.imports import is_listed, village_key, villages_by_key
from portal.spreadsheets.results import CheckResult


@dataclass(frozen=True)
class VillageShare:
    """One list to be: its village and how many people; `known` is False for «Thôn chưa rõ»."""

    name: str
    people: int
    known: bool = True


@dataclass(frozen=True)
class Preview:
    """The import's outcome before it is confirmed; listed + leaving + kept = rows of the file."""

    shares: tuple[VillageShare, ...]
    listed: int
    leaving: int
    kept: int

    @property
    def parked(self) -> int:
        """The rows that go on no list, as the batch counts them: to be mended, or outside this procedure."""
        return self.leaving + self.kept


def preview(actor: Actor, result: CheckResult) -> Preview:
    """The lists that confirming would make for the actor's station, by village name; the unknown one last."""
    station = db.session.get_one(Unit, actor.unit_id)
    names = {key: unit.serves.name for key, unit in villages_by_key(station).items() if unit.serves}
    counted = Counter(names.get(village_key(row.village)) for row in result.entries if is_listed(row))
    known = sorted((name for name in counted if name), key=name_sort_key)
    shares = [VillageShare(name, counted[name]) for name in known]
    if counted[None]:
        shares.append(VillageShare(UNKNOWN_VILLAGE, counted[None], known=False))
    listed = counted.total()
    leaving = sum(row.leaves_flow and row.status == "accepted" for row in result.entries)
    return Preview(tuple(shares), listed, leaving, result.rows - listed - leaving)
