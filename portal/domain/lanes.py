"""The station's two lanes (2262/BYT-CNTT step 4) and what police verification makes of the error classes."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from portal.domain.fields import IDENTITY_FIELDS, Field


class Lane(StrEnum):
    """How the station brings an entry to the platform."""

    IMPORT = "import"
    EDIT = "edit"
    NONE = "none"


_NUMBER_CLASSES = frozenset({"E1", "E2"})
_FIELD_CLASS = {
    Field.ID_NUMBER: "E3a",
    Field.FULL_NAME: "E3b",
    Field.BIRTH_DATE: "E3c",
    Field.SEX: "E3d",
}


def changed_fields(recorded: Mapping[str, str], final: Mapping[str, str]) -> tuple[Field, ...]:
    """The identity fields whose final value differs from the recorded one, in the order of the form."""
    return tuple(field for field in IDENTITY_FIELDS if final.get(field, "") != recorded.get(field, ""))


def resolved_classes(recorded: Mapping[str, str], final: Mapping[str, str], listed: Sequence[str]) -> tuple[str, ...]:
    """The error classes a person has decided by giving final values: an open E3 gets its letters here.

    A number that was missing or malformed stays E1/E2; a well-formed number that changed is E3a.
    """
    number_class = tuple(name for name in listed if name in _NUMBER_CLASSES)
    changed = changed_fields(recorded, final)
    letters = tuple(_FIELD_CLASS[field] for field in changed if not (field is Field.ID_NUMBER and number_class))
    kept_number = number_class if Field.ID_NUMBER in changed else ()
    return (*kept_number, *letters)


def lane_of(recorded: Mapping[str, str], final: Mapping[str, str], listed: Sequence[str]) -> Lane:
    """Import for an entry whose only change is a missing or malformed number, edit for any other change."""
    classes = resolved_classes(recorded, final, listed)
    if not classes:
        return Lane.NONE
    return Lane.IMPORT if set(classes) <= _NUMBER_CLASSES else Lane.EDIT
