"""Dividing a list: splitting people off, merging parts, taking people out of the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, request, url_for
from flask import flash as leave_message
from flask_babel import gettext as _

from portal.clock import today
from portal.domain.errors import InvalidInput
from portal.domain.number_ranges import number_words
from portal.domain.permissions import Permission
from portal.domain.stages import HOLDER, Stage
from portal.queries import parts as queries
from portal.queries.parties import neighbour_stations, village_task_forces
from portal.services import parts, transfers
from portal.services.list_facts import mergeable
from portal.services.parts import Part
from portal.services.transitions import load_list
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.choosing import chosen_numbers, ticked_numbers
from portal.web.form_keys import key_of, seen_rev
from portal.web.forms import PortalForm
from portal.web.lists.forms import DeedForm, MergeForm, OfferAnswerForm, OfferForm, SplitForm, WithdrawForm
from portal.web.lists.routes import bp
from portal.web.lists.screens import masked_row

if TYPE_CHECKING:
    from portal.models import CorrectionList


@bp.route("/<uuid:list_id>/split", methods=["GET", "POST"])
@requires(Permission.LIST_SPLIT)
def split(list_id: UUID) -> Response:
    """Choose people who become a list of their own; on a drafted list, of another village if wanted."""
    of_list, form = load_list(current_actor(), list_id), SplitForm()
    form.village.choices = [("", _("Giữ nguyên: %(village)s", village=of_list.name)), *_villages(of_list)]
    if form.is_submitted() and form.validate():
        try:
            village = int(form.village.data) if form.village.data else None
            part = Part(chosen_numbers(form.numbers.data or ""), village)
            [made] = parts.split(current_actor(), list_id, [part], rev=seen_rev(form), key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã tách thành danh sách mới. Mọi người khác ở lại danh sách cũ."), "success")
            return htmx.redirect(url_for("lists.show", list_id=made))
    return _choosing("lists/split.html", form, of_list)


@bp.route("/<uuid:list_id>/merge", methods=["GET", "POST"])
@requires(Permission.LIST_SPLIT)
def merge(list_id: UUID) -> Response:
    """Put the people of a part on another part of the same list."""
    actor, form = current_actor(), MergeForm()
    of_list = load_list(actor, list_id)
    form.into.choices = [
        (str(each.id), _("%(code)s (%(count)s người)", code=each.code, count=each.entries))
        for each in queries.those(actor, mergeable(of_list))
    ]
    if form.is_submitted() and form.validate():
        into = UUID(form.into.data)
        parts.merge(actor, list_id, into, rev=seen_rev(form), key=key_of(form))
        leave_message(_("Đã gộp. Danh sách %(code)s kết thúc, không có gì bị xóa.", code=of_list.code), "success")
        return htmx.redirect(url_for("lists.show", list_id=into))
    if not form.is_submitted():
        form.rev.data = str(of_list.rev)
    return htmx.render("lists/merge.html", status=_status(form), form=form, of_list=of_list)


@bp.route("/<uuid:list_id>/withdrawal", methods=["GET", "POST"])
@requires(Permission.LIST_COMPLETE)
def withdraw(list_id: UUID) -> Response:
    """Take people out of the work, with words why; nothing is deleted."""
    of_list, form = load_list(current_actor(), list_id), WithdrawForm()
    if form.is_submitted() and form.validate():
        try:
            numbers, rev = chosen_numbers(form.numbers.data or ""), seen_rev(form)
            parts.withdraw(current_actor(), list_id, numbers, form.note.data or "", rev=rev, key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã rút %(count)s người. Lý do được ghi vào hồ sơ.", count=len(numbers)), "success")
            return htmx.redirect(url_for("lists.show", list_id=list_id))
    return _choosing("lists/withdraw.html", form, of_list)


@bp.route("/<uuid:list_id>/offer", methods=["GET", "POST"])
@requires(Permission.LIST_COMPLETE)
def offer(list_id: UUID) -> Response:
    """Choose people who live in another commune and ask its station to take them."""
    of_list, form = load_list(current_actor(), list_id), OfferForm()
    form.station.choices = [(str(unit.id), unit.name) for unit in neighbour_stations(of_list.station, today())]
    if form.is_submitted() and form.validate():
        try:
            numbers, to_station = chosen_numbers(form.numbers.data or ""), int(form.station.data or 0)
            waiting = transfers.offer(
                current_actor(),
                list_id,
                numbers,
                to_station,
                form.note.data or "",
                rev=seen_rev(form),
                key=key_of(form),
            )
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã gửi đề nghị. Những người này ở lại đây cho đến khi xã kia nhận."), "success")
            return htmx.redirect(url_for("lists.show", list_id=waiting))
    return _choosing("lists/offer.html", form, of_list)


@bp.post("/<uuid:list_id>/offer/withdrawal")
@requires(Permission.LIST_COMPLETE)
def take_offer_back(list_id: UUID) -> Response:
    """Withdraw an offer nobody has answered yet."""
    transfers.take_back(current_actor(), list_id, key=key_of(DeedForm()))
    leave_message(_("Đã rút lại đề nghị. Danh sách làm tiếp như thường."), "success")
    return htmx.redirect(url_for("lists.show", list_id=list_id))


@bp.route("/<uuid:list_id>/offer/answer", methods=["GET", "POST"])
@requires(Permission.LIST_COMPLETE)
def answer_offer(list_id: UUID) -> Response:
    """The other station accepts, or declines with words why."""
    of_list, form = load_list(current_actor(), list_id), OfferAnswerForm()
    if form.is_submitted() and form.validate():
        try:
            if request.form.get("answer") == "accept":
                transfers.accept(current_actor(), list_id, key=key_of(form))
                leave_message(_("Đã nhận. Hãy chọn thôn rồi giao cho tổ công tác thôn."), "success")
                return htmx.redirect(url_for("lists.show", list_id=list_id))
            transfers.decline(current_actor(), list_id, form.note.data or "", key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã trả lời: không nhận. Những người này ở lại xã cũ."), "success")
            return htmx.redirect(url_for("lists.index"))
    people = queries.people_to_choose(current_actor(), list_id)
    rows = [masked_row(entry, None) for entry in people]
    return htmx.render("lists/answer_offer.html", status=_status(form), form=form, of_list=of_list, rows=rows)


def _choosing(template: str, form: Any, of_list: CorrectionList) -> Response:  # noqa: ANN401  one of two forms
    """A page with the list's people to tick; those marked as returned are ticked where the address asks for it."""
    actor = current_actor()
    people = queries.people_to_choose(actor, of_list.id)
    ticked = ticked_numbers()
    if not form.is_submitted():
        form.rev.data = str(of_list.rev)
        wanted = _returned(of_list) if request.args.get("part") == "returned" else frozenset()
        shown = {entry.number for entry in people}
        ticked, form.numbers.data = wanted & shown, number_words(wanted - shown)
    return htmx.render(
        template,
        status=_status(form),
        form=form,
        of_list=of_list,
        rows=[masked_row(entry, HOLDER.get(Stage(of_list.stage))) for entry in people],
        ticked=ticked,
        hidden=of_list.entries - len(people),
    )


def _returned(of_list: CorrectionList) -> frozenset[int]:
    party = HOLDER.get(Stage(of_list.stage))
    return queries.returned_numbers(current_actor(), of_list.id, party) if party else frozenset()


def _villages(of_list: CorrectionList) -> list[tuple[str, str]]:
    """The villages a drafted list may be divided into."""
    if of_list.stage != Stage.DRAFTING.value:
        return []
    units = village_task_forces(of_list.station, today())
    return [(str(unit.id), unit.serves.name if unit.serves else unit.name) for unit in units]


def _status(form: PortalForm) -> int:
    return 422 if form.is_submitted() else 200
