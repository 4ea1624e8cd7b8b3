"""Phiếu rà soát: the sheets on which a village without devices writes, A4 landscape, one QR to each sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno
from markupsafe import Markup

from portal.documents.typesetting import typeset
from portal.documents.wording import TEST_MARK, short_time
from portal.domain.labels import label
from portal.domain.sheet_rows import REASON_MARKS, ROWS
from portal.domain.wording import together

MOST_SHEETS = 60
"""Sheets of one file; a longer list is printed in several files."""
_MARK_LINES = (tuple(REASON_MARKS)[:6], tuple(REASON_MARKS)[6:])
"""The tick boxes of a row in two lines, one beside each line of boxes for digits."""


@dataclass(frozen=True)
class SheetRow:
    """One person as the sheet prints it; the number only with its first and last digits."""

    number: int
    full_name: str
    birth_date: str
    sex: str
    id_number: str
    said: str = ""


@dataclass(frozen=True)
class Sheet:
    """One page: its code as printed, the address in its QR, the hamlet where the list has several, its people."""

    code: str
    address: str
    hamlet: str
    rows: Sequence[SheetRow]


@dataclass(frozen=True)
class ReviewSheets:
    """What the sheets of one printing say."""

    batch_code: str
    list_code: str
    list_name: str
    print_number: int
    version: int
    round: int
    typed_twice: bool
    due_text: str
    sheets: Sequence[Sheet]
    printed_at: datetime
    printed_by: str
    test_data: bool


def draw_review_sheets(content: ReviewSheets, *, part: int = 1) -> bytes:
    """The sheets as PDF; of a long list the `part`-th file of `MOST_SHEETS` sheets each."""
    first = (part - 1) * MOST_SHEETS
    pages = [
        _page(sheet, number, len(content.sheets))
        for number, sheet in enumerate(content.sheets[first : first + MOST_SHEETS], start=first + 1)
    ]
    pdf, _ = typeset(
        "review_sheet.html",
        {
            "content": content,
            "pages": pages,
            "mark_lines": _MARK_LINES,
            "reasons": [together(mark, label(reason), by=" ") for mark, reason in REASON_MARKS.items()],
            "printed": short_time(content.printed_at),
            "test_mark": TEST_MARK if content.test_data else "",
            "most_rows": ROWS,
        },
        [],
    )
    return pdf


def _page(sheet: Sheet, number: int, of: int) -> dict[str, object]:
    picture = segno.make(sheet.address, error="m", micro=False).svg_inline(scale=4, border=0, omitsize=True)
    return {
        "number": number,
        "of": of,
        "sheet": sheet,
        "qr": Markup(picture),  # noqa: S704  drawn by segno from our own address
    }
