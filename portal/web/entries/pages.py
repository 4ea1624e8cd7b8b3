"""One person's page: the form of the work that is offered, else the facts with numbers masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from jinja2_fragments.flask import render_block

from portal.clock import today
from portal.domain.errors import NotFound
from portal.domain.fields import IDENTITY_FIELDS, Field
from portal.domain.masking import masked_text
from portal.domain.permissions import Actor, Permission, can, has_permission
from portal.domain.stages import Party
from portal.domain.transitions import Action
from portal.domain.verdicts import Verdict
from portal.domain.wording import say, together
from portal.queries import entries as queries
from portal.queries.duplicates import pairs_of_entry
from portal.queries.scope import place_of
from portal.services import drafts as kept_forms
from portal.services.revealing import Revealed
from portal.services.sights import note_shown
from portal.services.transitions import load_list, offers
from portal.web import drafts, htmx
from portal.web.access import current_actor
from portal.web.duplicates.sides import Claim, claims_of
from portal.web.entries.addresses import told_place
from portal.web.entries.conflicts import conflicts
from portal.web.entries.forms import ConclusionForm, CorrectionForm, RevealForm, UpdateForm, VerificationForm
from portal.web.filters import masked, told_sex
from portal.web.lists.grid import changes, grid_row, said_by
from portal.web.lists.pages import note_reading
from portal.web.lists.words import FIELD_WORDS

if TYPE_CHECKING:
    from portal.models import CorrectionList, Entry


@dataclass(frozen=True)
class Screen:
    """The form and template of one kind of work, and where the form goes; `may_wait`: its saves may wait offline."""

    template: str
    form: type[ConclusionForm]
    endpoint: str
    may_wait: bool = False


SCREENS: dict[Action, Screen] = {
    Action.CORRECT: Screen("entries/_correction.html", CorrectionForm, "entries.correct", may_wait=True),
    Action.TRANSCRIBE: Screen("entries/_correction.html", CorrectionForm, "entries.transcribe"),
    Action.VERIFY: Screen("entries/_verification.html", VerificationForm, "entries.verify"),
    Action.APPLY: Screen("entries/_update.html", UpdateForm, "entries.update"),
}


def find_entry(actor: Actor, list_id: UUID, number: int) -> Entry:
    """The person, or NotFound."""
    entry = queries.find(actor, list_id, number)
    if entry is None:
        raise NotFound(_("Không có người này trong danh sách, hoặc đơn vị của bạn không được xem."))
    return entry


def entry_page(
    list_id: UUID,
    number: int,
    form: ConclusionForm | None = None,
    status: int = 200,
    *,
    reveal_form: RevealForm | None = None,
    revealed: Sequence[Revealed] = (),
) -> Response:
    """The page of one person; `form` is a refused one with what was typed, `revealed` are numbers shown whole."""
    actor = current_actor()
    of_list = load_list(actor, list_id)
    if note_reading(actor, of_list):
        of_list = load_list(actor, list_id)
    entry = find_entry(actor, list_id, number)
    screen = offered_screen(actor, of_list)
    shared = _frame(of_list, number, queries.neighbours(actor, list_id, number))
    shared["claims"], shared["place"] = claims(actor, entry), told_place(entry)
    shared["may_judge_pairs"] = has_permission(actor, Permission.PAIR_JUDGE)
    if screen is None:
        if form is not None and form.is_submitted():
            # The list has left the party meanwhile: what was typed waits for its author, should the list come back.
            drafts.keep_for(actor.user_id)
        if can(actor, Permission.NUMBER_REVEAL, place_of(of_list)):
            shared |= {"reveal_form": reveal_form or RevealForm(formdata=None), "revealed": revealed}
        return htmx.render("entries/reading.html", status=status, form=form, **shared, **_masked(entry))
    work = work_context(entry, list_id, screen, form)
    is_fresh = not (work["form"].is_kept or work["form"].is_submitted())
    kept = kept_forms.find_for(actor.user_id, work["action"]) if is_fresh else None
    page = htmx.render("entries/show.html", status=status, kept=kept, **shared, **work)
    note_shown(actor, [(entry.id, entry.rev)] if screen is SCREENS[Action.VERIFY] else [])
    return page


def claims(actor: Actor, entry: Entry) -> list[Claim]:
    """Who else may be this person, as far as the actor may know."""
    return claims_of(entry.id, pairs_of_entry(actor, entry.id, today()))


def person_part(of_list: CorrectionList, entry: Entry) -> str:
    """The main part of a person's page with a fresh form, loaded ahead for a phone whose network may go.

    The neighbours are guessed by number: asking for each person's would cost a query a person.
    """
    before, after = entry.number - 1, entry.number + 1
    shared = _frame(of_list, entry.number, (before or None, after if after <= of_list.entries else None))
    screen = SCREENS[Action.CORRECT]
    return render_block("entries/show.html", "main", **shared, **work_context(entry, of_list.id, screen, None))


def _frame(of_list: CorrectionList, number: int, neighbours: tuple[int | None, int | None]) -> dict[str, Any]:
    before, after = neighbours
    return {
        "of_list": of_list,
        "number": number,
        "before": before,
        "after": after,
        "base": url_for("lists.show", list_id=of_list.id),
    }


def work_context(entry: Entry, list_id: UUID, screen: Screen, form: ConclusionForm | None) -> dict[str, Any]:
    """What a work form shows; a form of another kind of work is not taken over."""
    if not isinstance(form, screen.form):
        form = screen.form()
        if not form.is_kept:
            form.fill(entry)
    conflict = conflicts(entry, form)
    action = url_for(screen.endpoint, list_id=list_id, number=entry.number)
    # Whoever has seen both values may save again, over the version that is shown now.
    form.rev.data = str(entry.rev)
    return {
        "screen": screen.template,
        "may_wait": screen.may_wait,
        "action": action,
        "form": form,
        "entry": entry,
        "row": grid_row(entry),
        "fields": FIELD_WORDS,
        "came_back": came_back(entry),
        "conflict": conflict,
        "is_choice": bool(conflict) and isinstance(form, CorrectionForm),
        "changed_by": queries.changed_by(entry) if conflict else "",
    }


def offered_screen(actor: Actor, of_list: CorrectionList) -> Screen | None:
    """The work that is offered now, None for readers."""
    for offer in offers(actor, of_list):
        if offer.enabled and offer.transition.action in SCREENS:
            return SCREENS[offer.transition.action]
    return None


def came_back(entry: Entry) -> str:
    """Why the party after sent this person back; empty where nobody did."""
    for party, reader in ((Party.POLICE, say("Công an")), (Party.STATION, say("Trạm Y tế"))):
        if getattr(entry, f"{party}_verdict") == Verdict.RETURNED.value:
            return together(reader, said_by(party, entry), by=": ")
    return ""


def _hidden(field: Field, text: str) -> str:
    if field is Field.SEX:
        return told_sex(text)
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
