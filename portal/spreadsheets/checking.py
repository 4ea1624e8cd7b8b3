"""Check a platform export: find the header, class every row, say what is wrong with the file."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path

from portal.domain.fields import Field
from portal.domain.findings import Finding, Severity
from portal.domain.wording import say
from portal.spreadsheets.duplicates import mark_duplicates
from portal.spreadsheets.file_findings import file_findings
from portal.spreadsheets.mapping import Header, column_heading, find_header, is_numbering_row
from portal.spreadsheets.reading import LookedSheet, NumberedRow, OpenWorkbook, open_workbook
from portal.spreadsheets.refusals import FileRefused, refusal
from portal.spreadsheets.results import CheckedRow, CheckResult, ColumnMapping, SheetInfo
from portal.spreadsheets.rows import RowChecker


def check_workbook(
    path: Path, *, today: date, mapping: ColumnMapping | None = None, sheet: str | None = None
) -> CheckResult:
    """Read and class one sheet of the workbook; `refused` is set where it cannot be read. Stores nothing.

    Without `sheet` the visible sheet with a header and the most rows is taken. `mapping` replaces the columns found
    by their headings; headings of it that the sheet has not are told and looked for by alias.
    """
    try:
        with _collector_paused(), open_workbook(path) as workbook:
            return _check(workbook, today, mapping, sheet)
    except FileRefused as refused:
        return CheckResult(refused=refusal(refused.code, refused.detail))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No search for reference cycles meanwhile: rows have none, and walking over all of them again and again takes
    two fifths of the time of a large file."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check(workbook: OpenWorkbook, today: date, mapping: ColumnMapping | None, sheet: str | None) -> CheckResult:
    looked = _choose(workbook.sheets, sheet, mapping)
    if looked.refused:
        raise FileRefused(*looked.refused)
    header = find_header(looked.head, mapping)
    if header is None or Field.FULL_NAME not in header.places:
        return _without_names(workbook, looked, header)
    checker = RowChecker(header, looked, today)
    rows = workbook.rows(looked.name)
    first, numbering = _after_header(rows, header)
    entries = mark_duplicates([checker.check(number, cells) for number, cells in chain(first, rows)])
    parked = [entry.status for entry in entries].count("parked")
    sheets = _sheet_infos(workbook.sheets, looked, header, len(entries))
    told = [] if numbering is None else [_numbering(numbering)]
    told += [_unread(other) for other in workbook.sheets if other.refused]
    return CheckResult(
        rows=len(entries),
        accepted=len(entries) - parked,
        parked=parked,
        entries=entries,
        findings=(*file_findings(looked, header, sheets, entries), *told),
        refused=None if entries else refusal("no_rows", say(" dưới dòng tiêu đề {row}", row=header.row)),
        sheet=looked.name,
        sheets=sheets,
        header_row=header.row,
        headings=header.headings,
        mapping=header.mapping,
        head=_head(looked),
        hidden_rows=frozenset(looked.hidden_rows) & {entry.row for entry in entries},
    )


def _choose(sheets: tuple[LookedSheet, ...], wanted: str | None, mapping: ColumnMapping | None) -> LookedSheet:
    """The sheet to read. Raises FileRefused where there is none."""
    if wanted is not None:
        for looked in sheets:
            if looked.name == wanted:
                return looked
        raise FileRefused("sheet_missing", wanted)
    filled = [looked for looked in sheets if looked.head or looked.refused]
    if not filled:
        raise FileRefused("no_rows")
    return max(
        filled,
        key=lambda looked: (
            find_header(looked.head, mapping) is not None,
            not looked.hidden,
            looked.refused is not None,
            looked.rows,
        ),
    )


def _without_names(workbook: OpenWorkbook, looked: LookedSheet, header: Header | None) -> CheckResult:
    """The refusal that lets the user choose the columns: no header, or none for the names."""
    code, detail = (
        ("column_missing", f"«{column_heading(Field.FULL_NAME)}»") if header else ("no_header", looked.name)
    )
    return CheckResult(
        refused=refusal(code, detail),
        sheet=looked.name,
        sheets=_sheet_infos(workbook.sheets, looked, header, max(looked.rows, 0)),
        header_row=header.row if header else 0,
        headings=header.headings if header else (),
        mapping=header.mapping if header else ColumnMapping({}),
        head=_head(looked),
    )


def _after_header(rows: Iterator[NumberedRow], header: Header) -> tuple[list[NumberedRow], int | None]:
    """Skip to the first data row: it, and the number of a row that only numbers columns."""
    numbering = None
    for number, cells in rows:
        if number <= header.last_row:
            continue
        if numbering is None and is_numbering_row(cells, header):
            numbering = number
            continue
        return [(number, cells)], numbering
    return [], numbering


def _numbering(row: int) -> Finding:
    return Finding(
        "numbering_row", None, say("Dòng {row} chỉ đánh số cột nên không tính là dữ liệu.", row=row), Severity.NOTE
    )


def _unread(looked: LookedSheet) -> Finding:
    code, detail = looked.refused or ("", "")
    message = say(
        "Trang tính «{name}» không đọc được: {message}", name=looked.name, message=refusal(code, detail).message
    )
    return Finding("sheet_unread", None, message, Severity.WARNING, looked.name)


def _sheet_infos(
    sheets: tuple[LookedSheet, ...], read: LookedSheet, header: Header | None, rows: int
) -> tuple[SheetInfo, ...]:
    return tuple(
        SheetInfo(looked.name, rows if looked is read and header else max(looked.rows, 0), looked.hidden)
        for looked in sheets
    )


def _head(looked: LookedSheet) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cells) for _, cells in looked.head)


__all__ = ["CheckResult", "CheckedRow", "ColumnMapping", "check_workbook"]
