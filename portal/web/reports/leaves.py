"""Leave to send later: asked by the unit, answered by the unit above."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.domain.report_states import ReportSide
from portal.services import report_leaves, report_sheets
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.reports.blueprint import bp
from portal.web.reports.forms import LeaveAnswerForm, LeaveForm
from portal.web.wording import leave_message


@bp.route("/<uuid:duty_id>/leave", methods=["GET", "POST"])
@requires(Permission.REPORT_FILL)
def ask_leave(duty_id: UUID) -> Response:
    """Ask to send later."""
    form = LeaveForm()
    if form.is_submitted() and form.validate():
        try:
            report_leaves.ask(current_actor(), duty_id, form.moment(), form.reason.data or "", key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã gửi đề nghị. Hạn cũ vẫn tính cho đến khi có trả lời."), "success")
            return htmx.redirect(url_for(".show", duty_id=duty_id))
    return _page("reports/leave.html", duty_id, form, ReportSide.OWN, Permission.REPORT_FILL)


@bp.route("/<uuid:duty_id>/leave/answer", methods=["GET", "POST"])
@requires(Permission.REPORT_ACCEPT)
def answer_leave(duty_id: UUID) -> Response:
    """Grant it until a moment, or say why not."""
    form = LeaveAnswerForm()
    if form.is_submitted() and form.validate() and _answered(duty_id, form):
        return htmx.redirect(url_for(".show", duty_id=duty_id))
    return _page("reports/leave_answer.html", duty_id, form, ReportSide.PARENT, Permission.REPORT_ACCEPT)


def _answered(duty_id: UUID, form: LeaveAnswerForm) -> bool:
    said = {"document": form.document.data or "", "words": form.words.data or "", "key": key_of(form)}
    try:
        if request.form.get("decision") == "grant":
            until = form.moment()
            if until is None:
                form.wished_day.errors = [_("Nhập ngày cho gửi đến.")]
                return False
            report_leaves.grant(current_actor(), duty_id, until, **said)
            leave_message(_("Đã cho gửi muộn; phép tự hết hạn, không phải thu hồi."), "success")
        else:
            report_leaves.refuse(current_actor(), duty_id, **said)
            leave_message(_("Đã trả lời không cho gửi muộn."), "success")
    except InvalidInput as refusal:
        form.refuse(refusal)
        return False
    return True


def _page(
    template: str, duty_id: UUID, form: LeaveForm | LeaveAnswerForm, side: ReportSide, permission: Permission
) -> Response:
    actor = current_actor()
    sheet = report_sheets.sheet(actor, duty_id)
    report_sheets.require_side(actor, sheet.duty, side, permission)
    return htmx.render(
        template,
        status=422 if form.errors or form.form_errors else 200,
        form=form,
        sheet=sheet,
        duty=sheet.duty,
        asked=report_leaves.asked_for(sheet.duty.id),
    )
