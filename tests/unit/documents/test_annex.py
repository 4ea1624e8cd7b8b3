from dataclasses import replace

import pytest

from portal.documents.annex import COLUMNS, draw_annex

from .reading import MM, pages, plain_text, runs
from .samples import entry, record

HEADINGS = [column.heading for column in COLUMNS]


def test_the_columns_fill_a_landscape_sheet_between_its_margins() -> None:
    assert sum(column.width for column in COLUMNS) == pytest.approx(297 - 31 - 16)


def test_every_sheet_is_landscape_inside_the_margins_and_repeats_the_headings() -> None:
    drawn = draw_annex(record(60))
    sheets = pages(drawn.pdf)
    assert len(sheets) == drawn.pages > 3
    for sheet in sheets:
        assert (sheet.width / MM, sheet.height / MM) == pytest.approx((297, 210), abs=0.1)
        assert min(word.x1 for word in sheet.words) >= 30 * MM - 0.1
        assert max(word.x2 for word in sheet.words) <= sheet.width - 15 * MM + 0.1
        assert all(word in sheet.text for word in " ".join(HEADINGS).split())
        table = [word for word in sheet.words if word.y2 < sheet.height - 15 * MM and word.y1 > 18 * MM]
        assert max(word.y2 for word in table) <= sheet.height - 20 * MM + 0.1


def test_it_has_its_own_page_numbers_centred_in_the_top_margin_from_its_second_page() -> None:
    sheets = pages(draw_annex(record(60)).pdf)
    numbers = [[word for word in sheet.words if word.y2 < 20 * MM] for sheet in sheets]
    assert [[word.text for word in words] for words in numbers] == [
        [],
        *([str(at)] for at in range(2, len(sheets) + 1)),
    ]
    middle = (31 * MM + sheets[0].width - 16 * MM) / 2
    assert all((word.x1 + word.x2) / 2 == pytest.approx(middle, abs=1) for words in numbers for word in words)
    assert [f"Trang {at}/{len(sheets)}" in sheet.text for at, sheet in enumerate(sheets, 1)] == [True] * len(sheets)


def test_its_heading_follows_decree_30() -> None:
    found = {run.text: (run.size, run.font.split("-")[-1]) for run in runs(draw_annex(record(3)).pdf, 0)}
    assert found["Phụ lục"] == (14, "Bold")
    assert found["DANH SÁCH ĐỐI TƯỢNG BÀN GIAO"] == (14, "Bold")
    attached = "(Kèm theo Biên bản số 05/BB-TYT ngày 05 tháng 01 năm 2026 của Trạm Y tế xã Hát Lừu)"
    assert found[attached] == (13, "Italic")


def test_rows_are_never_split_and_none_is_lost() -> None:
    long = tuple(
        replace(entry(at), note=f"đầu{at} " + "lời ghi chú dài " * (at % 9) + f"cuối{at}") for at in range(1, 121)
    )
    sheets = pages(draw_annex(record(1, entries=long)).pdf)
    for at in range(1, 121):
        first = [number for number, sheet in enumerate(sheets) if f"đầu{at}" in sheet.text.split()]
        last = [number for number, sheet in enumerate(sheets) if f"cuối{at}" in sheet.text.split()]
        assert first == last
        assert len(first) == 1


@pytest.mark.parametrize("rows", range(10, 20))
def test_the_closing_line_stands_on_the_page_of_the_last_row(rows: int) -> None:
    sheets = pages(draw_annex(record(rows)).pdf)
    assert f"Danh sách gồm {rows} người./." in sheets[-1].text
    assert entry(rows).full_name in sheets[-1].text
    closing = [word for word in sheets[-1].words if word.text == "người./."]
    assert closing[0].y2 <= sheets[-1].height - 20 * MM


def test_a_row_taller_than_a_sheet_is_continued_and_every_word_kept() -> None:
    words = [f"từ{at}" for at in range(900)]
    drawn = draw_annex(record(1, entries=(entry(1), replace(entry(2), note=" ".join(words)), entry(3))))
    text = set(plain_text(drawn.pdf).split())
    assert [word for word in words if word not in text] == []
    assert all(word.y2 < sheet.height for sheet in pages(drawn.pdf) for word in sheet.words)


def test_a_word_wider_than_its_column_is_cut_by_letters_and_stays_in_its_column() -> None:
    drawn = draw_annex(record(1, entries=(replace(entry(1), note="W" * 100),)))
    (sheet,) = pages(drawn.pdf)
    pieces = [word for word in sheet.words if set(word.text) == {"W"}]
    assert sum(len(word.text) for word in pieces) == 100
    assert max(word.x2 for word in pieces) <= sheet.width - 15 * MM


def test_identity_numbers_are_grouped_and_faulty_ones_stay_as_recorded() -> None:
    numbers = ("015090000123", "15090000123", "0150 9000O123")
    text = plain_text(
        draw_annex(record(1, entries=tuple(replace(entry(1), id_number=it) for it in numbers))).pdf, "-layout"
    )
    assert all(shown in text for shown in ("015 090 000 123", "15090000123", "0150 9000O123"))


def test_a_correction_shows_both_values_where_both_are_given() -> None:
    changed = replace(entry(1), before="Giàng A Chư", after="Giàng A Chu")
    text = plain_text(draw_annex(record(1, entries=(changed,))).pdf, "-layout")
    assert "Từ: Giàng A Chư" in text
    assert "Thành: Giàng A Chu" in text


def test_villages_are_named_only_where_a_list_has_several() -> None:
    one = plain_text(draw_annex(record(2)).pdf)
    two = plain_text(draw_annex(record(2, entries=(entry(1), replace(entry(2), village="Thôn Pá Hu")))).pdf)
    assert "Thôn Hát 1" not in one.replace("làm sạch thôn Hát 1", "")
    assert "Thôn Pá Hu" in two
    assert "Thôn Hát 1" in two


def test_short_names_of_error_classes_are_explained_only_where_they_are_used() -> None:
    coded, worded = (replace(entry(1), classes=text) for text in ("E2, E3b", "Sai họ tên"))
    assert "E3b họ tên" in plain_text(draw_annex(record(1, entries=(coded,))).pdf)
    assert "E3b" not in plain_text(draw_annex(record(1, entries=(worded,))).pdf)


def test_numbers_inside_corrections_are_grouped_and_stay_on_one_line() -> None:
    changed = replace(entry(1), after="Số định danh: 015090000123; Họ tên: Giàng A Chu")
    assert "015 090 000 123" in plain_text(draw_annex(record(1, entries=(changed,))).pdf, "-layout")
