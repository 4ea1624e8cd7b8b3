"""Rows of one file that speak of the same number or the same person: told side by side, never merged."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache

from portal.domain.fields import Field
from portal.domain.findings import Finding, Severity
from portal.domain.names import comparison_key, folding_key
from portal.domain.wording import say
from portal.spreadsheets.results import CheckedRow

_SHOWN_ROWS = 5


def mark_duplicates(entries: list[CheckedRow]) -> list[CheckedRow]:
    """The entries; those that share a number, or name and full birth date, bear a warning naming the other rows."""
    numbers = [
        entry.cleaned.id_number if len(entry.cleaned.id_number) >= 9 and not entry.leaves_flow else ""
        for entry in entries
    ]
    # A day and a first letter that nobody shares spare the look at the whole name.
    rough = [
        born + _first_letter(name[0]) if len(born) == 10 and name else ""
        for _, name, born, *_ in [entry.cleaned for entry in entries]
    ]
    persons: list[tuple[str, str] | str] = [""] * len(entries)
    for group in _sharing(rough):
        for index in group:
            cleaned = entries[index].cleaned
            persons[index] = comparison_key(cleaned.full_name), cleaned.birth_date
    marked = list(entries)
    _tell(marked, _sharing(numbers), _shared_number)
    _tell(marked, _sharing(persons), _same_person)
    return marked


@lru_cache(maxsize=1024)
def _first_letter(letter: str) -> str:
    """Without its tone, which may stand on the first letter or the next («Úy», «Uý»)."""
    return folding_key(letter)


def _sharing(keys: Sequence[Hashable]) -> Iterable[list[int]]:
    """The places that share a key, in the order of their second place; "" is none. A list only where two share."""
    first: dict[Hashable, int] = {}
    groups: dict[Hashable, list[int]] = {}
    for place, key in enumerate(keys):
        if key and (before := first.setdefault(key, place)) != place:
            groups.setdefault(key, [before]).append(place)
    return groups.values()


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
