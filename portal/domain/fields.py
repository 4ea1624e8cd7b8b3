"""The fields of a person on a list, and the person as read from a row."""

from enum import StrEnum
from typing import NamedTuple


class Field(StrEnum):
    """A field of a person. The values are the machine names of `portal check --json`."""

    ID_NUMBER = "id_number"
    FULL_NAME = "full_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    PHONE = "phone"
    INSURANCE_NUMBER = "insurance_number"


IDENTITY_FIELDS = (Field.ID_NUMBER, Field.FULL_NAME, Field.BIRTH_DATE, Field.SEX)
"""The four items that are matched with the population database (9438/BYT-CNTT)."""


class Person(NamedTuple):
    """A person's fields as text, exactly as one source states them; empty string where it states nothing.

    Birth dates are `dd/mm/yyyy`, or `yyyy` where only the year is known. Sex is `nam` or `nữ` once understood.
    A tuple, because two are made for each row of a file, and a tuple is made four times faster.
    """

    id_number: str = ""
    full_name: str = ""
    birth_date: str = ""
    sex: str = ""
    phone: str = ""
    insurance_number: str = ""

    def as_dict(self) -> dict[str, str]:
        """The fields by their machine names."""
        return {
            "id_number": self.id_number,
            "full_name": self.full_name,
            "birth_date": self.birth_date,
            "sex": self.sex,
            "phone": self.phone,
            "insurance_number": self.insurance_number,
        }
