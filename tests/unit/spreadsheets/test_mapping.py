import unicodedata

import pytest

from portal.spreadsheets.columns import COLUMNS, match_heading, named_values
from portal.spreadsheets.mapping import find_header, unique_headings

ALIASES = {
    "ordinal": ["TT", "STT"],
    "full_name": ["Họ tên", "Họ và tên", "HỌ VÀ TÊN (*)", "Họ và tên*"],
    "birth_date": ["Ngày sinh", "NTNS", "Ngày tháng năm sinh", "Ngày sinh (dd/mm/yyyy)"],
    "sex": ["Giới", "Giới tính"],
    "id_number": [
        "Số CCCD",
        "CMND",
        "CCCD/CMND",
        "Số căn cước",
        "Số căn cước công dân",
        "Số căn cước (công dân)",
        "Số định danh",
        "Số CCCD/CMND/HC(*)",
    ],
    "phone": ["SĐT", "Điện thoại", "Số điện thoại"],
    "insurance_number": ["BHYT", "Số thẻ BHYT"],
    "group": ["Nhóm", "Nhóm ĐT", "Nhóm đối tượng"],
    "province": ["Tỉnh", "Tỉnh/TP"],
    "district": ["Huyện", "Quận/Huyện", "Huyện (kỳ trước 1/7/2025)"],
    "commune": ["Xã", "Xã/Phường"],
    "village": ["Thôn", "Thôn/Bản", "Tổ dân phố"],
    "address": ["Địa chỉ"],
}


@pytest.mark.parametrize(("name", "heading"), [(name, heading) for name, many in ALIASES.items() for heading in many])
def test_every_alias_is_known_in_any_case_and_form(name, heading):
    for text in (heading, heading.upper(), unicodedata.normalize("NFD", heading), f"  {heading}  (*)"):
        match = match_heading(text)
        assert match is not None
        assert match[0] == name


@pytest.mark.parametrize(
    "heading", ["", "Ngày cấp CCCD", "Nơi cấp CMND", "Số CCCD ngày cấp", "Họ tên mẹ", "Mũi 1", "Chủ hộ"]
)
def test_other_headings_are_not_taken_for_a_column(heading):
    assert match_heading(heading) is None


def test_our_own_headings_are_known():
    assert [match_heading(column.heading)[0] for column in COLUMNS] == [str(column.name) for column in COLUMNS]


def test_headings_are_unique_and_empty_ones_named_by_their_column():
    assert unique_headings(("Ghi chú", "", "Ghi  chú")) == ("Ghi chú", "Cột B", "Ghi chú (2)")


def test_a_row_of_persons_is_no_header():
    assert find_header([(1, ["1", "Giàng A Páo", "01/02/1990", "Nam"])]) is None


def test_a_header_below_the_twentieth_row_is_not_looked_for():
    header = ["Họ và tên", "Ngày sinh", "Giới tính"]
    assert find_header([(20, header)]) is not None
    assert find_header([(21, header)]) is None


def test_a_kept_row_gives_its_values_by_machine_name_and_the_better_heading_wins():
    assert named_values({"CMND": "1", "Số CCCD": "2", "Dân tộc": " Mông ", "Mũi 1": "x"}) == {
        "id_number": "2",
        "ethnicity": "Mông",
    }
