"""Reading reports: what the own unit owes, the periods of a territory, one sheet, its receipt; opening a period."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from portal.clock import now, today
from portal.domain.errors import InvalidInput, NotFound
from portal.domain.permissions import Permission, has_permission
from portal.queries import report_league
from portal.queries import reports as queries
from portal.services import report_periods, report_sheets
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.paging import SIZE, Page, page_number
from portal.web.reports.blueprint import bp
from portal.web.reports.forms import OpenForm
from portal.web.reports.pages import sheet_page
from portal.web.wording import leave_message


@bp.get("")
@requires(Permission.REPORT_READ)
def index() -> Response:
    """What the own unit owes, the most urgent first."""
    actor, number = current_actor(), page_number()
    lines = queries.own_duties(actor, now(), page=number, size=SIZE)
    return htmx.render(
        "reports/index.html",
        lines=lines,
        names={each.duty.id: report_periods.form_of(each.duty.period).short for each in lines},
        page=Page(number, queries.count_own(actor)),
        unsent=queries.count_own(actor, unsent=True),
        may_open=has_permission(actor, Permission.REPORT_ACCEPT),
    )


@bp.get("/periods")
@requires(Permission.REPORT_READ)
def periods() -> Response:
    """The periods of the own territory, the newest first, each with who has not sent."""
    actor, number = current_actor(), page_number()
    found = queries.recent_periods(actor, page=number, size=SIZE)
    sent = queries.sending(duty.id for _period, duty in found)
    forms = {period.id: report_periods.form_of(period) for period, _duty in found}
    return htmx.render(
        "reports/periods.html",
        rows=[(period, duty, forms[period.id], sent.get(duty.id, (0, 0, 0))) for period, duty in found],
        page=Page(number, queries.count_periods(actor)),
        may_open=has_permission(actor, Permission.REPORT_ACCEPT),
    )


@bp.get("/late")
@requires(Permission.REPORT_READ)
def league() -> Response:
    """Late reports of the last month with who headed the unit on the due day."""
    actor, at, number = current_actor(), now(), page_number()
    lines = report_league.late_lines(actor, at, page=number, size=SIZE)
    return htmx.render(
        "reports/league.html",
        lines=lines,
        names={each.duty.id: report_periods.form_of(each.duty.period).short for each in lines},
        page=Page(number, report_league.count_late(actor, at)),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.REPORT_ACCEPT)
def new() -> Response:
    """Open a period of a form for the own territory."""
    form = OpenForm(as_of=today())
    if form.is_submitted() and form.validate():
        try:
            opened = report_periods.open_periods(current_actor(), form.form.data, form.opening(), key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã mở %(count)s kỳ báo cáo; các đơn vị thấy ngay.", count=len(opened)), "success")
            return htmx.redirect(url_for(".periods"))
    refused = form.errors or form.form_errors
    return htmx.render("reports/new.html", status=422 if refused else 200, form=form)


@bp.get("/<uuid:duty_id>")
@requires(Permission.REPORT_READ)
def show(duty_id: UUID) -> Response:
    """One sheet: to be filled in, to be signed off, to be taken, or only read."""
    return sheet_page(duty_id)


@bp.get("/<uuid:duty_id>/receipt")
@requires(Permission.REPORT_READ)
def receipt(duty_id: UUID) -> Response:
    """The receipt of what was sent: to the second, with its code."""
    actor = current_actor()
    sheet = report_sheets.sheet(actor, duty_id)
    sent = [each for each in queries.versions_of(actor, sheet.duty) if each.receipt_code]
    if not sent:
        raise NotFound(_("Báo cáo này chưa gửi, nên chưa có biên nhận."))
    return htmx.render(
        "reports/receipt.html",
        sheet=sheet,
        duty=sheet.duty,
        sent=sent,
        stands=queries.stands(sheet.duty, now()),
        above=queries.parent_unit(sheet.duty),
    )
