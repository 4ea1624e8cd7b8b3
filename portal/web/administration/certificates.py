"""Certificates of other authorities in the territory: the second person confirms, or ends one."""

from flask import Response, url_for
from flask import flash as leave_message
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import certificates as service
from portal.services import pictures
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.administration.routes import bp
from portal.web.certificates import EndForm
from portal.web.pictures import PictureForm


@bp.get("/certificates")
@requires(Permission.USER_ADMINISTER)
def certificates() -> Response:
    """What waits for confirmation first, then what counts."""
    return htmx.render(
        "administration/certificates.html",
        rows=service.certificates_under(current_actor()),
        end_form=EndForm(formdata=None),
    )


@bp.post("/certificates/<int:certificate_id>/confirm")
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def confirm_certificate(certificate_id: int) -> Response:
    """This certificate belongs to this person in this office."""
    service.confirm(current_actor(), certificate_id)
    leave_message(_("Đã xác nhận. Từ nay người này ký được bằng chứng thư đó."), "success")
    return htmx.redirect(url_for("administration.certificates"))


@bp.post("/certificates/<int:certificate_id>/end")
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def end_certificate(certificate_id: int) -> Response:
    """A refused proposal, a lost token, a person who left."""
    service.end(current_actor(), certificate_id, EndForm().reason.data or "")
    leave_message(_("Đã ngừng dùng chứng thư; các chữ ký đã có vẫn còn giá trị."), "success")
    return htmx.redirect(url_for("administration.certificates"))


@bp.post("/units/<int:unit_id>/seal-picture")
@requires(Permission.UNIT_ADMINISTER, proof=SENDING)
def seal_picture(unit_id: int) -> Response:
    """The picture of a unit's seal, drawn over the left third of its signers' pictures."""
    try:
        pictures.set_seal_picture(current_actor(), unit_id, PictureForm().data_sent())
    except InvalidInput as refusal:
        leave_message(refusal.message, "error")
    else:
        leave_message(_("Đã lưu ảnh dấu của đơn vị."), "success")
    return htmx.redirect(url_for("administration.unit_edit", unit_id=unit_id))
