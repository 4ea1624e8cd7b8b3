"""Where two values differ, and how."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.differences import DIFFERENCE_LABELS, DifferenceKind, Part, difference_kind, differences, spaced


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


def test_exchanged_digits_are_marked_in_their_places_and_written_in_threes() -> None:
    parts = spaced(differences("015185001243", "015185001423"))
    assert [(part.old, part.new, part.changed) for part in parts] == [
        ("015 185 001 ", "015 185 001 ", False),
        ("24", "42", True),
        ("3", "3", False),
    ]


def test_only_numbers_of_twelve_digits_are_written_in_threes() -> None:
    parts = spaced(differences("15185001243", "015185001243"))
    assert "".join(part.old for part in parts) == "15185001243"
    assert "".join(part.new for part in parts) == "015 185 001 243"


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert not any(part.changed for part in differences("Hòa", "Hòa"))


@given(st.text("abcàđ 01", max_size=20), st.text("abcàđ 01", max_size=20))
def test_the_parts_give_both_texts_back(old: str, new: str) -> None:
    parts = differences(old, new)
    assert "".join(part.old for part in parts) == old
    assert "".join(part.new for part in parts) == new


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Hoà", "Hoà", DifferenceKind.SAME),
        ("Lò Văn D", "LÒ  VĂN D", DifferenceKind.TYPING),
        ("Hoà", "Hòa", DifferenceKind.TONE_PLACE),
        ("Thuý", "THÚY", DifferenceKind.TONE_PLACE),
        ("Sùng Thị Mỷ", "Sung Thi My", DifferenceKind.TONE),
        ("Giàng A Chu", "Giàng A Chù", DifferenceKind.TONE),
        ("Hoà Đức", "Hòa Đưc", DifferenceKind.TONE),
        ("Đoàn", "Doãn", DifferenceKind.MARKS),
        ("Đinh Văn Hoà", "Dinh Văn Hòa", DifferenceKind.D_STROKE),
        ("Nguyễn Văn An", "Nguyễn An Văn", DifferenceKind.WORD_ORDER),
        ("Nguyễn Thị Thu Hà", "Nguyễn Thị Hà", DifferenceKind.WORDS_MISSING),
        ("Sùng Thị Mỷ", "Sùng Thị Dợ", DifferenceKind.GIVEN_NAME),
        ("015185001243", "015185001423", DifferenceKind.SWAPPED_DIGITS),
        ("015090001234", "015900001234", DifferenceKind.SWAPPED_DIGITS),
        ("Vàng A Mua", "Vàng A Mau", DifferenceKind.SWAPPED_LETTERS),
        ("15090001234", "015090001234", DifferenceKind.DIGITS_MISSING),
        ("0150900012340", "015090001234", DifferenceKind.DIGITS_MISSING),
        ("015090001234", "015090001239", DifferenceKind.ONE_DIGIT),
        ("015090001234", "026190004321", DifferenceKind.DIFFERENT),
        ("12/03/1990", "03/12/1990", DifferenceKind.DAY_AND_MONTH),
        ("01/02/1985", "01/02/1986", DifferenceKind.ONE_DIGIT),
        ("1985", "01/02/1985", DifferenceKind.DIFFERENT),
        ("Giàng A Páo", "Giàng A Pó", DifferenceKind.ONE_LETTER),
        ("Giàng A Páo", "Sùng Thị Mỷ", DifferenceKind.DIFFERENT),
        ("nam", "nữ", DifferenceKind.DIFFERENT),
        ("060012345", "015090001234", DifferenceKind.DIFFERENT),
    ],
)
def test_a_difference_is_named_by_its_smallest_explanation(one: str, other: str, kind: DifferenceKind) -> None:
    assert difference_kind(one, other) is kind
    assert difference_kind(other, one) is kind
    assert DIFFERENCE_LABELS[kind]


@given(st.text("abcàđ01/ ", max_size=12), st.text("abcàđ01/ ", max_size=12))
def test_only_equal_values_are_called_the_same_and_the_order_never_matters(one: str, other: str) -> None:
    kind = difference_kind(one, other)
    assert kind is difference_kind(other, one)
    assert (kind is DifferenceKind.SAME) == (one.split() == other.split())


def test_two_other_words_are_marked_whole():
    assert differences("nam", "nữ") == [Part("nam", "nữ", changed=True)]
    assert len(differences("Mai", "Mải")) > 1
