"""Rows of one file that speak of the same number or the same person: told side by side, never merged."""

from collections.abc import Callable, Iterable

from portal.domain.fields import Field
from portal.domain.findings import Finding, Severity
from portal.domain.names import comparison_key
from portal.domain.wording import say
from portal.spreadsheets.results import CheckedRow

_SHOWN_ROWS = 5


def mark_duplicates(entries: list[CheckedRow]) -> list[CheckedRow]:
    """The entries; those that share a number, or name and full birth date, bear a warning naming the other rows."""
    by_number: dict[str, list[int]] = {}
    by_person: dict[tuple[str, str], list[int]] = {}
    for index, entry in enumerate(entries):
        cleaned = entry.cleaned
        if len(cleaned.id_number) >= 9 and not entry.leaves_flow:
            by_number.setdefault(cleaned.id_number, []).append(index)
        if len(cleaned.birth_date) == 10 and cleaned.full_name:
            by_person.setdefault((comparison_key(cleaned.full_name), cleaned.birth_date), []).append(index)
    marked = list(entries)
    _tell(marked, by_number.values(), _shared_number)
    _tell(marked, by_person.values(), _same_person)
    return marked


def _tell(entries: list[CheckedRow], groups: Iterable[list[int]], finding: Callable[[str], Finding]) -> None:
    for group in groups:
        if len(group) < 2:
            continue
        # A filler or a heading's copy may fill thousands of rows: name the first few only.
        shown = [entries[index].row for index in group[: _SHOWN_ROWS + 1]]
        for index in group:
            others = [str(row) for row in shown if row != entries[index].row][:_SHOWN_ROWS]
            words = ", ".join(others) + (" …" if len(group) - 1 > len(others) else "")
            entries[index] = entries[index]._replace(findings=(*entries[index].findings, finding(words)))


def _shared_number(rows: str) -> Finding:
    return Finding(
        "id_duplicate",
        Field.ID_NUMBER,
        say("Số này còn ghi ở dòng {rows}; cần xem là một người ghi hai lần hay hai người chung số.", rows=rows),
        Severity.WARNING,
        say("dòng {rows}", rows=rows),
    )


def _same_person(rows: str) -> Finding:
    return Finding(
        "person_duplicate",
        None,
        say("Họ tên và ngày sinh này còn ở dòng {rows}; cần xem có phải cùng một người.", rows=rows),
        Severity.WARNING,
        say("dòng {rows}", rows=rows),
    )
