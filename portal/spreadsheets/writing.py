"""Write workbooks in which every cell is text: nothing typed by anybody ever becomes a formula or a link."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from portal.domain.fields import Person
from portal.domain.findings import Severity
from portal.domain.sexes import parse_sex
from portal.domain.wording import say
from portal.languages import VIETNAMESE, in_language
from portal.spreadsheets.profiles import IMPORT_PROFILE, ImportProfile
from portal.spreadsheets.reading import open_workbook
from portal.spreadsheets.results import CheckedRow, CheckResult

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ERROR_HEADING = say("LỖI")
ADVICE_HEADING = say("CẦN LÀM GÌ")

_CELL_LIMIT = 32_767
"""Longest text a cell holds."""

_FORBIDDEN_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One person of the platform import file, with final values."""

    person: Person
    group: str = ""
    occupation: str = ""
    ethnicity: str = ""
    nationality: str = ""
    province: str = ""
    district: str = ""
    commune: str = ""
    village: str = ""
    address: str = ""
    platform_code: str = ""
    note: str = ""


def error_workbook(result: CheckResult, source: Path, language: str = VIETNAMESE, *, mark: str = "") -> bytes:
    """The source's sheet back, same rows and columns, with «LỖI» and «CẦN LÀM GÌ» added in the reader's language.

    `source` is the file that gave the result. Raises FileRefused where it cannot be read any more.
    """
    entries = {entry.row: entry for entry in result.entries}
    width = max([len(result.headings), *(len(entry.cells) for entry in result.entries)])
    with open_workbook(source) as workbook, new_workbook() as (book, buffer):
        text, strong = _text_format(book), _heading_format(book)
        sheet = book.add_worksheet(_sheet_name(result.sheet))
        sheet.set_column(0, width - 1, 16, text)
        sheet.set_column(width, width + 1, 44, text)
        for number, cells in workbook.rows(result.sheet):
            is_head = number <= result.header_row
            write_texts(sheet, number - 1, cells, strong if is_head else text)
            added = _added_cells(number, entries.get(number), result.header_row, language)
            write_texts(sheet, number - 1, added, strong if is_head else text, width)
        sheet.freeze_panes(result.header_row, 0)
        mark_pages(book, in_language(mark, language))
    return buffer.getvalue()


def import_workbook(
    rows: Iterable[ImportRow], *, title: str, unit: str, profile: ImportProfile = IMPORT_PROFILE
) -> bytes:
    """The platform's import file of exactly these persons, in the profile's layout (which is assumed)."""
    with new_workbook() as (book, buffer):
        text, strong = _text_format(book), _heading_format(book)
        sheet = book.add_worksheet(profile.sheet)
        for place, column in enumerate(profile.columns):
            sheet.set_column(place, place, column.width, text)
        write_texts(sheet, 0, [f"{title} - {unit}" if unit else title], strong)
        write_texts(sheet, 1, [profile.notes], text)
        write_texts(sheet, 2, [column.heading for column in profile.columns], strong)
        sheet.freeze_panes(3, 0)
        for ordinal, row in enumerate(rows, start=1):
            values = import_values(row, ordinal)
            write_texts(sheet, 2 + ordinal, [values[column.value] for column in profile.columns], text)
        codes = book.add_worksheet(profile.codes_sheet)
        for place, code in enumerate(profile.codes):
            write_texts(codes, place, code, text)
    return buffer.getvalue()


def import_values(row: ImportRow, ordinal: int) -> dict[str, str]:
    """The values a profile's columns may name; sex is written Nam or Nữ."""
    values = {name: getattr(row, name) for name in row.__slots__ if name != "person"}
    sex = parse_sex(row.person.sex) or row.person.sex
    return {"ordinal": str(ordinal), **row.person.as_dict(), "sex": sex[:1].upper() + sex[1:], **values}


def table_workbook(
    headings: Sequence[str], rows: Iterable[Sequence[str]], title: str, language: str = VIETNAMESE, *, mark: str = ""
) -> bytes:
    """A plain table under its title, told to a reader: title in row 1, headings in row 3, rows from row 4 on."""
    told = partial(in_language, language=language)
    with new_workbook() as (book, buffer):
        text, strong = _text_format(book), _heading_format(book)
        sheet = book.add_worksheet(_sheet_name(told(title)))
        sheet.set_column(0, max(len(headings) - 1, 0), 18, text)
        write_texts(sheet, 0, [told(title)], strong)
        write_texts(sheet, 2, [told(heading) for heading in headings], strong)
        sheet.freeze_panes(3, 0)
        for place, row in enumerate(rows, start=3):
            write_texts(sheet, place, [told(cell) for cell in row], text)
        mark_pages(book, told(mark))
    return buffer.getvalue()


@contextmanager
def new_workbook() -> Iterator[tuple["Workbook", BytesIO]]:
    """A workbook in constant memory that turns no string into a number, formula or link; closed at the end."""
    import xlsxwriter

    buffer = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        yield book, buffer


def mark_pages(book: "Workbook", line: str) -> None:
    """Print the line at the foot of every page and keep it in the file's properties; nothing where it is empty."""
    if not line:
        return
    book.set_properties({"comments": line})
    for sheet in book.worksheets():
        # «&» begins a command in a foot, which takes 255 signs at most.
        sheet.set_footer(f"&L&8{line.replace('&', '&&')}"[:255])


def _sheet_name(text: str) -> str:
    """A name Excel takes: at most 31 characters, none of the forbidden ones, not empty."""
    return text.translate(_FORBIDDEN_IN_SHEET_NAMES).strip()[:31].strip() or say("Danh sách")


def _text_format(book: "Workbook") -> "Format":
    return book.add_format({"num_format": "@", "valign": "top"})


def _heading_format(book: "Workbook") -> "Format":
    return book.add_format({"num_format": "@", "bold": True, "text_wrap": True, "valign": "top"})


def write_texts(sheet: "Worksheet", row: int, texts: Sequence[str], cell_format: "Format", first: int = 0) -> None:
    """Write the texts side by side as texts, whatever they look like; empty ones leave their cell empty."""
    for place, text in enumerate(texts, start=first):
        if text:
            sheet.write_string(row, place, text[:_CELL_LIMIT], cell_format)


def _added_cells(number: int, entry: CheckedRow | None, header_row: int, language: str) -> tuple[str, str]:
    if number == header_row:
        return in_language(ERROR_HEADING, language), in_language(ADVICE_HEADING, language)
    return (error_words(entry, language), advice_words(entry, language)) if entry is not None else ("", "")


def error_words(entry: CheckedRow, language: str = VIETNAMESE) -> str:
    """The «LỖI» cell: classes and what was noticed; empty for a row without errors and warnings."""
    causes = [_cause(message) for message in _messages(entry, language)]
    classes = ", ".join(entry.classes)
    words = "; ".join(cause for cause in causes if cause)
    return f"{classes}: {words}" if classes and words else classes or words


def advice_words(entry: CheckedRow, language: str = VIETNAMESE) -> str:
    """The «CẦN LÀM GÌ» cell: the next steps, and the suggested values."""
    steps = [_step(message) for message in _messages(entry, language)]
    suggestions = [in_language(say("gợi ý: {value}", value=each), language) for each in entry.suggestions.values()]
    return "; ".join(dict.fromkeys(part for part in (*steps, *suggestions) if part))


def _messages(entry: CheckedRow, language: str) -> list[str]:
    told = (finding.message for finding in entry.findings if finding.severity is not Severity.NOTE)
    return [in_language(message, language) for message in told]


def _cause(message: str) -> str:
    """A message is «cause; next step.» in every language: what stands before the last semicolon."""
    return message.rpartition(";")[0].strip() or message.rstrip(".")


def _step(message: str) -> str:
    cause, _, step = message.rpartition(";")
    return step.strip().rstrip(".") if cause else ""
