"""Acts on a whole list that need no record: choosing its village, changing its due date, reminding, cancelling."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.clock import now, today
from portal.domain.errors import InvalidInput, WrongStage
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, require
from portal.domain.stages import FINAL_STAGES, Stage
from portal.domain.transitions import Action
from portal.domain.verdicts import check_note
from portal.domain.wording import say
from portal.models import CorrectionList, Handover, Unit, db
from portal.queries.parties import village_task_forces
from portal.queries.scope import place_of
from portal.services import clocks
from portal.services.auditing import record
from portal.services.record_drafts import abandon_draft
from portal.services.transitions import check_rev, load_list, move, permit
from portal.services.unit_of_work import once


def assign_village(actor: Actor, list_id: UUID, unit_id: int, *, rev: int | None = None, key: str = "") -> None:
    """Choose the village task force that a drafted list goes to; only one of the station's own commune."""

    def act() -> dict[str, Any]:
        apply_village(actor, load_list(actor, list_id, lock=True), unit_id, rev=rev)
        return {"ok": True}

    once(actor.user_id, key, f"assign_village:{list_id}", act)


def apply_village(actor: Actor, of_list: CorrectionList, unit_id: int, *, rev: int | None = None) -> None:
    """Choose the list's village within the running transaction. The list is locked."""
    permit(actor, of_list, Action.ARRANGE)
    check_rev(of_list, rev)
    station = db.session.get_one(Unit, of_list.station_unit_id)
    village = next((u for u in village_task_forces(station, today()) if u.id == unit_id), None)
    if village is None or village.serves is None:
        raise InvalidInput(
            say("Thôn này không thuộc xã của trạm."), fields={"village": say("Chọn một thôn trong danh sách.")}
        )
    before = of_list.village_unit_id
    of_list.village_unit_id, of_list.name = village.id, village.serves.name
    of_list.territory_path = village.territory_path
    of_list.known_to_village = False
    of_list.rev += 1
    record(EventTag.VILLAGE_ASSIGNED, actor, of_list=of_list, from_unit=before, to_unit=village.id)


def apply_no_village(actor: Actor, of_list: CorrectionList, name: str) -> None:
    """Leave the list without a village again, under this name, within the running transaction. The list is locked."""
    permit(actor, of_list, Action.ARRANGE)
    before = of_list.village_unit_id
    of_list.village_unit_id, of_list.name = None, name
    of_list.territory_path = db.session.get_one(Unit, of_list.station_unit_id).territory_path
    of_list.rev += 1
    record(EventTag.VILLAGE_ASSIGNED, actor, of_list=of_list, from_unit=before, to_unit=None)


def change_due(actor: Actor, list_id: UUID, due_at: datetime, *, key: str = "") -> None:
    """Set a new due date on an open list; the old one stays in the trail."""

    def act() -> dict[str, Any]:
        apply_due(actor, load_list(actor, list_id, lock=True), due_at)
        return {"ok": True}

    once(actor.user_id, key, f"change_due:{list_id}", act)


def apply_due(actor: Actor, of_list: CorrectionList, due_at: datetime) -> None:
    """Set the list's due date within the running transaction. The list is locked."""
    require(actor, Permission.LIST_ARRANGE, place_of(of_list), Permission.LIST_READ)
    if Stage(of_list.stage) in FINAL_STAGES:
        raise WrongStage(say("Danh sách đã kết thúc nên không đổi hạn được."))
    if due_at <= now():
        raise InvalidInput(say("Hạn mới phải ở sau lúc này."), fields={"due_at": say("Chọn ngày giờ sau lúc này.")})
    old, of_list.due_at = of_list.due_at, due_at
    clocks.follow_list(of_list, old)
    of_list.rev += 1
    record(
        EventTag.DUE_CHANGED,
        actor,
        of_list=of_list,
        old=old.isoformat() if old else "",
        new=due_at.isoformat(),
    )


def remind(actor: Actor, list_id: UUID, *, key: str = "") -> None:
    """Remind whoever must act now; the reminder is an event both see."""

    def act() -> dict[str, Any]:
        apply_reminder(actor, load_list(actor, list_id, lock=True))
        return {"ok": True}

    once(actor.user_id, key, f"remind:{list_id}", act)


def apply_reminder(actor: Actor, of_list: CorrectionList) -> None:
    """Remind within the running transaction. The list is locked."""
    require(actor, Permission.LIST_REMIND, place_of(of_list), Permission.LIST_READ)
    if Stage(of_list.stage) in FINAL_STAGES:
        raise WrongStage(say("Danh sách đã kết thúc nên không cần nhắc."))
    record(EventTag.LIST_REMINDED, actor, of_list=of_list, unit=awaited_unit(of_list))


def awaited_unit(of_list: CorrectionList) -> int:
    """The unit that must act now: the receiver of a pending handover, else the holder."""
    if of_list.pending_leg is None:
        return of_list.holder_unit_id
    receiver = db.session.execute(
        select(Handover.receiver_unit_id).where(Handover.list_id == of_list.id, Handover.status == "sent")
    ).scalar_one()
    return receiver or of_list.holder_unit_id


def cancel(actor: Actor, list_id: UUID, note: str, *, rev: int | None = None, key: str = "") -> None:
    """End a list that is still being drafted, with words why; nothing is deleted, a draft's number is given back."""
    if not note.strip():
        raise InvalidInput(say("Hủy danh sách cần ghi lý do."), fields={"note": say("Ghi lý do hủy.")})
    check_note("", note)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        row = permit(actor, of_list, Action.CANCEL)
        check_rev(of_list, rev)
        abandon_draft(actor, of_list)
        before, after = move(of_list, row)
        of_list.closed_at = now()
        record(
            EventTag.LIST_CANCELLED,
            actor,
            of_list=of_list,
            from_state=before,
            to_state=after,
            reason="",
            note=note.strip(),
        )
        return {"ok": True}

    once(actor.user_id, key, f"cancel:{list_id}", act)
