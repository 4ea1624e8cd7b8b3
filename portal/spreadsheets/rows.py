"""From a sheet's row to a checked row."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from portal.domain.classification import classify
from portal.domain.fields import Field, Person
from portal.domain.findings import Finding, Severity
from portal.domain.names import folding_key
from portal.domain.wording import say
from portal.spreadsheets.columns import folded_heading
from portal.spreadsheets.extent import column_letters
from portal.spreadsheets.mapping import Header, column_heading
from portal.spreadsheets.reading import LookedSheet
from portal.spreadsheets.reading_process import ERROR_MARK, UNCALCULATED_MARK
from portal.spreadsheets.results import CheckedRow

_VILLAGE = re.compile(r"(?:thon|ban|ap|to dan pho|tdp|khu pho|xom|buon|khom) \S.*")
_FIELD_NAMES = frozenset(field.value for field in Field)
_MARKS = {ERROR_MARK: "cell_error", UNCALCULATED_MARK: "cell_uncalculated"}
_MARK_MESSAGES = {
    "cell_error": say("Ô {place} ({heading}) có công thức bị lỗi; hãy gõ lại giá trị vào ô."),
    "cell_uncalculated": say("Ô {place} ({heading}) có công thức chưa tính; hãy mở tệp bằng Excel rồi lưu lại."),
}


class RowChecker:
    """Checks the rows of one sheet under one header."""

    def __init__(self, header: Header, looked: LookedSheet, today: date) -> None:
        self._header, self._today = header, today
        self._absent = frozenset(field for field in Field if field not in header.places)
        self._has_marks = bool(looked.error_cells or looked.uncalculated_cells)
        self._family_place = _family_place(header)
        self._person_places = [(field.value, header.places.get(field.value, -1)) for field in Field]

    def check(self, number: int, cells: Sequence[str]) -> CheckedRow:
        """Class one row; never raises for any text."""
        raw = self._texts(cells)
        marks = self._mark_findings(number, raw) if self._has_marks else ()
        as_typed = Person(**{name: self._cell(raw, place) for name, place in self._person_places})
        if self._family_place >= 0:
            full_name = f"{self._cell(raw, self._family_place)} {as_typed.full_name}"
            as_typed = replace(as_typed, full_name=full_name)
        found = classify(as_typed, today=self._today, absent=self._absent)
        address = self._other(raw, "address")
        return CheckedRow(
            row=number,
            status="parked" if found.parked else "accepted",
            village=self._other(raw, "village") or village_in_address(address),
            person=Person(**{name: single_spaced(text) for name, text in as_typed.__dict__.items()}),
            cleaned=found.cleaned,
            classes=found.classes,
            findings=(*found.findings, *marks),
            suggestions=found.suggestions,
            leaves_flow=found.leaves_flow,
            group=self._other(raw, "group"),
            address=address,
            commune=self._other(raw, "commune"),
            district=self._other(raw, "district"),
            province=self._other(raw, "province"),
            platform_code=self._other(raw, "platform_code"),
            cells=raw,
            headings=self._header.headings,
        )

    def _texts(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The row's cells, as many as there are headings; cells to the right of the last heading stay at its end."""
        missing = len(self._header.headings) - len(cells)
        return (*cells, *([""] * missing)) if missing > 0 else tuple(cells)

    def _cell(self, raw: tuple[str, ...], place: int) -> str:
        text = raw[place] if place >= 0 else ""
        if self._has_marks and text in _MARKS:
            return ""
        return text if text.isascii() else unicodedata.normalize("NFC", text)

    def _other(self, raw: tuple[str, ...], name: str) -> str:
        return single_spaced(self._cell(raw, self._header.places.get(name, -1)))

    def _mark_findings(self, number: int, raw: tuple[str, ...]) -> tuple[Finding, ...]:
        """A finding for each mapped cell whose formula gives no value."""
        findings = []
        for name, place in self._header.places.items():
            code = _MARKS.get(raw[place])
            if code:
                where = f"{column_letters(place + 1)}{number}"
                message = say(_MARK_MESSAGES[code], place=where, heading=column_heading(name))
                field = Field(name) if name in _FIELD_NAMES else None
                findings.append(Finding(code, field, message, Severity.WARNING, where))
        return tuple(findings)


@lru_cache(maxsize=4096)
def single_spaced(text: str) -> str:
    """The text in NFC without blanks at the ends and without doubled blanks; otherwise as typed."""
    if "  " in text or not text.isprintable() or not text.isascii() or text[:1] == " " or text[-1:] == " ":
        return " ".join(unicodedata.normalize("NFC", text).split())
    return text


def _family_place(header: Header) -> int:
    """Where the family name stands if the sheet writes it apart from the given name («Họ đệm», «Tên»); else -1."""
    place = header.places.get(Field.FULL_NAME)
    if place is None or folded_heading(header.headings[place]) != "ten":
        return -1
    return header.places.get("family_name", -1)


def village_in_address(address: str) -> str:
    """The village named in an address («Thôn Km 17, xã Hát Lừu»), empty where its first parts name none."""
    for part in address.split(",")[:3] if address else ():
        name = part.strip()
        if _VILLAGE.fullmatch(folding_key(name)):
            return name
    return ""
