from datetime import UTC, datetime

import pytest

from portal.documents.wording import date_words, sentence_list, short_time, time_words

from .samples import VIETNAM


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
    with pytest.raises(ValueError, match="zone"):
        date_words(datetime(2026, 1, 5, 8))  # noqa: DTZ001 - the very fault


def test_each_basis_ends_with_a_semicolon_and_the_last_with_a_full_stop() -> None:
    assert sentence_list(("Căn cứ A;", "Căn cứ B.", "Căn cứ C")) == ("Căn cứ A;", "Căn cứ B;", "Căn cứ C.")
    assert sentence_list(()) == ()
