"""The reading process: everything that touches a hostile file, under limits of memory and time.

Started by `reading.py` in an interpreter of its own. Speaks JSON lines: first the sheets with their heads (or why the
file is refused), then, for the sheet whose name it is sent, the rows in chunks. Texts only, never pickles.
"""

import json
import resource
import struct
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.domain.wording import say, stored
from portal.spreadsheets.archive import check_archive, check_file, xml_parts
from portal.spreadsheets.extent import Extent, SheetPart, look_at_sheet, sheet_parts, split_reference
from portal.spreadsheets.refusals import (
    COLUMNS_LIMIT,
    MEMORY_LIMIT,
    ROWS_LIMIT,
    SECONDS_LIMIT,
    UNPACKED_LIMIT,
    FileRefused,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

NumberedRow = tuple[int, list[str]]

ERROR_MARK = "#LỖI!"
"""What stands for a cell in error (#REF!, #N/A, …)."""

UNCALCULATED_MARK = "#CHƯA TÍNH!"
"""What stands for a formula whose value is not stored in the file."""

HEAD_ROWS = 30
"""Rows of each sheet sent ahead, among which the header is looked for."""

_CHUNK_ROWS = 250
_sent = [0]
"""Bytes told so far."""
_EXACT_LIMIT = 10**15


def main(path: str) -> None:
    """Read the workbook at the path and write the answer to standard output."""
    _limit_itself()
    try:
        looked = _look(Path(path))
        tables = _tables(path, looked)
    except FileRefused as refused:
        _send({"refused": [refused.code, stored(refused.detail)]})
        return
    count_rows = len(looked) > 1
    _send(
        {
            "sheets": [
                _described(sheet, extent, tables.get(sheet.name), count_rows=count_rows) for sheet, extent in looked
            ]
        }
    )
    wanted = json.loads(sys.stdin.readline() or "null")
    for sheet, extent in looked:
        if sheet.name == wanted:
            rows = _rows(tables.get(wanted), extent)
            while chunk := list(islice(rows, _CHUNK_ROWS)):
                _send(chunk)
    _send(None)


def _limit_itself() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))


def _look(path: Path) -> list[tuple[SheetPart, Extent]]:
    """The sheets with what the cheap look found. Raises FileRefused."""
    check_file(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, struct.error) as error:
        raise FileRefused("cut_file") from error
    with archive:
        check_archive(archive)
        extents: dict[str, Extent] = {}
        books: dict[str, bytes] = {}
        for name, content in xml_parts(archive):
            if name.lower() in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
                books[name.lower()] = content
            elif "sheets/" in name.lower():
                extents[name.lower()] = look_at_sheet(content)
    if len(books) != 2:
        raise FileRefused("broken_file", say("thiếu phần xl/_rels/workbook.xml.rels"))
    sheets = sheet_parts(books["xl/workbook.xml"], books["xl/_rels/workbook.xml.rels"])
    return [(sheet, extents[sheet.part.lower()]) for sheet in sheets if sheet.part.lower() in extents]


def _tables(path: str, looked: list[tuple[SheetPart, Extent]]) -> dict[str, "CalamineSheet"]:
    """The sheets that may be read, by name, as the reader's own tables. Raises FileRefused."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        names = set(workbook.sheet_names)
        return {
            sheet.name: workbook.get_sheet_by_name(sheet.name)
            for sheet, extent in looked
            if extent.refused is None and sheet.name in names
        }
    except python_calamine.PasswordError as error:
        raise FileRefused("password") from error
    except MemoryError as error:
        raise FileRefused("too_heavy") from error
    except Exception as error:
        # The reader raises its own and general kinds for broken parts.
        raise FileRefused("broken_file", type(error).__name__) from error


def _described(
    sheet: SheetPart, extent: Extent, table: "CalamineSheet | None", *, count_rows: bool
) -> dict[str, Any]:
    """The sheet for the parent: what was found, its first rows, and how many rows hold a value (-1: not counted)."""
    rows = _rows(table, extent)
    head = list(islice(rows, HEAD_ROWS))
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "rows": len(head) + sum(1 for _ in rows) if count_rows else -1,
        "head": head,
        "refused": extent.refused,
        "hidden_rows": extent.hidden_rows,
        "hidden_columns": extent.hidden_columns,
        "error_cells": extent.error_cells,
        "uncalculated_cells": extent.uncalculated_cells,
    }


def _rows(table: "CalamineSheet | None", extent: Extent) -> Iterator[NumberedRow]:
    """The rows that hold a value, with the sheet's own row number; every cell as text, from column A on.

    The reader gives nothing for a cell in error and for a formula without its value: they get a mark, so that the
    row is neither lost nor taken for empty.
    """
    marks = _marks(extent)
    if table is not None and table.start is not None:
        left = [""] * table.start[1]
        for number, values in enumerate(table.iter_rows(), start=1):
            cells = left + [value if type(value) is str else _text(value) for value in values]
            if marks and number in marks:
                _put(cells, marks.pop(number))
            whole = "".join(cells)
            if "\0" in whole:
                cells = list(map(_text, cells))
            if whole and not whole.isspace():
                yield number, cells
    for number in sorted(marks):
        cells = []
        _put(cells, marks[number])
        yield number, cells


def _marks(extent: Extent) -> dict[int, dict[int, str]]:
    """Row → column (from 0) → mark."""
    marks: dict[int, dict[int, str]] = {}
    for mark, references in ((ERROR_MARK, extent.error_cells), (UNCALCULATED_MARK, extent.uncalculated_cells)):
        for reference in references:
            column, row = split_reference(reference)
            if 0 < column <= COLUMNS_LIMIT and row <= ROWS_LIMIT:
                marks.setdefault(row, {})[column - 1] = mark
    return marks


def _put(cells: list[str], marks: dict[int, str]) -> None:
    cells.extend([""] * (max(marks) + 1 - len(cells)))
    for column, mark in marks.items():
        cells[column] = mark


def _text(value: object) -> str:
    """A cell's value as the user would type it: whole numbers without «.0», dates day first."""
    if isinstance(value, str):
        # No database stores NUL in a text: its picture stays in its place.
        return value.replace("\0", "␀")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if not value.is_integer():
            return repr(value)
        # Beyond 15 digits a spreadsheet has already rounded: show that form, so that nobody takes it for exact.
        return str(int(value)) if abs(value) < _EXACT_LIMIT else f"{value:.14E}"
    if isinstance(value, datetime | date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return str(value)


def _send(message: object) -> None:
    line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    _sent[0] += len(line)
    if _sent[0] > UNPACKED_LIMIT:
        # One long text named by thousands of cells: small in the file, but the asker would hold every copy.
        sys.exit(1)
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
