"""Leave to send later: asked by the unit, answered by the unit above."""

from functools import partial
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.clock import local
from portal.domain.permissions import Permission
from portal.domain.report_states import ReportSide
from portal.services import report_leaves, report_sheets
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.asking import AnswerForm, WishForm, answered, wished
from portal.web.reports.blueprint import bp
from portal.web.wording import leave_message


@bp.route("/<uuid:duty_id>/leave", methods=["GET", "POST"])
@requires(Permission.REPORT_FILL)
def ask_leave(duty_id: UUID) -> Response:
    """Ask to send later."""
    form = WishForm()
    if wished(form, partial(report_leaves.ask, current_actor(), duty_id)):
        leave_message(_("Đã gửi đề nghị. Hạn cũ vẫn tính cho đến khi có trả lời."), "success")
        return htmx.redirect(url_for(".show", duty_id=duty_id))
    return _page("reports/leave.html", duty_id, form, ReportSide.OWN, Permission.REPORT_FILL)


@bp.route("/<uuid:duty_id>/leave/answer", methods=["GET", "POST"])
@requires(Permission.REPORT_ACCEPT)
def answer_leave(duty_id: UUID) -> Response:
    """Grant it until a moment, or say why not."""
    form, actor = AnswerForm(), current_actor()
    said = (_("Đã cho gửi muộn; phép tự hết hạn, không phải thu hồi."), _("Đã trả lời không cho gửi muộn."))
    if answered(
        form, partial(report_leaves.grant, actor, duty_id), partial(report_leaves.refuse, actor, duty_id), said
    ):
        return htmx.redirect(url_for(".show", duty_id=duty_id))
    return _page("reports/leave_answer.html", duty_id, form, ReportSide.PARENT, Permission.REPORT_ACCEPT)


def _page(
    template: str, duty_id: UUID, form: WishForm | AnswerForm, side: ReportSide, permission: Permission
) -> Response:
    actor = current_actor()
    sheet = report_sheets.sheet(actor, duty_id)
    report_sheets.require_side(actor, sheet.duty, side, permission)
    asked = report_leaves.asked_for(sheet.duty.id)
    if isinstance(form, AnswerForm) and not form.is_submitted() and not form.is_kept and asked:
        form.offer(local(asked.wished_until))
    return htmx.render(
        template,
        status=422 if form.errors or form.form_errors else 200,
        form=form,
        sheet=sheet,
        duty=sheet.duty,
        asked=asked,
    )
