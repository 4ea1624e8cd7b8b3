"""Leave to send later: asked by the unit, answered above. In time it moves the due moment, late it opens the lock.

A leave ends by itself: nobody has to take it back. A report sent under an opened lock stays late.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.clock import now
from portal.domain.deadlines import is_late
from portal.domain.errors import InvalidInput, NotFound, WrongStage
from portal.domain.events import EventTag
from portal.domain.extensions import ExtensionStatus
from portal.domain.permissions import Actor, Permission
from portal.domain.report_states import ReportSide
from portal.domain.wording import say
from portal.models import ReportDuty, ReportLeave, db
from portal.queries import reports as queries
from portal.services.auditing import record
from portal.services.report_sheets import NOT_FOUND, require_side
from portal.services.unit_of_work import once

MOST_WORDS, MOST_LETTERS = 1_000, 200


def ask(actor: Actor, duty_id: UUID, wished_until: datetime, reason: str, *, key: str = "") -> None:
    """Ask to be allowed to send until then, with words why."""
    if not 0 < len(reason.strip()) <= MOST_WORDS:
        raise InvalidInput(say("Xin gửi muộn cần ghi lý do."), fields={"reason": say("Ghi lý do.")})

    def act() -> dict[str, Any]:
        duty = _locked(actor, duty_id, ReportSide.OWN, Permission.REPORT_FILL)
        if duty.parent_id is None:
            raise WrongStage(
                say("Đơn vị bạn là cấp cao nhất của kỳ này: không có ai ở trên để xin, và kỳ không khóa.")
            )
        if duty.sent_at is not None and queries.may_be_sent(duty, now()):
            raise WrongStage(say("Báo cáo này đã gửi, không cần xin thêm thời gian."))
        if asked_for(duty.id) is not None:
            raise WrongStage(say("Đề nghị trước còn chờ trả lời."))
        _check_later(duty, wished_until, "wished_day")
        db.session.add(
            ReportLeave(
                id=uuid4(),
                duty_id=duty.id,
                province_id=duty.province_id,
                status=ExtensionStatus.ASKED.value,
                reason=reason.strip(),
                wished_until=wished_until,
                moved_due=False,
                asked_by=actor.user_id,
                asked_membership_id=actor.membership_id,
                asked_at=now(),
            )
        )
        record(
            EventTag.REPORT_LEAVE_ASKED,
            actor,
            duty=str(duty.id),
            wished=wished_until.isoformat(),
            note=reason.strip(),
        )
        return {"ok": True}

    once(actor.user_id, key, f"ask_leave:{duty_id}", act)


def grant(
    actor: Actor, duty_id: UUID, until: datetime, *, document: str = "", words: str = "", key: str = ""
) -> None:
    """Let the unit send until then. Granted in time it is the new due moment; granted late it only opens the lock."""
    _check_answer(document, words)

    def act() -> dict[str, Any]:
        duty = _locked(actor, duty_id, ReportSide.PARENT, Permission.REPORT_ACCEPT)
        _check_later(duty, until, "new_day")
        leave = _answer(actor, duty, ExtensionStatus.GRANTED, document, words)
        leave.until = until
        leave.moved_due = not is_late(duty.due_at, now(), inclusive=duty.period.due_inclusive)
        if leave.moved_due:
            duty.due_at, duty.reminded = until, ""
        duty.open_until = until
        record(
            EventTag.REPORT_LEAVE_GRANTED,
            actor,
            duty=str(duty.id),
            until=until.isoformat(),
            document=document.strip(),
            note=words.strip(),
        )
        return {"ok": True}

    once(actor.user_id, key, f"grant_leave:{duty_id}", act)


def refuse(actor: Actor, duty_id: UUID, *, document: str = "", words: str = "", key: str = "") -> None:
    """Leave everything as it is, under a document or with words why."""
    _check_answer(document, words)

    def act() -> dict[str, Any]:
        duty = _locked(actor, duty_id, ReportSide.PARENT, Permission.REPORT_ACCEPT)
        _answer(actor, duty, ExtensionStatus.REFUSED, document, words)
        record(EventTag.REPORT_LEAVE_REFUSED, actor, duty=str(duty.id), document=document.strip(), note=words.strip())
        return {"ok": True}

    once(actor.user_id, key, f"refuse_leave:{duty_id}", act)


def asked_for(duty_id: UUID) -> ReportLeave | None:
    """The wish that waits for an answer."""
    waits = ReportLeave.status == ExtensionStatus.ASKED.value
    return db.session.scalars(select(ReportLeave).where(ReportLeave.duty_id == duty_id, waits)).one_or_none()


def _locked(actor: Actor, duty_id: UUID, side: ReportSide, permission: Permission) -> ReportDuty:
    duty = queries.duty_of(actor, duty_id)
    if duty is None:
        raise NotFound(NOT_FOUND)
    db.session.refresh(duty, with_for_update={"of": ReportDuty})
    require_side(actor, duty, side, permission)
    return duty


def _answer(actor: Actor, duty: ReportDuty, status: ExtensionStatus, document: str, words: str) -> ReportLeave:
    leave = asked_for(duty.id)
    if leave is None:
        raise WrongStage(say("Không có đề nghị nào chờ trả lời."))
    leave.status, leave.document, leave.answer = status.value, document.strip(), words.strip()
    leave.decided_by, leave.decided_membership_id, leave.decided_at = actor.user_id, actor.membership_id, now()
    return leave


def _check_later(duty: ReportDuty, moment: datetime, field: str) -> None:
    if moment <= max(now(), duty.due_at):
        raise InvalidInput(
            say("Hạn mới phải sau lúc này và sau hạn đang có."),
            fields={field: say("Chọn ngày giờ sau lúc này và sau hạn đang có.")},
        )


def _check_answer(document: str, words: str) -> None:
    if not document.strip() and not words.strip():
        raise InvalidInput(
            say("Trả lời cần số văn bản hoặc lời giải thích."),
            fields={"words": say("Ghi số văn bản ở trên, hoặc ghi lời giải thích ở đây.")},
        )
    if len(document.strip()) > MOST_LETTERS or len(words.strip()) > MOST_WORDS:
        raise InvalidInput(say("Nội dung trả lời quá dài. Hãy rút ngắn."))
