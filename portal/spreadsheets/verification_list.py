"""Read the platform's verification list («danh sách xác minh thông tin»).

Its format is assumed, since no sample was found: the columns of the export, with or without a column «Kết quả»,
«Kết quả xác minh» or «Trạng thái» and a column «Lý do».
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from portal.domain.fields import Person
from portal.domain.names import folding_key
from portal.spreadsheets.checking import check_workbook
from portal.spreadsheets.results import CheckedRow, CheckResult, ColumnMapping


class VerificationResult(StrEnum):
    """What the platform says of a person."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


_RIGHT_WORDS = frozenset(
    {"dung", "khop", "da xac minh", "da xac thuc", "xac minh dung", "dat", "hop le", "chinh xac", "thanh cong"}
    | {"dung thong tin", "khop thong tin", "thong tin dung", "xac minh thanh cong", "da xac minh dung"}
)
_WRONG_STARTS = ("sai", "khong", "lech", "chua dung", "chua khop", "loi", "that bai", "xac minh sai", "thong tin sai")


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


def read_verification_list(
    path: Path, *, today: date, mapping: ColumnMapping | None = None, sheet: str | None = None
) -> VerificationList:
    """Read the list; rows without a usable name are in `check.entries` as parked. Without a result: unknown."""
    check = check_workbook(path, today=today, mapping=mapping, sheet=sheet)
    rows = tuple(_row(entry, check.mapping) for entry in check.entries if entry.status == "accepted")
    return VerificationList(rows, check)


def parse_result(words: str) -> VerificationResult:
    """What the platform's words mean; anything not surely right or wrong is unknown."""
    folded = folding_key(words).strip(" .!")
    if folded in _RIGHT_WORDS:
        return VerificationResult.RIGHT
    return VerificationResult.WRONG if folded.startswith(_WRONG_STARTS) else VerificationResult.UNKNOWN


def _row(entry: CheckedRow, mapping: ColumnMapping) -> VerificationRow:
    raw = entry.raw
    result = raw.get(mapping.columns.get("result", ""), "").strip()
    reason = raw.get(mapping.columns.get("reason", ""), "").strip()
    words = f"{result}: {reason}" if result and reason else result or reason
    return VerificationRow(entry.row, entry.cleaned, parse_result(result), words, entry.platform_code)
