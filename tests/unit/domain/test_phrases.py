"""Phrases that pages, papers and messages share."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.events import READING_TAGS, EventTag
from portal.domain.phrases import act_words, count_words, grouped_digest, held_words, record_number

OF_A_LIST_OR_BATCH = [
    tag
    for tag in EventTag
    if tag.partition(":")[0]
    in {
        *("list", "entry", "handover", "batch", "file", "mapping", "trail", "record"),
        *("people", "adjustment", "extension", "clock", "number", "reading"),
    }
]


def test_no_two_acts_of_a_trail_are_told_alike() -> None:
    assert len({act_words(tag.value) for tag in OF_A_LIST_OR_BATCH}) == len(OF_A_LIST_OR_BATCH)
    assert set(OF_A_LIST_OR_BATCH) >= READING_TAGS


def test_an_act_of_a_later_release_is_shown_by_its_tag() -> None:
    assert act_words("list:folded") == "list:folded"


@pytest.mark.parametrize(
    ("number", "words"), [(1, "01/BB-TYT"), (9, "09/BB-TYT"), (10, "10/BB-TYT"), (123, "123/BB-TYT")]
)
def test_numbers_below_ten_bear_a_leading_zero(number: int, words: str) -> None:
    assert record_number(number, "BB-TYT") == words


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
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert held_words(start, start + timedelta(minutes=minutes)) == words
