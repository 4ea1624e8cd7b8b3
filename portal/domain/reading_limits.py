"""How often one person may look people up and have whole numbers shown (reference/security.md §1, row 38)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Limited(StrEnum):
    """What is counted for each person."""

    SEARCH = "search"
    REVEAL = "reveal"


class RevealReason(StrEnum):
    """Why a whole number is needed where nobody compares or signs. Chosen, not typed: the log holds no names."""

    PAPERS = "papers"
    CITIZEN = "citizen"
    UPDATE = "update"
    IDENTITY = "identity"


@dataclass(frozen=True)
class Limit:
    """At most `most` times within one span, counted from the span's own beginning (a full minute, hour, day)."""

    most: int
    span: timedelta


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIMITS: dict[Limited, tuple[Limit, ...]] = {
    Limited.SEARCH: (Limit(60, MINUTE), Limit(1000, HOUR)),
    Limited.REVEAL: (Limit(60, HOUR), Limit(200, DAY)),
}
"""Whoever works by hand stays below (a name typed slowly is several searches); a day's stops slow copying."""
