"""One deed over many lists: from the ticks in the table of lists, or for all that match its filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal.clock import now, today
from portal.domain.bulk import BulkKind
from portal.domain.errors import InvalidInput
from portal.domain.labels import label
from portal.domain.permissions import Actor, Permission
from portal.queries import lists as queries
from portal.queries.parties import villages_served_by
from portal.services.bulk import lists as services
from portal.services.bulk.lists import Chosen
from portal.services.claims import Candidate
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.bulk.forms import MATCHING, ListsBulkForm, chosen_person, expected_count
from portal.web.bulk.results import bp
from portal.web.fields import moment_of
from portal.web.form_keys import key_of
from portal.web.lists.table import KEPT, asked_filter, table_page

if TYPE_CHECKING:
    from portal.queries.lists import ListPage

    _Act = Callable[[Actor, Chosen, ListsBulkForm], UUID]


@bp.post("/lists/bulk/reminder")
@requires(Permission.LIST_REMIND)
def remind_lists() -> Response:
    """Remind whoever must act on each list."""
    return _do(BulkKind.REMIND, lambda actor, chosen, form: services.remind(actor, chosen, key=key_of(form)))


@bp.post("/lists/bulk/due")
@requires(Permission.LIST_ARRANGE)
def change_due_of_lists() -> Response:
    """Set one due date on all of them."""

    def act(actor: Actor, chosen: Chosen, form: ListsBulkForm) -> UUID:
        return services.change_due(actor, chosen, moment_of(form.due_day, form.due_hour), key=key_of(form))

    return _do(BulkKind.CHANGE_DUE, act)


@bp.post("/lists/bulk/village")
@requires(Permission.LIST_ARRANGE)
def assign_village_to_lists() -> Response:
    """Choose one village for all of them."""

    def act(actor: Actor, chosen: Chosen, form: ListsBulkForm) -> UUID:
        return services.assign_village(actor, chosen, form.village.data, key=key_of(form))

    return _do(BulkKind.ASSIGN_VILLAGE, act)


@bp.post("/lists/bulk/records")
@requires(Permission.HANDOVER_PREPARE)
def prepare_records_of_lists() -> Response:
    """Prepare the record that takes each list onward."""
    return _do(
        BulkKind.PREPARE, lambda actor, chosen, form: services.prepare_records(actor, chosen, key=key_of(form))
    )


@bp.post("/lists/bulk/person")
@requires(Permission.LIST_ASSIGN)
def assign_person_to_lists() -> Response:
    """Give all of them to one person: first choose among those who have the right on all, then it is done."""
    actor, form = current_actor(), ListsBulkForm()
    person = chosen_person(form)
    try:
        chosen = _chosen_to_give(form)
        if person is not None:
            done = services.assign_person(actor, chosen, person, key=key_of(form))
            return htmx.redirect(url_for("bulk.show", act_id=done))
    except InvalidInput as refusal:
        form.refuse(refusal)
        if "person" not in refusal.fields:
            return table_page(422, bulk_form=form)
    return _choose_person(actor, chosen, form)


def _chosen_to_give(form: ListsBulkForm) -> Chosen:
    if form.scope.data == MATCHING:
        return Chosen(matching=asked_filter(), expected=expected_count(form))
    ticked = form.ticked()
    if not ticked:
        raise InvalidInput(_("Chưa chọn danh sách nào. Hãy đánh dấu vào ô trước tên danh sách."))
    return Chosen(ticked)


def _choose_person(actor: Actor, chosen: Chosen, form: ListsBulkForm) -> Response:
    count, people = services.people_for(actor, chosen)
    if form.expected.data is not None and form.person.data is None and form.expected.data != "":
        form.person.errors = [_("Chọn một người.")]
    form.person.choices = [(str(one.person), _person_words(one)) for one in people]
    back = url_for("lists.show", list_id=chosen.ticked[0]) if len(chosen.ticked) == 1 else url_for("lists.index")
    return htmx.render(
        "bulk/choose_person.html",
        status=422 if form.person.errors else 200,
        form=form,
        count=count,
        people=people,
        ticks=chosen.ticked,
        action=_action(BulkKind.ASSIGN_PERSON),
        back=back,
    )


def _person_words(one: Candidate) -> str:
    words = _(
        "%(name)s – %(position)s, %(unit)s (đang làm %(count)s danh sách)",
        name=one.name,
        position=one.position,
        unit=one.unit_name,
        count=one.lists_now,
    )
    return str(words)


_ENDPOINTS = {
    BulkKind.REMIND: "bulk.remind_lists",
    BulkKind.CHANGE_DUE: "bulk.change_due_of_lists",
    BulkKind.ASSIGN_VILLAGE: "bulk.assign_village_to_lists",
    BulkKind.PREPARE: "bulk.prepare_records_of_lists",
    BulkKind.ASSIGN_PERSON: "bulk.assign_person_to_lists",
}


def _do(kind: BulkKind, act: _Act) -> Response:
    actor, form = current_actor(), ListsBulkForm()
    try:
        _check(kind, form)
        chosen = Chosen(form.ticked())
        if form.scope.data == MATCHING:
            chosen = Chosen(matching=asked_filter(), expected=expected_count(form))
            if chosen.expected is None:
                return _confirm(actor, kind, form)
        done = act(actor, chosen, form)
    except InvalidInput as refusal:
        form.refuse(refusal)
        return table_page(422, bulk_form=form)
    return htmx.redirect(url_for("bulk.show", act_id=done))


def _check(kind: BulkKind, form: ListsBulkForm) -> None:
    """What the deed needs besides the lists. Raises InvalidInput beside the field."""
    form.validate()
    if kind is BulkKind.CHANGE_DUE:
        wrong = [*form.due_day.errors, *form.due_hour.errors]
        if wrong or form.due_day.data is None:
            words = wrong[0] if wrong else _("Nhập ngày của hạn mới.")
            form.due_day.errors, form.due_hour.errors = [], []
            raise InvalidInput(words, fields={"due_day": words})
    if kind is BulkKind.ASSIGN_VILLAGE and form.village.data is None:
        raise InvalidInput("", fields={"village": _("Chọn một thôn trong danh sách.")})


def _confirm(actor: Actor, kind: BulkKind, form: ListsBulkForm) -> Response:
    """The count in words before all that match are dealt with."""
    count = len(queries.matching(actor, asked_filter(), now()))
    form.expected.data = str(count)
    return htmx.render(
        "bulk/confirm_lists.html",
        form=form,
        action=_action(kind),
        back=f"{url_for('lists.index')}?{urlencode(_kept())}",
        deed=label(kind),
        count=count,
        fields=("scope", "expected", "due_day", "due_hour", "village"),
    )


def _action(kind: BulkKind) -> str:
    return f"{url_for(_ENDPOINTS[kind])}?{urlencode(_kept())}"


def _kept() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.args.items() if name in KEPT]


@dataclass(frozen=True)
class ListsPanel:
    """What stands above the table of lists: the deeds with their addresses, and which rows are ticked."""

    form: ListsBulkForm
    addresses: dict[str, str]
    every_row: str
    ticks: frozenset[str]
    all_ticked: bool

    def is_ticked(self, list_id: UUID) -> bool:
        """Whether the row's box is ticked when the page is drawn."""
        return self.all_ticked or str(list_id) in self.ticks


@bp.app_template_global("lists_panel")
def lists_panel(_page: ListPage, refused: ListsBulkForm | None) -> ListsPanel | None:
    """The panel of the table; None for whoever has no deed over lists."""
    actor = current_actor()
    villages = villages_served_by(actor, today())
    kinds = [kind for kind in services.deeds_for(actor) if villages or kind is not BulkKind.ASSIGN_VILLAGE]
    if not kinds:
        return None
    form = refused or ListsBulkForm(formdata=None)
    form.village.choices = villages
    return ListsPanel(
        form=form,
        addresses={kind.value: _action(kind) for kind in kinds},
        every_row=f"{url_for('lists.index')}?{urlencode([*_kept(), ('tick', 'all')])}#bulk-lists",
        ticks=frozenset(request.form.getlist("tick")),
        all_ticked=request.args.get("tick") == "all" and request.method == "GET",
    )
