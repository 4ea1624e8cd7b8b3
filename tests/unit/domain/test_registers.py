"""Rows of registers: what is kept of what was typed, what is wrong beside which column, which heading is which."""

from datetime import date

import pytest

from portal.domain.registers import COLUMNS, MOST_LETTERS, RegisterKind, columns_found, examine_row

DAY = date(2022, 1, 15)
SITE = {"site": "Trạm Y tế xã thử", "address": "Bản thử", "capacity": "120"}
RESIDENT = {"name": "Vàng Thị Thử", "birth": "02/09/1950"}


def as_it_is(template: str) -> str:
    return template


@pytest.mark.parametrize(("typed", "kept"), [("0", "0"), ("120", "120"), ("1.200", "1200"), ("12 000", "12000")])
def test_a_count_is_a_whole_number_with_or_without_its_thousands_apart(typed: str, kept: str) -> None:
    values, wrong = examine_row(RegisterKind.SITES, {**SITE, "capacity": typed}, DAY)
    assert (values["capacity"], wrong) == (kept, {})


@pytest.mark.parametrize("typed", ["1.5", "1,5", "-3", "nhiều", "12.34", "²", "12345678"])
def test_what_is_no_count_is_told_and_never_becomes_another_number(typed: str) -> None:
    values, wrong = examine_row(RegisterKind.SITES, {**SITE, "capacity": typed}, DAY)
    assert values["capacity"] == typed
    assert list(wrong) == ["capacity"]


@pytest.mark.parametrize("kind", RegisterKind)
def test_every_column_that_must_be_filled_says_so(kind: RegisterKind) -> None:
    _values, wrong = examine_row(kind, {}, DAY)
    assert list(wrong) == [each.key for each in COLUMNS[kind] if each.required]


def test_a_resident_may_have_a_year_alone_but_is_not_born_after_the_registers_day() -> None:
    assert examine_row(RegisterKind.RESIDENTS, {**RESIDENT, "birth": "1950"}, DAY)[1] == {}
    assert list(examine_row(RegisterKind.RESIDENTS, {**RESIDENT, "birth": "16/01/2022"}, DAY)[1]) == ["birth"]


def test_sex_phone_and_length_are_checked() -> None:
    assert examine_row(RegisterKind.RESIDENTS, {**RESIDENT, "sex": "Nu"}, DAY)[0]["sex"] == "nữ"
    assert list(examine_row(RegisterKind.RESIDENTS, {**RESIDENT, "sex": "1"}, DAY)[1]) == ["sex"]
    assert list(examine_row(RegisterKind.SITES, {**SITE, "phone": "12"}, DAY)[1]) == ["phone"]
    assert list(examine_row(RegisterKind.SITES, {**SITE, "note": "a" * (MOST_LETTERS + 1)}, DAY)[1]) == ["note"]


def test_headings_are_found_as_offices_write_them() -> None:
    found = columns_found(RegisterKind.RESIDENTS, ["STT", "HỌ TÊN", "Năm sinh", "giới", "Thôn/Bản"], as_it_is)
    assert found == {"name": 1, "birth": 2, "sex": 3, "village": 4}


def test_no_register_has_a_column_for_an_identity_number() -> None:
    words = [str(column.words).casefold() for columns in COLUMNS.values() for column in columns]
    assert not [each for each in words if "định danh" in each or "cccd" in each or "cmnd" in each]
