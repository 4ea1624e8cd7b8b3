"""Find the header row below the title rows, and which of its headings feeds which column."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.domain.fields import Field
from portal.spreadsheets.columns import COLUMN_BY_NAME, folded_heading, match_heading
from portal.spreadsheets.extent import column_letters
from portal.spreadsheets.reading import NumberedRow
from portal.spreadsheets.results import ColumnMapping

HEADER_WITHIN = 20
"""The header is looked for in this many first rows of the sheet."""

REQUIRED_COLUMNS: tuple[Field, ...] = (Field.FULL_NAME, Field.ID_NUMBER, Field.BIRTH_DATE, Field.SEX)
"""Columns whose absence is told."""

_NUMBERING_CELL = re.compile(r"\(?(?:[0-9]{1,2}|[A-Za-z])\)?(?:=.*)?")


@dataclass(frozen=True, slots=True)
class Header:
    """A header: the rows it spans, its unique headings, and column name → place of the cell (from 0)."""

    row: int
    last_row: int
    headings: tuple[str, ...]
    places: dict[str, int]
    doubled: dict[str, list[str]] = field(default_factory=dict)
    lost: tuple[str, ...] = ()

    @property
    def mapping(self) -> ColumnMapping:
        """The mapping to show, correct and remember."""
        return ColumnMapping({name: self.headings[place] for name, place in self.places.items()})


def find_header(head: Sequence[NumberedRow], mapping: ColumnMapping | None = None) -> Header | None:
    """The most telling row among the first 20, or None where no row looks like a header."""
    best: tuple[int, Header] | None = None
    for index, (number, cells) in enumerate(head):
        if number > HEADER_WITHIN:
            break
        following = head[index + 1] if index + 1 < len(head) else None
        header = _header_at(number, cells, following, mapping)
        score = len(header.places)
        is_header = score >= 3 or (score >= 2 and Field.FULL_NAME in header.places)
        if is_header and (best is None or score > best[0]):
            best = (score, header)
    return best[1] if best else None


def is_numbering_row(cells: Sequence[str], header: Header) -> bool:
    """Whether the row only numbers the columns: (1) (2) (3) …, or A B 1 2 …."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    place = header.places.get(Field.FULL_NAME)
    named = cells[place].strip() if place is not None and place < len(cells) else ""
    return len(filled) >= 3 and bool(named) and all(_NUMBERING_CELL.fullmatch(cell) for cell in filled)


def column_heading(name: str) -> str:
    """The heading people know for a machine name."""
    return COLUMN_BY_NAME[name].heading


def _header_at(
    number: int, cells: Sequence[str], following: NumberedRow | None, mapping: ColumnMapping | None
) -> Header:
    single = _header(number, number, unique_headings(cells), mapping)
    if following is None or following[0] != number + 1:
        return single
    below = following[1]
    place = single.places.get(Field.FULL_NAME)
    # A second header row: nothing under the merged «Họ và tên», known headings elsewhere.
    if place is None or (place < len(below) and below[place].strip()):
        return single
    known_below = sum(match_heading(cell) is not None for cell in below)
    if known_below < 1 or known_below < sum(bool(cell.strip()) for cell in below) / 2:
        return single
    width = max(len(cells), len(below))
    merged = [_at(below, place) or _at(cells, place) for place in range(width)]
    double = _header(number, number + 1, unique_headings(merged), mapping)
    return double if len(double.places) > len(single.places) else single


def _header(row: int, last_row: int, headings: tuple[str, ...], mapping: ColumnMapping | None) -> Header:
    matches: dict[str, list[tuple[int, int]]] = {}
    for place, heading in enumerate(headings):
        match = match_heading(heading)
        if match:
            matches.setdefault(match[0], []).append((match[1], place))
    found = {name: min(ranked)[1] for name, ranked in matches.items()}
    doubled = {name: [headings[place] for _, place in ranked] for name, ranked in matches.items() if len(ranked) > 1}
    if mapping is None:
        return Header(row, last_row, headings, found, doubled)
    chosen, lost = _chosen(headings, found, mapping)
    return Header(row, last_row, headings, chosen, {}, lost)


def _chosen(
    headings: tuple[str, ...], found: dict[str, int], mapping: ColumnMapping
) -> tuple[dict[str, int], tuple[str, ...]]:
    """The places a given mapping means; a heading that is not there any more falls back to the aliases."""
    by_heading = {_folded(heading): place for place, heading in reversed(list(enumerate(headings)))}
    chosen: dict[str, int] = {}
    lost = []
    for name, heading in mapping.columns.items():
        place = by_heading.get(_folded(heading))
        if place is None:
            lost.append(heading)
            place = found.get(name)
        if place is not None and name in COLUMN_BY_NAME:
            chosen[name] = place
    return chosen, tuple(lost)


def unique_headings(cells: Sequence[str]) -> tuple[str, ...]:
    """The headings in NFC with single blanks; an empty one is named by its column, a repeated one numbered."""
    seen: dict[str, int] = {}
    headings = []
    for number, cell in enumerate(cells, start=1):
        heading = " ".join(unicodedata.normalize("NFC", cell).split()) or f"Cột {column_letters(number)}"
        seen[heading] = seen.get(heading, 0) + 1
        headings.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return tuple(headings)


def _folded(heading: str) -> str:
    return folded_heading(heading) + (heading[-4:] if heading.endswith(")") and heading[-2:-1].isdigit() else "")


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) and cells[place].strip() else ""
