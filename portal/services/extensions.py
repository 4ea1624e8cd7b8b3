"""More time for the step that runs: the unit whose clock it is asks, a unit above answers; the old date stays."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.clock import now
from portal.domain.errors import InvalidInput
from portal.domain.events import EventTag
from portal.domain.extensions import ExtensionStatus
from portal.domain.permissions import Actor
from portal.domain.transitions import Action
from portal.domain.verdicts import check_note
from portal.domain.wording import say
from portal.models import Clock, CorrectionList, Extension, db
from portal.services import clocks
from portal.services.auditing import record
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import once

MOST_LETTERS = 200
"""Length of a document's number and date, as it is cited."""


def ask(actor: Actor, list_id: UUID, wished_at: datetime, reason: str, *, key: str = "") -> None:
    """Ask for more time for the running step, with words why; its due moment stays until somebody grants another."""
    if not reason.strip():
        raise InvalidInput(say("Xin gia hạn cần ghi lý do."), fields={"reason": say("Ghi lý do xin gia hạn.")})
    check_note("", reason)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.ASK_EXTENSION)
        clock = _due_clock(of_list)
        _check_later(wished_at, clock, "wished")
        db.session.add(
            Extension(
                list_id=of_list.id,
                province_id=of_list.province_id,
                clock_id=clock.id,
                unit_id=clock.unit_id,
                status=ExtensionStatus.ASKED.value,
                reason=reason.strip(),
                old_due_at=clock.due_at,
                wished_due_at=wished_at,
                asked_by=actor.user_id,
                asked_membership_id=actor.membership_id,
                asked_at=now(),
            )
        )
        record(
            EventTag.EXTENSION_ASKED,
            actor,
            of_list=of_list,
            old=_text(clock.due_at),
            wished=_text(wished_at),
            reason="",
            note=reason.strip(),
        )
        return {"ok": True}

    once(actor.user_id, key, f"ask_extension:{list_id}", act)


def grant(
    actor: Actor, list_id: UUID, new_due_at: datetime, *, document: str = "", words: str = "", key: str = ""
) -> None:
    """Give the running step the new due moment, under a document or with words.

    Where that lies after the list's own due moment, the list's moves along, written down as such.
    """
    _require_ground(document, words)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.GRANT_EXTENSION)
        clock = _due_clock(of_list)
        _check_later(new_due_at, clock, "new")
        asked = _answered(actor, of_list, ExtensionStatus.GRANTED, document, words)
        asked.new_due_at = new_due_at
        if of_list.due_at is not None and of_list.due_at < new_due_at:
            old, of_list.due_at = of_list.due_at, new_due_at
            record(EventTag.DUE_CHANGED, actor, of_list=of_list, old=_text(old), new=_text(new_due_at))
        clocks.set_due(of_list, clock, new_due_at)
        # Papers name the list's due moment: a preview drawn before is no longer current.
        of_list.rev += 1
        record(
            EventTag.EXTENSION_GRANTED,
            actor,
            of_list=of_list,
            old=_text(asked.old_due_at),
            new=_text(new_due_at),
            document=document.strip(),
            reason="",
            note=words.strip(),
        )
        return {"ok": True}

    once(actor.user_id, key, f"grant_extension:{list_id}", act)


def refuse(actor: Actor, list_id: UUID, *, document: str = "", words: str = "", key: str = "") -> None:
    """Leave the due moment as it is, under a document or with words why."""
    _require_ground(document, words)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.REFUSE_EXTENSION)
        asked = _answered(actor, of_list, ExtensionStatus.REFUSED, document, words)
        record(
            EventTag.EXTENSION_REFUSED,
            actor,
            of_list=of_list,
            old=_text(asked.old_due_at),
            document=document.strip(),
            reason="",
            note=words.strip(),
        )
        return {"ok": True}

    once(actor.user_id, key, f"refuse_extension:{list_id}", act)


def _due_clock(of_list: CorrectionList) -> Clock:
    clock = clocks.running(of_list, lock=True)
    assert clock is not None  # noqa: S101  the guard `step_is_due` has seen it under the list's lock
    assert clock.due_at is not None  # noqa: S101
    return clock


def _answered(actor: Actor, of_list: CorrectionList, status: ExtensionStatus, document: str, words: str) -> Extension:
    asked = db.session.execute(
        select(Extension).where(Extension.list_id == of_list.id, Extension.status == ExtensionStatus.ASKED.value)
    ).scalar_one()
    asked.status, asked.document, asked.answer = status.value, document.strip(), words.strip()
    asked.decided_by, asked.decided_membership_id, asked.decided_at = actor.user_id, actor.membership_id, now()
    return asked


def _check_later(moment: datetime, clock: Clock, field: str) -> None:
    if clock.due_at is not None and moment <= clock.due_at:
        raise InvalidInput(
            say("Hạn mới phải ở sau hạn đang có."), fields={f"{field}_day": say("Chọn ngày giờ sau hạn đang có.")}
        )
    if moment <= now():
        raise InvalidInput(
            say("Hạn mới phải ở sau lúc này."), fields={f"{field}_day": say("Chọn ngày giờ sau lúc này.")}
        )


def _require_ground(document: str, words: str) -> None:
    if not document.strip() and not words.strip():
        raise InvalidInput(
            say("Trả lời cần số văn bản hoặc lời giải thích."),
            fields={"words": say("Ghi số văn bản ở trên, hoặc ghi lời giải thích ở đây.")},
        )
    if len(document.strip()) > MOST_LETTERS:
        raise InvalidInput(
            say("Số văn bản quá dài."), fields={"document": say("Ghi không quá {most} chữ.", most=MOST_LETTERS)}
        )
    check_note("", words)


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
