"""Turning a sent record back: the receiver refuses with a signed slip, the giver recalls."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.domain.phrases import record_number
from portal.services import handovers, signing
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.handovers.blueprint import bp
from portal.web.handovers.forms import RecallForm, RefusalForm
from portal.web.wording import leave_message


@bp.route("/handovers/<uuid:handover_id>/refusal", methods=["GET", "POST"])
@requires(Permission.HANDOVER_SIGN)
def refuse(handover_id: UUID) -> Response:
    """Say why a sent record is not taken; the slip is then previewed and signed like any record."""
    form = RefusalForm()
    if form.is_submitted() and form.validate():
        try:
            slip = handovers.prepare_refusal(
                current_actor(), handover_id, form.reason.data or "", form.note.data or "", key=key_of(form)
            )
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            return htmx.redirect(url_for("handovers.show", handover_id=slip))
    return _page("handovers/refusal.html", handover_id, form)


@bp.route("/handovers/<uuid:handover_id>/recall", methods=["GET", "POST"])
@requires(Permission.HANDOVER_SIGN)
def recall(handover_id: UUID) -> Response:
    """Take a sent record back before the receiver countersigns."""
    form = RecallForm()
    if form.is_submitted() and form.validate():
        try:
            list_id = signing.recall(current_actor(), handover_id, reason=form.reason.data or "", key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã thu hồi. Danh sách trở lại với đơn vị của bạn và sửa được."), "success")
            return htmx.redirect(url_for("lists.show", list_id=list_id))
    return _page("handovers/recall.html", handover_id, form)


def _page(template: str, handover_id: UUID, form: RefusalForm | RecallForm) -> Response:
    record = handovers.load_handover(current_actor(), handover_id)
    return htmx.render(
        template,
        status=422 if form.is_submitted() else 200,
        form=form,
        record=record,
        number=record_number(record.number or 0, record.symbol),
        of_list=record.correction_list,
    )
