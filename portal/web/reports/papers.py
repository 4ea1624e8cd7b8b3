"""The PDF of a report: drawn for its leader, looked at page by page, signed with the own key."""

from io import BytesIO
from uuid import UUID

from flask import Response, send_file, url_for
from flask_babel import gettext as _

from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted
from portal.domain.permissions import Permission
from portal.services import report_papers
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.downloads import PDF, download
from portal.web.form_keys import key_of
from portal.web.forms import PortalForm
from portal.web.handovers.forms import SignForm
from portal.web.reports.blueprint import bp
from portal.web.reports.pages import sheet_page
from portal.web.wording import leave_message


@bp.post("/<uuid:duty_id>/paper")
@requires(Permission.REPORT_SIGN)
def draw_paper(duty_id: UUID) -> Response:
    """Draw the paper to be looked at before it is signed."""
    report_papers.draw(current_actor(), duty_id, key=key_of(PortalForm()))
    return htmx.redirect(url_for(".show", duty_id=duty_id, _anchor="paper"))


@bp.post("/<uuid:duty_id>/paper/sign")
@requires(Permission.REPORT_SIGN)
def sign_paper(duty_id: UUID) -> Response:
    """Sign the pages that were shown; where the form asks for it this sends the report. A refusal keeps the page."""
    form = SignForm()
    if not form.validate():
        return sheet_page(duty_id, sign_form=form, status=422)
    try:
        report_papers.sign(
            current_actor(), duty_id, form.passphrase.data, shown=(form.shown.data or "")[:64], key=key_of(form)
        )
    except NotFound:
        raise
    except InvalidInput as refusal:
        form.passphrase.errors = [refusal.message]
        return sheet_page(duty_id, sign_form=form, status=422)
    except DomainError as refusal:
        form.form_errors = [refusal.message]
        return sheet_page(duty_id, sign_form=form, status=403 if isinstance(refusal, NotPermitted) else 409)
    leave_message(_("Đã ký bản PDF của báo cáo."), "success")
    return htmx.redirect(url_for(".receipt", duty_id=duty_id))


@bp.get("/<uuid:duty_id>/report.pdf")
@requires(Permission.REPORT_READ)
def paper_file(duty_id: UUID) -> Response:
    """The newest paper to keep."""
    name, data = report_papers.download(current_actor(), duty_id)
    return download(name, data, PDF)


@bp.get("/<uuid:duty_id>/pages/<int:page>.png")
@requires(Permission.REPORT_READ)
def paper_picture(duty_id: UUID, page: int) -> Response:
    """A picture of one page."""
    return send_file(BytesIO(report_papers.picture(current_actor(), duty_id, page)), mimetype="image/png")
