"""Prepare, look at, sign and take a record."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted
from portal.domain.permissions import Permission
from portal.domain.stages import Leg
from portal.services import handovers, redrawing, signing
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.handovers.blueprint import bp
from portal.web.handovers.forms import PrepareForm, SignForm
from portal.web.handovers.pages import handover_page, to_receipt
from portal.web.wording import leave_message


@bp.post("/lists/<uuid:list_id>/handovers")
@requires(Permission.HANDOVER_PREPARE)
def prepare(list_id: UUID) -> Response:
    """Draw the record of a way out of the present stage, then show it."""
    form = PrepareForm()
    wanted = form.leg.data or ""
    if wanted and wanted not in {leg.value for leg in Leg}:
        raise InvalidInput(_("Không rõ biên bản cần lập. Hãy trở lại danh sách rồi chọn lại."))
    try:
        made = handovers.prepare_record(current_actor(), list_id, Leg(wanted) if wanted else None, key=key_of(form))
    except InvalidInput as refusal:
        leave_message(refusal.message, "error")
        return htmx.redirect(url_for("lists.show", list_id=list_id))
    return htmx.redirect(url_for("handovers.show", handover_id=made))


@bp.get("/handovers/<uuid:handover_id>")
@requires(Permission.LIST_READ)
def show(handover_id: UUID) -> Response:
    """Preview, incoming record or receipt; the receiver's first look is written down."""
    return handover_page(handover_id)


@bp.post("/handovers/<uuid:handover_id>/redraw")
@requires(Permission.HANDOVER_PREPARE)
def redraw(handover_id: UUID) -> Response:
    """Draw a draft anew from the list as it stands; its number stays."""
    actor, form = current_actor(), PrepareForm()
    made = redrawing.redraw(actor, handover_id, key=key_of(form))
    leave_message(_("Đã lập lại biên bản từ nội dung mới nhất. Hãy xem lại rồi ký."), "success")
    return htmx.redirect(url_for("handovers.show", handover_id=made))


@bp.post("/handovers/<uuid:handover_id>/abandonment")
@requires(Permission.HANDOVER_PREPARE)
def abandon(handover_id: UUID) -> Response:
    """Go back to the work: the draft is given up, its number goes to the unit's next record."""
    actor, form = current_actor(), PrepareForm()
    list_id = handovers.load_handover(actor, handover_id).list_id
    handovers.abandon(actor, handover_id, key=key_of(form))
    leave_message(_("Đã bỏ bản xem trước; số biên bản dành cho biên bản sau của đơn vị."), "success")
    return htmx.redirect(url_for("lists.show", list_id=list_id))


@bp.post("/handovers/<uuid:handover_id>/signature")
@requires(Permission.HANDOVER_SIGN)
def sign(handover_id: UUID) -> Response:
    """Sign the draft whose pages were shown; it takes effect with the signature."""
    return _signed(handover_id, signing.sign_prepared)


@bp.post("/handovers/<uuid:handover_id>/countersignature")
@requires(Permission.HANDOVER_SIGN)
def countersign(handover_id: UUID) -> Response:
    """Sign a sent record as its receiver; custody moves."""
    return _signed(handover_id, signing.countersign)


def _signed(handover_id: UUID, act: Callable[..., UUID]) -> Response:
    """Sign and show the receipt; a refusal keeps the page, with what changed drawn anew."""
    form = SignForm()
    if not form.validate():
        return handover_page(handover_id, form, 422)
    both = {"shown_answered": form.shown_answered.data} if form.shown_answered.data else {}
    try:
        act(
            current_actor(),
            handover_id,
            form.passphrase.data or "",
            shown=form.shown.data or "",
            key=key_of(form),
            **both,
        )
    except NotFound:
        raise
    except InvalidInput as refusal:
        form.passphrase.errors = [refusal.message]
        return handover_page(handover_id, form, 422)
    except DomainError as refusal:
        form.form_errors = [refusal.message]
        return handover_page(handover_id, form, 403 if isinstance(refusal, NotPermitted) else 409)
    return to_receipt(handover_id)
