"""Requests for more time for one step: their life."""

from enum import StrEnum


class ExtensionStatus(StrEnum):
    """What became of a request; `lapsed`: its clock stopped before anybody answered."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
