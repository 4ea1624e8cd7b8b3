"""A cheap look at each sheet's XML before a reader builds its table: extent, hidden parts, cells without a value."""

import re
from dataclasses import dataclass, field
from itertools import islice

from defusedxml import ElementTree

from portal.domain.wording import say
from portal.spreadsheets.refusals import COLUMNS_LIMIT, ROWS_LIMIT, FileRefused

_MAX_COLUMN, _MAX_ROW = 16_384, 1_048_576
_MARKS_LIMIT = 200_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

# Only cells beyond the caps match: from column BI (61) or row 100,000 on. So a usual sheet costs one fast scan.
_FAR_CELL = re.compile(rb' r="((?:[A-Z]{3,}|B[I-Z]|[C-Z][A-Z])[0-9]+|[A-Z]+[0-9]{6,})"')
_FAR_ROW = re.compile(rb' r="([0-9]{7,})"')
_REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_ROW_NUMBER = re.compile(rb'\br="([0-9]+)"')
_COLUMN_RANGE = re.compile(rb'\b(min|max)="([0-9]+)"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"[^>]*>')
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*[^/>])>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_DDE = re.compile(rb"<(?:\w+:)?f\b[^>]*>[^<|]*\|[^<]*!")
_CELL_REFERENCE = re.compile(rb'\br="([A-Z]+[0-9]+)"')


@dataclass(slots=True)
class Extent:
    """What the look at one sheet found. Rows and columns count from 1."""

    refused: tuple[str, str] | None = None
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    error_cells: list[str] = field(default_factory=list)
    uncalculated_cells: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet named in the workbook and the part that holds it."""

    name: str
    part: str
    hidden: bool


def sheet_parts(workbook: bytes, relations: bytes) -> list[SheetPart]:
    """The sheets in their order with their parts. Raises FileRefused where the workbook part is broken."""
    try:
        targets = {relation.get("Id"): relation.get("Target", "") for relation in ElementTree.fromstring(relations)}
        elements = [element for element in ElementTree.fromstring(workbook).iter() if _is_sheet(element.tag)]
    except ElementTree.ParseError as error:
        raise FileRefused("broken_file", say("phần xl/workbook.xml hỏng")) from error
    sheets = []
    for element in elements:
        target = targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION)) or ""
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        sheets.append(SheetPart(element.get("name", ""), part, element.get("state", "visible") != "visible"))
    return sheets


def look_at_sheet(content: bytes) -> Extent:
    """Look at one sheet's XML. Raises FileRefused where it calls another program (DDE)."""
    extent = Extent(refused=_far(content))
    if b"hidden=" in content:
        extent.hidden_rows = sorted({_row_number(match[0]) for match in _HIDDEN_ROW.finditer(content)} - {0})
        extent.hidden_columns = _hidden_columns(content)
    if b' t="e"' in content:
        matches = islice(_ERROR_CELL.finditer(content), _MARKS_LIMIT)
        extent.error_cells = [_reference(match[0]) for match in matches]
    if b"<f" in content or b":f" in content:
        if _DDE.search(content):
            raise FileRefused("active_content", say("công thức gọi chương trình khác (DDE)"))
        extent.uncalculated_cells = [
            _reference(match[1]) for match in islice(_UNCALCULATED.finditer(content), _MARKS_LIMIT)
        ]
    return extent


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 26 → Z, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _is_sheet(tag: str) -> bool:
    return tag.rsplit("}", 1)[-1] == "sheet"


def _far(content: bytes) -> tuple[str, str] | None:
    """The refusal for cells beyond the caps that hold a value; formatted empty ones do not count."""
    far_rows = 0
    first = ""
    for match in _FAR_CELL.finditer(content):
        column, row = split_reference(match[1].decode())
        if column > _MAX_COLUMN or row > _MAX_ROW:
            return "bad_reference", match[1].decode()
        if (column > COLUMNS_LIMIT or row > ROWS_LIMIT) and _has_value(content, match.end()):
            first = first or match[1].decode()
            far_rows += row > ROWS_LIMIT
    for row_match in _FAR_ROW.finditer(content):
        if int(row_match[1]) > _MAX_ROW:
            return "bad_reference", f"A{row_match[1].decode()}"
    if not first:
        return None
    return ("too_many_rows", "") if far_rows > 1000 else ("far_cell", first)


def _has_value(content: bytes, place: int) -> bool:
    """Whether the cell whose tag goes on at `place` holds anything."""
    end = content.find(b">", place)
    return content[end - 1 : end] != b"/" and content[end + 1 : end + 3] != b"</"


def split_reference(reference: str) -> tuple[int, int]:
    """«C5» → column 3, row 5; (0, 0) for anything else."""
    match = _REFERENCE.fullmatch(reference)
    return (column_number(match[1]), int(match[2])) if match else (0, 0)


def _row_number(tag: bytes) -> int:
    match = _ROW_NUMBER.search(tag)
    return int(match[1]) if match else 0


def _hidden_columns(content: bytes) -> list[int]:
    hidden: set[int] = set()
    for match in _HIDDEN_COLUMNS.finditer(content):
        bounds = {name: int(number) for name, number in _COLUMN_RANGE.findall(match[0])}
        last = min(bounds.get(b"max", 0), COLUMNS_LIMIT)
        hidden.update(range(bounds.get(b"min", 1), last + 1))
    return sorted(hidden)


def _reference(tag: bytes) -> str:
    match = _CELL_REFERENCE.search(tag)
    return match[1].decode() if match else ""
