"""Phiếu rà soát: whole rows, a code to each sheet that names nobody, black on white, our font alone."""

import re
import subprocess
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from portal.clock import VIETNAM
from portal.documents.review_sheet import MOST_SHEETS, ReviewSheets, Sheet, SheetRow, draw_review_sheets
from portal.domain.sheet_codes import grouped_code, with_check
from portal.domain.sheet_rows import REASON_MARKS, ROWS

PEOPLE = 20


def sheets(people: int = PEOPLE) -> ReviewSheets:
    rows = tuple(
        SheetRow(number, f"Vàng Thị Mỷ {number}", "01/02/1985", "nữ", f"015185…{number:03d}")
        for number in range(1, people + 1)
    )
    codes = [with_check("BK7M4RQ"), with_check("3333334")]
    return ReviewSheets(
        "2026-11/02", "2026-11/02-03", "Bản Lừu 1", 1, 3, 1, True, "17:00 01/12/2026",
        tuple(
            Sheet(grouped_code(codes[at % 2]), f"https://cong.vn/sheets/{codes[at % 2]}", "", rows[first : first + ROWS])
            for at, first in enumerate(range(0, people, ROWS))
        ),
        datetime(2026, 11, 25, 9, 5, tzinfo=VIETNAM), "Lò Thị Phượng", test_data=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheet") / "phieu.pdf"
    path.write_bytes(draw_review_sheets(sheets()))
    return path


def text_of(path: Path, page: int) -> str:
    asked = ["pdftotext", "-layout", "-f", str(page), "-l", str(page), str(path), "-"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def test_each_sheet_has_its_head_its_rows_and_its_foot(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) == 3
        for page in pdf.pages:
            assert float(page.mediabox[2]) > float(page.mediabox[3]), "A4 landscape"
    for number in (1, 2, 3):
        text = text_of(file, number)
        assert f"Tờ {number}/3" in text
        assert f"Trang {number}/3" in text
        assert "bản v3" in text
        assert "in lúc 25/11/2026 09:05, người in: Lò Thị Phượng" in text
        assert "Họ và tên đang ghi" in text
        shown = [int(one) for one in re.findall(r"Mỷ (\d+)", " ".join(text.split()))]
        assert shown == list(range((number - 1) * ROWS + 1, min(number * ROWS, PEOPLE) + 1))


def boxes(path: Path) -> list[tuple[float, float]]:
    """Width and height in mm of every drawn rectangle's outside on the first page, as poppler's SVG has them."""
    svg = path.with_suffix(".svg")
    subprocess.run(["pdftocairo", "-svg", "-f", "1", "-l", "1", str(path), str(svg)], check=True)
    found = []
    for drawn in re.findall(r' d="([^"]+)"', svg.read_text()):
        points = [(float(x), float(y)) for x, y in re.findall(r"[ML] ([\d.]+) ([\d.]+)", drawn)]
        if len(points) >= 4:
            wide, high = (max(axis) - min(axis) for axis in zip(*points, strict=True))
            found.append((wide * 25.4 / 72, high * 25.4 / 72))
    return found


def test_the_boxes_are_as_large_as_a_ball_pen_needs(file: Path) -> None:
    """12 digits, 8 digits of a date, two sexes, «Đúng» and the reasons: 5,5 × 6 mm each, on every row."""
    whole = [box for box in boxes(file) if abs(box[0] - 5.5) < 0.15 and abs(box[1] - 6.0) < 0.15]
    assert len(whole) >= ROWS * (12 + 8 + 2 + 1 + len(REASON_MARKS)), len(whole)


def test_the_sheet_bears_its_code_and_the_qr_no_person(file: Path) -> None:
    assert grouped_code(with_check("3333334")) in text_of(file, 2)
    assert sheets().sheets[0].address == f"https://cong.vn/sheets/{with_check('BK7M4RQ')}"


def test_the_papers_own_font_is_the_only_one_and_nothing_is_tinted(file: Path) -> None:
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout
    assert {line.split()[0].split("+")[1].split("-")[0] for line in fonts.splitlines()[2:]} == {"LiberationSerif2"}
    with pikepdf.open(file) as pdf:
        painted = pdf.pages[0].Contents.read_bytes()
    colours = {tuple(float(n) for n in found) for found in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg\b", painted)}
    assert all(len(set(colour)) == 1 for colour in colours), "grey, black or white only"


def test_a_long_list_is_printed_in_several_files() -> None:
    people = MOST_SHEETS * ROWS + 1
    with pikepdf.open(BytesIO(draw_review_sheets(sheets(people), part=2))) as pdf:
        assert len(pdf.pages) == 1
