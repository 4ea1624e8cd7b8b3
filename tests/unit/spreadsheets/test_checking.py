import json
import unicodedata
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.fields import Person
from portal.spreadsheets.checking import check_workbook
from portal.spreadsheets.results import ColumnMapping
from tests import excel_files
from tests.excel_files import HEADINGS, PERSON, SECOND

TODAY = date(2026, 11, 20)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ds.xlsx"


def checked(path, **options):
    result = check_workbook(path, today=TODAY, **options)
    assert result.rows == result.accepted + result.parked == len(result.entries)
    return result


def codes(findings):
    return [finding.code for finding in findings]


def test_a_good_file_is_read_row_by_row(path):
    result = checked(excel_files.workbook(path, PERSON, SECOND, titles=("DANH SÁCH",)))
    assert result.refused is None
    assert (result.rows, result.header_row, result.sheet, result.findings) == (2, 2, "DS", ())
    first = result.entries[0]
    assert (first.row, first.status, first.village) == (3, "accepted", "Thôn Km 17")
    assert first.person == Person("015090001234", "Giàng A Páo", "01/02/1990", "Nam", "0912345678")
    assert first.cleaned.sex == "nam"
    assert first.raw == dict(zip(HEADINGS, PERSON, strict=True))


def test_x10_the_header_is_found_below_titles_over_two_rows_and_a_numbering_row(path):
    result = checked(excel_files.with_titles_and_merged_cells(path))
    assert result.header_row == 5
    assert [entry.row for entry in result.entries] == [8]
    assert result.entries[0].cleaned.id_number == "015090001234"
    assert result.entries[0].village == "Thôn Km 17"
    assert codes(result.findings) == ["numbering_row"]


def test_x11_a_moved_column_is_found_and_a_missing_or_double_one_named(path):
    headings = ("Họ tên", "Số CCCD", "CMND", "NTNS")
    result = checked(
        excel_files.workbook(path, ("Giàng A Páo", "015090001234", "060123456", "1990"), headings=headings)
    )
    assert codes(result.findings) == ["column_missing", "column_twice"]
    assert "Giới tính" in result.findings[0].message
    assert "«CMND»" in result.findings[1].message
    assert result.entries[0].cleaned.id_number == "015090001234"
    assert result.entries[0].classes == ()


def test_x11_a_renamed_name_column_is_asked_for_and_then_mapped(path):
    headings = ("Người được nhập", *HEADINGS[2:])
    excel_files.workbook(path, PERSON[1:], headings=headings)
    refused = checked(path)
    assert refused.refused.code == "column_missing"
    assert refused.headings == headings
    mapping = ColumnMapping({**refused.mapping.columns, "full_name": "Người được nhập"})
    remembered = ColumnMapping.from_dict(json.loads(json.dumps(mapping.to_dict())))
    result = checked(path, mapping=remembered)
    assert result.entries[0].person.full_name == "Giàng A Páo"
    assert result.mapping == mapping


def test_x11_a_mapping_whose_heading_is_gone_is_told_and_the_alias_taken(path):
    excel_files.workbook(path, PERSON)
    result = checked(path, mapping=ColumnMapping({"full_name": "Tên cũ", "id_number": "Số CCCD/CMND"}))
    assert "column_lost" in codes(result.findings)
    assert result.entries[0].person.full_name == "Giàng A Páo"
    assert result.entries[0].person.phone == ""


def test_no_header_is_refused_with_the_first_rows_to_choose_from(path):
    result = checked(excel_files.workbook(path, ("a", "b"), headings=("x", "y")))
    assert result.refused.code == "no_header"
    assert result.head == (("x", "y"), ("a", "b"))


def test_x12_hidden_rows_columns_and_sheets_are_read_and_reported(path):
    result = checked(excel_files.with_hidden_parts(path))
    assert result.rows == 2
    assert [code for code in codes(result.findings) if code.startswith("hidden")] == [
        "hidden_rows",
        "hidden_columns",
        "hidden_sheet",
    ]
    assert "1 dòng ẩn (3)" in result.findings[0].message
    assert "F «Số điện thoại»" in result.findings[1].message
    assert "«Cũ» (2 dòng)" in result.findings[2].message
    assert result.entries[1].person.phone == "0987654321"


def test_x13_of_three_sheets_the_longest_list_is_read_and_another_may_be_chosen(path):
    excel_files.with_three_sheets(path)
    result = checked(path)
    assert (result.sheet, result.rows) == ("Dài", 2)
    assert [(sheet.name, sheet.rows) for sheet in result.sheets] == [("Bìa", 1), ("Ngắn", 2), ("Dài", 2)]
    assert codes(result.findings) == ["other_sheets"]
    assert checked(path, sheet="Ngắn").rows == 1
    assert checked(path, sheet="Không có").refused.code == "sheet_missing"


def test_a_second_sheet_that_is_too_large_is_told_and_does_not_stop_the_first(path):
    excel_files.workbook(path, PERSON)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Xa")["XFD1048576"] = "x"
    book.save(path)
    result = checked(path)
    assert result.rows == 1
    assert codes(result.findings) == ["sheet_unread"]
    assert "XFD1048576" in result.findings[0].message
    assert checked(path, sheet="Xa").refused.code == "far_cell"


def test_x14_x15_numbers_typed_as_numbers_come_back_as_suggestions(path):
    rows = checked(excel_files.with_numbers_as_numbers(path)).entries
    assert [entry.suggestions.get("id_number") for entry in rows] == ["015090001234", "015192004321", None, None]
    assert [codes(entry.findings)[0] for entry in rows] == [
        "id_lost_zero",
        "id_lost_zero",
        "id_scientific",
        "id_scientific",
    ]
    assert [str(entry.classes[0]) for entry in rows] == ["E2"] * 4
    assert rows[0].suggestions["phone"] == "0912345678"
    assert rows[3].cleaned.birth_date == "1985"


@pytest.mark.parametrize("system_1904", [False, True])
def test_x21_real_dates_are_right_in_both_date_systems(path, system_1904):
    rows = checked(excel_files.with_dates(path, system_1904=system_1904)).entries
    assert [entry.person.birth_date for entry in rows] == ["27/03/1990", "05/06/1990"]


def test_x22_x23_dates_are_read_day_first_and_impossible_ones_listed(path):
    births = ("05/06/1990", "31/02/1990", "00/00/1985", "1990", "05/25/1990")
    rows = checked(excel_files.workbook(path, *[(*PERSON[:2], birth, *PERSON[3:]) for birth in births])).entries
    assert [entry.cleaned.birth_date for entry in rows] == list(births)
    assert [[str(item) for item in entry.classes] for entry in rows] == [[], ["E3"], ["E3"], [], ["E3"]]


def test_x25_decomposed_text_is_read_like_composed_text_and_shown_as_typed(path):
    entry = checked(excel_files.with_decomposed_text(path)).entries[0]
    assert entry.person.full_name == "GIÀNG A PÁO"
    assert entry.person.full_name == unicodedata.normalize("NFC", entry.person.full_name)
    assert entry.village == "Thôn Km 17"


def test_x26_names_with_characters_nobody_can_see_are_parked_and_never_dropped(path):
    names = ("Giàng\u202eA", "Páo 😀", "A" * 10_000, "", "Giàng A\nPáo")
    result = checked(excel_files.workbook(path, *[("1", name, *PERSON[2:]) for name in names]))
    assert [entry.status for entry in result.entries] == ["parked"] * 4 + ["accepted"]
    assert "name_line_break" in codes(result.entries[4].findings)


def test_x26_a_nul_written_as_an_escape_stays_visible(path):
    entry = checked(excel_files.workbook(path, ("1", "Giàng _x0000_Páo", *PERSON[2:]))).entries[0]
    assert entry.raw["Họ và tên"] == "Giàng ␀Páo"
    assert entry.status == "parked"


def test_a_file_is_read_by_its_content_whatever_its_name(tmp_path):
    stored = excel_files.workbook(tmp_path / "ds.xlsx", PERSON).rename(tmp_path / "0f3a")
    assert checked(stored).rows == 1


def test_x27_stored_values_are_used_and_missing_ones_told(path):
    result = checked(excel_files.with_formulas(path))
    assert [entry.person.full_name for entry in result.entries] == ["Giàng A Páo"] * 3
    assert codes(result.findings) == ["cell_error", "cell_uncalculated"]
    assert "E3" in result.findings[0].message
    assert [str(item) for item in result.entries[1].classes] == ["E1"]
    assert "cell_error" in codes(result.entries[1].findings)
    assert "cell_uncalculated" in codes(result.entries[2].findings)


def test_x28_texts_that_look_like_formulas_stay_texts(path):
    result = checked(excel_files.workbook(path, ("1", "@Giàng A Páo", *PERSON[2:5], "+84912345678", "-")))
    assert result.entries[0].person.phone == "+84912345678"
    assert result.entries[0].suggestions["phone"] == "0912345678"


def test_x29_the_same_number_and_the_same_person_are_told_side_by_side(path):
    again = ("3", "GIÀNG A PÁO", *PERSON[2:])
    result = checked(excel_files.workbook(path, PERSON, SECOND, again))
    assert "id_duplicate" in codes(result.entries[0].findings)
    assert "person_duplicate" in codes(result.entries[2].findings)
    assert "dòng 4" in result.entries[0].findings[0].message
    assert result.entries[1].findings == ()


def test_blank_rows_between_are_no_data_and_a_footer_is_parked(path):
    result = checked(excel_files.workbook(path, PERSON, ("",), (" ",), SECOND, ("Tổng cộng: 2",)))
    assert [(entry.row, entry.status) for entry in result.entries] == [
        (2, "accepted"),
        (5, "accepted"),
        (6, "parked"),
    ]


def test_the_village_is_taken_from_the_address_where_it_has_no_column(path):
    headings = ("Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Địa chỉ")
    row = (*PERSON[1:5], "Thôn Km 17, xã Hát Lừu, huyện Trạm Tấu")
    other = (*SECOND[1:5], "Xã Hát Lừu")
    result = checked(excel_files.workbook(path, row, other, headings=headings))
    assert [entry.village for entry in result.entries] == ["Thôn Km 17", ""]


def test_a_name_written_in_two_columns_is_joined(path):
    headings = ("Họ đệm", "Tên", "Ngày sinh", "Giới tính", "Số CCCD")
    result = checked(excel_files.workbook(path, ("Giàng A", "Páo", *PERSON[2:5]), headings=headings))
    assert result.entries[0].person.full_name == "Giàng A Páo"
    assert result.entries[0].raw["Tên"] == "Páo"


def test_a_header_without_rows_is_told_so(path):
    result = checked(excel_files.workbook(path))
    assert result.refused.code == "no_rows"


def test_cleaned_numbers_are_counted_for_the_file(path):
    result = checked(excel_files.workbook(path, (*PERSON[:4], "015 090 001 234", *PERSON[5:])))
    assert codes(result.findings) == ["id_cleaned"]
    assert result.entries[0].person.id_number == "015 090 001 234"
    assert result.entries[0].cleaned.id_number == "015090001234"


@settings(max_examples=8, deadline=None)
@given(
    cells=st.lists(st.tuples(*[st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=12)] * 4), max_size=6)
)
def test_no_row_with_a_value_is_ever_lost(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("x") / "ds.xlsx"
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("DS")
        for row, texts in enumerate((("Họ và tên", "Ngày sinh", "Số CCCD", "Thôn"), *cells)):
            for column, text in enumerate(texts):
                page.write_string(row, column, text)
    result = checked(path)
    filled = [number for number, texts in enumerate(cells, start=2) if any(text.strip() for text in texts)]
    # The first row under the header may look like a row that numbers the columns; it is then told.
    told = "numbering_row" in codes(result.findings)
    assert [entry.row for entry in result.entries] == (filled[1:] if told else filled)
