"""The acts that a signature makes: send, return, take whole or in part, refuse, complete, adjust; and the recall."""

from datetime import datetime
from typing import Any
from uuid import UUID

from portal.clock import local, now
from portal.domain.delegations import signing_position
from portal.domain.errors import InvalidInput, NotPermitted, StaleVersion
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.phrases import grouped_digest, record_number
from portal.domain.stages import HandoverStatus, Leg, RecordKind
from portal.domain.transitions import Action
from portal.domain.wording import say
from portal.models import Handover, Membership, Signature, db
from portal.services.archiving import await_time_stamp, shows_all_signatures
from portal.services.arrivals import arrive
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.exceptions import send_back
from portal.services.handovers import (
    NOT_FOUND,
    add_revision,
    is_current,
    load_handover,
    permit_answer,
    require_status,
)
from portal.services.hands import expected_of, hand_of, once_with_key
from portal.services.pictures import pictures_of
from portal.services.record_drafts import abandon_refusals
from portal.services.transitions import move, permit
from portal.services.unit_of_work import once
from portal.signatures.hands import INTERNAL, Hand, Request
from portal.signatures.signing import Appearance
from portal.signatures.stamping import Attempt
from portal.verification.acceptance import accept

_ACTION = {
    RecordKind.HANDOVER: Action.SEND,
    RecordKind.RETURN: Action.RETURN,
    RecordKind.COMPLETION: Action.COMPLETE,
}


def sign_prepared(
    actor: Actor, handover_id: UUID, by: str | Hand, *, shown: str, shown_answered: str = "", key: str = ""
) -> UUID:
    """Sign the draft whose pages were shown (`shown` is their SHA-256) and let it take effect; returns its list's id.

    `by` is the passphrase of the signer's own key, or another hand that signs.

    A handover or return becomes pending, a refusal gives the list back, a completion closes it, an adjustment waits
    for the other side. A slip of exceptions signs the record it answers too (`shown_answered`: its pages) and takes
    the rest. One transaction: signatures, state, counters and event together or not at all. Raises StaleVersion when
    the list changed since the preview, NotPermitted when another person's name stands on the paper.
    """

    def act() -> dict[str, Any]:
        hand = hand_of(actor, by)
        draft = load_handover(actor, handover_id, lock=True)
        require_status(draft, HandoverStatus.PREPARED)
        _check_shown(actor, draft, shown)
        if draft.kind == RecordKind.REFUSAL.value:
            _refuse(actor, draft, hand)
        elif draft.kind == RecordKind.EXCEPTIONS.value:
            _take_in_part(actor, draft, hand, shown_answered)
        elif draft.kind == RecordKind.ADJUSTMENT.value:
            _propose(actor, draft, hand)
        else:
            _send(actor, draft, hand)
        return {"list": str(draft.list_id)}

    return UUID(once_with_key(actor, key, f"sign:{handover_id}", act)["list"])


def countersign(actor: Actor, handover_id: UUID, by: str | Hand, *, shown: str, key: str = "") -> UUID:
    """Sign a sent handover as its receiver; custody moves with the signature. Returns the list's id.

    A proposed adjustment is agreed to in the same way; its list does not move.
    """

    def act() -> dict[str, Any]:
        hand = hand_of(actor, by)
        sent = load_handover(actor, handover_id, lock=True)
        row = permit_answer(actor, sent, Action.COUNTERSIGN)
        _check_newest(sent, shown)
        _sign(actor, sent, "receiver", hand)
        sent.status, sent.decided_at = HandoverStatus.COUNTERSIGNED.value, now()
        abandon_refusals(actor, sent)
        if sent.leg is None:
            _record(EventTag.ADJUSTMENT_AGREED, actor, sent)
            return {"list": str(sent.list_id)}
        before, after = move(sent.correction_list, row, sent)
        arrive(sent.correction_list, Leg(sent.leg))
        _record(EventTag.HANDOVER_COUNTERSIGNED, actor, sent, before, after)
        return {"list": str(sent.list_id)}

    return UUID(once_with_key(actor, key, f"countersign:{handover_id}", act)["list"])


def recall(actor: Actor, handover_id: UUID, *, reason: str = "", key: str = "") -> UUID:
    """Take a sent handover back before the receiver countersigns; after it was opened a reason is needed."""

    def act() -> dict[str, Any]:
        sent = load_handover(actor, handover_id, lock=True)
        row = permit_answer(actor, sent, Action.RECALL)
        if sent.opened_at is not None and not reason.strip():
            raise InvalidInput(
                say(
                    "Bên nhận đã mở xem lúc {time}, nên thu hồi cần ghi lý do.",
                    time=f"{local(sent.opened_at):%H:%M %d/%m/%Y}",
                ),
                fields={"reason": say("Ghi lý do thu hồi.")},
            )
        sent.status, sent.decided_at, sent.note = HandoverStatus.RECALLED.value, now(), reason.strip()
        abandon_refusals(actor, sent)
        if sent.leg is None:
            _record(EventTag.ADJUSTMENT_RETRACTED, actor, sent, reason="", note=sent.note)
            return {"list": str(sent.list_id)}
        before, after = move(sent.correction_list, row, sent)
        _record(EventTag.HANDOVER_RECALLED, actor, sent, before, after, reason="", note=sent.note)
        return {"list": str(sent.list_id)}

    return UUID(once(actor.user_id, key, f"recall:{handover_id}", act)["list"])


def _send(actor: Actor, draft: Handover, hand: Hand) -> None:
    of_list = draft.correction_list
    action = _ACTION[RecordKind(draft.kind)]
    row = permit(actor, of_list, action, Leg(draft.leg) if draft.leg else None)
    if not is_current(draft, of_list):
        raise StaleVersion(
            say("Nội dung danh sách (hoặc ngày) đã đổi sau khi lập bản xem trước. Hãy lập lại, xem lại rồi ký."),
            code="preview_stale",
        )
    _sign(actor, draft, "giver", hand)
    draft.sent_at = now()
    before, after = move(of_list, row, draft)
    if action is Action.COMPLETE:
        draft.status, draft.decided_at = HandoverStatus.COUNTERSIGNED.value, now()
        of_list.closed_at = now()
        _record(EventTag.LIST_COMPLETED, actor, draft, before, after)
        return
    draft.status = HandoverStatus.SENT.value
    if row.leg is Leg.STATION_TO_VILLAGE:
        of_list.known_to_village = True
    if row.leg is Leg.VILLAGE_TO_POLICE:
        of_list.known_to_police = True
    _record(EventTag.HANDOVER_SENT, actor, draft, before, after)


def _refuse(actor: Actor, slip: Handover, hand: Hand) -> None:
    answered = load_handover(actor, slip.answers_id, lock=True) if slip.answers_id else None
    if answered is None:
        raise StaleVersion(NOT_FOUND)
    row = permit_answer(actor, answered, Action.REFUSE)
    at = _sign_slip(actor, slip, hand)
    answered.status, answered.decided_at = HandoverStatus.REFUSED.value, at
    answered.reason, answered.note = slip.reason, slip.note
    abandon_refusals(actor, answered)
    why = {"reason": slip.reason, "note": slip.note}
    if answered.leg is None:
        _record(EventTag.ADJUSTMENT_REFUSED, actor, answered, **why)
        return
    before, after = move(slip.correction_list, row, slip)
    _record(EventTag.HANDOVER_REFUSED, actor, answered, before, after, **why)


def _take_in_part(actor: Actor, slip: Handover, hand: Hand, shown_answered: str) -> None:
    """Two papers, one act: the slip sends the exceptions back, the record is countersigned naming the slip."""
    sent = load_handover(actor, slip.answers_id, lock=True) if slip.answers_id else None
    if sent is None:
        raise StaleVersion(NOT_FOUND)
    require_status(sent, HandoverStatus.SENT)
    _check_newest(sent, shown_answered)
    of_list, leg = slip.correction_list, Leg(sent.leg or "")
    row = permit(actor, of_list, Action.COUNTERSIGN_EXCEPT)
    at = _sign_slip(actor, slip, hand)
    number = record_number(slip.number or 0, slip.symbol)
    _sign(
        actor,
        sent,
        "receiver",
        hand,
        excepting=f"trừ {slip.entries} người theo biên bản {number}, SHA-256 {grouped_digest(slip.manifest_sha256)}",
    )
    sent.status, sent.decided_at = HandoverStatus.COUNTERSIGNED_EXCEPT.value, at
    abandon_refusals(actor, sent)
    send_back(actor, of_list, slip, leg)
    before, after = move(of_list, row, sent)
    arrive(of_list, leg)
    _record(
        EventTag.HANDOVER_TAKEN_IN_PART,
        actor,
        sent,
        before,
        after,
        taken=of_list.entries,
        exceptions=[item["number"] for item in slip.items],
        exceptions_number=number,
        exceptions_sha256=slip.manifest_sha256,
    )


def _propose(actor: Actor, draft: Handover, hand: Hand) -> None:
    permit(actor, draft.correction_list, Action.ADJUST)
    _sign(actor, draft, "giver", hand)
    draft.status, draft.sent_at = HandoverStatus.PROPOSED.value, now()
    _record(EventTag.ADJUSTMENT_PROPOSED, actor, draft)


def _sign_slip(actor: Actor, slip: Handover, hand: Hand) -> datetime:
    """Sign a paper that one side signs; it is complete at once."""
    _sign(actor, slip, "giver", hand)
    at = now()
    slip.status, slip.sent_at, slip.decided_at = HandoverStatus.COUNTERSIGNED.value, at, at
    return at


def _check_newest(sent: Handover, shown: str) -> None:
    if not shows_all_signatures(sent, shown):
        raise StaleVersion(say("Tệp bạn xem không còn là bản mới nhất. Hãy xem lại rồi ký."))


def _check_shown(actor: Actor, draft: Handover, shown: str) -> None:
    if (draft.signer_membership_id, draft.signer_delegation_id) != (actor.membership_id, actor.delegation_id):
        other = db.session.get_one(Membership, draft.signer_membership_id)
        raise NotPermitted(
            say(
                "Biên bản này ghi tên người ký là {signer}. Nếu bạn ký thay, hãy lập lại biên bản.",
                signer=other.user.full_name,
            )
        )
    if not draft.pdf_sha256 or draft.pdf_sha256 != shown:
        raise StaleVersion(
            say("Bản xem trước đã được lập lại sau khi bạn mở trang. Hãy xem lại bản mới rồi ký."),
            code="preview_stale",
        )


def _sign(actor: Actor, of: Handover, side: str, hand: Hand, *, excepting: str = "") -> None:
    """Sign one side; `excepting` names what is not taken, in the signature's reason and on the page."""
    at = now()
    unsigned = ground().store.get(of.pdf_sha256)
    signed = hand.sign(request_for(actor, of, side, at, excepting=excepting, internal=hand.grade == INTERNAL))
    accepted = accept(unsigned, signed, expected_of(actor, side, since=of.prepared_at, at=at))
    digest = ground().store.put(signed)
    add_revision(of, side, digest, len(signed), at)
    of.pdf_sha256 = digest
    await_time_stamp(of, at, obtained=accepted.stamped)
    db.session.add(
        Signature(
            handover_id=of.id,
            side=side,
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            delegation_id=actor.delegation_id,
            signer_name=actor.user_name,
            position=signing_position(actor.position, actor.mandate),
            unit_name=actor.unit_name,
            grade=hand.grade,
            certificate_serial=accepted.serial,
            revision_sha256=digest,
            at=at,
        )
    )


def request_for(
    actor: Actor, of: Handover, side: str, at: datetime, *, excepting: str = "", internal: bool = True
) -> Request:
    """What the actor's signature on this side of the record says and shows."""
    signature, seal = pictures_of(actor)
    deed = f"{'Giao' if side == 'giver' else 'Nhận'} theo biên bản {record_number(of.number or 0, of.symbol)}"
    return Request(
        ground().store.get(of.pdf_sha256),
        side,
        appearance=Appearance(
            name=actor.user_name,
            position=signing_position(actor.position, actor.mandate),
            unit=actor.unit_name,
            time=local(at),
            reason=excepting and f"nhận, {excepting}",
            internal=internal,
            signature_picture=signature,
            seal_picture=seal,
        ),
        reason=", ".join(filter(None, (deed, excepting, _in_whose_place(actor)))),
        location=actor.unit_name,
        now=at,
        stamper=Attempt(ground().stamper()),
        giver_in_ink=of.by_hand,
    )


def _in_whose_place(actor: Actor) -> str:
    """For the signature's reason: for whom it is made and by which document; empty for one's own."""
    mandate = actor.mandate
    return f"ký thay {mandate.principal_name} theo văn bản {mandate.document}" if mandate else ""


def _record(tag: EventTag, actor: Actor, of: Handover, before: str = "", after: str = "", **more: Any) -> None:  # noqa: ANN401
    record(
        tag,
        actor,
        of_list=of.correction_list,
        handover_id=of.id,
        from_state=before,
        to_state=after,
        number=of.number,
        manifest_sha256=of.manifest_sha256,
        **more,
    )
