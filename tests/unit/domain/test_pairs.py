"""What two entries are to each other: kinds, weights, the order of the two, who decides."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.fields import Person
from portal.domain.pair_decisions import PairVerdict, decision
from portal.domain.pairs import BLOCKING_KEYS, PairKind, judge, traits_of

NUMBER = "015079991001"
LO = Person(NUMBER, "Lò Văn Thưởng", "03/04/1979", "nam")


def apart(one: str, other: str) -> int:
    """Roughly the library's distance; the rules do not care whose arithmetic it is."""
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for tag, a, b, c, d in steps if tag != "equal")


def kind(one: Person, other: Person) -> PairKind | None:
    found = judge(traits_of(one), traits_of(other), apart)
    return found.kind if found else None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Person(NUMBER, "Lò Văn Thưởng", "03/04/1979", "nam"), PairKind.ONE_TWICE),
        (Person(NUMBER, "LO VAN THUONG", "1979", ""), PairKind.ONE_TWICE),
        (Person(NUMBER, "Giàng Thị Mỷ", "01/01/1990", "nữ"), PairKind.SHARED_NUMBER),
        (Person("001060991999", "Lò Văn Thưởng", "03/04/1979", "nam"), PairKind.TWO_NUMBERS),
        (Person("061234567", "Lò Văn Thưởng", "03/04/1979", "nam"), PairKind.TWO_NUMBERS),
        (Person("", "Lò Văn Thường", "03/04/1979", "nam"), PairKind.LIKELY),
        (Person("", "Lò Văn Thưởng", "04/03/1979", "nam"), PairKind.LIKELY),
        (Person("", "Lò Thưởng", "03/04/1979", "nam"), PairKind.LIKELY),
        (Person("", "Lò Văn Inh", "03/04/1979", "nam"), None),
        (Person("", "Lò Văn Thưởng", "09/12/1979", "nam"), None),
        (Person("", "Lò Văn Thưởng", "03/04/1954", "nam"), None),
        (Person("", "", "", ""), None),
    ],
)
def test_kinds(other: Person, expected: PairKind | None) -> None:
    assert kind(LO, other) is expected
    assert kind(other, LO) is expected


def test_two_persons_under_one_number_always_need_two_reviewers() -> None:
    found = judge(traits_of(LO), traits_of(Person(NUMBER, "Giàng Thị Mỷ", "01/01/1990", "nữ")), apart)
    assert found is not None
    assert found.is_hard


_texts = st.text(alphabet="abcăâđêôơưàáảãạ ABCĐ", max_size=20)
_persons = st.builds(
    Person,
    st.sampled_from(["", "015079991001", "015079991002", "061234567"]),
    _texts,
    st.sampled_from(["", "1979", "03/04/1979", "04/03/1979", "03/04/1980"]),
    st.sampled_from(["", "nam", "nữ"]),
    st.sampled_from(["", "0999990001"]),
)


@given(_persons, _persons)
def test_the_order_of_the_two_does_not_matter_and_weights_add_up(one: Person, other: Person) -> None:
    left, right = traits_of(one), traits_of(other)
    found, turned = judge(left, right, apart), judge(right, left, apart)
    assert (found and (found.kind, found.weight)) == (turned and (turned.kind, turned.weight))
    if found:
        assert found.weight == pytest.approx(sum(each.weight for each in found.evidence))


@given(_persons)
def test_a_record_shares_every_key_with_itself_and_empty_fields_make_none(person: Person) -> None:
    keys = [key_of(traits_of(person)) for key_of in BLOCKING_KEYS]
    assert keys == [key_of(traits_of(person)) for key_of in BLOCKING_KEYS]
    assert not any(key_of(traits_of(Person())) for key_of in BLOCKING_KEYS)


SAME, DIFFERENT = PairVerdict.SAME, PairVerdict.DIFFERENT


@pytest.mark.parametrize(
    ("opinions", "is_hard", "expected"),
    [
        ([], False, None),
        ([SAME], False, SAME),
        ([SAME], True, None),
        ([SAME, SAME], True, SAME),
        ([SAME, DIFFERENT], True, None),
        ([SAME, DIFFERENT, DIFFERENT], True, DIFFERENT),
    ],
)
def test_who_decides(opinions: list[PairVerdict], is_hard: bool, expected: PairVerdict | None) -> None:
    assert decision(opinions, is_hard=is_hard) is expected
