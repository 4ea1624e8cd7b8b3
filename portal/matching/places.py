"""Which unit of today an address of before 1/7/2025 lies in: dated data, no geocoder, no guess.

`units_before_2025.csv` and `units_2025.csv` are made from the MIT-licensed tables of `vietnamadminunits` 1.0.4
(October 2025; see THIRD-PARTY.md): 10,040 communes of 63 provinces as they were on 30/6/2025 with the codes they went
to, and the 3,321 communes since. 471 of the old ones were split: there a person decides
(reference/domain.md §4.1–4.2).
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from portal.domain.names import folding_key

REFORM = "01/07/2025"


@dataclass(frozen=True)
class Commune:
    """A commune with its code; neither code nor name is a key alone, because codes were given anew in 2025."""

    code: str
    name: str
    province: str


@dataclass(frozen=True)
class Place:
    """A commune of then, and the communes of now that its land went to; several where it was split."""

    then: Commune
    district: str
    now: tuple[Commune, ...]

    @property
    def is_split(self) -> bool:
        """Whether only a person can say to which commune of today somebody belongs."""
        return len(self.now) > 1


def commune_then(province: str, district: str, commune: str) -> Place | None:
    """The place that an address of before the reform names; None where it names none, or more than one.

    Kinds in front («xã», «huyện», «TP») may be missing, marks and case do not count. A province or district that is
    not stated does not limit the search.
    """
    wanted = _key(commune)
    if not wanted:
        return None
    fits = [
        place
        for place in _by_name().get(wanted, ())
        if _names(province, place.then.province)
        and _names(district, place.district)
        and _same_kind(commune, place.then.name)
    ]
    return fits[0] if len(fits) == 1 else None


def _names(said: str, name: str) -> bool:
    return not said.strip() or _key(said) == _key(name)


def _same_kind(said: str, name: str) -> bool:
    """Where an address says xã, phường or thị trấn it means no other: Trạm Tấu was a town and a commune."""
    kind = _KIND.match(folding_key(said))
    return kind is None or folding_key(name).startswith(_FULL.get(kind[1], kind[1]))


_KIND = re.compile(
    r"(tinh|thanh pho|tp\.?|huyen|quan|thi xa|tx\.?|thi tran|tt\.?|xa|phuong|p\.|x\.|h\.|q\.|t\.|dac khu)\s+(?=\S)"
)
_FULL = {"tp": "thanh pho", "tp.": "thanh pho", "tx": "thi xa", "tx.": "thi xa", "tt": "thi tran", "tt.": "thi tran",
         "p.": "phuong", "x.": "xa", "h.": "huyen", "q.": "quan", "t.": "tinh"}  # fmt: skip


def _key(name: str) -> str:
    """The name without its kind: `Xã Pá Hu`, `pá hu` and `X. Pa Hu` are the same."""
    return _KIND.sub("", folding_key(name).replace("-", " "), count=1).strip()


@cache
def _by_name() -> dict[str, list[Place]]:
    now = {row["code"]: Commune(row["code"], row["commune"], row["province"]) for row in _rows("units_2025.csv")}
    found: dict[str, list[Place]] = {}
    for row in _rows("units_before_2025.csv"):
        # Five island districts had no communes below them: the district stands for its commune.
        then = Commune(row["code"], row["commune"] or row["district"], row["province"])
        place = Place(then, row["district"], tuple(now[code] for code in row["now"].split()))
        found.setdefault(_key(then.name), []).append(place)
    return found


def _rows(name: str) -> Iterable[dict[str, str]]:
    with files("portal.matching").joinpath(name).open("r", encoding="utf-8") as file:
        yield from csv.DictReader(file)
