"""Long tables drawn fast on a bare canvas: header row on each page, rows never split, own page numbers.

WeasyPrint needs 8 ms a row (measured); this needs 0.2 ms. Same type, same rules, same margins.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Literal

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from portal.documents.cells import BOLD, REGULAR, register_fonts, text_width, wrapped
from portal.domain.wording import say

A4_SHORT, A4_LONG = 595.28, 841.89
TOP, BOTTOM, LEFT, RIGHT = 20 * mm, 20 * mm, 31 * mm, 16 * mm
TEXT_SIZE, TEXT_LEADING = 10.5, 13.5
PAD_X, PAD_Y = 3.0, 2.5
ASCENT = 0.89
"""The font's ascent over its size: how far the first baseline lies below the top of a line."""
LINE_HEIGHT = 1.15
"""The font's own line height over its size."""
NUMBER_SIZE, FOOT_SIZE = 13, 9
CLOSING_SIZE = 13
CLOSING_ROOM = CLOSING_SIZE + 10
RULE = 0.4
"""Hairline of the table, in points."""

Align = Literal["left", "center", "right"]
Cells = tuple[list[str], ...]


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in millimetres, where its text stands."""

    heading: str
    width: float
    align: Align = "left"


@dataclass(frozen=True)
class HeadLine:
    """One line of the heading above the table."""

    text: str
    font: str
    size: float
    after: float = 2.0
    centred: bool = True


PAGING = say("Trang")
"""The word before a page's number."""


@dataclass(frozen=True)
class Sheets:
    """What stands around a table. `pages_before` counts pages in front that share its numbering (0: its own)."""

    landscape: bool
    head: tuple[HeadLine, ...]
    closing: str = ""
    foot: str = ""
    mark: str = ""
    pages_before: int = 0
    paging: str = PAGING

    @property
    def width(self) -> float:
        """The page's width in points."""
        return A4_LONG if self.landscape else A4_SHORT

    @property
    def height(self) -> float:
        """The page's height in points."""
        return A4_SHORT if self.landscape else A4_LONG


@dataclass(frozen=True)
class DrawnPages:
    """Pages drawn apart, to be appended to a record or a trail."""

    pdf: bytes = field(repr=False)
    pages: int


@dataclass(frozen=True)
class _Row:
    cells: Cells
    height: float
    font: str


@dataclass(frozen=True)
class _Page:
    """One page: its place in the run (from 0), its heading's lines, its rows with the header row first."""

    index: int
    count: int
    head: list[HeadLine]
    rows: list[_Row]


def draw_table(sheets: Sheets, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> DrawnPages:
    """Draw the rows under their heading on as many pages as they need; equal inputs give equal bytes."""
    register_fonts()
    header = _row(columns, [column.heading for column in columns], BOLD)
    head = _head_lines(sheets)
    room = sheets.height - TOP - BOTTOM - header.height
    body = [part for row in rows for part in _parts(_row(columns, row, REGULAR), room - CLOSING_ROOM)]
    pages = _paginate(body, room - sum(line.size * 1.25 + line.after for line in head), room, sheets.closing)
    out = BytesIO()
    canvas = Canvas(out, (sheets.width, sheets.height), pdfVersion=(1, 7), invariant=1, initialFontName=REGULAR)
    for index, page in enumerate(pages):
        _draw_page(canvas, sheets, columns, _Page(index, len(pages), [] if index else head, [header, *page]))
        canvas.showPage()
    canvas.save()
    return DrawnPages(out.getvalue(), len(pages))


def _row(columns: Sequence[Column], texts: Sequence[str], font: str) -> _Row:
    cells = tuple(
        wrapped(text, column.width * mm - 2 * PAD_X, font, TEXT_SIZE)
        for column, text in zip(columns, texts, strict=True)
    )
    return _Row(cells, _height(max(len(cell) for cell in cells)), font)


def _height(lines: int) -> float:
    return lines * TEXT_LEADING + 2 * PAD_Y


def _parts(row: _Row, room: float) -> list[_Row]:
    """The row itself, or, only where it is taller than a whole page, its lines in page-high parts."""
    if row.height <= room:
        return [row]
    lines = int((room - 2 * PAD_Y) // TEXT_LEADING)
    longest = max(len(cell) for cell in row.cells)
    parts = []
    for start in range(0, longest, lines):
        cells = tuple(cell[start : start + lines] for cell in row.cells)
        parts.append(_Row(cells, _height(max(len(cell) for cell in cells)), row.font))
    return parts


def _paginate(body: list[_Row], first_room: float, room: float, closing: str) -> list[list[_Row]]:
    """The rows of each page. The closing line never stands alone: the last row goes with it."""
    pages: list[list[_Row]] = [[]]
    left = first_room
    for index, row in enumerate(body):
        last = closing and index == len(body) - 1
        needed = row.height + (CLOSING_ROOM if last else 0)
        if needed > left:
            pages.append([])
            left = room
        pages[-1].append(row)
        left -= row.height
    return pages


def _head_lines(sheets: Sheets) -> list[HeadLine]:
    """The heading's lines, wrapped to the page."""
    width = sheets.width - LEFT - RIGHT
    lines: list[HeadLine] = []
    for line in sheets.head:
        parts = wrapped(line.text, width, line.font, line.size)
        lines.extend(replace(line, text=part, after=0.0) for part in parts[:-1])
        lines.append(replace(line, text=parts[-1]))
    return lines


def _draw_page(canvas: Canvas, sheets: Sheets, columns: Sequence[Column], page: _Page) -> None:
    _draw_margins(canvas, sheets, page)
    y = sheets.height - TOP
    middle = (LEFT + sheets.width - RIGHT) / 2
    for line in page.head:
        canvas.setFont(line.font, line.size)
        baseline = y - line.size * ASCENT
        if line.centred:
            canvas.drawCentredString(middle, baseline, line.text)
        else:
            canvas.drawString(LEFT, baseline, line.text)
        y -= line.size * 1.25 + line.after
    y = _draw_rows(canvas, columns, page.rows, y)
    if sheets.closing and page.index == page.count - 1:
        canvas.setFont(BOLD, CLOSING_SIZE)
        canvas.drawString(LEFT, y - CLOSING_SIZE * ASCENT - 6, sheets.closing)


def _draw_margins(canvas: Canvas, sheets: Sheets, page: _Page) -> None:
    """The page number alone in the top margin from page 2 (NĐ 30/2020, PL I.II); small print in the foot."""
    middle = (LEFT + sheets.width - RIGHT) / 2
    number = sheets.pages_before + page.index + 1
    if number > 1:
        canvas.setFont(REGULAR, NUMBER_SIZE)
        canvas.drawCentredString(middle, sheets.height - 13 * mm, str(number))
    canvas.setFont(REGULAR, FOOT_SIZE)
    canvas.setFillGray(0.27)
    if sheets.foot:
        canvas.drawString(LEFT, 10 * mm, sheets.foot)
        total = sheets.pages_before + page.count
        canvas.drawRightString(sheets.width - RIGHT, 10 * mm, f"{sheets.paging} {number}/{total}")
    if sheets.mark:
        canvas.drawString(LEFT, 6.5 * mm, sheets.mark)
    canvas.setFillGray(0)


def _draw_rows(canvas: Canvas, columns: Sequence[Column], rows: list[_Row], top: float) -> float:
    """Draw the rows and the rules around them; the first row is the header. Returns where the table ends."""
    y = top
    canvas.setLineWidth(RULE)
    edges = _edges(columns)
    rules = [(edges[0], y, edges[-1], y)]
    text = canvas.beginText()
    for row in rows:
        text.setFont(row.font, TEXT_SIZE)
        for column, left, lines in zip(columns, edges, row.cells, strict=False):
            _write_cell(text, column, row, lines, (left, y))
        y -= row.height
        rules.append((edges[0], y, edges[-1], y))
    canvas.drawText(text)
    canvas.lines([*rules, *((x, top, x, y) for x in edges)])
    return y


def _edges(columns: Sequence[Column]) -> list[float]:
    edges = [LEFT]
    for column in columns:
        edges.append(edges[-1] + column.width * mm)
    return edges


def _write_cell(
    text: PDFTextObject, column: Column, row: _Row, lines: list[str], corner: tuple[float, float]
) -> None:
    """Write one cell's lines below its upper left corner; headings stand in the middle both ways."""
    heading = row.font == BOLD
    left, y = corner
    y -= PAD_Y + TEXT_SIZE * ASCENT + (TEXT_LEADING - TEXT_SIZE * LINE_HEIGHT) / 2
    if heading:
        y -= (row.height - _height(len(lines))) / 2
    for line in lines:
        if line:
            spare = column.width * mm - text_width(line, row.font, TEXT_SIZE)
            offsets = {"left": PAD_X, "center": spare / 2, "right": spare - PAD_X}
            text.setTextOrigin(left + offsets["center" if heading else column.align], y)
            text.textOut(line)
        y -= TEXT_LEADING
