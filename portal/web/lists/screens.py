"""The work screens of a list, chosen by which work is offered; everybody else reads with numbers masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.clock import local, today
from portal.domain.fields import Field
from portal.domain.findings import told_by
from portal.domain.lanes import changed_fields
from portal.domain.masking import masked_text
from portal.domain.permissions import Actor
from portal.domain.phrases import reason_words
from portal.domain.stages import Party
from portal.domain.transitions import Action
from portal.queries import entries as people
from portal.queries import lists as queries
from portal.queries.entries import Part, PeopleFilter
from portal.queries.parties import village_task_forces
from portal.queries.sights import changed_after_seen, last_concluded
from portal.services.transitions import Offer
from portal.web.filters import masked
from portal.web.lists.forms import DueForm, ImportAnswerForm, VerificationListForm, VillageForm, WorkFileForm
from portal.web.lists.grid import grid_rows, grid_words, said_by
from portal.web.lists.people_filter import asked_people
from portal.web.lists.words import FIELD_WORDS
from portal.web.paging import Page, page_number

if TYPE_CHECKING:
    from portal.models import CorrectionList, Entry

    _Build = Callable[[Actor, CorrectionList, dict[str, Any]], "Screen"]


@dataclass(frozen=True)
class Tab:
    """A named part of the list with its count."""

    text: str
    address: str
    count: int | None
    is_current: bool


@dataclass(frozen=True)
class Screen:
    """What stands below a list's facts: a template and what it shows.

    `shown` are the entries with their versions that it puts before an officer's eyes.
    """

    template: str
    context: dict[str, Any]
    shown: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class MaskedRow:
    """A person for readers: the number is masked before it reaches the page."""

    number: int
    rev: int
    full_name: str
    birth_date: str
    sex: str
    tail: str
    classes: str
    state: str
    findings: tuple[str, ...] = ()
    saved_at: datetime | None = None


def screen_for(actor: Actor, of_list: CorrectionList, offered: Sequence[Offer], forms: dict[str, Any]) -> Screen:
    """The screen of the first work that is offered; `forms` replaces fresh forms by refused ones."""
    for offer in offered:
        build = _SCREENS.get(offer.transition.action)
        if build is not None and offer.enabled:
            return build(actor, of_list, forms)
    return _reading(actor, of_list, forms)


def current_part(among: Sequence[Part], default: Part) -> Part:
    """The part that the address asks for; the default where it names none of these."""
    asked = request.args.get("part", "")
    return next((part for part in among if part.value == asked), default)


def _reading(actor: Actor, of_list: CorrectionList, _forms: dict[str, Any]) -> Screen:
    wanted = asked_people()
    rows = people.entries_page(actor, of_list.id, None, wanted, page_number())
    page = _page(actor, of_list, None, wanted, of_list.entries)
    return Screen("lists/_reading.html", {"rows": [masked_row(entry) for entry in rows], "page": page})


def _arranging(actor: Actor, of_list: CorrectionList, forms: dict[str, Any]) -> Screen:
    wanted = asked_people()
    rows = people.entries_page(actor, of_list.id, None, wanted, page_number())
    village: VillageForm = forms.get("village_form") or VillageForm(rev=str(of_list.rev))
    village.village.choices = [
        (unit.id, unit.serves.name if unit.serves else unit.name)
        for unit in village_task_forces(of_list.station, today())
    ]
    if village.village.data is None and of_list.village_unit_id:
        village.village.data = of_list.village_unit_id
    due = forms.get("due_form") or DueForm()
    if due.due_day.data is None and not due.is_submitted() and of_list.due_at:
        due.due_day.data, due.due_hour.data = local(of_list.due_at).date(), local(of_list.due_at).strftime("%H:%M")
    return Screen(
        "lists/_arranging.html",
        {
            "rows": [masked_row(entry) for entry in rows],
            "page": _page(actor, of_list, None, wanted, of_list.entries),
            "village_form": village,
            "due_form": due,
        },
    )


_VILLAGE_PARTS = {
    Part.LEFT: _l("Chưa gặp"),
    Part.DONE: _l("Đã gặp"),
    Part.HARD: _l("Khó"),
    Part.RETURNED: _l("Trả lại"),
}


def _correcting(actor: Actor, of_list: CorrectionList, forms: dict[str, Any]) -> Screen:
    wanted, tabs, page = _tabs(actor, of_list, Party.VILLAGE, _VILLAGE_PARTS)
    rows = people.entries_page(actor, of_list.id, Party.VILLAGE, wanted, page.number)
    first_left = people.next_left(actor, of_list.id, Party.VILLAGE)
    return Screen(
        "lists/_correcting.html",
        {
            "rows": [masked_row(entry, Party.VILLAGE) for entry in rows],
            "work_file_form": forms.get("work_file_form") or WorkFileForm(formdata=None),
            "page": page,
            "tabs": tabs,
            "part": wanted.part.value,
            "first_left": first_left,
            "work_first": first_left is not None,
        },
    )


def _transcribing(actor: Actor, of_list: CorrectionList, forms: dict[str, Any]) -> Screen:
    """The village's cards for whoever types from its sheets: one person at a time, nothing in bulk."""
    screen = _correcting(actor, of_list, forms)
    return Screen("lists/_transcribing.html", screen.context)


_POLICE_PARTS = {
    Part.ALL: _l("Tất cả"),
    Part.LEFT: _l("Chưa đối chiếu"),
    Part.HARD: _l("Không có trong CSDL"),
    Part.RETURNED: _l("Trả lại"),
}


def _verifying(actor: Actor, of_list: CorrectionList, forms: dict[str, Any]) -> Screen:
    wanted, tabs, page = _tabs(actor, of_list, Party.POLICE, _POLICE_PARTS)
    # Where the officer stopped, on whatever machine: the first row left after the one concluded last.
    first_left = people.next_left(actor, of_list.id, Party.POLICE, after=last_concluded(actor, of_list.id))
    if "page" not in request.args and wanted == PeopleFilter() and first_left is not None:
        page = replace(page, number=people.position(actor, of_list.id, first_left))
    rows = people.entries_page(actor, of_list.id, Party.POLICE, wanted, page.number)
    later = changed_after_seen(actor, [entry.id for entry in rows])
    return Screen(
        "lists/_verifying.html",
        {
            "rows": grid_rows(rows, later),
            "work_file_form": forms.get("work_file_form") or WorkFileForm(formdata=None),
            "t": grid_words(),
            "page": page,
            "tabs": tabs,
            "first_left": first_left,
            "wanted": wanted.words,
            "later": len(later),
            "onward": url_for(
                "lists.show", list_id=of_list.id, part=None if wanted.part is Part.ALL else wanted.part.value
            ),
        },
        tuple((entry.id, entry.rev) for entry in rows),
    )


_STATION_PARTS = {
    Part.EDIT: _l("Luồng B: sửa trực tiếp"),
    Part.IMPORT: _l("Luồng A: nhập tệp"),
    Part.CHECK: _l("Chờ đối chiếu lại"),
    Part.LEFT: _l("Chưa kết thúc"),
    Part.DONE: _l("Đã kết thúc"),
    Part.RETURNED: _l("Trả lại công an"),
}


def _updating(actor: Actor, of_list: CorrectionList, forms: dict[str, Any]) -> Screen:
    wanted, tabs, page = _tabs(actor, of_list, Party.STATION, _STATION_PARTS)
    rows = people.entries_page(actor, of_list.id, Party.STATION, wanted, page.number)
    return Screen(
        "lists/_updating.html",
        {
            "lanes": people.lane_counts(actor, of_list.id),
            "tabs": tabs,
            "part": wanted.part.value,
            "page": page,
            "edits": [edit_card(entry) for entry in rows] if wanted.part is Part.EDIT else [],
            "rows": [] if wanted.part is Part.EDIT else [masked_row(entry, Party.STATION) for entry in rows],
            "import_file": queries.latest_exchange(actor, of_list.id, "import"),
            "verification": queries.latest_exchange(actor, of_list.id, "verification"),
            "answer": queries.latest_exchange(actor, of_list.id, "answer"),
            "answer_form": forms.get("answer_form") or ImportAnswerForm(formdata=None),
            "verification_form": forms.get("verification_form") or VerificationListForm(),
        },
    )


@dataclass(frozen=True)
class FieldEdit:
    """One field to be changed on the platform."""

    field: Field
    words: str
    old: str
    new: str
    is_done: bool


@dataclass(frozen=True)
class EditCard:
    """A person of the editing lane with the fields to change."""

    number: int
    rev: int
    full_name: str
    birth_date: str
    tail: str
    state: str
    edits: tuple[FieldEdit, ...]


def edit_card(entry: Entry) -> EditCard:
    """A person of the editing lane as the station works on it."""
    edits = tuple(
        FieldEdit(
            field,
            FIELD_WORDS[field],
            entry.recorded.get(field, ""),
            entry.verified[field],
            field.value in entry.marks,
        )
        for field in changed_fields(entry.recorded, entry.verified)
    )
    recorded = entry.recorded
    return EditCard(
        number=entry.number,
        rev=entry.rev,
        full_name=recorded.get("full_name", ""),
        birth_date=recorded.get("birth_date", ""),
        tail=masked(recorded.get("id_number", "")),
        state=said_by(Party.STATION, entry),
        edits=edits,
    )


def masked_row(entry: Entry, party: Party | None = None) -> MaskedRow:
    """A person with the number masked; `party` names whose conclusion is shown, else the newest one."""
    recorded = entry.recorded
    return MaskedRow(
        number=entry.number,
        rev=entry.rev,
        full_name=recorded.get(Field.FULL_NAME, ""),
        birth_date=recorded.get(Field.BIRTH_DATE, ""),
        sex=recorded.get(Field.SEX, ""),
        tail=masked(recorded.get(Field.ID_NUMBER, "")),
        classes=", ".join(entry.classes),
        state=masked_text(_state(entry, party)),
        findings=tuple(told_by(finding) for finding in entry.findings if finding.get("severity") != "note"),
        saved_at=entry.changed_at if party and getattr(entry, f"{party}_verdict") else None,
    )


def _state(entry: Entry, party: Party | None) -> str:
    if entry.outcome == "done":
        return str(_("Nền tảng đã đúng"))
    if entry.outcome:
        return str(_("Kết thúc: %(why)s", why=reason_words(entry.outcome)))
    order = (party,) if party else (Party.STATION, Party.POLICE, Party.VILLAGE)
    for one in order:
        if said := said_by(one, entry):
            return said
    return ""


def _tabs(
    actor: Actor, of_list: CorrectionList, party: Party, words: dict[Part, str]
) -> tuple[PeopleFilter, list[Tab], Page]:
    """The people asked for (else the first part that holds some), its tabs with counts, and its page."""
    counts = people.counts(actor, of_list.id, party, tuple(words))
    default = next((part for part in words if counts[part]), next(iter(words)))
    chosen = current_part(tuple(words), default)
    base = url_for("lists.show", list_id=of_list.id)
    tabs = [Tab(str(text), f"{base}?part={part.value}", counts[part], part is chosen) for part, text in words.items()]
    wanted = asked_people(chosen)
    return wanted, tabs, _page(actor, of_list, party, wanted, counts[chosen])


def _page(actor: Actor, of_list: CorrectionList, party: Party | None, wanted: PeopleFilter, everybody: int) -> Page:
    matching = people.count_matching(actor, of_list.id, party, wanted) if wanted.is_set else everybody
    return Page(page_number(), matching, everybody)


_SCREENS: dict[Action, _Build] = {
    Action.ARRANGE: _arranging,
    Action.CORRECT: _correcting,
    Action.TRANSCRIBE: _transcribing,
    Action.VERIFY: _verifying,
    Action.APPLY: _updating,
}
