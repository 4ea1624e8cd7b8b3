"""A report as a workbook, and a sheet to fill in out and back."""

from uuid import UUID

from portal.clock import local
from portal.domain.errors import InvalidInput
from portal.domain.permissions import Actor, Permission
from portal.domain.report_states import ReportSide
from portal.domain.wording import say
from portal.models import ReportDuty
from portal.queries import reports as queries
from portal.services.context import ground
from portal.services.exporting import log_export
from portal.services.report_sheets import Sheet, require_side, sheet
from portal.services.reports import fill
from portal.services.unit_of_work import transaction
from portal.spreadsheets.refusals import FileRefused
from portal.spreadsheets.report_books import (
    NoReportSheet,
    ReportBook,
    ReportRow,
    read_template,
    report_workbook,
    template_workbook,
)


def workbook(actor: Actor, duty_id: UUID) -> tuple[str, bytes]:
    """The report in its form's layout, one row per unit below with its accepted figures; the reading is noted."""
    of = sheet(actor, duty_id)
    with transaction():
        mark = log_export(actor, f"report:{of.duty.period.form_key}")
    return f"bao-cao-{name_of(of.duty)}.xlsx", report_workbook(book_of(actor, of), mark=mark)


def template(actor: Actor, duty_id: UUID) -> tuple[str, bytes]:
    """The sheet to fill in, with what is there already; for the unit that owes the report."""
    of = sheet(actor, duty_id)
    require_side(actor, of.duty, ReportSide.OWN, Permission.REPORT_FILL)
    made = template_workbook(
        of.form,
        mark=str(of.duty.id),
        unit_name=of.duty.unit.name,
        as_of=f"{of.duty.period.as_of:%d/%m/%Y}",
        values=of.values,
    )
    return f"nhap-bao-cao-{name_of(of.duty)}.xlsx", made


def take_template(actor: Actor, duty_id: UUID, data: bytes, *, key: str = "") -> None:
    """Save the cells of a sheet that came back; what somebody changed since it was made is told, not overwritten.

    Raises InvalidInput where the file is no sheet of this report, or a cell cannot be read.
    """
    require_side(actor, sheet(actor, duty_id).duty, ReportSide.OWN, Permission.REPORT_FILL)
    if not data:
        missing = say("Chưa chọn tệp. Hãy chọn tệp .xlsx đã tải từ trang này.")
        raise InvalidInput(missing, fields={"file": missing})
    digest = ground().store.put(data)
    try:
        found = read_template(ground().store.path(digest))
    except (FileRefused, NoReportSheet) as refused:
        raise InvalidInput(
            say("Tệp này không phải phiếu nhập của cổng. Hãy tải phiếu nhập ở trang báo cáo rồi điền vào đó."),
            fields={"file": say("Hãy chọn phiếu nhập đã tải từ trang này.")},
        ) from refused
    if found.mark != str(duty_id):
        raise InvalidInput(
            say("Phiếu nhập này của báo cáo khác."),
            fields={"file": say("Hãy chọn phiếu nhập đã tải từ trang này.")},
        )
    fill(actor, duty_id, found.typed, was=found.was, key=key)


def book_of(actor: Actor, of: Sheet) -> ReportBook:
    """What the workbook says: each child's accepted figures, or the report's own row."""
    below = queries.figures_below(actor, of.duty) if of.duty.gathers else []
    rows = [ReportRow(name, values) for name, values in below]
    return ReportBook(
        form=of.form,
        unit_name=of.duty.unit.name,
        as_of=f"{of.duty.period.as_of:%d/%m/%Y}",
        rows=rows or [ReportRow(of.duty.unit.name, of.values)],
        own={**of.values, **(of.total.values if of.total else {})},
        footer=_footer(of),
        test_data=ground().settings.demo,
    )


def name_of(duty: ReportDuty) -> str:
    """The part of a file's name that tells form and day."""
    return f"{duty.period.form_key.replace('_', '-')}-{duty.period.as_of:%Y-%m-%d}"


def _footer(of: Sheet) -> list[str]:
    """Who is missing, who signed off, when, under which receipt."""
    lines: list[str] = []
    if of.total is not None and of.total.absent:
        lines.append(say("Chưa có trong tổng: {names}.", names="; ".join(of.total.absent)))
    report = of.report
    if report is not None and report.outdated_at is not None:
        at = f"{local(report.outdated_at):%H:%M:%S %d/%m/%Y}"
        lines.append(say("Từ {at} số liệu cấp dưới đã thay đổi so với bản này.", at=at))
    if report is not None and report.sent_at is not None:
        lines.append(
            say(
                "Gửi lúc {at}, người duyệt: {name}, {position}. Mã biên nhận: {code}.",
                at=f"{local(report.sent_at):%H:%M:%S %d/%m/%Y}",
                name=report.signer_name,
                position=report.signer_position,
                code=report.receipt_code,
            )
        )
    return lines
