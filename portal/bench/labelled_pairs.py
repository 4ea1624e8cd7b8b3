"""Two thousand pairs of invented records with the truth about each: one person twice, or two who look alike."""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain.fields import Person
from portal.domain.names import folding_key
from portal.domain.pairs import Traits, traits_of
from portal.services.demonstration.names import PEOPLES

SEED = 20221122
PAIRS = 2_000
_VILLAGES, _COMMUNES = 24, 12
_FIRST_DAY, _DAYS = date(1932, 1, 1), 30_600
_PROVINCES = ("015", "010", "014", "011", "025")
_SERIALS = (990_000, 999_999)


@dataclass(frozen=True)
class Sample:
    """One record of a person, and where its list belongs."""

    person: Person
    village: int

    @property
    def traits(self) -> Traits:
        """As pairs are compared."""
        return traits_of(self.person, commune=1 + self.village // 2, village=1 + self.village)


@dataclass(frozen=True)
class LabelledPair:
    """Two records, whether they are one person, and what the pair tries."""

    one: Sample
    other: Sample
    is_one: bool
    tries: str


class Population:
    """Draws records that repeat as those of a province do: names by frequency, families in one village."""

    def __init__(self, seed: int = SEED) -> None:
        self.chance = random.Random(seed)  # noqa: S311  reproducible, nothing secret

    def sample(self) -> Sample:
        """A new person: number and date always whole, phone and insurance number with half of them."""
        chance = self.chance
        parts = chance.choices(PEOPLES, weights=[each.weight for each in PEOPLES])[0]
        is_female = chance.random() < 0.5
        middle = parts.female_middle if is_female else parts.male_middle
        given = parts.female_given if is_female else parts.male_given
        # Most people bear a name of three words, many of four.
        words = [chance.choice(parts.families), chance.choice(middle), chance.choice(given)]
        if chance.random() < 0.4:
            words.insert(2, chance.choice(given))
        born = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
        person = Person(
            id_number=self.number(born.year, is_female=is_female),
            full_name=" ".join(words),
            birth_date=f"{born:%d/%m/%Y}",
            sex="nữ" if is_female else "nam",
            phone=f"09999{chance.randrange(100_000):05d}" if chance.random() < 0.5 else "",
            insurance_number=f"15{chance.randrange(10**8):08d}" if chance.random() < 0.4 else "",
        )
        return Sample(person, chance.randrange(_VILLAGES))

    def number(self, year: int, *, is_female: bool) -> str:
        """A number of the right structure with a serial of the reserved range."""
        century_and_sex = 2 * (year // 100 - 19) + int(is_female)
        serial = self.chance.randint(*_SERIALS)
        return f"{self.chance.choice(_PROVINCES)}{century_and_sex}{year % 100:02d}{serial}"


def labelled_pairs(count: int = PAIRS, seed: int = SEED) -> Iterator[LabelledPair]:
    """Half of the pairs are one person written twice with one or two slips, half two persons who look alike."""
    people = Population(seed)
    slips, likes = list(_SLIPS.items()), list(_LOOKALIKES.items())
    for number in range(count):
        one = people.sample()
        if number % 2 == 0:
            tries, slip = slips[number // 2 % len(slips)]
            other = replace(one, person=slip(people, one.person))
            if people.chance.random() < 0.3:
                more, second = people.chance.choice(slips)
                other, tries = replace(one, person=second(people, other.person)), f"{tries}+{more}"
            if people.chance.random() < 0.15:
                other = replace(other, village=people.chance.randrange(_VILLAGES))
            yield LabelledPair(one, other, is_one=True, tries=tries)
        else:
            tries, like = likes[number // 2 % len(likes)]
            yield LabelledPair(one, like(people, one), is_one=False, tries=tries)


def _without_marks(_of: Population, person: Person) -> Person:
    return person._replace(full_name=folding_key(person.full_name).title())


def _other_tone(of: Population, person: Person) -> Person:
    """One mark less: as people type in a hurry."""
    letters = unicodedata.normalize("NFD", person.full_name)
    marks = [place for place, letter in enumerate(letters) if unicodedata.combining(letter)]
    if marks:
        gone = of.chance.choice(marks)
        letters = letters[:gone] + letters[gone + 1 :]
    return person._replace(full_name=unicodedata.normalize("NFC", letters))


def _letter_slip(of: Population, person: Person) -> Person:
    words = person.full_name.split()
    long = [place for place, word in enumerate(words) if len(word) >= 4]
    if not long:
        return _without_marks(of, person)
    place = of.chance.choice(long)
    at = of.chance.randrange(1, len(words[place]) - 1)
    word = words[place]
    words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return person._replace(full_name=" ".join(words))


def _word_missing(of: Population, person: Person) -> Person:
    words = person.full_name.split()
    if len(words) < 4:
        return _without_marks(of, person)
    del words[of.chance.randrange(1, len(words) - 1)]
    return person._replace(full_name=" ".join(words))


def _no_number(_of: Population, person: Person) -> Person:
    return person._replace(id_number="")


def _digit_slip(of: Population, person: Person) -> Person:
    if not person.id_number:
        return person
    at = of.chance.randrange(6, len(person.id_number))
    digit = str((int(person.id_number[at]) + of.chance.randint(1, 9)) % 10)
    return person._replace(id_number=person.id_number[:at] + digit + person.id_number[at + 1 :])


def _old_card(of: Population, person: Person) -> Person:
    return person._replace(id_number=f"06{of.chance.randrange(10**7):07d}")


def _issued_anew(of: Population, person: Person) -> Person:
    """The number was established again after a wrong entry (TT 59/2021, art. 6): same person, another number."""
    year = int(person.birth_date[-4:])
    return person._replace(id_number=of.number(year, is_female=person.sex == "nữ"))


def _day_for_month(_of: Population, person: Person) -> Person:
    day, month, year = [*person.birth_date.split("/"), "", ""][:3]
    return person._replace(birth_date=f"{month}/{day}/{year}") if year and int(day) <= 12 else person


def _year_only(_of: Population, person: Person) -> Person:
    return person._replace(birth_date=person.birth_date[-4:])


def _other_phone(of: Population, person: Person) -> Person:
    return person._replace(phone=f"09999{of.chance.randrange(100_000):05d}", insurance_number="")


def _sex_missing(_of: Population, person: Person) -> Person:
    return person._replace(sex="", phone="")


_SLIPS: dict[str, Callable[[Population, Person], Person]] = {
    "không dấu": _without_marks,
    "sai một dấu": _other_tone,
    "đảo hai chữ": _letter_slip,
    "thiếu chữ đệm": _word_missing,
    "thiếu số": _no_number,
    "sai một chữ số": _digit_slip,
    "số CMND cũ": _old_card,
    "cấp lại số": _issued_anew,
    "đảo ngày tháng": _day_for_month,
    "chỉ còn năm sinh": _year_only,
    "đổi điện thoại": _other_phone,
    "thiếu giới": _sex_missing,
}


def _twin(of: Population, one: Sample) -> Sample:
    """Same day, family, house and phone; another given name."""
    sibling = of.sample().person
    words = one.person.full_name.split()
    given = sibling.full_name.split()[-1]
    if folding_key(given) == folding_key(words[-1]):
        given = f"{given} Hai"
    return Sample(
        sibling._replace(full_name=" ".join([*words[:-1], given]), birth_date=one.person.birth_date,
                sex=one.person.sex, phone=one.person.phone,
                id_number=of.number(int(one.person.birth_date[-4:]), is_female=one.person.sex == "nữ")),
        one.village,
    )  # fmt: skip


def _namesake(of: Population, one: Sample) -> Sample:
    """The same name and year, born another day."""
    other = of.sample()
    year = one.person.birth_date[-4:]
    born = f"{other.person.birth_date[:6]}{year}"
    if born[:5] == one.person.birth_date[:5]:
        born = f"28/12/{year}" if one.person.birth_date[:5] != "28/12" else f"27/11/{year}"
    return Sample(
        other.person._replace(full_name=one.person.full_name, sex=one.person.sex, birth_date=born,
                id_number=of.number(int(year), is_female=one.person.sex == "nữ")),
        one.village,
    )  # fmt: skip


def _parent(of: Population, one: Sample) -> Sample:
    """One house and phone, names alike, a generation apart."""
    other = of.sample().person
    words = one.person.full_name.split()
    year = int(one.person.birth_date[-4:]) - 25
    return Sample(
        other._replace(full_name=" ".join([*words[:-1], other.full_name.split()[-1]]), phone=one.person.phone,
                birth_date=f"{one.person.birth_date[:6]}{year}",
                id_number=of.number(max(1900, year), is_female=other.sex == "nữ")),
        one.village,
    )  # fmt: skip


def _far_namesake(of: Population, one: Sample) -> Sample:
    """The same name and day in another commune, with a number of one's own: chance in a province."""
    other = of.sample().person
    return Sample(
        other._replace(full_name=one.person.full_name, birth_date=one.person.birth_date, sex=one.person.sex,
                id_number=of.number(int(one.person.birth_date[-4:]), is_female=one.person.sex == "nữ")),
        (one.village + 2 * of.chance.randrange(1, _COMMUNES)) % _VILLAGES,
    )  # fmt: skip


def _wrong_number(of: Population, one: Sample) -> Sample:
    """Somebody else under the first one's number: told as one number on two persons, not as one person."""
    other = of.sample()
    return replace(other, person=other.person._replace(id_number=one.person.id_number))


def _stranger(of: Population, one: Sample) -> Sample:
    """Another person born on the same day in the same village."""
    other = of.sample().person
    return Sample(other._replace(birth_date=one.person.birth_date), one.village)


_LOOKALIKES: dict[str, Callable[[Population, Sample], Sample]] = {
    "anh em sinh đôi": _twin,
    "trùng tên, cùng năm": _namesake,
    "cha mẹ và con": _parent,
    "trùng tên và ngày, khác xã": _far_namesake,
    "ghi nhầm số của người khác": _wrong_number,
    "cùng ngày, cùng thôn": _stranger,
}
