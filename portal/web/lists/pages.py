"""A list's page put together: facts, deeds, the work of the moment, its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response

from portal.clock import today
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, can
from portal.domain.reading_limits import Limited
from portal.domain.stages import Stage
from portal.queries import handovers, lists, parts
from portal.queries.contacts import contacts
from portal.queries.scope import place_of
from portal.services import reading_limits
from portal.services.claims import note_presence
from portal.services.reading import log_read
from portal.services.sights import note_shown
from portal.services.transitions import load_list, offers, state_of
from portal.web import htmx
from portal.web.access import current_actor
from portal.web.lifting import closed, lifting_contacts
from portal.web.lists.deadline import deadline_of
from portal.web.lists.deeds import deeds_of
from portal.web.lists.forms import DeedForm
from portal.web.lists.people_filter import asked_people
from portal.web.lists.screens import screen_for
from portal.web.lists.sharing import sharing_of

if TYPE_CHECKING:
    from portal.models import CorrectionList


def note_reading(actor: Actor, of_list: CorrectionList) -> bool:
    """Write down that somebody opened the list, and that he searched in it; True where something was written.

    A search is counted too. Raises TooManyReadings.
    """
    searched = False
    if asked_people().words:
        reading_limits.count(actor, Limited.SEARCH)
        searched = log_read(actor, EventTag.PEOPLE_SEARCHED, of_list)
    return log_read(actor, EventTag.LIST_OPENED, of_list) or searched


def list_page(list_id: UUID, status: int = 200, **forms: Any) -> Response:  # noqa: ANN401  refused forms by name
    """The page of one list; `forms` are refused ones to be shown again."""
    actor = current_actor()
    of_list = load_list(actor, list_id)
    if note_reading(actor, of_list):
        of_list = load_list(actor, list_id)
    if note_presence(actor, of_list):
        of_list = load_list(actor, list_id)
    offered = offers(actor, of_list)
    records = handovers.records_of(actor, list_id)
    screen = screen_for(actor, of_list, offered, forms)
    deeds = deeds_of(of_list, offered, records, lifting_contacts(actor, of_list, offered))
    receiver = lists.awaited_receiver(actor, list_id) if of_list.pending_leg else None
    units = {of_list.holder_unit_id} | ({receiver.id} if receiver else set())
    page = htmx.render(
        "lists/show.html",
        status=status,
        of_list=of_list,
        stage=Stage(of_list.stage),
        state=state_of(of_list),
        contacts=contacts(units, today()),
        receiver=receiver,
        sharing=sharing_of(actor, of_list, offered),
        deadline=deadline_of(of_list, offered),
        deeds=deeds,
        closed_deeds=closed(deeds),
        family=parts.family_of(actor, of_list),
        withdrawn=parts.why_withdrawn(actor, of_list) if of_list.stage == Stage.CANCELLED.value else "",
        records=records,
        screen=screen.template,
        screen_is_dense=bool(screen.shown),
        may_print_sheets=can(actor, Permission.SHEET_WORK, place_of(of_list)),
        may_read_trail=can(actor, Permission.TRAIL_READ, place_of(of_list)),
        form=DeedForm(),
        refused=[form for form in forms.values() if form.errors],
        **screen.context,
    )
    note_shown(actor, screen.shown)
    return page
