"""One conclusion over many people of a list: from the ticks on its page, or for all who match what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request, url_for

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.domain.phrases import verdict_words
from portal.domain.stages import Party
from portal.queries import entries as queries
from portal.services.bulk import entries as services
from portal.services.transitions import load_list
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.bulk.forms import BULK_FORMS, MATCHING, BulkForm, expected_count
from portal.web.bulk.results import bp
from portal.web.form_keys import key_of
from portal.web.lists.pages import list_page
from portal.web.lists.people_filter import KEPT, asked_part, asked_people

if TYPE_CHECKING:
    from portal.models import CorrectionList
    from portal.web.forms import PortalForm
    from portal.web.paging import Page

_ENDPOINTS = {
    Party.VILLAGE: "bulk.correct_people",
    Party.POLICE: "bulk.verify_people",
    Party.STATION: "bulk.update_people",
}


@bp.post("/lists/<uuid:list_id>/bulk/correction")
@requires(Permission.ENTRY_CORRECT)
def correct_people(list_id: UUID) -> Response:
    """The village's conclusion of many people."""
    return _conclude(list_id, Party.VILLAGE)


@bp.post("/lists/<uuid:list_id>/bulk/verification")
@requires(Permission.ENTRY_VERIFY)
def verify_people(list_id: UUID) -> Response:
    """The police's conclusion of many rows that were shown."""
    return _conclude(list_id, Party.POLICE)


@bp.post("/lists/<uuid:list_id>/bulk/update")
@requires(Permission.ENTRY_APPLY)
def update_people(list_id: UUID) -> Response:
    """The station's conclusion of many people."""
    return _conclude(list_id, Party.STATION)


def _conclude(list_id: UUID, party: Party) -> Response:
    actor, form = current_actor(), BULK_FORMS[party]()
    try:
        said = form.said(None)
        if not form.validate():
            return list_page(list_id, 422, bulk_form=form)
        if form.scope.data != MATCHING:
            act = services.conclude_ticked(actor, list_id, form.ticked(), said, key=key_of(form))
        elif (expected := expected_count(form)) is not None:
            act = services.conclude_matching(
                actor, list_id, asked_people(asked_part()), said, expected=expected, key=key_of(form)
            )
        else:
            return _confirm(list_id, party, form)
    except InvalidInput as refusal:
        form.refuse(refusal)
        return list_page(list_id, 422, bulk_form=form)
    return htmx.redirect(url_for("bulk.show", act_id=act))


def _confirm(list_id: UUID, party: Party, form: BulkForm) -> Response:
    """The count in words before everybody who matches is concluded."""
    actor = current_actor()
    of_list = load_list(actor, list_id)
    form.expected.data = str(len(queries.matching(actor, list_id, party, asked_people(asked_part()))))
    said = form.said(None)
    return htmx.render(
        "bulk/confirm_people.html",
        form=form,
        of_list=of_list,
        action=_action(list_id, party),
        back=f"{url_for('lists.show', list_id=list_id)}?{urlencode(_kept())}",
        said=verdict_words(said.verdict.value, said.reason, said.note),
        count=int(form.expected.data),
        fields=("scope", "expected", "verdict", "reason", "return_reason", "note"),
    )


def _action(list_id: UUID, party: Party) -> str:
    """Where the form goes, with the filters of the page in the address."""
    return f"{url_for(_ENDPOINTS[party], list_id=list_id)}?{urlencode(_kept())}"


def _kept() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.args.items() if name in KEPT]


@dataclass(frozen=True)
class PeoplePanel:
    """What stands above a list's people: the form, where it goes, how many match, which rows are ticked."""

    form: BulkForm
    action: str
    matching: int
    on_page: int
    every_row: str
    offers_matching: bool
    ticks: frozenset[str]
    all_ticked: bool

    def is_ticked(self, number: int, rev: int) -> bool:
        """Whether the row's box is ticked when the page is drawn."""
        return self.all_ticked or f"{number}:{rev}" in self.ticks


@bp.app_template_global("people_panel")
def people_panel(
    of_list: CorrectionList, party: str, page: Page, refused: list[PortalForm], rows: int
) -> PeoplePanel:
    """The panel of the list's page; a refused form comes back as it was sent."""
    side = Party(party)
    form = next((one for one in refused if isinstance(one, BulkForm)), None) or BULK_FORMS[side](formdata=None)
    base = url_for("lists.show", list_id=of_list.id)
    return PeoplePanel(
        form=form,
        action=_action(of_list.id, side),
        matching=page.matching or 0,
        on_page=rows,
        every_row=f"{page.address(page.number).replace(request.path, base, 1)}&tick=all#bulk-people",
        offers_matching=side is not Party.POLICE,
        ticks=frozenset(request.form.getlist("tick")),
        all_ticked=request.args.get("tick") == "all" and request.method == "GET",
    )
