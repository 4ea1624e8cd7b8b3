"""Phiếu rà soát: the sheets on which a village without devices writes, A4 landscape, one QR to each sheet."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno
from markupsafe import Markup

from portal.documents.typesetting import typeset
from portal.documents.wording import TEST_MARK, short_time
from portal.domain.wording import say

ROWS = 9
"""People on one sheet: a box for a digit is 6 mm high, a row 14 mm."""
MOST_SHEETS = 60
"""Sheets of one file; a longer list is printed in several files."""
REASONS = (
    say("1 không có thông tin"),
    say("2 đã đi khỏi địa phương"),
    say("3 công an"),
    say("4 quân đội"),
    say("5 phạm nhân"),
    say("6 cai nghiện, bảo trợ xã hội"),
    say("7 khác (ghi rõ)"),
)
"""N1–N7 of the Bắc Giang form, short enough for a line."""


@dataclass(frozen=True)
class SheetRow:
    """One person as the sheet prints it; the number only with its first and last digits."""

    number: int
    full_name: str
    birth_date: str
    sex: str
    masked_number: str


@dataclass(frozen=True)
class ReviewSheets:
    """What the sheets of one list say."""

    batch_code: str
    list_code: str
    list_name: str
    version: int
    round: int
    due_text: str
    rows: Sequence[SheetRow]
    printed_at: datetime
    printed_by: str
    test_data: bool


def sheet_count(people: int) -> int:
    """How many sheets so many people fill."""
    return max(1, -(-people // ROWS))


def sheet_code(list_code: str, sheet: int, sheets: int, version: int) -> str:
    """What the QR of a sheet says: batch and list, sheet, version and a check figure; no name, no identity number."""
    said = f"PRS {list_code} {sheet}/{sheets} v{version}"
    return f"{said} {zlib.crc32(said.encode()) & 0xFFFF:04X}"


def draw_review_sheets(content: ReviewSheets, *, part: int = 1) -> bytes:
    """The sheets as PDF; of a long list the `part`-th file of `MOST_SHEETS` sheets each."""
    sheets = sheet_count(len(content.rows))
    first = (part - 1) * MOST_SHEETS
    numbers = range(first + 1, min(first + MOST_SHEETS, sheets) + 1)
    pages = [_page(content, number, sheets) for number in numbers]
    pdf, _ = typeset(
        "review_sheet.html",
        {
            "content": content,
            "pages": pages,
            "reasons": REASONS,
            "printed": short_time(content.printed_at),
            "test_mark": TEST_MARK if content.test_data else "",
            "empty": range(ROWS),
        },
        [],
    )
    return pdf


def _page(content: ReviewSheets, number: int, sheets: int) -> dict[str, object]:
    code = sheet_code(content.list_code, number, sheets, content.version)
    picture = segno.make(code, error="m", micro=False).svg_inline(scale=4, border=0, omitsize=True)
    return {
        "number": number,
        "of": sheets,
        "rows": content.rows[(number - 1) * ROWS : number * ROWS],
        "qr": Markup(picture),  # noqa: S704  drawn by segno from our own code
        "code": code,
    }
