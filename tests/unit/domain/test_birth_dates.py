from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.birth_dates import BirthDate, examine_birth_date, parse_birth_date

TODAY = date(2026, 11, 20)


def examined(text):
    return examine_birth_date(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "05/06/1990",
        "5/6/1990",
        "05-06-1990",
        "5.6.1990",
        "05061990",
        " 5 / 6 / 1990 ",
        "1990-06-05",
        "05/06/1990 00:00:00",
    ],
)
def test_a_date_is_read_day_first_whatever_the_separator(text):
    assert examined(text).value == "05/06/1990"
    assert examined(text).findings == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31/02/1990", "birth_impossible"),
        ("29/02/1990", "birth_impossible"),
        ("00/00/1985", "birth_impossible"),
        ("05/25/1990", "birth_impossible"),
        ("21/11/2026", "birth_future"),
        ("01/01/1905", "birth_too_old"),
        ("12/5/85", "birth_short_year"),
        ("mùng 5 tháng 6", "birth_unreadable"),
        ("05/1990", "birth_unreadable"),
        ("", "birth_missing"),
    ],
)
def test_what_cannot_be_is_listed_and_left_as_typed(text, code):
    assert [finding.code for finding in examined(text).findings] == [code]
    assert examined(text).value == text
    assert examined(text).suggestion == ""


@pytest.mark.parametrize("text", ["1985", "năm 1985", "chỉ năm 1985"])
def test_a_year_alone_is_kept_as_a_year(text):
    assert examined(text).value == "1985"
    assert [finding.code for finding in examined(text).findings] == ["birth_year_only"]


def test_a_month_beyond_twelve_states_the_day_first_rule():
    assert "tháng 25" in examined("05/25/1990").findings[0].message


def test_a_serial_number_and_a_lost_zero_are_suggestions():
    assert examined("32959").suggestion == "27/03/1990"
    assert examined("5061990").suggestion == "05/06/1990"
    assert examined("5061990").value == "5061990"


@given(st.dates(min_value=date(1910, 1, 1), max_value=TODAY))
def test_every_real_date_survives_reading_and_writing(day):
    text = f"{day.day}/{day.month}/{day.year}"
    assert parse_birth_date(text) == BirthDate(day.year, day.month, day.day)
    assert examined(str(parse_birth_date(text))).findings == ()
