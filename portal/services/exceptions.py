"""Taking a handover in part: the people the receiver does not take go back on a slip of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Actor
from portal.domain.stages import LEGS, HandoverStatus, Leg, RecordKind, back_leg
from portal.domain.transitions import Action
from portal.domain.verdicts import ReturnReason, Verdict, check_note
from portal.domain.wording import say
from portal.models import CorrectionList, Entry, Handover, db
from portal.services.arrivals import arrive
from portal.services.entries import Conclusion, apply_conclusion
from portal.services.handovers import draw_draft, load_handover, require_status
from portal.services.parts import part_off
from portal.services.record_drafts import name_signer, new_draft, prepared_slips
from portal.services.transitions import permit
from portal.services.unit_of_work import once


@dataclass(frozen=True)
class NotTaken:
    """Why one person is not taken."""

    reason: str
    note: str = ""


def prepare_exceptions(actor: Actor, handover_id: UUID, wanted: Mapping[int, NotTaken], *, key: str = "") -> UUID:
    """Draw the slip that sends people of a sent record back, each with a reason; returns the slip's id.

    Both papers are looked at before one signature takes the rest and sends these back (`signing.sign_prepared`).
    """
    _check_reasons(wanted)

    def act() -> dict[str, Any]:
        answered = load_handover(actor, handover_id, lock=True)
        of_list = answered.correction_list
        require_status(answered, HandoverStatus.SENT)
        row = permit(actor, of_list, Action.COUNTERSIGN_EXCEPT)
        entries = _entries(of_list, wanted)
        slip = db.session.scalars(prepared_slips(answered, RecordKind.EXCEPTIONS)).one_or_none()
        slip = slip or new_draft(actor, of_list, row, RecordKind.EXCEPTIONS)
        name_signer(actor, slip)
        slip.answers_id, slip.pdf_sha256, slip.entries = answered.id, "", len(entries)
        slip.items = [
            {"number": each, "entry": entries[each], "reason": said.reason, "note": said.note.strip()}
            for each, said in sorted(wanted.items())
        ]
        return {"id": str(slip.id)}

    slip_id = UUID(once(actor.user_id, key, f"prepare_exceptions:{handover_id}", act)["id"])
    draw_draft(actor, slip_id)
    return slip_id


def send_back(actor: Actor, of_list: CorrectionList, slip: Handover, leg: Leg) -> CorrectionList:
    """Part the slip's people off to the giver, who never stopped holding them; one round further, with the reasons.

    In the running transaction, while the list still stands at the giver's step.
    """
    party = LEGS[leg].receiver
    said = {
        item["number"]: Conclusion(Verdict.RETURNED, reason=item["reason"], note=item["note"]) for item in slip.items
    }
    child = part_off(actor, of_list, said)
    child.decided = child.returned = 0
    people = select(Entry).where(Entry.list_id == child.id).order_by(Entry.number)
    for entry in db.session.scalars(people.execution_options(populate_existing=True)).all():
        apply_conclusion(actor, child, entry, party, said[entry.number])
    arrive(child, back_leg(leg))
    return child


def _check_reasons(wanted: Mapping[int, NotTaken]) -> None:
    if not wanted:
        raise InvalidInput(say("Chưa chọn người nào. Nếu nhận cả danh sách, hãy ký nhận ở trang biên bản."))
    known = {reason.value for reason in ReturnReason}
    problems: dict[str, str] = {}
    for number, said in wanted.items():
        if said.reason not in known:
            problems[str(number)] = say("Chọn lý do.")
            continue
        try:
            check_note(said.reason, said.note)
        except InvalidInput as refusal:
            problems[str(number)] = refusal.message
    if problems:
        lines = ", ".join(problems)
        raise InvalidInput(
            say("Mỗi người không nhận cần một lý do. Hãy xem lại dòng {lines}.", lines=lines), fields=problems
        )


def _entries(of_list: CorrectionList, wanted: Mapping[int, NotTaken]) -> dict[int, int]:
    chosen = select(Entry.number, Entry.id).where(Entry.list_id == of_list.id, Entry.number.in_(wanted))
    found = {row.number: row.id for row in db.session.execute(chosen)}
    unknown = sorted(set(wanted) - set(found))
    if unknown:
        raise InvalidInput(
            say(
                "Danh sách không có số thứ tự {words}.",
                words=", ".join(map(str, unknown)),
            )
        )
    if len(found) == of_list.entries:
        raise InvalidInput(say("Đã chọn tất cả mọi người. Hãy từ chối tiếp nhận cả biên bản, kèm lý do."))
    return found
