"""What is to be said of a file as a whole: hidden parts, columns, formulas, cleaned numbers."""

from collections.abc import Sequence

from portal.domain.findings import Finding, Severity
from portal.domain.wording import say, together
from portal.spreadsheets.extent import column_letters
from portal.spreadsheets.mapping import REQUIRED_COLUMNS, Header, column_heading
from portal.spreadsheets.reading import LookedSheet
from portal.spreadsheets.results import CheckedRow, SheetInfo

_SHOWN = 10


def file_findings(
    looked: LookedSheet, header: Header, sheets: Sequence[SheetInfo], entries: Sequence[CheckedRow]
) -> tuple[Finding, ...]:
    """The findings of the file, in the order in which they are worth reading."""
    return (
        *_columns(header),
        *_hidden(looked, header, entries),
        *_sheets(looked, sheets),
        *_formulas(looked),
        *_cleaned(entries),
    )


def _columns(header: Header) -> list[Finding]:
    findings = []
    for name in REQUIRED_COLUMNS:
        if name not in header.places:
            message = say(
                "Không thấy cột «{column}»; hãy chọn cột tương ứng hoặc bổ sung cột vào tệp.",
                column=column_heading(name),
            )
            findings.append(Finding("column_missing", name, message, Severity.ERROR, column_heading(name)))
    for column, headings in header.doubled.items():
        used = header.headings[header.places[column]]
        listed = ", ".join(f"«{heading}»" for heading in headings)
        message = say(
            "Có {count} cột {listed} cùng là {column}; đang dùng cột «{used}». Hãy chọn lại nếu không đúng.",
            count=len(headings),
            listed=listed,
            column=column_heading(column),
            used=used,
        )
        findings.append(Finding("column_twice", None, message, Severity.WARNING))
    for heading in header.lost:
        message = say("Không còn cột «{heading}» đã chọn lần trước; hãy kiểm tra lại các cột.", heading=heading)
        findings.append(Finding("column_lost", None, message, Severity.WARNING, heading))
    return findings


def _hidden(looked: LookedSheet, header: Header, entries: Sequence[CheckedRow]) -> list[Finding]:
    findings = []
    data_rows = {entry.row for entry in entries}
    rows = [row for row in looked.hidden_rows if row in data_rows]
    if rows:
        message = say(
            "Tệp có {count} dòng ẩn ({rows}); đã đọc cả các dòng này, hãy kiểm tra có cần không.",
            count=len(rows),
            rows=_some(rows),
        )
        findings.append(Finding("hidden_rows", None, message, Severity.WARNING, _some(rows)))
    columns = [column for column in looked.hidden_columns if column <= len(header.headings)]
    if columns:
        named = _some([f"{column_letters(column)} «{header.headings[column - 1]}»" for column in columns])
        message = say("Tệp có {count} cột ẩn ({columns}); đã đọc cả các cột này.", count=len(columns), columns=named)
        findings.append(Finding("hidden_columns", None, message, Severity.WARNING, named))
    return findings


def _sheets(looked: LookedSheet, sheets: Sequence[SheetInfo]) -> list[Finding]:
    findings = []
    if looked.hidden:
        message = say("Trang tính đang đọc «{name}» là trang ẩn; hãy kiểm tra có đúng trang không.", name=looked.name)
        findings.append(Finding("hidden_sheet", None, message, Severity.WARNING, looked.name))
    others = [sheet for sheet in sheets if sheet.name != looked.name and sheet.rows]
    hidden = [sheet for sheet in others if sheet.hidden]
    if hidden:
        listed = _listed(hidden)
        message = say(
            "Tệp có trang tính ẩn: {listed}; chưa tính vào kết quả, hãy chọn trang này nếu cần.", listed=listed
        )
        findings.append(Finding("hidden_sheet", None, message, Severity.WARNING, listed))
    if others:
        message = say(
            "Tệp có {count} trang tính; đang đọc «{name}», còn {listed}. Chọn lại nếu cần.",
            count=len(sheets),
            name=looked.name,
            listed=_listed(others),
        )
        findings.append(Finding("other_sheets", None, message, Severity.NOTE, _listed(others)))
    return findings


def _formulas(looked: LookedSheet) -> list[Finding]:
    findings = []
    if looked.error_cells:
        message = say(
            "Có {count} ô công thức bị lỗi ({cells}); hãy gõ lại giá trị.",
            count=len(looked.error_cells),
            cells=_some(looked.error_cells),
        )
        findings.append(Finding("cell_error", None, message, Severity.WARNING, _some(looked.error_cells)))
    if looked.uncalculated_cells:
        cells = _some(looked.uncalculated_cells)
        message = say(
            "Có {count} ô có công thức chưa tính ({cells}); hãy mở bằng Excel và lưu lại.",
            count=len(looked.uncalculated_cells),
            cells=cells,
        )
        findings.append(Finding("cell_uncalculated", None, message, Severity.WARNING, cells))
    return findings


def _cleaned(entries: Sequence[CheckedRow]) -> list[Finding]:
    count = sum("id_cleaned" in [finding.code for finding in entry.findings] for entry in entries if entry.findings)
    if not count:
        return []
    message = say(
        "Đã bỏ dấu cách, dấu chấm hoặc ký tự thừa trong số CCCD/CMND ở {count} dòng; không cần làm gì thêm.",
        count=count,
    )
    return [Finding("id_cleaned", None, message, Severity.NOTE, say("{count} dòng", count=count))]


def _listed(sheets: Sequence[SheetInfo]) -> str:
    return together(*(say("«{name}» ({count} dòng)", name=sheet.name, count=sheet.rows) for sheet in sheets), by=", ")


def _some(items: Sequence[object]) -> str:
    shown = ", ".join(str(item) for item in items[:_SHOWN])
    return f"{shown} …" if len(items) > _SHOWN else shown
