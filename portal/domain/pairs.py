"""Two entries that may be one person: what each field says for or against it, and what kind of case it is.

The weights are logarithms (base 2) of how much oftener a likeness occurs with one person than with two, after
Fellegi and Sunter (1969): they add up, and each can be shown to the official who decides. A pair is told, never
merged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from portal.domain.fields import Field, Person
from portal.domain.identity_examination import is_filler
from portal.domain.names import comparison_key, folding_key
from portal.domain.wording import say

Distance = Callable[[str, str], int]
"""Edits between two texts (a letter more, less, other, or two exchanged); the library's part, given from above."""


class PairKind(StrEnum):
    """What a pair is about."""

    ONE_TWICE = "one_twice"
    TWO_NUMBERS = "two_numbers"
    SHARED_NUMBER = "shared_number"
    LIKELY = "likely"


PAIR_LABELS: dict[PairKind, str] = {
    PairKind.ONE_TWICE: say("Một người ghi hai lần"),
    PairKind.TWO_NUMBERS: say("Một người, hai số"),
    PairKind.SHARED_NUMBER: say("Một số, hai người"),
    PairKind.LIKELY: say("Có thể cùng một người"),
}


class Traits(NamedTuple):
    """A person as pairs are compared: the keys of the fields, computed once."""

    number: str
    name: str
    folded: str
    words: tuple[str, ...]
    date: str
    sex: str
    phone: str
    insurance: str
    commune: int = 0
    village: int = 0

    @property
    def sorted_name(self) -> str:
        """The words of the name in an order that does not depend on how they were written down."""
        return " ".join(sorted(self.words))

    @property
    def year(self) -> str:
        """The birth year; empty where none is known."""
        return self.date[-4:]


def traits_of(person: Person, *, commune: int = 0, village: int = 0) -> Traits:
    """The keys of a person's fields; `commune` and `village` are where the list belongs, 0 for unknown."""
    number = "".join(filter(str.isdigit, person.id_number))
    folded = folding_key(person.full_name)
    words = tuple(folded.split())
    return Traits(
        number="" if is_filler(number) else number,
        name=comparison_key(person.full_name),
        folded=folded,
        words=words,
        date=person.birth_date,
        sex=person.sex,
        phone=person.phone,
        insurance=person.insurance_number[-10:],
        commune=commune,
        village=village,
    )


LIKELY_FROM = 9.0
SURE_FROM = 15.0
"""Weights from which a pair is told at all, and from which one reviewer is enough."""

SHORTEST_NUMBER = 9


class Evidence(NamedTuple):
    """What one field says: its weight for (or, below zero, against) one person."""

    field: Field | None
    weight: float


@dataclass(frozen=True)
class Judgement:
    """A pair worth a person's look."""

    kind: PairKind
    weight: float
    evidence: tuple[Evidence, ...]

    @property
    def is_hard(self) -> bool:
        """Whether two reviewers have to agree: the likeness is not beyond doubt."""
        return self.kind is PairKind.SHARED_NUMBER or self.weight < SURE_FROM


def judge(one: Traits, other: Traits, distance: Distance) -> Judgement | None:
    """What the two are to each other; None where nothing is to be told. The order of the two does not matter."""
    same_number = one.number == other.number and len(one.number) >= SHORTEST_NUMBER
    found = [
        Evidence(Field.SEX, _agreement(one.sex, other.sex, 0.7, -3.0)),
        Evidence(Field.PHONE, _agreement(one.phone, other.phone, 4.0, -0.3)),
        Evidence(Field.INSURANCE_NUMBER, _agreement(one.insurance, other.insurance, 9.0, -2.0)),
        Evidence(None, _place_weight(one, other)),
        Evidence(Field.BIRTH_DATE, _date_weight(one.date, other.date, distance)),
    ]
    # Dearest last: most pairs of a block are settled before any letters are counted.
    weight = sum(each.weight for each in found)
    if not same_number and weight + _NEAR_NUMBER + _SAME_NAME < LIKELY_FROM:
        return None
    found.append(Evidence(Field.ID_NUMBER, _number_weight(one.number, other.number, distance)))
    weight += found[-1].weight
    if not same_number and weight + _SAME_NAME < LIKELY_FROM:
        return None
    found.append(Evidence(Field.FULL_NAME, _name_weight(one, other, distance)))
    weight += found[-1].weight
    if weight < LIKELY_FROM and not same_number:
        return None
    return Judgement(_kind(one, other, same_number, weight), weight, tuple(found))


def _kind(one: Traits, other: Traits, same_number: bool, weight: float) -> PairKind:
    if same_number:
        return PairKind.ONE_TWICE if weight >= LIKELY_FROM else PairKind.SHARED_NUMBER
    both = min(len(one.number), len(other.number)) >= SHORTEST_NUMBER
    return PairKind.TWO_NUMBERS if both else PairKind.LIKELY


_SAME_NAME = 6.0
_OTHER_NAME = -9.0
_NEAR_NUMBER = 4.0
_TWELVE = 12
_FULL_DATE = 10


def _agreement(one: str, other: str, same: float, different: float) -> float:
    if not one or not other:
        return 0.0
    return same if one == other else different


def _number_weight(one: str, other: str, distance: Distance) -> float:
    """A number of another length says little: the old CMND and the new number belong to one person."""
    if len(one) < SHORTEST_NUMBER or len(other) < SHORTEST_NUMBER:
        return 0.0
    if one == other:
        return 12.0 if len(one) == _TWELVE else 9.0
    if distance(one, other) == 1:
        return _NEAR_NUMBER
    return -4.5 if len(one) == len(other) == _TWELVE else -0.5


def _date_weight(one: str, other: str, distance: Distance) -> float:
    """Years alone say less than days; an exchanged day and month, or one digit, is a slip of the pen."""
    if not one or not other:
        return 0.0
    if one == other:
        return 8.0 if len(one) == _FULL_DATE else 3.0
    if len(one) != len(other):
        return 2.0 if one[-4:] == other[-4:] else -5.0
    if len(one) == _FULL_DATE and one[-4:] == other[-4:] and (one[:2], one[3:5]) == (other[3:5], other[:2]):
        return 5.0
    if len(one) == _FULL_DATE and distance(one, other) == 1:
        return 3.0
    return -3.0 if one[-4:] == other[-4:] else -6.0


def _name_weight(one: Traits, other: Traits, distance: Distance) -> float:
    if one.name == other.name:
        return _SAME_NAME
    if one.folded == other.folded:
        # Marks alone tell brothers apart as well: Anh and Ánh.
        return 4.5
    if not one.words or not other.words:
        return 0.0
    apart = distance(one.folded, other.folded)
    is_slip = apart == 1 and _is_slip(one.words, other.words, distance)
    if is_slip or sorted(one.words) == sorted(other.words):
        return 4.0
    if _lacks_a_word(one.words, other.words):
        return 3.0
    return 1.0 if apart == 2 and one.words[-1] == other.words[-1] else _OTHER_NAME


def _is_slip(one: tuple[str, ...], other: tuple[str, ...], distance: Distance) -> bool:
    """A letter in a word of three or more is a slip; in shorter words it makes another name (Hà, Hạ, La)."""
    if len(one) != len(other):
        return "".join(one) == "".join(other)
    return all(min(len(a), len(b)) >= 3 and distance(a, b) == 1 for a, b in zip(one, other, strict=True) if a != b)


def _lacks_a_word(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter name is the longer one without a middle word: family and given name the same."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) != 1 or len(shorter) < 2:
        return False
    rest = iter(longer)
    return shorter[0] == longer[0] and shorter[-1] == longer[-1] and all(word in rest for word in shorter)


def _place_weight(one: Traits, other: Traits) -> float:
    if not one.commune or not other.commune:
        return 0.0
    if one.commune != other.commune:
        return -1.5
    return 2.0 if one.village and one.village == other.village else 1.0


def _name_and_year(person: Traits) -> str:
    return f"y{person.sorted_name}{person.year}" if person.words and person.date else ""


def _name_and_day(person: Traits) -> str:
    """For a wrong year."""
    whole = person.words and len(person.date) == _FULL_DATE
    return f"m{person.sorted_name}{person.date[:5]}" if whole else ""


def _initials_and_date(person: Traits) -> str:
    """For a misspelt name; day and month in either order."""
    if not person.words or len(person.date) != _FULL_DATE:
        return ""
    day, month = sorted((person.date[:2], person.date[3:5]))
    return f"d{person.words[0][0]}{person.words[-1][0]}{day}{month}{person.year}"


def _whole_number(person: Traits) -> str:
    return f"n{person.number}" if len(person.number) >= SHORTEST_NUMBER else ""


def _number_end_and_year(person: Traits) -> str:
    """For a slip in the front part of the number."""
    known = person.words and len(person.number) >= SHORTEST_NUMBER
    return f"e{person.number[-6:]}{person.words[-1][0]}{person.year}" if known else ""


def _phone_and_initial(person: Traits) -> str:
    return f"p{person.phone}{person.words[-1][0]}" if person.phone and person.words else ""


def _insurance(person: Traits) -> str:
    return f"i{person.insurance}" if person.insurance else ""


BLOCKING_KEYS: tuple[Callable[[Traits], str], ...] = (
    _whole_number,
    _name_and_year,
    _name_and_day,
    _initials_and_date,
    _number_end_and_year,
    _phone_and_initial,
    _insurance,
)
"""Two records of one person share at least one of these keys, few others do; only who shares one is compared.

An empty key stands for a field that is not there."""
