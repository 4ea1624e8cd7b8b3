"""A report's files: the workbook in the form's layout, the sheet to fill in, out and back."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput, StaleVersion
from portal.domain.permissions import Permission
from portal.services import report_books
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.downloads import WORKBOOK, download
from portal.web.form_keys import key_of
from portal.web.forms import PortalForm
from portal.web.reports.blueprint import bp
from portal.web.reports.pages import refused_page
from portal.web.wording import leave_message


@bp.get("/<uuid:duty_id>/report.xlsx")
@requires(Permission.REPORT_READ)
def workbook(duty_id: UUID) -> Response:
    """The report as a workbook in its form's layout."""
    name, data = report_books.workbook(current_actor(), duty_id)
    return download(name, data, WORKBOOK)


@bp.get("/<uuid:duty_id>/template.xlsx")
@requires(Permission.REPORT_FILL)
def template(duty_id: UUID) -> Response:
    """The sheet to fill in."""
    name, data = report_books.template(current_actor(), duty_id)
    return download(name, data, WORKBOOK)


@bp.post("/<uuid:duty_id>/template")
@requires(Permission.REPORT_FILL)
def take_template(duty_id: UUID) -> Response:
    """The sheet that came back."""
    form, upload = PortalForm(), request.files.get("file")
    try:
        data = upload.stream.read() if upload is not None else b""
        report_books.take_template(current_actor(), duty_id, data, key=key_of(form))
    except (InvalidInput, StaleVersion) as refusal:
        return refused_page(duty_id, refusal)
    leave_message(_("Đã lưu số liệu từ phiếu nhập. Hãy xem lại rồi trình lãnh đạo duyệt."), "success")
    return htmx.redirect(url_for(".show", duty_id=duty_id))
