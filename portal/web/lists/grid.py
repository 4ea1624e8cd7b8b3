"""The police's grid: each person with recorded, proposed and verified values side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from portal.domain.differences import DIFFERENCE_LABELS, difference_kind
from portal.domain.fields import IDENTITY_FIELDS, Field
from portal.domain.findings import told_by
from portal.domain.phrases import verdict_words
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.web.forms import new_key

if TYPE_CHECKING:
    from portal.models import Entry
    from portal.queries.sights import LaterChange


@dataclass(frozen=True)
class Change:
    """A field that one side states otherwise than it stood before, and how they differ."""

    field: Field
    old: str
    new: str
    kind: str


@dataclass(frozen=True)
class GridRow:
    """One row of the grid; `key` makes its next save repeat-safe."""

    number: int
    rev: int
    key: str
    recorded: dict[str, str]
    findings: tuple[str, ...]
    proposed: tuple[Change, ...]
    verified: tuple[Change, ...]
    village_said: str
    verdict: str
    police_said: str
    may_accept: bool
    came_back: str
    saved_at: datetime | None
    later: LaterChange | None


def grid_words() -> dict[str, str]:
    """The words that every row repeats, translated once for a page: fifty rows would ask five hundred times."""
    return {
        "no_birth_date": str(_("chưa có ngày sinh")),
        "no_sex": str(_("chưa có giới")),
        "village_silent": str(_("thôn chưa ghi")),
        "right": str(_("Đúng")),
        "fix": str(_("Sửa")),
        "absent": str(_("Không có")),
        "give_back": str(_("Trả lại")),
        "agree": str(_("Đồng ý với thôn")),
    }


def grid_rows(entries: Sequence[Entry], later: Mapping[int, LaterChange]) -> list[GridRow]:
    """The rows of a page; `later` names those that somebody changed after the officer had seen them."""
    return [grid_row(entry, later.get(entry.id)) for entry in entries]


def grid_row(entry: Entry, later: LaterChange | None = None) -> GridRow:
    """One row from the entry as it stands."""
    base = {**entry.recorded, **entry.proposed}
    return GridRow(
        number=entry.number,
        rev=entry.rev,
        key=new_key(),
        recorded=dict(entry.recorded),
        findings=tuple(told_by(finding) for finding in entry.findings if finding.get("severity") != "note"),
        proposed=changes(entry.recorded, entry.proposed),
        verified=changes(base, entry.verified),
        village_said=said_by(Party.VILLAGE, entry),
        verdict=entry.police_verdict,
        police_said=said_by(Party.POLICE, entry),
        may_accept=entry.village_verdict == Verdict.UNRESOLVED.value,
        came_back=_came_back(entry),
        saved_at=entry.changed_at if entry.police_verdict else None,
        later=later,
    )


SEARCH_LIMIT = 60


def holds_long_number(text: str) -> bool:
    """Whether a text holds more digits than the last ones of an identity number: it must not stand in an address."""
    return sum(letter.isdecimal() for letter in text) > LAST_DIGITS


LAST_DIGITS = 4


def said_by(party: Party, entry: Entry) -> str:
    """What the party concluded of the person, with reason and note; empty where nothing."""
    return verdict_words(*(getattr(entry, f"{party}_{part}") for part in ("verdict", "reason", "note")))


def changes(old: dict[str, str], new: dict[str, str]) -> tuple[Change, ...]:
    """The identity fields that `new` states otherwise, with the kind of difference in words."""
    return tuple(
        Change(field, before, after, DIFFERENCE_LABELS[difference_kind(before, after)] if before and after else "")
        for field in IDENTITY_FIELDS
        if (after := new.get(field.value, "")) != (before := old.get(field.value, "")) and field.value in new
    )


def _came_back(entry: Entry) -> str:
    """Why the station sent the person back in the round before; empty in a first round."""
    return said_by(Party.STATION, entry) if entry.station_verdict == Verdict.RETURNED.value else ""
