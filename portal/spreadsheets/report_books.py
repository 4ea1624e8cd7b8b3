"""Report workbooks: the form's own layout with sums, and a sheet to fill in that comes back cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.domain.report_forms import Form, FormField, Section
from portal.domain.report_values import Value
from portal.domain.wording import say
from portal.spreadsheets.reading import open_workbook
from portal.spreadsheets.writing import mark_pages

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MARK = "bangiao-report"
"""Cell A1 of a sheet to fill in begins with this; after it whose sheet it is."""
FIRST_ROW = 5
_MOST_ROWS = 2_000


@dataclass(frozen=True)
class ReportRow:
    """One reporting unit in the table; `values` is None for one that is missing from the total."""

    name: str
    values: Mapping[str, Value] | None


@dataclass(frozen=True)
class ReportBook:
    """All of a report for its workbook: heading lines, one row per unit, the sums, who is missing."""

    form: Form
    unit_name: str
    as_of: str
    rows: Sequence[ReportRow]
    own: Mapping[str, Value]
    footer: Sequence[str] = ()
    test_data: bool = False


@dataclass(frozen=True)
class FilledSheet:
    """A sheet that came back: whose it is, each cell as typed, and what stood there when it was made."""

    mark: str
    typed: dict[str, str]
    was: dict[str, str]


class NoReportSheet(ValueError):
    """The workbook is not one of ours."""


def report_workbook(of: ReportBook, *, mark: str = "") -> bytes:
    """The form's table: heads over two or three lines, one row per unit with real numbers, sums, then the words."""
    with _new_workbook() as (book, buffer):
        styles = _Styles(book)
        sheet = book.add_worksheet(of.form.short[:31])
        counts = [each for each in of.form.fields if each.counts]
        width = len(counts) + 1
        _titles(sheet, of, styles, width)
        top = 6
        _heads(sheet, of.form, styles, top)
        first = top + 3
        for place, row in enumerate(of.rows):
            _unit_row(sheet, first + place, place + 1, row, counts, styles)
        last = first + len(of.rows)
        sheet.write_string(last, 0, "", styles.head)
        sheet.write_string(last, 1, say("Tổng cộng"), styles.strong)
        for place, each in enumerate(counts):
            sheet.write_number(last, place + 2, _number(of.own.get(each.key)), styles.sum)
        _words(sheet, last + 2, of, styles, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(first, 2)
        mark_pages(book, mark)
    return buffer.getvalue()


def template_workbook(form: Form, *, mark: str, unit_name: str, as_of: str, values: Mapping[str, Value]) -> bytes:
    """A sheet to fill in: one line per cell, the cell's name and what stands there now in hidden columns."""
    with _new_workbook() as (book, buffer):
        styles = _Styles(book)
        sheet = book.add_worksheet(say("Nhập báo cáo"))
        sheet.set_column(0, 0, 4, None, {"hidden": True})
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 2, 12)
        sheet.set_column(3, 3, 26)
        sheet.set_column(4, 4, 4, None, {"hidden": True})
        sheet.write_string(0, 0, f"{MARK} {mark}")
        sheet.write_string(0, 1, form.title, styles.title)
        sheet.write_string(1, 1, say("{unit}, số liệu tính đến {day}", unit=unit_name, day=as_of))
        sheet.write_string(
            2, 1, say("Chỉ nhập vào cột «Giá trị». Lưu tệp rồi gửi lại vào đúng báo cáo này trên cổng.")
        )
        for place, head in enumerate((say("Mục"), say("Đơn vị tính"), say("Giá trị"))):
            sheet.write_string(3, place + 1, head, styles.head)
        line = FIRST_ROW
        for section in form.sections:
            sheet.write_string(line - 1, 1, section.title, styles.strong)
            line += 1
            for each in section.fields:
                if not each.computed:
                    _template_row(sheet, line - 1, form, each, values.get(each.key), styles)
                    line += 1
        sheet.protect("", {"format_columns": True})
        sheet.freeze_panes(4, 0)
    return buffer.getvalue()


def read_template(path: Path) -> FilledSheet:
    """What was filled in. Raises NoReportSheet where it is not our sheet, FileRefused where it cannot be read."""
    with open_workbook(path) as workbook:
        if not workbook.sheets:
            raise NoReportSheet
        rows = [cells for number, cells in workbook.rows(workbook.sheets[0].name) if number <= _MOST_ROWS]
    if not rows or not rows[0] or not rows[0][0].startswith(f"{MARK} "):
        raise NoReportSheet
    typed, was = {}, {}
    for row in rows[1:]:
        key, _label, _measure, value, before = [*row, *[""] * 5][:5]
        if key.strip():
            typed[key.strip()], was[key.strip()] = value, before
    return FilledSheet(rows[0][0].removeprefix(f"{MARK} ").strip(), typed, was)


class _Styles:
    """The looks of the cells."""

    def __init__(self, book: "Workbook") -> None:
        line = {"border": 1, "valign": "top", "font_name": "Times New Roman", "font_size": 12}
        plain = {"font_name": "Times New Roman", "font_size": 13}
        self.title = book.add_format(
            {**plain, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        self.centred = book.add_format({**plain, "align": "center", "italic": True})
        self.head = book.add_format({**line, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})
        self.text = book.add_format({**line, "text_wrap": True})
        self.number = book.add_format({**line, "num_format": "#,##0"})
        self.strong = book.add_format({**line, "bold": True, "text_wrap": True})
        self.sum = book.add_format({**line, "bold": True, "num_format": "#,##0"})
        self.entry = book.add_format({**line, "num_format": "@", "locked": False, "text_wrap": True})
        self.plain = book.add_format({**plain, "text_wrap": True, "valign": "top"})


def _titles(sheet: "Worksheet", of: ReportBook, styles: _Styles, width: int) -> None:
    half = max(width // 2, 1)
    sheet.merge_range(0, 0, 0, half, of.unit_name.upper(), styles.title)
    sheet.merge_range(0, half + 1, 0, max(width, half + 2), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", styles.title)
    sheet.merge_range(1, half + 1, 1, max(width, half + 2), "Độc lập - Tự do - Hạnh phúc", styles.title)
    sheet.merge_range(3, 0, 3, max(width, 2), of.form.title.upper(), styles.title)
    sheet.set_row(3, 36)
    told = f"(Số liệu tính đến ngày {of.as_of})"
    sheet.merge_range(4, 0, 4, max(width, 2), f"DỮ LIỆU THỬ – {told}" if of.test_data else told, styles.centred)


def _heads(sheet: "Worksheet", form: Form, styles: _Styles, top: int) -> None:
    """Section over row over column, merged as the paper has them; measures stand with every column."""
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 30)
    sheet.merge_range(top, 0, top + 2, 0, "TT", styles.head)
    sheet.merge_range(top, 1, top + 2, 1, "Đơn vị", styles.head)
    place = 2
    for section in form.sections:
        counts = [each for each in section.fields if each.counts]
        if not counts:
            continue
        _across(sheet, top, place, len(counts), section.title, styles)
        if section.rows:
            _matrix_heads(sheet, form, section, styles, (top, place))
        else:
            for each in counts:
                words = f"{each.label} ({form.measures[each.measure]})"
                sheet.merge_range(top + 1, place, top + 2, place, words, styles.head)
                place += 1
            place -= len(counts)
        place += len(counts)
    sheet.set_column(2, max(place - 1, 2), 13)
    sheet.set_row(top + 1, 62)


def _matrix_heads(sheet: "Worksheet", form: Form, section: Section, styles: _Styles, at: tuple[int, int]) -> None:
    top, place = at
    for row, label in section.rows:
        _across(sheet, top + 1, place, len(section.columns), label, styles)
        for column, head in section.columns:
            measure = form.measures[section.cell(row, column).measure]
            sheet.write_string(top + 2, place, f"{head} ({measure})", styles.head)
            place += 1


def _across(sheet: "Worksheet", row: int, place: int, width: int, words: str, styles: _Styles) -> None:
    if width > 1:
        sheet.merge_range(row, place, row, place + width - 1, words, styles.head)
    else:
        sheet.write_string(row, place, words, styles.head)


def _unit_row(
    sheet: "Worksheet", line: int, number: int, row: ReportRow, counts: Sequence[FormField], styles: _Styles
) -> None:
    sheet.write_number(line, 0, number, styles.number)
    sheet.write_string(line, 1, row.name, styles.text)
    for place, each in enumerate(counts):
        value = row.values.get(each.key) if row.values is not None else None
        if isinstance(value, int):
            sheet.write_number(line, place + 2, value, styles.number)
        else:
            sheet.write_string(line, place + 2, "chưa gửi" if row.values is None else "", styles.text)


def _words(sheet: "Worksheet", line: int, of: ReportBook, styles: _Styles, width: int) -> None:
    """The narrative parts of the own report, then the footer."""
    for each in of.form.fields:
        value = of.own.get(each.key)
        if not each.counts and value:
            sheet.merge_range(line, 0, line, max(width, 2), f"{each.label}: {value}", styles.plain)
            line += 1
    for words in of.footer:
        sheet.merge_range(line, 0, line, max(width, 2), words, styles.plain)
        line += 1


def _template_row(sheet: "Worksheet", line: int, form: Form, field: FormField, value: Value, styles: _Styles) -> None:
    kept = "" if value is None else str(value)
    sheet.write_string(line, 0, field.key)
    sheet.write_string(line, 1, field.label, styles.text)
    sheet.write_string(line, 2, form.measures.get(field.measure, ""), styles.text)
    sheet.write_string(line, 3, kept, styles.entry)
    sheet.write_string(line, 4, kept)


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


@contextmanager
def _new_workbook() -> Iterator[tuple["Workbook", BytesIO]]:
    """A workbook that turns no string into a number, formula or link; closed at the end."""
    import xlsxwriter

    buffer = BytesIO()
    options: dict[str, Any] = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        yield book, buffer
