"""Preparing and opening records: a draft takes a number, its paper is drawn and sealed. Signing: `signing`."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.clock import local, now, today
from portal.documents.record import draw_record
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion
from portal.domain.events import EventTag
from portal.domain.labels import label
from portal.domain.permissions import Actor, Permission, reach_of
from portal.domain.stages import HandoverStatus, Leg, RecordKind
from portal.domain.transitions import Action, Transition
from portal.domain.verdicts import RefusalReason, check_note
from portal.domain.wording import say, stored
from portal.models import CorrectionList, Handover, RecordRevision, db
from portal.queries.scope import visible_to
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.record_drafts import draft_of, give_up, name_signer, new_draft, prepared_slips
from portal.services.records import compose, entries_of
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import once, transaction
from portal.signatures.fields import place_fields
from portal.signatures.signing import seal
from portal.signatures.stamping import Attempt

_WAITING = {HandoverStatus.SENT.value, HandoverStatus.PROPOSED.value}
NOT_FOUND = say("Không tìm thấy biên bản này, hoặc đơn vị của bạn không được xem.")


def load_handover(actor: Actor, handover_id: UUID, *, lock: bool = False) -> Handover:
    """The record if the actor may see its list, else NotFound. `lock` locks the list first, then it."""
    found = db.session.execute(
        select(Handover)
        .join(CorrectionList, Handover.list_id == CorrectionList.id)
        .where(Handover.id == handover_id, visible_to(actor, Permission.LIST_READ))
    ).scalar_one_or_none()
    if found is None or not _may_know(actor, found):
        raise NotFound(NOT_FOUND)
    if lock:
        load_list(actor, found.list_id, lock=True)
        db.session.refresh(found, with_for_update={"of": Handover})
    return found


def _may_know(actor: Actor, found: Handover) -> bool:
    """A draft is the preparing unit's own business until it is sent; a village's paper is also its scanners'."""
    drafts = {HandoverStatus.PREPARED.value, HandoverStatus.ABANDONED.value}
    prepares_for_it = found.by_hand and reach_of(actor.role, Permission.PAPER_SCAN) is not None
    return found.status not in drafts or found.giver_unit_id == actor.unit_id or prepares_for_it


def prepare_record(actor: Actor, list_id: UUID, leg: Leg | None, *, key: str = "") -> UUID:
    """Draw the record of the list's next step for signing and return its id; `leg` None is the completion record.

    The draft keeps its number when it is drawn anew; a draft of another leg is abandoned and its number given back.
    """

    def act() -> dict[str, Any]:
        return {"id": str(apply_preparation(actor, load_list(actor, list_id, lock=True), leg))}

    draft_id = UUID(once(actor.user_id, key, f"prepare:{list_id}:{leg}", act)["id"])
    draw_draft(actor, draft_id)
    return draft_id


def apply_preparation(actor: Actor, of_list: CorrectionList, leg: Leg | None) -> UUID:
    """Have the draft of the list's next record within the running transaction; its paper is drawn by `draw_draft`."""
    return draft_of(actor, of_list, permit(actor, of_list, Action.PREPARE, leg)).id


def prepare_refusal(actor: Actor, handover_id: UUID, reason: str, note: str, *, key: str = "") -> UUID:
    """Draw the slip with which the receiver refuses a sent handover or a proposed adjustment; returns its id."""
    if reason not in {member.value for member in RefusalReason}:
        raise InvalidInput(say("Chưa chọn lý do từ chối."), fields={"reason": say("Chọn một lý do trong danh sách.")})
    check_note(reason, note)

    def act() -> dict[str, Any]:
        answered = load_handover(actor, handover_id, lock=True)
        of_list = answered.correction_list
        row = permit_answer(actor, answered, Action.REFUSE)
        slip = db.session.scalars(prepared_slips(answered, RecordKind.REFUSAL)).one_or_none()
        slip = slip or new_draft(actor, of_list, row, RecordKind.REFUSAL)
        name_signer(actor, slip)
        slip.answers_id, slip.reason, slip.note = answered.id, reason, note.strip()
        if answered.kind == RecordKind.ADJUSTMENT.value:
            slip.items, slip.entries = answered.items, answered.entries
        slip.pdf_sha256 = ""
        return {"id": str(slip.id)}

    slip_id = UUID(once(actor.user_id, key, f"prepare_refusal:{handover_id}:{reason}", act)["id"])
    draw_draft(actor, slip_id)
    return slip_id


_ON_ADJUSTMENT = {
    Action.COUNTERSIGN: Action.AGREE,
    Action.REFUSE: Action.DISAGREE,
    Action.RECALL: Action.RETRACT,
}
"""What answering means where the record is a proposed adjustment: its list does not move."""


def permit_answer(actor: Actor, waiting: Handover, action: Action) -> Transition:
    """The transition by which the actor may answer a waiting record; the list is locked.

    `action` is said of a handover; of an adjustment it means its counterpart, for the record's own sides alone.
    """
    if waiting.kind != RecordKind.ADJUSTMENT.value:
        require_status(waiting, HandoverStatus.SENT)
        return permit(actor, waiting.correction_list, action)
    require_status(waiting, HandoverStatus.PROPOSED)
    row = permit(actor, waiting.correction_list, _ON_ADJUSTMENT[action])
    answering = waiting.giver_unit_id if action is Action.RECALL else waiting.receiver_unit_id
    if answering != actor.unit_id:
        raise NotPermitted(say("Biên bản điều chỉnh này không chờ đơn vị của bạn."))
    return row


def draw_draft(actor: Actor, handover_id: UUID) -> None:
    """Draw and seal a draft's paper from the list as it stands, and store it; does nothing when it is current.

    Drawing holds no lock; when the list changed meanwhile the fresh content is drawn again at the next call.
    """
    draft = load_handover(actor, handover_id)
    of_list = load_list(actor, draft.list_id)
    if draft.status != HandoverStatus.PREPARED.value or (draft.pdf_sha256 and is_current(draft, of_list)):
        return
    at, rev = now(), of_list.rev
    content = compose(draft, of_list, entries_of(of_list), at)
    drawn = draw_record(content)
    attempt = Attempt(ground().stamper())
    sealed = seal(place_fields(drawn.pdf, drawn.boxes), ground().seal(), now=at, timestamper=attempt)
    digest = ground().store.put(sealed)
    db.session.rollback()
    with transaction():
        draft = load_handover(actor, handover_id, lock=True)
        require_status(draft, HandoverStatus.PREPARED)
        draft.list_rev, draft.prepared_at = rev, at
        draft.unstamped_since = None if attempt.obtained else at
        draft.manifest_sha256, draft.pdf_sha256 = content.manifest_sha256, digest
        draft.pages, draft.entries = drawn.pages, content.total
        draft.counts = [{"label": stored(words), "count": count} for words, count in content.counts]
        draft.boxes = {name: asdict(box) for name, box in drawn.boxes.items()}
        add_revision(draft, "sealed", digest, len(sealed), at)
        record(
            EventTag.HANDOVER_PREPARED,
            actor,
            of_list=draft.correction_list,
            handover_id=draft.id,
            number=draft.number,
            manifest_sha256=draft.manifest_sha256,
        )


def is_current(draft: Handover, of_list: CorrectionList) -> bool:
    """Whether the drawn paper still says what the list says, on the day it is signed; ink may take its days."""
    if draft.by_hand:
        return draft.list_rev == of_list.rev
    return draft.list_rev == of_list.rev and local(draft.prepared_at).date() == today()


def abandon(actor: Actor, handover_id: UUID, *, key: str = "") -> None:
    """Give up an unsigned draft; its number goes to the unit's next record."""

    def act() -> dict[str, Any]:
        draft = load_handover(actor, handover_id, lock=True)
        require_status(draft, HandoverStatus.PREPARED)
        if draft.giver_unit_id != actor.unit_id:
            raise NotPermitted(say("Biên bản này do đơn vị khác lập."))
        give_up(actor, draft)
        return {"ok": True}

    once(actor.user_id, key, f"abandon:{handover_id}", act)


def open_handover(actor: Actor, handover_id: UUID) -> Handover:
    """A record for reading. The receiver's first look is written down: from then on a recall needs a reason."""
    with transaction():
        found = load_handover(actor, handover_id)
        if found.status in _WAITING and found.receiver_unit_id == actor.unit_id and found.opened_at is None:
            found = load_handover(actor, handover_id, lock=True)
            if found.status in _WAITING and found.opened_at is None:
                found.opened_at = now()
                record(
                    EventTag.HANDOVER_OPENED,
                    actor,
                    of_list=found.correction_list,
                    handover_id=found.id,
                    number=found.number,
                )
        return found


def add_revision(of: Handover, step: str, digest: str, size: int, at: datetime) -> None:
    """Note a stored revision of the record."""
    db.session.add(RecordRevision(handover_id=of.id, step=step, sha256=digest, size=size, at=at))


def require_status(found: Handover, status: HandoverStatus) -> None:
    """Raise StaleVersion unless the record is in this status; the sentence says what became of it."""
    if found.status != status.value:
        raise StaleVersion(
            say(
                "Biên bản này đã sang tình trạng «{status}». Hãy tải lại trang để xem tình trạng mới nhất.",
                status=label(HandoverStatus(found.status)),
            ),
            code=found.status,
        )
