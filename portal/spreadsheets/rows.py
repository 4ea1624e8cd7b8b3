"""From a sheet's row to a checked row."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter

from portal.domain.classification import classify
from portal.domain.fields import Field, Person
from portal.domain.findings import Finding, Severity
from portal.domain.legacy_fonts import converted
from portal.domain.names import folding_key, is_clean
from portal.domain.protected_groups import protected_finding
from portal.domain.wording import say
from portal.spreadsheets.columns import folded_heading
from portal.spreadsheets.extent import column_letters
from portal.spreadsheets.mapping import Header, column_heading
from portal.spreadsheets.reading import LookedSheet
from portal.spreadsheets.reading_process import ERROR_MARK, UNCALCULATED_MARK
from portal.spreadsheets.results import CheckedRow

_VILLAGE = re.compile(r"(?:thon|ban|ap|to dan pho|tdp|khu pho|xom|buon|khom) \S.*")
_OTHER_COLUMNS = ("village", "address", "group", "commune", "district", "province", "platform_code")
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
        self._width = len(header.headings)
        # The place -1 is the empty text put behind every row's cells.
        self._person_of = itemgetter(*(header.places.get(field, -1) for field in Field))
        self._others_of = itemgetter(*(header.places.get(name, -1) for name in _OTHER_COLUMNS))

    def check(self, number: int, cells: Sequence[str]) -> CheckedRow:
        """Class one row; never raises for any text."""
        missing = self._width - len(cells)
        raw = (*cells, *([""] * missing)) if missing > 0 else tuple(cells)
        marks = self._mark_findings(number, raw) if self._has_marks else ()
        typed, spaced = self._texts(raw)
        as_typed = person = Person(*self._person_of(typed))
        if self._family_place >= 0:
            as_typed = person = person._replace(full_name=f"{typed[self._family_place]} {person.full_name}")
        if spaced is not typed:
            person = Person(*map(single_spaced, as_typed))
        cleaned, classes, findings, suggestions, parked, leaves_flow = classify(
            as_typed, today=self._today, absent=self._absent
        )
        village, address, group, commune, district, province, platform_code = self._others_of(spaced)
        protected = protected_finding(group) if group else None
        if protected is not None:
            findings, classes, leaves_flow = (*findings, protected), (), True
        return CheckedRow(
            number,
            "parked" if parked else "accepted",
            _in_unicode(village or village_in_address(address)),
            person,
            cleaned,
            classes,
            findings + marks if marks else findings,
            suggestions,
            leaves_flow,
            group,
            address,
            commune,
            district,
            province,
            platform_code,
            raw,
            self._header.headings,
        )

    def _texts(self, raw: tuple[str, ...]) -> tuple[Sequence[str], Sequence[str]]:
        """The cells as typed (NFC, without the marks of cells in error) and with single blanks; "" behind the last.

        Nearly every row is in order as it stands: one look at the whole row tells, and both are the same then.
        """
        row = "|".join(raw)
        if not self._has_marks and "| " not in row and " |" not in row and is_clean(row):
            typed = (*raw, "")
            return typed, typed
        typed = (*("" if text in _MARKS else unicodedata.normalize("NFC", text) for text in raw), "")
        return typed, [single_spaced(text) for text in typed]

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


@lru_cache(maxsize=4096)
def _in_unicode(village: str) -> str:
    """The village, read in its old font's code where it surely is one: only so is its unit found."""
    found = None if village.isascii() else converted(village)
    return found[1] if found else village


@lru_cache(maxsize=4096)
def village_in_address(address: str) -> str:
    """The village named in an address («Thôn Km 17, xã Hát Lừu»), empty where its first parts name none."""
    for part in address.split(",")[:3] if address else ():
        name = part.strip()
        if _VILLAGE.fullmatch(folding_key(name)):
            return name
    return ""
