"""The police's grid beside its rows: looking for a person, taking the last verdict back."""

from uuid import UUID

from flask import Response, request, url_for
from flask import flash as leave_message
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput, StaleVersion
from portal.domain.permissions import Actor, Permission
from portal.queries import entries as queries
from portal.services.transitions import load_list
from portal.services.undoing import undo_last
from portal.web import htmx
from portal.web.access import current_actor, requires, session_since
from portal.web.form_keys import key_of
from portal.web.lists.forms import DeedForm
from portal.web.lists.grid import SEARCH_LIMIT, holds_long_number
from portal.web.lists.routes import bp


@bp.post("/<uuid:list_id>/search")
@requires(Permission.ENTRY_VERIFY)
def search(list_id: UUID) -> Response:
    """Rows by name or last digits; a whole number is looked up here and never stands in an address."""
    actor = current_actor()
    load_list(actor, list_id)
    text = request.form.get("q", "").strip()[:SEARCH_LIMIT]
    if not holds_long_number(text):
        return htmx.redirect(url_for("lists.show", list_id=list_id, q=text or None))
    number = queries.first_of(actor, list_id, queries.found_by(text))
    if number is None:
        leave_message(_("Không có ai trong danh sách mang số này."), "warning")
        return htmx.redirect(url_for("lists.show", list_id=list_id))
    return _at_row(actor, list_id, number)


@bp.post("/<uuid:list_id>/undo")
@requires(Permission.ENTRY_VERIFY)
def undo(list_id: UUID) -> Response:
    """Take back the own last verdict of this sign-in; the grid opens at its row."""
    actor = current_actor()
    try:
        done = undo_last(actor, list_id, since=session_since(), key=key_of(DeedForm()))
    except (InvalidInput, StaleVersion) as refusal:
        leave_message(refusal.message, "warning")
        return htmx.redirect(url_for("lists.show", list_id=list_id))
    leave_message(_("Đã hoàn tác kết luận dòng %(n)s. Kết luận cũ vẫn lưu trong hồ sơ.", n=done["number"]), "success")
    return _at_row(actor, list_id, done["number"])


def _at_row(actor: Actor, list_id: UUID, number: int) -> Response:
    page = queries.position(actor, list_id, number)
    return htmx.redirect(url_for("lists.show", list_id=list_id, part="all", page=page, _anchor=f"row-{number}"))
