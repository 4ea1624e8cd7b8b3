"""The known errors of offices' files: each kind turns a true person into what the platform has recorded."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from portal.domain.fields import Person
from portal.domain.sexes import FEMALE, MALE

_STACKED = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oẻ": "ỏe", "uỷ": "ủy", "uý": "úy"}


@dataclass(frozen=True)
class Damage:
    """One kind of error: its name, how often it comes, and what it does to the recorded person."""

    name: str
    weight: int
    apply: Callable[[Person, random.Random], Person]


def damaged(person: Person, chance: random.Random) -> tuple[str, Person]:
    """The person as recorded, with one kind of error chosen by weight, and the kind's name."""
    kind = chance.choices(DAMAGES, weights=[each.weight for each in DAMAGES])[0]
    return kind.name, kind.apply(person, chance)


def _missing(person: Person, _chance: random.Random) -> Person:
    return person._replace(id_number="")


def _no_number_words(person: Person, _chance: random.Random) -> Person:
    return person._replace(id_number="không có")


def _lost_zero(person: Person, _chance: random.Random) -> Person:
    return person._replace(id_number=person.id_number.lstrip("0"))


def _letter(person: Person, _chance: random.Random) -> Person:
    return person._replace(id_number=person.id_number.replace("0", "O", 1))


def _dropped_digit(person: Person, chance: random.Random) -> Person:
    place = chance.randrange(6, 11)
    return person._replace(id_number=person.id_number[:place] + person.id_number[place + 1 :])


def _old_card(person: Person, chance: random.Random) -> Person:
    """A nine-digit number of the old card; 0699 and digits at random, as test data."""
    return person._replace(id_number=f"0699{chance.randrange(100_000):05d}")


def _swapped(person: Person, chance: random.Random) -> Person:
    """Two neighbouring digits exchanged that differ; the year is hit now and then, which the rules notice."""
    number = person.id_number
    places = [i for i in range(4, 11) if number[i] != number[i + 1]]
    i = chance.choice(places)
    return person._replace(id_number=number[:i] + number[i + 1] + number[i] + number[i + 2 :])


def _wrong_sex(person: Person, _chance: random.Random) -> Person:
    return person._replace(sex=FEMALE if person.sex == MALE else MALE)


def _wrong_year(person: Person, chance: random.Random) -> Person:
    year = int(person.birth_date[-4:]) + chance.choice((-10, -2, -1, 1, 2))
    return person._replace(birth_date=person.birth_date[:-4] + str(min(year, 2015)))


def _year_only(person: Person, _chance: random.Random) -> Person:
    return person._replace(birth_date=person.birth_date[-4:])


def _without_marks(person: Person, _chance: random.Random) -> Person:
    flat = unicodedata.normalize("NFD", person.full_name).replace("đ", "d").replace("Đ", "D")
    return person._replace(full_name="".join(c for c in flat if not unicodedata.combining(c)))


def _wrong_mark(person: Person, chance: random.Random) -> Person:
    """The given name lost its tone or letter mark, the rest is right."""
    head, _, given = person.full_name.rpartition(" ")
    flat = "".join(c for c in unicodedata.normalize("NFD", given) if not unicodedata.combining(c))
    return person._replace(full_name=f"{head} {flat if flat != given else given + chance.choice('nhu')}")


def _other_tone_place(person: Person, _chance: random.Random) -> Person:
    """Hoà for hòa and the like: the same name typed otherwise; the number is missing besides."""
    name = person.full_name
    for one, other in _STACKED.items():
        name = name.replace(one, other)
    return person._replace(full_name=name, id_number="")


def _decomposed(person: Person, _chance: random.Random) -> Person:
    """Letters and marks as separate characters, as some old programs store them; the number lost its zero."""
    return person._replace(
        full_name=unicodedata.normalize("NFD", person.full_name), id_number=person.id_number.lstrip("0")
    )


def _blanks(person: Person, _chance: random.Random) -> Person:
    number = f"{person.id_number[:3]} {person.id_number[3:6]}.{person.id_number[6:9]}\u00a0{person.id_number[9:]}"
    return _wrong_sex(person._replace(id_number=number), _chance)


def _american_date(person: Person, _chance: random.Random) -> Person:
    """Month before day, so that days beyond the twelfth are impossible."""
    if len(person.birth_date) == 4:
        return _missing(person, _chance)
    day, month, year = person.birth_date.split("/")
    return person._replace(birth_date=f"{month}/{day}/{year}")


def _nothing(person: Person, _chance: random.Random) -> Person:
    """The platform lists the person although nothing is wrong here: the number was mistaken for another's."""
    return person


DAMAGES: tuple[Damage, ...] = (
    Damage("missing", 20, _missing),
    Damage("no_number_words", 3, _no_number_words),
    Damage("lost_zero", 14, _lost_zero),
    Damage("letter", 5, _letter),
    Damage("dropped_digit", 6, _dropped_digit),
    Damage("old_card", 12, _old_card),
    Damage("swapped", 8, _swapped),
    Damage("wrong_sex", 6, _wrong_sex),
    Damage("wrong_year", 8, _wrong_year),
    Damage("year_only", 3, _year_only),
    Damage("without_marks", 5, _without_marks),
    Damage("wrong_mark", 4, _wrong_mark),
    Damage("other_tone_place", 2, _other_tone_place),
    Damage("decomposed", 2, _decomposed),
    Damage("blanks", 3, _blanks),
    Damage("american_date", 3, _american_date),
    Damage("nothing", 2, _nothing),
)
