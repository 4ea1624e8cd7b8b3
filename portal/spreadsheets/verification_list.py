"""Read the platform's verification list («danh sách xác minh thông tin»). Its format is assumed, see `docs`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from portal.domain.fields import Person
from portal.spreadsheets.results import CheckResult


class VerificationResult(StrEnum):
    """What the platform says of a person."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class VerificationRow:
    """One row of the verification list. `person` is in the portal's form; `words` are the platform's own."""

    row: int
    person: Person
    result: VerificationResult
    words: str
    platform_code: str = ""


@dataclass(frozen=True)
class VerificationList:
    """The rows read, and the check of the file they came from (its `refused` and `findings` concern the file)."""

    rows: tuple[VerificationRow, ...]
    check: CheckResult


def read_verification_list(path: Path, *, today: date) -> VerificationList:
    """Read the list. Without a result column every result is unknown."""
    raise NotImplementedError
