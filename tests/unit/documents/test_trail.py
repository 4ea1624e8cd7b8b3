from dataclasses import replace

import pytest

from portal.documents.content import Change
from portal.documents.trail import COLUMNS, draw_trail

from .reading import MM, font_family, fonts, pages, plain_text, run_tool
from .samples import trail


def test_pages_are_numbered_through_from_the_first_to_the_last() -> None:
    sheets = pages(draw_trail(trail(60)))
    assert len(sheets) > 3
    for number, sheet in enumerate(sheets, 1):
        top = [word.text for word in sheet.words if word.y2 < 20 * MM]
        assert top == ([] if number == 1 else [str(number)])
        assert f"Trang {number}/{len(sheets)}" in sheet.text
        assert "Mã xuất BK7M-4RQX: Mùa Thị Sua" in sheet.text
        assert (sheet.width / MM, sheet.height / MM) == pytest.approx((210, 297), abs=0.1)


def test_the_columns_of_events_fill_the_sheet_between_its_margins() -> None:
    assert sum(column.width for column in COLUMNS) == pytest.approx(210 - 31 - 16)


def test_route_records_and_events_are_told_in_words() -> None:
    text = " ".join(plain_text(draw_trail(trail(3)), "-layout").split())
    for words in (
        "6 giờ 5 phút",
        "đang giữ",
        "6 ngày 1 giờ",
        "3 chữ ký hợp lệ",
        "chưa ký xong",
        "05/BB-TYT",
        "IV. Sự kiện (3)",
    ):
        assert words in text


def test_changes_are_told_from_what_to_what() -> None:
    event = trail(1).events[0]
    changes = (Change("Ngày sinh", "1990", "05/01/1990"), Change("Số", "", "015"), Change("Ghi chú", "cũ", ""))
    text = " ".join(plain_text(draw_trail(trail(1, events=(replace(event, changes=changes),)))).split())
    assert "Ngày sinh: từ “1990” thành “05/01/1990”" in text
    assert "Số: ghi “015”" in text
    assert "Ghi chú: bỏ “cũ”" in text


def test_the_file_is_sound_with_our_fonts_alone_and_the_same_each_time() -> None:
    pdf = draw_trail(trail(60))
    assert "No syntax or stream encoding errors" in run_tool(pdf, "qpdf", "--check", "{}")
    assert {font_family(row) for row in fonts(pdf)} == {"LiberationSerif"}
    assert draw_trail(trail(60)) == pdf


def test_a_trail_without_route_records_and_events_says_so() -> None:
    text = plain_text(draw_trail(trail(0, route=(), records=())))
    for words in ("Danh sách chưa được bàn giao.", "Chưa có biên bản nào.", "Chưa có sự kiện nào."):
        assert words in text


def test_a_letter_the_font_lacks_is_shown_by_its_code_and_does_not_stop_the_report() -> None:
    event = replace(trail(1).events[0], act="Ghi chú 中")
    assert "Ghi chú [U+4E2D]" in plain_text(draw_trail(trail(1, events=(event,))))


def test_no_event_of_a_long_trail_is_lost() -> None:
    text = plain_text(draw_trail(trail(400)))
    assert [at for at in range(1, 401) if at % 3 and f"Dòng {at}, ngày sinh" not in text] == []


def test_every_sheet_keeps_its_margins() -> None:
    for sheet in pages(draw_trail(trail(30))):
        assert min(word.x1 for word in sheet.words) >= 30 * MM
        assert max(word.x2 for word in sheet.words) <= sheet.width - 15 * MM


def test_an_english_reader_gets_the_papers_words_in_english_and_the_names_as_they_are() -> None:
    text = " ".join(plain_text(draw_trail(trail(3), "en"), "-layout").split())
    for words in (
        "I. General",
        "II. Route of the list",
        "III. Records",
        "IV. Events (3)",
        "6 hours 5",
        "still held",
    ):
        assert words in text
    for words in ("Page 1/", "Done by", "What was done", "Mùa Thị Sua"):
        assert words in text
    for words in ("Đường đi", "Thời gian", "Trang 1/", "Người thực hiện", "người in"):
        assert words not in text
