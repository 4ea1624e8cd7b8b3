"""Numbers of people as offices write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import InvalidInput
from portal.domain.number_ranges import number_words, read_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", set()),
        ("3", {3}),
        ("1-3, 7", {1, 2, 3, 7}),
        ("1–3;5\n9 - 10", {1, 2, 3, 5, 9, 10}),
        (" , 4 ,,", {4}),
    ],
)
def test_ranges_and_single_numbers_are_read(text: str, numbers: set[int]) -> None:
    assert read_numbers(text) == numbers


@pytest.mark.parametrize("text", ["a", "1-", "-3", "5-2", "1.5", "١", "1234567", "1-99999"])
def test_what_names_nobody_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_numbers(text)
    assert "numbers" in refusal.value.fields


@given(st.sets(st.integers(1, 4000), max_size=60))
def test_what_is_written_is_read_again(numbers: set[int]) -> None:
    assert read_numbers(number_words(numbers)) == numbers
