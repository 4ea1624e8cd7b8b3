"""What a signer signs with besides the own key: certificates of other authorities, the picture of the signature."""

from io import BytesIO

from flask import Response, send_file, url_for
from flask import flash as leave_message
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput, NotFound
from portal.domain.permissions import Permission
from portal.services import certificates as service
from portal.services import pictures
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.account.forms import CertificateForm
from portal.web.account.routes import bp
from portal.web.certificates import EndForm
from portal.web.form_keys import key_of
from portal.web.pictures import PictureForm


@bp.route("/account/certificates", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def certificates() -> Response:
    """What is proposed and confirmed, and the form for one more."""
    actor, form, status = current_actor(), CertificateForm(), 200
    if form.is_submitted():
        data = form.file.data.read() if form.file.data else b""
        try:
            service.propose(actor, data, key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
            status = 422
        else:
            leave_message(
                _("Đã gửi đề nghị. Một người quản trị cần xác nhận trước khi bạn ký bằng chứng thư này."), "success"
            )
            return htmx.redirect(url_for("account.certificates"))
    return htmx.render(
        "account/certificates.html",
        status=status,
        form=form,
        rows=service.own_certificates(actor),
        end_form=EndForm(formdata=None),
    )


@bp.post("/account/certificates/<int:certificate_id>/end")
@requires(Permission.ACCOUNT_OWN)
def end_certificate(certificate_id: int) -> Response:
    """Stop using an own certificate."""
    service.end(current_actor(), certificate_id, EndForm().reason.data or "")
    leave_message(_("Đã ngừng dùng chứng thư; các chữ ký đã có vẫn còn giá trị."), "success")
    return htmx.redirect(url_for("account.certificates"))


@bp.route("/account/signature-picture", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def signature_picture() -> Response:
    """The picture of the handwritten signature that stands beside the words of a signature."""
    actor, form, status = current_actor(), PictureForm(), 200
    if form.is_submitted():
        try:
            pictures.set_signature_picture(actor, form.data_sent())
        except InvalidInput as refusal:
            form.refuse(refusal)
            status = 422
        else:
            leave_message(_("Đã lưu ảnh chữ ký; các biên bản ký từ nay sẽ có ảnh này."), "success")
            return htmx.redirect(url_for("account.signature_picture"))
    has_picture = pictures.pictures_of(actor)[0] is not None
    return htmx.render("account/signature_picture.html", status=status, form=form, has_picture=has_picture)


@bp.get("/account/signature-picture.png")
@requires(Permission.ACCOUNT_OWN)
def signature_picture_file() -> Response:
    """The own picture."""
    found = pictures.pictures_of(current_actor())[0]
    if found is None:
        raise NotFound(_("Chưa có ảnh chữ ký."))
    return send_file(BytesIO(found), mimetype="image/png")
