"""The fields of a person on a list, and the person as read from a row."""

from dataclasses import asdict, dataclass
from enum import StrEnum


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


@dataclass(frozen=True)
class Person:
    """A person's fields as text, exactly as one source states them; empty string where it states nothing.

    Birth dates are `dd/mm/yyyy`, or `yyyy` where only the year is known. Sex is `nam` or `nữ` once understood.
    """

    id_number: str = ""
    full_name: str = ""
    birth_date: str = ""
    sex: str = ""
    phone: str = ""
    insurance_number: str = ""

    def as_dict(self) -> dict[str, str]:
        """The fields by their machine names."""
        return asdict(self)
