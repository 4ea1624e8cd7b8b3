"""Every finding and every refusal as a table, made by running the rules on an example of each.

`docs/findings.md` is written from it, and the page «Những điều cổng tìm thấy» shows it; so neither can be outdated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.domain.classification import classify
from portal.domain.fields import Person
from portal.domain.findings import Finding
from portal.spreadsheets.refusals import CODES, refusal

_TODAY = date(2026, 11, 20)
_SOUND = Person("015090990001", "Giàng A Páo", "01/02/1990", "nam")

_EXAMPLES: tuple[tuple[str, str], ...] = (
    ("id_number", ""),
    ("id_number", "15090990001"),
    ("id_number", "1,5E+11"),
    ("id_number", "15090990001.0"),
    ("id_number", "015.090 990 001"),
    ("id_number", "015/090990001"),
    ("id_number", "O15O90990001"),
    ("id_number", "069990001"),
    ("id_number", "0150909900012"),
    ("id_number", "003090990001"),
    ("id_number", "000000000000"),
    ("id_number", "015190990001"),
    ("id_number", "015085990001"),
    ("id_number", "015290990001"),
    ("id_number", "C9900001"),
    ("full_name", ""),
    ("full_name", "A" * 101),
    ("full_name", "Giàng\u202eA"),
    ("full_name", "12345"),
    ("full_name", "Giàng A Páo 2"),
    ("full_name", "Giàng A\nPáo"),
    ("full_name", "Nguyen Van An"),
    ("full_name", "NguyÔn V¨n A"),
    ("birth_date", ""),
    ("birth_date", "31/02/1990"),
    ("birth_date", "05/25/1990"),
    ("birth_date", "00/00/1990"),
    ("birth_date", "01/01/2090"),
    ("birth_date", "01/01/1890"),
    ("birth_date", "01/02/90"),
    ("birth_date", "32905"),
    ("birth_date", "1021990"),
    ("birth_date", "hôm qua"),
    ("birth_date", "1990"),
    ("sex", ""),
    ("sex", "1"),
    ("phone", "+84999990001"),
    ("phone", "999990001"),
    ("phone", "01699990001"),
    ("phone", "12345"),
    ("insurance_number", "DN4151599990001"),
    ("insurance_number", "159999001"),
    ("insurance_number", "12"),
)
"""Field and text, at least one for each finding of a row; the numbers are of the range kept for test data."""


@dataclass(frozen=True)
class TableRow:
    """One kind of finding: what was typed, what is said of it, what is suggested, which class comes of it."""

    finding: Finding
    typed: str
    suggestion: str
    classes: tuple[str, ...]


def finding_rows() -> Iterator[TableRow]:
    """One row for each example, in the order of the form."""
    for name, typed in _EXAMPLES:
        found = classify(_SOUND._replace(**{name: typed}), today=_TODAY)
        finding = next((each for each in found.findings if each.field == name), found.findings[0])
        shown = typed if len(typed) <= 40 else f"{typed[:12]}…"
        yield TableRow(finding, shown, found.suggestions.get(name, ""), found.classes)


def refusal_rows() -> Iterator[tuple[str, str]]:
    """Code and sentence of each reason why a whole file is not read; «…» stands for the place."""
    for code in CODES:
        yield code, refusal(code, "…").message


def table_as_markdown() -> str:
    """The table as documentation."""
    head = "| Code | Weight | Typed | What is said | Evidence | One click gives | Class |\n" + "|---" * 7 + "|\n"
    files = "| Code | What is said |\n|---|---|\n"
    return (
        head
        + "".join(map(_documented, finding_rows()))
        + "\n## Files that are not read\n\n"
        + files
        + "".join(f"| `{code}` | {message} |\n" for code, message in refusal_rows())
    )


def _documented(row: TableRow) -> str:
    finding = row.finding
    typed = f"`{row.typed.encode('unicode_escape').decode() if not row.typed.isprintable() else row.typed}`"
    return (
        f"| `{finding.code}` | {finding.severity} | {typed if row.typed else '(empty)'} | {finding.message} "
        f"| {finding.evidence or '–'} | {row.suggestion or '–'} | {', '.join(row.classes) or '–'} |\n"
    )
