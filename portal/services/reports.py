"""The acts on a report: fill in, hand to the leader, sign off, accept, return, restate; a receipt, not an e-mail."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from portal.clock import local, now, today
from portal.domain.delegations import signing_position
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.events import EventTag
from portal.domain.labels import label
from portal.domain.permissions import SIGNING_PERMISSIONS, Actor, has_permission
from portal.domain.report_forms import KEY, ON_RECEIPT, Form
from portal.domain.report_states import ReportAct, ReportSide, ReportStatus, acts_in, move_of
from portal.domain.report_totals import Total
from portal.domain.report_values import faults_of, sendable
from portal.domain.wording import say
from portal.evidence.canonical import short_code
from portal.models import Report, ReportDuty, db
from portal.queries import reports as queries
from portal.services.auditing import record
from portal.services.report_cells import MOST_REASON, Typed, explained, merged, read_cells
from portal.services.report_periods import form_of
from portal.services.report_sheets import (
    ABOVE_ONLY,
    NO_SIGNER,
    NOT_FOUND,
    NOT_YOURS,
    WHEN_LOCKED,
    digest_of,
    first_of,
    side_of,
)
from portal.services.unit_of_work import once

NOT_YET = frozenset({"too_early", "nobody"})
"""Codes of a handing on that only comes too early: what was typed is kept, and the page stays."""


def fill(
    actor: Actor,
    duty_id: UUID,
    typed: Mapping[str, str],
    *,
    was: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
    piecemeal: bool = False,
    key: str = "",
) -> None:
    """Save cells as typed; `was` is what the page showed, so that a cell somebody else has changed meanwhile is told.

    Raises InvalidInput by cell, StaleVersion where two people wrote different things into one cell; then nothing is
    saved. `piecemeal`: those cells alone are left out, the others are saved, and InvalidInput tells by cell.
    """
    left_out: dict[str, str] = {}
    all_typed = Typed(typed, was or {}, reasons or {})

    def act() -> dict[str, Any]:
        duty, report, form = _locked(actor, duty_id, ReportAct.FILL)
        draft = _draft(actor, form, duty, report)
        left_out.update(_write(actor, form, duty, draft, all_typed, piecemeal=piecemeal))
        return {"ok": True}

    once(actor.user_id, key, f"fill_report:{duty_id}", act)
    if left_out:
        raise InvalidInput(say("Có ô chưa lưu được; các ô khác đã lưu."), fields=left_out)


def hand_to_leader(actor: Actor, duty_id: UUID, typed: Typed | None = None, *, key: str = "") -> None:
    """Hand the report to the leader, with what is `typed`: every rule holds or is explained; a total is as of now.

    The preparer's moment is kept: what waits for the leader's sign-off is seen to wait for him (LS-35). Where a rule
    forbids it, what was typed is saved nevertheless. Raises as `fill`.
    """

    def act() -> dict[str, Any]:
        duty, report, form = _locked(actor, duty_id, ReportAct.HAND_TO_LEADER)
        draft = _draft(actor, form, duty, report)
        if typed:
            _write(actor, form, duty, draft, typed)
        _check_day(duty)
        if duty.gathers:
            total = queries.total_of(form, duty.id)
            _check_somebody(total)
            draft.values, draft.missing = {**draft.values, **total.values}, list(total.absent)
            draft.outdated_at = None
        elif form.computed:
            counted = first_of(form, duty, {})
            fresh = {each.key: counted.get(each.key) for each in form.fields if each.computed}
            draft.values, draft.counted = {**draft.values, **fresh}, counted
        previous = queries.previous_values(duty.unit_id, form.key, duty.period.as_of)
        faults = faults_of(form, draft.values, previous, draft.reasons)
        if not sendable(faults):
            raise InvalidInput(
                say("Chưa trình được: còn ô chưa đúng."),
                fields={each.at: each.words for each in faults if each.forbids},
            )
        draft.status, draft.handed_at = ReportStatus.FOR_SIGN_OFF.value, now()
        draft.prepared_by, draft.prepared_membership_id = actor.user_id, actor.membership_id
        draft.values_sha256 = digest_of(duty, draft)
        draft.rev += 1
        record(EventTag.REPORT_HANDED, actor, **_named(draft))
        return {"ok": True}

    try:
        once(actor.user_id, key, f"hand_report:{duty_id}", act)
    except (InvalidInput, WrongStage) as refused:
        if typed and (isinstance(refused, InvalidInput) or refused.code in NOT_YET):
            fill(actor, duty_id, typed.cells, was=typed.was, reasons=typed.reasons)
        raise


def give_back(actor: Actor, duty_id: UUID, *, key: str = "") -> None:
    """Take a report that waits for the leader back to be mended."""

    def act() -> dict[str, Any]:
        _duty, report, _form = _locked(actor, duty_id, ReportAct.GIVE_BACK)
        waiting = _needed(report)
        waiting.status = ReportStatus.DRAFT.value
        waiting.rev += 1
        record(EventTag.REPORT_GIVEN_BACK, actor, **_named(waiting))
        return {"ok": True}

    once(actor.user_id, key, f"give_back_report:{duty_id}", act)


def sign_off(actor: Actor, duty_id: UUID, *, shown: str, key: str = "") -> str:
    """The leader's own act: these very values (`shown` is their SHA-256) are the unit's report.

    Returns the receipt's code. Where a form asks for a key's signature the paper is signed (`report_papers.sign`).
    """

    def act() -> dict[str, Any]:
        duty, report, form = _locked(actor, duty_id, ReportAct.SIGN_OFF)
        if form.sign == KEY:
            raise WrongStage(say("Biểu này được duyệt bằng cách ký bản PDF."))
        return {"code": send(actor, duty, _needed(report), form, shown=shown)}

    return str(once(actor.user_id, key, f"sign_off_report:{duty_id}", act)["code"])


def send(actor: Actor, duty: ReportDuty, report: Report, form: Form, *, shown: str) -> str:
    """Within the running transaction: the report counts as sent from now on. Returns the receipt's code."""
    if report.values_sha256 != shown:
        raise StaleVersion(say("Số liệu đã đổi sau khi bạn mở trang. Hãy xem lại rồi duyệt."))
    if form.apart and report.prepared_by in actor.persons:
        raise NotPermitted(say("Người lập và người duyệt phải là hai người. Hãy nhờ người có quyền ký khác duyệt."))
    at = now()
    report.status, report.sent_at = ReportStatus.SENT.value, at
    report.signed_by, report.signed_membership_id = actor.user_id, actor.membership_id
    report.signed_delegation_id = actor.delegation_id
    report.signer_name, report.signer_position = actor.user_name, signing_position(actor.position, actor.mandate)
    report.receipt_code = short_code()
    report.rev += 1
    if duty.sent_at is None:
        duty.sent_at = at
    duty.answerer = actor.user_name
    record(EventTag.REPORT_SENT, actor, **_named(report), values_sha256=report.values_sha256)
    above = queries.parent_unit(duty)
    if form.accept == ON_RECEIPT or above is None or above.id == duty.responsible_unit_id:
        # Nobody else stands above who could take it, at the top or where a level was removed.
        _take(None, duty, report)
    return report.receipt_code


def accept(actor: Actor, duty_id: UUID, *, key: str = "") -> None:
    """The unit above takes the report: its figures stand in the total from now on."""

    def act() -> dict[str, Any]:
        duty, report, _form = _locked(actor, duty_id, ReportAct.ACCEPT)
        _take(actor, duty, _needed(report))
        return {"ok": True}

    once(actor.user_id, key, f"accept_report:{duty_id}", act)


def return_report(actor: Actor, duty_id: UUID, reason: str, *, key: str = "") -> None:
    """The unit above gives the report back with a reason; it leaves the total, and must be sent again."""

    def act() -> dict[str, Any]:
        duty, report, _form = _locked(actor, duty_id, ReportAct.RETURN)
        if not reason.strip():
            raise InvalidInput(say("Trả lại cần ghi lý do."), fields={"reason": say("Ghi lý do trả lại.")})
        _check_length(reason)
        back = _needed(report)
        back.status, back.return_reason, back.decided_at = ReportStatus.RETURNED.value, reason.strip(), now()
        back.decided_by, back.decided_membership_id = actor.user_id, actor.membership_id
        back.rev += 1
        if duty.accepted_id == back.id:
            duty.accepted_id, duty.accepted_version = None, 0
            _warn_parent(duty)
        if duty.accepted_id is None:
            # A returned restatement leaves the version that counts, and the moment it was sent.
            duty.sent_at = None
        record(EventTag.REPORT_RETURNED, actor, **_named(back), note=reason.strip())
        return {"ok": True}

    once(actor.user_id, key, f"return_report:{duty_id}", act)


def restate(actor: Actor, duty_id: UUID, reason: str, *, key: str = "") -> None:
    """Begin a new version of a sent report, with a reason; the old one counts until the new one is taken."""

    def act() -> dict[str, Any]:
        duty, report, form = _locked(actor, duty_id, ReportAct.RESTATE)
        if not reason.strip():
            raise InvalidInput(say("Đính chính cần ghi lý do."), fields={"reason": say("Ghi lý do đính chính.")})
        _check_length(reason)
        old = _needed(report)
        made = _begin(actor, form, duty, after=old)
        record(EventTag.REPORT_RESTATED, actor, **_named(made), note=reason.strip())
        return {"ok": True}

    once(actor.user_id, key, f"restate_report:{duty_id}", act)


def locked(actor: Actor, duty_id: UUID, act: ReportAct) -> tuple[ReportDuty, Report, Form]:
    """The duty, locked, and its latest version, where the table lets the actor do the act. Raises as it refuses."""
    duty, report, form = _locked(actor, duty_id, act)
    return duty, _needed(report), form


def _locked(actor: Actor, duty_id: UUID, act: ReportAct) -> tuple[ReportDuty, Report | None, Form]:
    duty = queries.duty_of(actor, duty_id)
    if duty is None:
        raise NotFound(NOT_FOUND)
    db.session.refresh(duty, with_for_update={"of": ReportDuty})
    report = db.session.scalars(
        select(Report)
        .where(Report.duty_id == duty.id)
        .order_by(Report.version.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    _permit(actor, duty, report, act)
    return duty, report, form_of(duty.period)


def _permit(actor: Actor, duty: ReportDuty, report: Report | None, act: ReportAct) -> None:
    move = move_of(act)
    status = ReportStatus(report.status) if report else ReportStatus.DRAFT
    if side_of(actor, duty) is not move.side or not has_permission(actor, move.permission):
        if move.permission in SIGNING_PERMISSIONS and not actor.can_sign:
            raise NotPermitted(NO_SIGNER)
        raise NotPermitted(NOT_YOURS if move.side is ReportSide.OWN else ABOVE_ONLY)
    if act is ReportAct.RESTATE and status is ReportStatus.SENT:
        above = queries.parent_unit(duty)
        raise WrongStage(
            say(
                "{unit} chưa nhận báo cáo này. Nếu có sai sót, hãy nhờ {unit} trả lại để sửa; "
                "khi đã nhận rồi thì lập bản đính chính.",
                unit=above.name if above else duty.responsible.name,
            ),
            code=status.value,
        )
    if act not in acts_in(status, move.side):
        raise WrongStage(
            say("Không thể «{act}»: báo cáo {status:lower}.", act=label(act), status=label(status)), code=status.value
        )
    if act not in WHEN_LOCKED and not queries.may_be_sent(duty, now()):
        locks = duty.period.locks_at
        raise WrongStage(
            say(
                "Kỳ báo cáo đã khóa lúc {at}. Hãy xin phép gửi muộn; cấp trên cho thì cổng mở lại đến hạn mới.",
                at=f"{local(locks):%H:%M %d/%m/%Y}" if locks else "",
            ),
            code="locked",
        )


def _check_length(reason: str) -> None:
    if len(reason.strip()) > MOST_REASON:
        too_long = say("Ghi không quá {most} chữ.", most=MOST_REASON)
        raise InvalidInput(too_long, fields={"reason": too_long})


def _check_day(duty: ReportDuty) -> None:
    """Figures of a day can be handed on from that day on; filling in beforehand is allowed."""
    if today() < duty.period.as_of:
        raise WrongStage(
            say(
                "Số liệu tính đến ngày {day}, hôm nay chưa đến ngày đó. Số đã nhập được lưu; "
                "hãy trình lãnh đạo từ ngày {day}.",
                day=f"{duty.period.as_of:%d/%m/%Y}",
            ),
            code="too_early",
        )


def _check_somebody(total: Total) -> None:
    """A sum over nobody is no zero."""
    if not total.included:
        raise WrongStage(
            say(
                "Chưa có đơn vị nào trong tổng, nên số 0 ở đây không phải số liệu. "
                "Hãy nhận báo cáo của cấp dưới rồi trình; đơn vị chưa gửi có tên ở đầu trang."
            ),
            code="nobody",
        )


def _needed(report: Report | None) -> Report:
    if report is None:
        raise WrongStage(say("Báo cáo này chưa ai lập."))
    return report


def _draft(actor: Actor, form: Form, duty: ReportDuty, report: Report | None) -> Report:
    """The version that may be written: what was sent and returned stays as it is, its mending is a new version."""
    if report is None:
        return _begin(actor, form, duty)
    return _begin(actor, form, duty, after=report) if report.status == ReportStatus.RETURNED.value else report


def _begin(actor: Actor, form: Form, duty: ReportDuty, *, after: Report | None = None) -> Report:
    previous = queries.previous_values(duty.unit_id, form.key, duty.period.as_of)
    counted = first_of(form, duty, previous)
    made = Report(
        id=uuid4(),
        duty_id=duty.id,
        province_id=duty.province_id,
        version=after.version + 1 if after else 1,
        status=ReportStatus.DRAFT.value,
        values=dict(after.values if after else counted),
        counted=dict(counted),
        reasons=dict(after.reasons) if after else {},
        missing=[],
        prepared_by=actor.user_id,
        prepared_membership_id=actor.membership_id,
        begun_at=now(),
        rev=1,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _write(
    actor: Actor, form: Form, duty: ReportDuty, draft: Report, typed: Typed, *, piecemeal: bool = False
) -> dict[str, str]:
    """Write what was typed into the draft; returns what was left out, with the reasons, where `piecemeal`."""
    values, unreadable = read_cells(form, duty, typed.cells)
    if unreadable and not piecemeal:
        raise InvalidInput(say("Có ô chưa đọc được."), fields=unreadable)
    changed, taken = merged(form, draft, values, typed.was)
    if taken and not piecemeal:
        raise StaleVersion(" ".join(taken.values()))
    said = explained(form, typed.reasons)
    if changed or any(draft.reasons.get(name, "") != words for name, words in said.items()):
        draft.values = {**draft.values, **changed}
        draft.reasons = {**draft.reasons, **said}
        draft.rev += 1
        fields = sorted({*changed, *(f"reason:{name}" for name in said)})
        record(EventTag.REPORT_FILLED, actor, **_named(draft), fields=fields)
    return unreadable | taken


def _take(actor: Actor | None, duty: ReportDuty, report: Report) -> None:
    """The report's figures stand in the total; an older version is superseded, and the unit above is warned."""
    report.status, report.decided_at = ReportStatus.ACCEPTED.value, now()
    if actor is not None:
        report.decided_by, report.decided_membership_id = actor.user_id, actor.membership_id
    report.rev += 1
    counting = [ReportStatus.SENT.value, ReportStatus.ACCEPTED.value]
    db.session.execute(
        update(Report)
        .where(Report.duty_id == duty.id, Report.version < report.version, Report.status.in_(counting))
        .values(status=ReportStatus.SUPERSEDED.value)
    )
    duty.accepted_id, duty.accepted_version = report.id, report.version
    _warn_parent(duty)
    record(EventTag.REPORT_ACCEPTED, actor, **_named(report))


def _warn_parent(duty: ReportDuty) -> None:
    """A total that was handed on or sent no longer says what its children say."""
    if duty.parent_id is None:
        return
    # Whoever hands the total on holds its row: he is waited for, so that his version is seen and warned.
    db.session.execute(select(ReportDuty.id).where(ReportDuty.id == duty.parent_id).with_for_update(read=True))
    spoken = [ReportStatus.FOR_SIGN_OFF.value, ReportStatus.SENT.value, ReportStatus.ACCEPTED.value]
    db.session.execute(
        update(Report)
        .where(Report.duty_id == duty.parent_id, Report.status.in_(spoken), Report.outdated_at.is_(None))
        .values(outdated_at=now())
    )


def _named(report: Report) -> dict[str, Any]:
    return {"duty": str(report.duty_id), "version": report.version}
