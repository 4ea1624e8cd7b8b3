"""Check a platform export: find the header, class every row, say what is wrong with the file."""

from datetime import date
from pathlib import Path

from portal.spreadsheets.results import CheckResult, ColumnMapping


def check_workbook(
    path: Path, *, today: date, mapping: ColumnMapping | None = None, sheet: str | None = None
) -> CheckResult:
    """Read and class one sheet of the workbook; `refused` is set where it cannot be read. Stores nothing."""
    raise NotImplementedError
