"""Where two values differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.differences import differences


def test_only_the_changed_letters_are_marked() -> None:
    parts = differences("Giàng A Chu", "Giàng A Chù")
    assert [(part.old, part.new, part.changed) for part in parts] == [
        ("Giàng A Ch", "Giàng A Ch", False),
        ("u", "ù", True),
    ]


@pytest.mark.parametrize(("old", "new"), [("", "015185001243"), ("015185001423", ""), ("a", "a")])
def test_an_empty_side_is_a_change_of_the_whole(old: str, new: str) -> None:
    parts = differences(old, new)
    assert "".join(part.old for part in parts) == old
    assert "".join(part.new for part in parts) == new


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert not any(part.changed for part in differences("Hòa", "Hòa"))


@given(st.text("abcàđ 01", max_size=20), st.text("abcàđ 01", max_size=20))
def test_the_parts_give_both_texts_back(old: str, new: str) -> None:
    parts = differences(old, new)
    assert "".join(part.old for part in parts) == old
    assert "".join(part.new for part in parts) == new
