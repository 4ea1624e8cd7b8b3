from datetime import UTC, datetime, timedelta

import pytest

from portal.documents.wording import (
    count_words,
    date_words,
    grouped_digest,
    grouped_id,
    held_words,
    number_text,
    sentence_list,
    short_time,
    time_words,
)

from .samples import VIETNAM


@pytest.mark.parametrize(
    ("number", "words"), [(1, "01/BB-TYT"), (9, "09/BB-TYT"), (10, "10/BB-TYT"), (123, "123/BB-TYT")]
)
def test_numbers_below_ten_bear_a_leading_zero(number: int, words: str) -> None:
    assert number_text(number, "BB-TYT") == words


@pytest.mark.parametrize(
    ("year", "month", "day", "words"),
    [
        (2026, 1, 5, "ngày 05 tháng 01 năm 2026"),
        (2026, 2, 28, "ngày 28 tháng 02 năm 2026"),
        (2026, 3, 9, "ngày 09 tháng 3 năm 2026"),
        (2026, 10, 31, "ngày 31 tháng 10 năm 2026"),
        (2026, 12, 10, "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_only_days_below_ten_and_the_months_one_and_two_bear_a_leading_zero(year, month, day, words) -> None:
    assert date_words(datetime(year, month, day, 8, tzinfo=VIETNAM)) == words


def test_times_are_told_in_vietnams_zone_also_across_midnight() -> None:
    late = datetime(2026, 1, 4, 17, 5, tzinfo=UTC)
    assert (time_words(late), date_words(late)) == ("00 giờ 05 phút", "ngày 05 tháng 01 năm 2026")
    assert short_time(late) == "05/01/2026 00:05"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        date_words(datetime(2026, 1, 5, 8))  # noqa: DTZ001 - the very fault


def test_only_numbers_of_twelve_digits_are_grouped_and_faults_stay_as_they_are() -> None:
    assert grouped_id("015090000123") == "015 090 000 123"
    for text in ("15090000123", "01509000012A", "", "015 090 000 123", "０15090000123"):
        assert grouped_id(text) == text


def test_a_digest_is_grouped_by_eight_without_losing_a_digit() -> None:
    digest = "0123456789abcdef" * 4
    assert grouped_digest(digest).replace(" ", "") == digest
    assert {len(group) for group in grouped_digest(digest).split()} == {8}


def test_thousands_are_parted_by_a_full_stop() -> None:
    assert [count_words(count) for count in (0, 999, 1000, 1234567)] == ["0", "999", "1.000", "1.234.567"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 phút"),
        (59, "59 phút"),
        (60, "1 giờ 0 phút"),
        (365, "6 giờ 5 phút"),
        (1440, "1 ngày"),
        (1500, "1 ngày 1 giờ"),
    ],
)
def test_holding_times_are_told_in_the_largest_units(minutes: int, words: str) -> None:
    start = datetime(2026, 1, 5, 8, tzinfo=VIETNAM)
    assert held_words(start, start + timedelta(minutes=minutes)) == words


def test_each_basis_ends_with_a_semicolon_and_the_last_with_a_full_stop() -> None:
    assert sentence_list(("Căn cứ A;", "Căn cứ B.", "Căn cứ C")) == ("Căn cứ A;", "Căn cứ B;", "Căn cứ C.")
    assert sentence_list(()) == ()
