"""A duty as it stands: form, values, what is wrong, what the portal counted, what this actor may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.clock import now
from portal.domain.errors import NotFound, NotPermitted
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.report_forms import EXPLAIN, Form
from portal.domain.report_states import ReportAct, ReportSide, ReportStatus, acts_in, move_of
from portal.domain.report_totals import Total
from portal.domain.report_values import Fault, Value, differences, faults_of
from portal.domain.wording import say
from portal.evidence.canonical import canonical_json, sha256_hex
from portal.models import Report, ReportDuty
from portal.queries import reports as queries
from portal.reports.prefill import Known, first_values
from portal.services.report_periods import form_of

NOT_FOUND = say("Không tìm thấy báo cáo này, hoặc đơn vị của bạn không được xem.")
NOT_YOURS = say("Vai trò của bạn không có quyền làm việc này với báo cáo này; đó là việc của đơn vị báo cáo.")
ABOVE_ONLY = say("Việc này là của đơn vị cấp trên trực tiếp nhận báo cáo.")
NO_SIGNER = say("Bạn chưa được phân công ký thay đơn vị; duyệt báo cáo là của người có quyền ký.")


_EDITABLE = frozenset({ReportStatus.DRAFT, ReportStatus.RETURNED})
WHEN_LOCKED = frozenset({ReportAct.ACCEPT, ReportAct.RETURN, ReportAct.GIVE_BACK})
"""Acts that the lock of a period does not stop: those of the unit above, and taking back what cannot go."""


@dataclass(frozen=True)
class Sheet:
    """A duty as its page shows it: form, values, what is wrong, what the portal itself counted, what may be done."""

    duty: ReportDuty
    form: Form
    report: Report | None
    values: Mapping[str, Value]
    counted: Mapping[str, Value]
    reasons: Mapping[str, str]
    faults: tuple[Fault, ...]
    differences: Mapping[str, int]
    total: Total | None
    acts: tuple[ReportAct, ...]
    open: bool

    @property
    def status(self) -> ReportStatus:
        """Where it stands; a report nobody has begun is a draft."""
        return ReportStatus(self.report.status) if self.report else ReportStatus.DRAFT

    def faults_at(self, key: str) -> list[Fault]:
        """What is wrong beside this cell."""
        return [each for each in self.faults if each.at == key]

    def to_explain(self, key: str) -> list[Fault]:
        """The broken rules beside this cell that words may explain, explained or not."""
        return [each for each in self.faults_at(key) if each.level == EXPLAIN]


def sheet(actor: Actor, duty_id: UUID) -> Sheet:
    """Everything the page of a duty shows. Raises NotFound."""
    duty = queries.duty_of(actor, duty_id)
    if duty is None:
        raise NotFound(NOT_FOUND)
    form, report = form_of(duty.period), queries.latest_of(duty.id)
    total = queries.total_of(form, duty.id) if duty.gathers else None
    previous = queries.previous_values(duty.unit_id, form.key, duty.period.as_of)
    if report is None:
        counted = first_of(form, duty, previous)
        values: Mapping[str, Value] = counted
        reasons: Mapping[str, str] = {}
    else:
        counted, values, reasons = report.counted, report.values, report.reasons
    if total is not None and (report is None or ReportStatus(report.status) in _EDITABLE):
        values = {**values, **total.values}
    return Sheet(
        duty=duty,
        form=form,
        report=report,
        values=values,
        counted=counted,
        reasons=reasons,
        faults=tuple(faults_of(form, values, previous, reasons)),
        differences=differences(form, values, counted),
        total=total,
        acts=tuple(each for each in ReportAct if may(actor, duty, report, each)),
        open=queries.may_be_sent(duty, now()),
    )


def require_side(actor: Actor, duty: ReportDuty, side: ReportSide, permission: Permission) -> None:
    """Raise NotPermitted unless the actor stands on this side of the report and holds the right."""
    if side_of(actor, duty) is not side or not has_permission(actor, permission):
        raise NotPermitted(NOT_YOURS if side is ReportSide.OWN else ABOVE_ONLY)


def may(actor: Actor, duty: ReportDuty, report: Report | None, act: ReportAct) -> bool:
    """Whether the table lets this actor do the act now; what a page offers is what the server takes."""
    move = move_of(act)
    status = ReportStatus(report.status) if report else ReportStatus.DRAFT
    side = side_of(actor, duty)
    if side is None or act not in acts_in(status, side) or not has_permission(actor, move.permission):
        return False
    return act in WHEN_LOCKED or queries.may_be_sent(duty, now())


def side_of(actor: Actor, duty: ReportDuty) -> ReportSide | None:
    """Which side of the report the actor stands on; None for who only reads."""
    if duty.responsible_unit_id == actor.unit_id:
        return ReportSide.OWN
    above = queries.parent_unit(duty)
    return ReportSide.PARENT if above is not None and above.id == actor.unit_id else None


def digest_of(duty: ReportDuty, report: Report) -> str:
    """The SHA-256 of what is signed: whose report, of which form, day and version, values, explanations."""
    return sha256_hex(canonical_json(data_of(duty, report)))


def data_of(duty: ReportDuty, report: Report) -> dict[str, Any]:
    """The report as plain values, the same for the same figures."""
    return {
        "form": duty.period.form_key,
        "form_version": duty.period.form_version,
        "as_of": duty.period.as_of.isoformat(),
        "unit": duty.unit.code,
        "version": report.version,
        "values": dict(report.values),
        "reasons": dict(report.reasons),
        "missing": list(report.missing),
    }


def first_of(form: Form, duty: ReportDuty, previous: Mapping[str, Any]) -> dict[str, Value]:
    """The values a fresh report of the duty begins with; a gathered one begins with its sums alone."""
    return {} if duty.gathers else first_values(form, Known(duty.unit_id, previous))


def waiting_for_leader(report: Report, until: datetime) -> float:
    """Hours a report has waited for the leader's sign-off by `until`; zero where it does not wait."""
    if report.handed_at is None:
        return 0.0
    return max(((report.sent_at or until) - report.handed_at).total_seconds() / 3600, 0.0)
