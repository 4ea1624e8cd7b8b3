"""From a person's recorded fields to error classes, findings and suggestions. Pure; decides nothing for a person."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from portal.domain.birth_dates import examine_birth_date
from portal.domain.error_classes import ErrorClass
from portal.domain.fields import Field, Person
from portal.domain.findings import Examined, Finding
from portal.domain.identity_examination import examine_identity_number
from portal.domain.identity_numbers import parse_identity_number
from portal.domain.insurance_numbers import examine_insurance_number
from portal.domain.names import UNUSABLE_NAME_CODES, examine_name
from portal.domain.phones import examine_phone
from portal.domain.sexes import examine_sex

_CODE_CLASS: dict[str, ErrorClass] = {
    "id_missing": ErrorClass.E1,
    **dict.fromkeys(
        (
            "id_letter",
            "id_wrong_length",
            "id_lost_zero",
            "id_cmnd",
            "id_unassigned_code",
            "id_filler",
            "id_scientific",
            "id_decimal",
            "id_other_characters",
        ),
        ErrorClass.E2,
    ),
    # The letter stays open: which of the two fields is wrong, a person decides.
    **dict.fromkeys(
        (
            "id_sex_conflict",
            "id_year_conflict",
            "id_future_year",
            "birth_impossible",
            "birth_future",
            "birth_too_old",
            "birth_short_year",
            "birth_serial",
            "birth_lost_zero",
            "birth_unreadable",
            "birth_missing",
            "sex_missing",
            "sex_unreadable",
        ),
        ErrorClass.E3,
    ),
}
"""Finding code → error class; codes not named here say nothing about the class."""

_MISSING_CODES = frozenset({"birth_missing", "sex_missing"})

PASSPORT_CODE = "passport"
"""The finding of a person who leaves the flow: passports are not matched with the population database."""


class Classification(NamedTuple):
    """What the rules say of one row.

    `cleaned` has the portal's form of each field; `suggestions` maps a field to a value a person may take with one
    click, never taken by itself. `parked` only where there is no usable name; `leaves_flow` for passport holders.
    """

    cleaned: Person
    classes: tuple[ErrorClass, ...]
    findings: tuple[Finding, ...]
    suggestions: dict[str, str]
    parked: bool
    leaves_flow: bool = False


def classify(person: Person, *, today: date, absent: frozenset[Field] = frozenset()) -> Classification:
    """Class the person by design section 9 «Classes». Never raises, whatever the text.

    `absent` names fields for which the source has no column at all: a missing birth date or sex is then the file's
    finding and not each row's. A missing number always is the row's.
    """
    id_number, full_name, birth_date, sex_typed, phone_typed, insurance_number = person
    birth, birth_year = _born(birth_date, today)
    sex = examine_sex(sex_typed)
    number = examine_identity_number(id_number, birth_year=birth_year, sex=sex.value, this_year=today.year)
    name = examine_name(full_name)
    phone = examine_phone(phone_typed)
    insurance = examine_insurance_number(insurance_number)
    findings = number.findings + name.findings + birth.findings + sex.findings + phone.findings + insurance.findings
    if not findings:
        # Most rows of most files: nothing to class, nothing to suggest.
        cleaned = Person(number.value, name.value, birth.value, sex.value, phone.value, insurance.value)
        return Classification(cleaned, (), (), {}, False)
    if absent:
        findings = tuple(each for each in findings if not (each.field in absent and each.code in _MISSING_CODES))
    classes, parked, leaves_flow = _outcome(tuple([each.code for each in findings]))
    cleaned = Person(number.value, name.value, birth.value, sex.value, phone.value, insurance.value)
    suggestions = _suggestions(number, name, birth, sex, phone, insurance)
    return Classification(cleaned, classes, findings, suggestions, parked, leaves_flow)


@lru_cache(maxsize=50_000)
def _born(text: str, today: date) -> tuple[Examined, int | None]:
    """The examined birth date and its year where it is in order, alone or with its day; dates recur in a file."""
    birth = examine_birth_date(text, today=today)
    if birth.findings and birth.findings[0].code != "birth_year_only":
        return birth, None
    return birth, int(birth.value[-4:])


@lru_cache(maxsize=4096)
def _outcome(codes: tuple[str, ...]) -> tuple[tuple[ErrorClass, ...], bool, bool]:
    """The classes, whether the row is parked and whether its person leaves the flow; few combinations occur."""
    leaves_flow = PASSPORT_CODE in codes
    classes = () if leaves_flow else tuple(sorted({_CODE_CLASS[code] for code in codes if code in _CODE_CLASS}))
    return classes, not UNUSABLE_NAME_CODES.isdisjoint(codes), leaves_flow


def _suggestions(*examined: Examined) -> dict[str, str]:
    """What each field suggests; a missing sex is read off a number that is otherwise in order."""
    suggestions = {}
    for field_name, each in zip(_FIELD_NAMES, examined, strict=True):
        if each.suggestion:
            suggestions[field_name] = each.suggestion
    number, sex = examined[0], examined[3]
    if not sex.value and not number.findings:
        read = parse_identity_number(number.value)
        if read:
            suggestions[_FIELD_NAMES[3]] = read.sex
    return suggestions


_FIELD_NAMES = tuple(field.value for field in Field)
