"""A closed list once more: the station asks, a unit above answers."""

from uuid import UUID

from flask import Response, request, url_for
from flask import flash as leave_message
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import reopening
from portal.services.transitions import load_list
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.lists.forms import ReopeningForm
from portal.web.lists.routes import bp


@bp.route("/<uuid:list_id>/reopening-request", methods=["GET", "POST"])
@requires(Permission.LIST_COMPLETE)
def ask_reopening(list_id: UUID) -> Response:
    """Ask for a closed list to be opened again, with words why."""
    of_list, form = load_list(current_actor(), list_id), ReopeningForm()
    if form.is_submitted() and form.validate():
        try:
            reopening.ask(current_actor(), list_id, form.note.data or "", key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã gửi đề nghị. Danh sách vẫn đóng cho đến khi cấp trên đồng ý."), "success")
            return htmx.redirect(url_for("lists.show", list_id=list_id))
    status = 422 if form.is_submitted() else 200
    return htmx.render("lists/ask_reopening.html", status=status, form=form, of_list=of_list)


@bp.route("/<uuid:list_id>/reopening", methods=["GET", "POST"])
@requires(Permission.LIST_CONSENT)
def answer_reopening(list_id: UUID) -> Response:
    """Consent to a station's wish, or decline it with words why."""
    of_list, form = load_list(current_actor(), list_id), ReopeningForm()
    if form.is_submitted() and form.validate():
        consents = request.form.get("answer") == "consent"
        act = reopening.consent if consents else reopening.decline
        try:
            act(current_actor(), list_id, form.note.data or "", key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            done = _("Đã cho mở lại; trạm làm tiếp ở vòng sau.") if consents else _("Đã trả lời: không cho mở lại.")
            leave_message(done, "success")
            return htmx.redirect(url_for("lists.show", list_id=list_id))
    status = 422 if form.is_submitted() else 200
    return htmx.render("lists/answer_reopening.html", status=status, form=form, of_list=of_list)
