"""Write workbooks in which every cell is text: nothing typed by anybody ever becomes a formula or a link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.domain.fields import Person
from portal.spreadsheets.results import CheckResult


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One person of the platform import file, with final values."""

    person: Person
    group: str = ""
    occupation: str = ""
    ethnicity: str = ""
    nationality: str = ""
    province: str = ""
    district: str = ""
    commune: str = ""
    village: str = ""
    address: str = ""
    platform_code: str = ""
    note: str = ""


def error_workbook(result: CheckResult, source: Path) -> bytes:
    """The source's sheet back, same rows and columns, with «LỖI» and «CẦN LÀM GÌ» added at the right."""
    raise NotImplementedError


def import_workbook(rows: Iterable[ImportRow], *, title: str, unit: str) -> bytes:
    """The platform's import file of exactly these persons, in the layout of `profiles.IMPORT_PROFILE` (assumed)."""
    raise NotImplementedError


def table_workbook(headings: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> bytes:
    """A plain table under its title."""
    raise NotImplementedError
