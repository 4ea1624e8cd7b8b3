"""Invented persons with the truth about each. No one here exists.

Numbers have the real structure (province, century and sex, year), but every serial lies in 990000–999999: the range
this project reserves for test data, so that an invented number is recognised at sight.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.fields import Person
from portal.services.demonstration.names import PEOPLES, NameParts

FIRST_TEST_SERIAL, LAST_TEST_SERIAL = 990_000, 999_999
_EARLIEST, _LATEST = date(1930, 1, 1), date(2015, 12, 31)
_YEAR_ONLY_SHARE = 0.12
_YEAR_ONLY_BEFORE = 1985
_PROVINCES = ("015",) * 17 + ("010", "014", "011")


@dataclass(frozen=True)
class SyntheticPerson:
    """A person as the population database would show him or her, and what a list needs besides."""

    truth: Person
    people: str
    group: str


class PersonMaker:
    """Makes persons one after another from one seed; no number comes twice."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  reproducible, nothing secret
        self._serials = iter(self._shuffled_serials())

    def make(self) -> SyntheticPerson:
        """The next person."""
        chance = self._random
        parts = chance.choices(PEOPLES, weights=[each.weight for each in PEOPLES])[0]
        is_female = chance.random() < 0.5
        born = _EARLIEST + timedelta(days=chance.randrange((_LATEST - _EARLIEST).days + 1))
        year_only = born.year < _YEAR_ONLY_BEFORE and chance.random() < _YEAR_ONLY_SHARE
        person = Person(
            id_number=self._number(born.year, is_female=is_female),
            full_name=self._name(parts, is_female=is_female),
            birth_date=str(born.year) if year_only else f"{born:%d/%m/%Y}",
            sex="nữ" if is_female else "nam",
            phone=self._phone(),
            insurance_number=self._insurance(),
        )
        return SyntheticPerson(person, parts.people, str(chance.choice((8, 9, 11, 15, 16))))

    def _shuffled_serials(self) -> list[int]:
        serials = list(range(FIRST_TEST_SERIAL, LAST_TEST_SERIAL + 1))
        self._random.shuffle(serials)
        return serials

    def _number(self, year: int, *, is_female: bool) -> str:
        century_and_sex = 2 * (year // 100 - 19) + int(is_female)
        return f"{self._random.choice(_PROVINCES)}{century_and_sex}{year % 100:02d}{next(self._serials)}"

    def _name(self, parts: NameParts, *, is_female: bool) -> str:
        middle = parts.female_middle if is_female else parts.male_middle
        given = parts.female_given if is_female else parts.male_given
        chance = self._random
        return f"{chance.choice(parts.families)} {chance.choice(middle)} {chance.choice(given)}"

    def _phone(self) -> str:
        """Half of the persons have none; the prefix 099 with nines is nobody's in the villages."""
        return f"099999{self._random.randrange(10_000):04d}" if self._random.random() < 0.5 else ""

    def _insurance(self) -> str:
        return f"15999{self._random.randrange(100_000):05d}" if self._random.random() < 0.4 else ""
