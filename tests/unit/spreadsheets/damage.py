"""Makes damaged workbooks by the hundred: one sound export, damaged in its cells, its XML or its bytes."""

import random
import zipfile
from collections.abc import Iterator
from io import BytesIO

from tests.excel_files import HEADINGS, good_rows, raw, sheet_rows

TEXTS = (
    "", " ", "\u00a0", "-", "x", "không có", "0", "1", "TRUE", "#REF!", "#N/A", "1,5E+11", "1.5E+11", "15090001234",
    "015090001234", "015 090 001 234", "O15090001234", "060123456", "000000000000", "0150900012345", "C1234567",
    "31/02/1990", "05/25/1990", "00/00/1985", "1985", "32905", "1/2/90", "29/02/2000", "1990-02-01", "Nam", "N÷", "Nu",
    "NguyÔn V¨n A", "Nguyeãn Vaên A", "NguyÃªn", "Giàng A Páo", "GIÀNG A PÁO", "Gia\u0300ng", "Páo 2", "A" * 300,
    "=1+1", "=cmd|'/c calc'!A0", "+84912345678", "@x", "&lt;script&gt;", "&#xFFFD;", "𝒩ame", "😀", "\u202eA", "Ô\u0301",
    "Thôn Km 17", "dòng\nhai", "\t", "'015090001234", "NaN", "inf", "1e999", "-0", "９９９",
)  # fmt: skip


def damaged_files(count: int, *, seed: int) -> Iterator[tuple[str, bytes, int | None]]:
    """So many files: what was done, the bytes, and how many rows hold a value (None where bytes or XML are damaged)."""
    chance = random.Random(seed)
    for number in range(count):
        kind = (_cells, _cells, _xml, _bytes)[number % 4]
        what, content, rows = kind(chance)
        yield f"{number} {what}", content, rows


def _cells(chance: random.Random) -> tuple[str, bytes, int | None]:
    """A sheet of texts drawn at random under sound or damaged headings."""
    headings = [heading if chance.random() < 0.9 else chance.choice(TEXTS) for heading in HEADINGS]
    headings[1] = HEADINGS[1]
    rows = [[chance.choice(TEXTS) for _ in headings] for _ in range(chance.randrange(1, 9))]
    # The first row is sound, so that no first row is taken for one that numbers the columns.
    rows.insert(0, ["1", "Giàng A Páo", "01/02/1990", "Nam", "015090001234", "", "Km 17"])
    filled = sum(any(text.strip() for text in row) for row in rows)
    return "cells", _packed(sheet_rows(headings, *rows)), filled


def _xml(chance: random.Random) -> tuple[str, bytes, int | None]:
    """The sheet's XML with one thing cut out, doubled or put in."""
    content = good_rows()
    at, end = sorted((chance.randrange(len(content)), chance.randrange(len(content))))
    end = min(end, at + 60)
    put = chance.choice(
        ("", "<", "&", "\x00", "</row>", '<c r="A2"/>', '<c r="ZZZ9"><v>1</v></c>', "<f>A1|B!</f>", "]]>")
    )
    return f"xml {at}-{end} {put!r}", _packed(content[:at] + put + content[chance.choice((at, end)) :]), None


def _bytes(chance: random.Random) -> tuple[str, bytes, int | None]:
    """The packed file cut, padded, or with a few bytes turned over."""
    content = bytearray(_packed(good_rows(), compression=chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))))
    kind = chance.choice(("cut", "padded", "turned", "turned"))
    if kind == "cut":
        return "cut", bytes(content[: chance.randrange(len(content))]), None
    if kind == "padded":
        return "padded", bytes(content) + chance.randbytes(50), None
    for _ in range(chance.randrange(1, 12)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return "turned", bytes(content), None


def _packed(rows: str, **options: int) -> bytes:
    buffer = BytesIO()
    raw(buffer, rows, **options)  # type: ignore[arg-type]  zipfile takes a file too
    return buffer.getvalue()
