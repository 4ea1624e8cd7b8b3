"""One person's page: the form of the work that is offered, else the facts with numbers masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.domain.errors import NotFound
from portal.domain.fields import IDENTITY_FIELDS, Field
from portal.domain.masking import masked_text
from portal.domain.permissions import Actor
from portal.domain.stages import Party
from portal.domain.transitions import Action
from portal.domain.verdicts import Verdict
from portal.domain.wording import say, together
from portal.queries import entries as queries
from portal.services.sights import note_shown
from portal.services.transitions import load_list, offers
from portal.web import htmx
from portal.web.access import current_actor
from portal.web.entries.forms import ConclusionForm, CorrectionForm, UpdateForm, VerificationForm
from portal.web.filters import masked
from portal.web.lists.grid import changes, grid_row, said_by
from portal.web.lists.pages import note_reading
from portal.web.lists.words import FIELD_WORDS

if TYPE_CHECKING:
    from portal.models import CorrectionList, Entry


@dataclass(frozen=True)
class Screen:
    """The form and template of one kind of work, and where the form goes."""

    template: str
    form: type[ConclusionForm]
    endpoint: str


SCREENS: dict[Action, Screen] = {
    Action.CORRECT: Screen("entries/_correction.html", CorrectionForm, "entries.correct"),
    Action.VERIFY: Screen("entries/_verification.html", VerificationForm, "entries.verify"),
    Action.APPLY: Screen("entries/_update.html", UpdateForm, "entries.update"),
}


def find_entry(actor: Actor, list_id: UUID, number: int) -> Entry:
    """The person, or NotFound."""
    entry = queries.find(actor, list_id, number)
    if entry is None:
        raise NotFound(_("Không có người này trong danh sách, hoặc đơn vị của bạn không được xem."))
    return entry


def entry_page(list_id: UUID, number: int, form: ConclusionForm | None = None, status: int = 200) -> Response:
    """The page of one person; `form` is a refused one with what was typed."""
    actor = current_actor()
    of_list = load_list(actor, list_id)
    if note_reading(actor, of_list):
        of_list = load_list(actor, list_id)
    entry = find_entry(actor, list_id, number)
    screen = offered_screen(actor, of_list)
    before, after = queries.neighbours(actor, list_id, number)
    shared: dict[str, Any] = {
        "of_list": of_list,
        "number": number,
        "before": before,
        "after": after,
        "base": url_for("lists.show", list_id=list_id),
    }
    if screen is None:
        return htmx.render("entries/reading.html", status=status, form=form, **shared, **_masked(entry))
    seen = [(entry.id, entry.rev)] if screen is SCREENS[Action.VERIFY] else []
    page = htmx.render("entries/show.html", status=status, **shared, **work_context(entry, list_id, screen, form))
    note_shown(actor, seen)
    return page


def work_context(entry: Entry, list_id: UUID, screen: Screen, form: ConclusionForm | None) -> dict[str, Any]:
    """What a work form shows; a form of another kind of work is not taken over."""
    if not isinstance(form, screen.form):
        form = screen.form()
        if not form.is_kept:
            form.fill(entry)
    conflict = conflict_of(entry, form)
    # Whoever has seen both values may save again, over the version that is shown now.
    form.rev.data = str(entry.rev)
    return {
        "screen": screen.template,
        "action": url_for(screen.endpoint, list_id=list_id, number=entry.number),
        "form": form,
        "entry": entry,
        "row": grid_row(entry),
        "fields": FIELD_WORDS,
        "came_back": came_back(entry),
        "conflict": conflict,
    }


def offered_screen(actor: Actor, of_list: CorrectionList) -> Screen | None:
    """The work that is offered now, None for readers."""
    for offer in offers(actor, of_list):
        if offer.enabled and offer.transition.action in SCREENS:
            return SCREENS[offer.transition.action]
    return None


@dataclass(frozen=True)
class Conflict:
    """One item as it stands now and as it was typed, after somebody else saved first."""

    words: str
    now: str
    typed: str


def conflict_of(entry: Entry, form: ConclusionForm) -> list[Conflict]:
    """Both values of each item that differs, where the form was drawn from an older version."""
    if not form.is_submitted() or form.rev.data in ("", None, str(entry.rev)):
        return []
    now = {**entry.recorded, **entry.proposed, **(entry.verified if form.party is Party.POLICE else {})}
    found = [
        Conflict(FIELD_WORDS[field], now.get(field.value, ""), form[field.value].data or "")
        for field in IDENTITY_FIELDS
        if field.value in form and (form[field.value].data or "") != now.get(field.value, "")
    ]
    said = said_by(form.party, entry)
    typed = next((words for value, words in form.verdict.choices or [] if value == form.verdict.data), "")
    return [*found, Conflict(_("Kết luận"), said, typed)]


def came_back(entry: Entry) -> str:
    """Why the party after sent this person back; empty where nobody did."""
    for party, reader in ((Party.POLICE, say("Công an")), (Party.STATION, say("Trạm Y tế"))):
        if getattr(entry, f"{party}_verdict") == Verdict.RETURNED.value:
            return together(reader, said_by(party, entry), by=": ")
    return ""


def _hidden(field: Field, text: str) -> str:
    return masked(text) if field is Field.ID_NUMBER else text


def _masked(entry: Entry) -> dict[str, Any]:
    sides = ((Party.VILLAGE, entry.proposed), (Party.POLICE, entry.verified), (Party.STATION, entry.final))
    return {
        "recorded": [
            (FIELD_WORDS[field], _hidden(field, entry.recorded.get(field.value, ""))) for field in IDENTITY_FIELDS
        ],
        "classes": entry.classes,
        "sides": [
            (
                party,
                masked_text(said_by(party, entry)),
                [(FIELD_WORDS[one.field], _hidden(one.field, one.new)) for one in changes(entry.recorded, values)],
            )
            for party, values in sides
        ],
        "outcome": entry.outcome,
    }
