"""What reading and checking a workbook gives: plain values, no workbook library and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from portal.domain.error_classes import ErrorClass
from portal.domain.fields import Person
from portal.domain.findings import Finding


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet of the workbook: its name, how many rows hold a value, whether it is hidden."""

    name: str
    rows: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read: a stable code and a Vietnamese sentence with cause, place and next step."""

    code: str
    message: str


@dataclass(frozen=True)
class ColumnMapping:
    """Which heading feeds which column: machine name of `columns.COLUMNS` → heading as `CheckResult.headings` has it.

    Headings are remembered rather than positions, so a moved column is found again.
    """

    columns: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The mapping as plain values, for JSON."""
        return {"columns": dict(self.columns)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ColumnMapping":
        """The mapping that `to_dict` wrote; anything that is not text to text is left out."""
        pairs = values.get("columns") or {}
        return cls({str(name): heading for name, heading in pairs.items() if isinstance(heading, str) and heading})


class CheckedRow(NamedTuple):
    """One data row of the sheet. `row` is the sheet's own row number.

    `person` is as recorded (blanks at the ends and doubled blanks taken out, otherwise as typed);
    `cleaned` is the same in the portal's form (digits only, dd/mm/yyyy, nam/nữ): compare with this one.
    """

    row: int
    status: Literal["accepted", "parked"]
    village: str
    person: Person
    cleaned: Person
    classes: tuple[ErrorClass, ...]
    findings: tuple[Finding, ...]
    suggestions: dict[str, str]
    leaves_flow: bool = False
    group: str = ""
    address: str = ""
    commune: str = ""
    district: str = ""
    province: str = ""
    platform_code: str = ""
    cells: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def raw(self) -> dict[str, str]:
        """The row as it stands in the sheet: heading → text of the cell."""
        return dict(zip(self.headings, self.cells, strict=False))


@dataclass(frozen=True)
class CheckResult:
    """A checked workbook. rows = accepted + parked = len(entries). `refused` is None where the file was read.

    `findings` are about the file; `hidden_rows` are the data rows a person has to decide about. `head` holds the
    first rows as text, for choosing columns when none were found.
    """

    rows: int = 0
    accepted: int = 0
    parked: int = 0
    entries: list[CheckedRow] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    refused: Refusal | None = None
    sheet: str = ""
    sheets: tuple[SheetInfo, ...] = ()
    header_row: int = 0
    headings: tuple[str, ...] = ()
    mapping: ColumnMapping = field(default_factory=lambda: ColumnMapping({}))
    head: tuple[tuple[str, ...], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
