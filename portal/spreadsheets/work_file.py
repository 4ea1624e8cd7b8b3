"""The workbook that a party works in and gives back: text cells, drop-lists, hidden keys, locked columns.

A row is recognised by its hidden key, wherever sorting has put it. What was given out is known by a sum over the
cells that may be changed, so that only changed rows are spoken of on return.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from portal.domain.names import clean_name
from portal.domain.wording import say
from portal.languages import VIETNAMESE, in_language
from portal.spreadsheets.reading import open_workbook
from portal.spreadsheets.refusals import FileRefused
from portal.spreadsheets.writing import mark_pages, new_workbook, write_texts

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

KEY_HEADING = "_khoa"
"""Stands above the hidden keys; the row that bears it is the header, whatever was put above."""
HEADINGS = (
    say("TT"),
    say("Họ và tên đang ghi"),
    say("Ngày sinh đang ghi"),
    say("Giới tính đang ghi"),
    say("Số CCCD/CMND đang ghi"),
    say("Cần xem"),
    say("Thôn đề xuất"),
)
"""The locked columns behind the hidden ones."""
TYPED_HEADINGS = (
    say("Kết luận"),
    say("Họ và tên mới"),
    say("Ngày sinh mới"),
    say("Giới tính mới"),
    say("Số CCCD mới"),
    say("Lý do"),
    say("Ghi chú"),
)
"""The columns to be filled in, in the order of `Typed`."""
PERSON_CELLS = 5
"""The first of the locked columns say who the person is."""
_HIDDEN = 3
_FIRST_TYPED = _HIDDEN + len(HEADINGS)
_WIDTHS = (6, 26, 12, 10, 18, 44, 26, 26, 24, 14, 11, 18, 26, 30)
_ROWS_BELOW = 200
_NOTES = say(
    "Chỉ ghi vào các cột từ «Kết luận» đến «Ghi chú». Có thể sắp xếp, lọc dòng. "
    "Để trống giá trị mới nghĩa là giữ nguyên. Xong thì lưu dạng .xlsx và nạp lại vào cổng."
)


@dataclass(frozen=True, slots=True)
class Typed:
    """The cells of a row that a person may change, as text."""

    verdict: str = ""
    full_name: str = ""
    birth_date: str = ""
    sex: str = ""
    id_number: str = ""
    reason: str = ""
    note: str = ""

    def cells(self) -> tuple[str, ...]:
        """The cells in the order of the columns."""
        return (
            self.verdict, self.full_name, self.birth_date, self.sex, self.id_number, self.reason, self.note,
        )  # fmt: skip

    def sum(self) -> str:
        """A short sum of the cells, blind to what a spreadsheet may do to blanks."""
        return sha256("\x1f".join(map(clean_name, self.cells())).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row to be given out: its key and version, what is shown, and what stands in the cells to be filled in.

    `shown` is told in the reader's language; `typed` is already, since its sum stands for what is written.
    """

    key: str
    rev: int
    shown: tuple[str, ...]
    typed: Typed


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A row as it came back: the sheet's row number, the three hidden cells, the typed ones, and all its texts.

    `person` are the locked cells that say who it is: number on the list and what is recorded.
    """

    row: int
    key: str
    rev: str
    sum: str
    person: tuple[str, ...]
    typed: Typed
    texts: str

    @property
    def is_changed(self) -> bool:
        """Whether a cell that may be changed is no longer what was given out."""
        return self.typed.sum() != self.sum


def work_workbook(
    rows: Iterable[GivenRow],
    *,
    title: str,
    choices: Sequence[tuple[int, Sequence[str]]],
    language: str = VIETNAMESE,
    mark: str = "",
) -> bytes:
    """The workbook. `choices` are the drop-lists: the place among the typed columns, and the words offered there."""
    told = partial(in_language, language=language)
    with new_workbook() as (book, buffer):
        locked = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True, "font_color": "#444444"})
        free = book.add_format({"num_format": "@", "valign": "top", "locked": False, "bg_color": "#FFFBE6"})
        strong = book.add_format({"num_format": "@", "bold": True, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(told(say("Danh sách")))
        sheet.set_column(0, _HIDDEN - 1, 4, locked, {"hidden": True})
        for place, width in enumerate(_WIDTHS, start=_HIDDEN):
            sheet.set_column(place, place, width, locked if place < _FIRST_TYPED else free)
        write_texts(sheet, 0, [told(title)], strong, _HIDDEN)
        write_texts(sheet, 1, [told(_NOTES)], strong, _HIDDEN)
        headings = [told(heading) for heading in (*HEADINGS, *TYPED_HEADINGS)]
        write_texts(sheet, 2, [KEY_HEADING, "_ban", "_tong", *headings], strong)
        last = 2
        for last, row in enumerate(rows, start=3):
            write_texts(sheet, last, [row.key, str(row.rev), row.typed.sum(), *map(told, row.shown)], locked)
            for place, text in enumerate(row.typed.cells(), start=_FIRST_TYPED):
                if text:
                    sheet.write_string(last, place, text, free)
                else:
                    sheet.write_blank(last, place, None, free)
        sheet.freeze_panes(3, _HIDDEN + 2)
        sheet.autofilter(2, _HIDDEN, last, _HIDDEN + len(_WIDTHS) - 1)
        _offer(book, sheet, [(place, [told(each) for each in words]) for place, words in choices], last + _ROWS_BELOW)
        sheet.protect("", {"sort": True, "autofilter": True, "format_columns": True, "insert_rows": True,
                           "delete_rows": True})  # fmt: skip
        mark_pages(book, told(mark))
    return buffer.getvalue()


def read_work_workbook(path: Path) -> list[ReturnedRow]:
    """The rows below the header. Raises FileRefused where the file cannot be read or is no such workbook."""
    with open_workbook(path) as workbook:
        for sheet in workbook.sheets:
            start = next((number for number, cells in sheet.head if cells[:1] == [KEY_HEADING]), None)
            if start is not None:
                return [_returned(number, cells) for number, cells in workbook.rows(sheet.name) if number > start]
    raise FileRefused("no_work_file")


def _returned(number: int, cells: Sequence[str]) -> ReturnedRow:
    width = _FIRST_TYPED + len(TYPED_HEADINGS)
    texts = [*cells, *([""] * (width - len(cells)))]
    typed = Typed(*map(clean_name, texts[_FIRST_TYPED:width]))
    key, rev, given = (text.strip() for text in texts[:_HIDDEN])
    person = tuple(map(clean_name, texts[_HIDDEN : _HIDDEN + PERSON_CELLS]))
    return ReturnedRow(
        number, key, rev, given, person, typed, " · ".join(text for text in texts[_HIDDEN:] if text.strip())
    )


def _offer(book: "Workbook", sheet: "Worksheet", choices: Sequence[tuple[int, Sequence[str]]], last: int) -> None:
    """Drop-lists from a second sheet: a list written into the rule itself holds 255 characters at most."""
    lists = book.add_worksheet("_")
    lists.hide()
    for column, (place, words) in enumerate(choices):
        for row, word in enumerate(words):
            lists.write_string(row, column, word)
        letter = chr(ord("A") + column)
        at = _FIRST_TYPED + place
        rule = {"validate": "list", "source": f"=_!${letter}$1:${letter}${len(words)}"}
        sheet.data_validation(3, at, last, at, rule)
