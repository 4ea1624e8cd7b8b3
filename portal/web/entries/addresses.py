"""The commune that a row's address names, then and now, as a person's page tells it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.matching.places import Place, commune_then
from portal.spreadsheets.columns import named_values

if TYPE_CHECKING:
    from portal.models import Entry


@dataclass(frozen=True)
class ToldPlace:
    """An address of before the reform in words, with the communes of today."""

    then: str
    now: tuple[str, ...]
    is_split: bool


def told_place(entry: "Entry") -> ToldPlace | None:
    """Where the row's commune of then lies now; None where the file names no commune, or not one of then."""
    said = named_values(entry.raw)
    place = commune_then(said.get("province", ""), said.get("district", ""), said.get("commune", ""))
    return _told(place) if place else None


def _told(place: Place) -> ToldPlace:
    return ToldPlace(
        then=", ".join(filter(None, (place.then.name, place.district, place.then.province))),
        now=tuple(f"{each.name}, {each.province}" for each in place.now),
        is_split=place.is_split,
    )
