"""From a person's recorded fields to error classes, findings and suggestions. Pure; decides nothing for a person."""

from dataclasses import dataclass
from datetime import date

from portal.domain.error_classes import ErrorClass
from portal.domain.fields import Person
from portal.domain.findings import Finding


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


def classify(person: Person, *, today: date) -> Classification:
    """Class the person by design section 9 «Classes». Never raises, whatever the text."""
    raise NotImplementedError
