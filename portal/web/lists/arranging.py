"""Acts on a whole list without a record: its village, its due date, its end before it was sent."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import lists as services
from portal.services.transitions import load_list
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of, seen_rev
from portal.web.lists.forms import CancelForm, DueForm, VillageForm
from portal.web.lists.pages import list_page
from portal.web.lists.routes import bp
from portal.web.wording import leave_message


@bp.post("/<uuid:list_id>/village")
@requires(Permission.LIST_ARRANGE)
def assign_village(list_id: UUID) -> Response:
    """Choose the village that a drafted list goes to."""
    form = VillageForm()
    if form.village.data is None or not form.validate():
        form.village.errors = [_("Chọn một thôn trong danh sách.")]
        return list_page(list_id, 422, village_form=form)
    try:
        services.assign_village(current_actor(), list_id, form.village.data, rev=seen_rev(form), key=key_of(form))
    except InvalidInput as refusal:
        form.refuse(refusal)
        return list_page(list_id, 422, village_form=form)
    leave_message(_("Đã chọn thôn nhận danh sách."), "success")
    return htmx.redirect(url_for("lists.show", list_id=list_id))


@bp.post("/<uuid:list_id>/due")
@requires(Permission.LIST_ARRANGE)
def change_due(list_id: UUID) -> Response:
    """Set a new due date."""
    form = DueForm()
    if not form.validate():
        return list_page(list_id, 422, due_form=form)
    try:
        services.change_due(current_actor(), list_id, form.moment(), key=key_of(form))
    except InvalidInput as refusal:
        form.due_day.errors = [refusal.message]
        return list_page(list_id, 422, due_form=form)
    leave_message(_("Đã đổi hạn; hạn cũ vẫn lưu trong hồ sơ."), "success")
    return htmx.redirect(url_for("lists.show", list_id=list_id))


@bp.route("/<uuid:list_id>/cancellation", methods=["GET", "POST"])
@requires(Permission.LIST_COMPLETE)
def cancel(list_id: UUID) -> Response:
    """Give up a drafted list, with words why."""
    of_list, form = load_list(current_actor(), list_id), CancelForm()
    if not form.is_submitted():
        form.rev.data = str(of_list.rev)
        return htmx.render("lists/cancel.html", form=form, of_list=of_list)
    if form.validate():
        services.cancel(current_actor(), list_id, form.note.data or "", rev=seen_rev(form), key=key_of(form))
        leave_message(_("Đã hủy danh sách. Mọi thông tin vẫn được lưu trong hồ sơ."), "success")
        return htmx.redirect(url_for("lists.show", list_id=list_id))
    return htmx.render("lists/cancel.html", status=422, form=form, of_list=of_list)
