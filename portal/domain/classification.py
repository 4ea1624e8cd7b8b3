"""From a person's recorded fields to error classes, findings and suggestions. Pure; decides nothing for a person."""

from dataclasses import dataclass
from datetime import date

from portal.domain.birth_dates import examine_birth_date, parse_birth_date
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


@dataclass(frozen=True, slots=True)
class Classification:
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
    examined = _examine(person, today)
    findings = tuple(
        finding
        for field, result in examined.items()
        for finding in result.findings
        if not (field in absent and finding.code in _MISSING_CODES)
    )
    codes = {finding.code for finding in findings}
    leaves_flow = PASSPORT_CODE in codes
    return Classification(
        cleaned=Person(**{field.value: result.value for field, result in examined.items()}),
        classes=() if leaves_flow else _classes(codes),
        findings=findings,
        suggestions=_suggestions(examined),
        parked=not codes.isdisjoint(UNUSABLE_NAME_CODES),
        leaves_flow=leaves_flow,
    )


def _examine(person: Person, today: date) -> dict[Field, Examined]:
    """Every field examined, in the order of the form."""
    birth = examine_birth_date(person.birth_date, today=today)
    sex = examine_sex(person.sex)
    born = None if birth.findings and birth.findings[0].code != "birth_year_only" else parse_birth_date(birth.value)
    number = examine_identity_number(
        person.id_number, birth_year=born.year if born else None, sex=sex.value, this_year=today.year
    )
    return {
        Field.ID_NUMBER: number,
        Field.FULL_NAME: examine_name(person.full_name),
        Field.BIRTH_DATE: birth,
        Field.SEX: sex,
        Field.PHONE: examine_phone(person.phone),
        Field.INSURANCE_NUMBER: examine_insurance_number(person.insurance_number),
    }


def _classes(codes: set[str]) -> tuple[ErrorClass, ...]:
    return tuple(sorted({_CODE_CLASS[code] for code in codes if code in _CODE_CLASS}))


def _suggestions(examined: dict[Field, Examined]) -> dict[str, str]:
    """What each field suggests; a missing sex is read off a number that is otherwise in order."""
    suggestions = {field.value: result.suggestion for field, result in examined.items() if result.suggestion}
    if not examined[Field.SEX].value and not examined[Field.ID_NUMBER].findings:
        number = parse_identity_number(examined[Field.ID_NUMBER].value)
        if number:
            suggestions[Field.SEX.value] = number.sex
    return suggestions
