"""Claiming a list inside the unit, giving it back, taking it over; the news for who lost one."""

from uuid import UUID

from flask import Response, url_for
from flask import flash as leave_message
from flask_babel import gettext as _

from portal.clock import today
from portal.domain.errors import InvalidInput
from portal.domain.permissions import Actor, Permission
from portal.queries import claims as queries
from portal.services import claims
from portal.services.transitions import load_list
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.lists.forms import DeedForm, TakeOverForm
from portal.web.lists.routes import bp


@bp.post("/<uuid:list_id>/claim")
@requires(Permission.LIST_WORK)
def claim(list_id: UUID) -> Response:
    """Take the list on."""
    claims.claim(current_actor(), list_id, key=key_of(DeedForm()))
    leave_message(_("Bạn đã nhận làm danh sách này. Người khác trong đơn vị thấy điều đó."), "success")
    return htmx.redirect(url_for("lists.show", list_id=list_id))


@bp.post("/<uuid:list_id>/release")
@requires(Permission.LIST_WORK)
def release(list_id: UUID) -> Response:
    """Give the list back to the unit."""
    claims.release(current_actor(), list_id, key=key_of(DeedForm()))
    leave_message(_("Đã trả lại việc: ai trong đơn vị cũng nhận làm tiếp được. Những gì đã lưu vẫn còn."), "success")
    return htmx.redirect(url_for("lists.show", list_id=list_id))


@bp.route("/<uuid:list_id>/take-over", methods=["GET", "POST"])
@requires(Permission.LIST_WORK)
def take_over(list_id: UUID) -> Response:
    """Take a colleague's list over, with words why."""
    actor, form = current_actor(), TakeOverForm()
    of_list = load_list(actor, list_id)
    if form.is_submitted() and form.validate():
        try:
            claims.take_over(actor, list_id, form.reason.data or "", key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Bạn đã tiếp quản danh sách này; người làm trước được báo ngay."), "success")
            return htmx.redirect(url_for("lists.show", list_id=list_id))
    live = queries.live_claim(of_list.id, of_list.holder_unit_id, today())
    status = 422 if form.is_submitted() else 200
    return htmx.render("lists/take_over.html", status=status, form=form, of_list=of_list, claim=live)


@bp.post("/claims/<int:claim_id>/seen")
@requires(Permission.LIST_WORK)
def acknowledge(claim_id: int) -> Response:
    """I have read who took my list over."""
    claims.acknowledge(current_actor(), claim_id)
    return htmx.redirect(url_for("home.index"))


@bp.app_template_global("lost_claims")
def lost_claims(actor: Actor) -> list[dict[str, object]]:
    """For the frame of every page: lists that others have taken over from the reader, until he says he knows."""
    return [
        {"id": lost.id, "list_id": of_list.id, "name": of_list.name, "by": by, "at": lost.ended_at,
         "reason": lost.end_reason, "assigned": lost.end_kind == "assigned"}
        for lost, of_list, by in queries.untold_losses(actor)
    ]  # fmt: skip
