"""The deeds on a report's page; each is one service call."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput, StaleVersion, WrongStage
from portal.domain.permissions import Permission
from portal.services import reports
from portal.services.report_cells import Typed
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.forms import PortalForm
from portal.web.reports.blueprint import bp
from portal.web.reports.forms import ReasonForm
from portal.web.reports.pages import CELL, WAS, WHY, cell_states, posted, refused_page, sheet_page
from portal.web.wording import leave_message


@bp.post("/<uuid:duty_id>/cells")
@requires(Permission.REPORT_FILL)
def fill(duty_id: UUID) -> Response:
    """Save what was typed: a cell as it is left (htmx), or the whole sheet."""
    # htmx sends the page's one form, and so one key, with every cell: each of those is a saving of its own.
    one = htmx.is_partial()
    key = "" if one else key_of(PortalForm())
    try:
        reports.fill(
            current_actor(), duty_id, posted(CELL), was=posted(WAS), reasons=posted(WHY), piecemeal=one, key=key
        )
    except (InvalidInput, StaleVersion) as refusal:
        if one and isinstance(refusal, InvalidInput):
            return cell_states(duty_id, refusal)
        return refused_page(duty_id, refusal)
    if one:
        return cell_states(duty_id)
    leave_message(_("Đã lưu số liệu."), "success")
    return htmx.redirect(url_for(".show", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/hand")
@requires(Permission.REPORT_FILL)
def hand_to_leader(duty_id: UUID) -> Response:
    """Save the sheet as it stands, then hand it to the leader; broken rules are told beside their cells."""
    form, actor = PortalForm(), current_actor()
    typed = Typed(posted(CELL), posted(WAS), posted(WHY))
    try:
        reports.hand_to_leader(actor, duty_id, typed, key=key_of(form))
    except (InvalidInput, StaleVersion) as refusal:
        return refused_page(duty_id, refusal)
    except WrongStage as refusal:
        if refusal.code not in reports.NOT_YET:
            raise
        return refused_page(duty_id, InvalidInput(refusal.message))
    leave_message(_("Đã trình lãnh đạo duyệt. Báo cáo tính là đã gửi khi lãnh đạo duyệt."), "success")
    return htmx.redirect(url_for(".show", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/give-back")
@requires(Permission.REPORT_FILL)
def give_back(duty_id: UUID) -> Response:
    """Take the report back from the leader's desk to be mended."""
    reports.give_back(current_actor(), duty_id, key=key_of(PortalForm()))
    leave_message(_("Báo cáo đã về để sửa."), "success")
    return htmx.redirect(url_for(".show", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/sign-off")
@requires(Permission.REPORT_SIGN)
def sign_off(duty_id: UUID) -> Response:
    """The leader's own act: the report is sent."""
    form = PortalForm()
    reports.sign_off(current_actor(), duty_id, shown=request.form.get("shown", "")[:64], key=key_of(form))
    leave_message(_("Đã duyệt và gửi. Biên nhận ở dưới đây thay cho thư điện tử."), "success")
    return htmx.redirect(url_for(".receipt", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/accept")
@requires(Permission.REPORT_ACCEPT)
def accept(duty_id: UUID) -> Response:
    """The unit above takes the report into its total."""
    reports.accept(current_actor(), duty_id, key=key_of(PortalForm()))
    leave_message(_("Đã nhận báo cáo; số liệu đã vào tổng."), "success")
    return htmx.redirect(url_for(".show", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/return")
@requires(Permission.REPORT_ACCEPT)
def return_report(duty_id: UUID) -> Response:
    """The unit above gives the report back with a reason."""
    return _with_reason(duty_id, reports.return_report, _("Đã trả lại báo cáo; đơn vị thấy ngay lý do."))


@bp.post("/<uuid:duty_id>/restate")
@requires(Permission.REPORT_FILL)
def restate(duty_id: UUID) -> Response:
    """Begin a new version of a sent report."""
    said = _("Đã lập bản đính chính. Bản cũ còn hiệu lực đến khi bản mới được nhận.")
    return _with_reason(duty_id, reports.restate, said)


def _with_reason(duty_id: UUID, act: Callable[..., None], said: str) -> Response:
    """Do an act that needs a reason. The service judges first: who may not do it is not told what is missing."""
    form = ReasonForm()
    try:
        act(current_actor(), duty_id, form.reason.data or "", key=key_of(form))
    except InvalidInput as refusal:
        form.refuse(refusal)
        return sheet_page(duty_id, reason=form, status=422)
    leave_message(said, "success")
    return htmx.redirect(url_for(".show", duty_id=duty_id))
