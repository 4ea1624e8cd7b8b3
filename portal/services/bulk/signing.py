"""Signing many records with one opening of the key: one signature and one transaction each, never twice.

The opened key stays in this process's memory while it signs and nowhere else. Where the process dies, what is signed
is signed; the rest waits until its person gives the passphrase again. Each signature bears a key of its own (act and
place), so that one done just before a crash is recognised and not made again.
"""

from collections.abc import Sequence
from threading import Thread
from typing import Any, cast
from uuid import UUID, uuid4

from flask import Flask, current_app
from sqlalchemy import func, select

from portal.clock import now
from portal.domain.bulk import BulkKind, ItemState
from portal.domain.errors import DomainError, InvalidInput, NotFound, WrongStage
from portal.domain.permissions import Actor
from portal.domain.stages import HandoverStatus
from portal.domain.wording import say, stored
from portal.models import BulkAct, BulkItem, Handover, db
from portal.queries import bulk as queries
from portal.services import signing
from portal.services.bulk.singles import Single
from portal.services.handovers import load_handover
from portal.services.hands import hand_of, once_with_key
from portal.services.unit_of_work import transaction
from portal.signatures.hands import Hand

AT_ONCE = 4
"""So many are signed before the page answers; more go on behind a page of progress."""
LOCK = 0x7369676E
"""Number of the advisory locks: one process signs for one act."""


def start(actor: Actor, chosen: Sequence[tuple[UUID, str]], passphrase: str, *, key: str = "") -> UUID:
    """Sign these records, each with the SHA-256 of the pages that were shown; returns the bulk act's id.

    Raises WrongPassphrase before anything is begun, InvalidInput where nothing was chosen, NotFound for a record that
    is not the actor's to see. What cannot be signed is refused by itself, with the single act's own sentence.
    """
    if not chosen:
        raise InvalidInput(say("Chưa chọn biên bản nào. Hãy đánh dấu ít nhất một biên bản rồi ký."))
    opened: list[Hand] = []

    def act() -> dict[str, Any]:
        opened.append(hand_of(actor, passphrase))
        bulk = BulkAct(
            id=uuid4(), kind=BulkKind.SIGN.value, user_id=actor.user_id, membership_id=actor.membership_id,
            delegation_id=actor.delegation_id, what={}, total=len(chosen), done=0, refused=0, created_at=now(),
        )  # fmt: skip
        db.session.add(bulk)
        db.session.flush()
        for place, (record_id, shown) in enumerate(chosen, start=1):
            of = load_handover(actor, record_id)
            before = {"record": str(record_id), "shown": shown}
            db.session.add(
                BulkItem(
                    act_id=bulk.id, place=place, list_id=of.list_id, state=ItemState.WAITING.value, before=before
                )
            )
        return {"id": str(bulk.id)}

    act_id = UUID(once_with_key(actor, key, "bulk:sign", act)["id"])
    if opened:
        _go_on(actor, act_id, opened[0], here=len(chosen) <= AT_ONCE)
    return act_id


def resume(actor: Actor, act_id: UUID, passphrase: str, *, key: str = "") -> None:
    """Sign what is left of an own act that stands still.

    Raises NotFound for another's act, WrongPassphrase, WrongStage where it is being signed.
    """
    if queries.act_row(actor, act_id) is None:
        raise NotFound(say("Không tìm thấy việc này, hoặc việc này do người khác làm."))
    opened: list[Hand] = []

    def act() -> dict[str, Any]:
        opened.append(hand_of(actor, passphrase))
        return {"ok": True}

    once_with_key(actor, key, f"bulk:sign:{act_id}", act)
    if not stands_still(act_id):
        raise WrongStage(say("Việc này đang được ký hoặc đã xong. Hãy tải lại trang."))
    if opened:
        _go_on(actor, act_id, opened[0], here=False)


def stands_still(act_id: UUID) -> bool:
    """Whether the act has records left and no process signs them."""
    if db.session.scalar(select(BulkAct.finished_at).where(BulkAct.id == act_id)) is not None:
        return False
    free = db.session.scalar(select(func.pg_try_advisory_xact_lock(LOCK, _number(act_id))))
    db.session.rollback()
    return bool(free)


def needs_the_key(_actor: Actor, _act: BulkAct) -> Single:
    """Refuses: a worker has no key, so nothing here is ever done without its person."""
    raise WrongStage(say("Ký cần mật khẩu khóa ký của chính người ký."))


def _go_on(actor: Actor, act_id: UUID, hand: Hand, *, here: bool) -> None:
    if here:
        _sign_rest(actor, act_id, hand)
        return
    app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]
    Thread(target=_in_background, args=(app, actor, act_id, hand), daemon=True).start()


def _in_background(app: Flask, actor: Actor, act_id: UUID, hand: Hand) -> None:
    with app.app_context():
        try:
            _sign_rest(actor, act_id, hand)
        finally:
            db.session.remove()


def _sign_rest(actor: Actor, act_id: UUID, hand: Hand) -> None:
    """Sign item after item under the act's lock, which a dead process lets go of by itself."""
    with db.engine.connect() as holding:
        if not holding.scalar(select(func.pg_try_advisory_lock(LOCK, _number(act_id)))):
            return
        try:
            while (item := _next(act_id)) is not None:
                _sign_one(actor, act_id, item, hand)
            with transaction():
                db.session.get_one(BulkAct, act_id, with_for_update=True, populate_existing=True).finished_at = now()
        finally:
            holding.scalar(select(func.pg_advisory_unlock(LOCK, _number(act_id))))


def _next(act_id: UUID) -> BulkItem | None:
    query = select(BulkItem).where(BulkItem.act_id == act_id, BulkItem.state == ItemState.WAITING.value)
    return db.session.scalars(query.order_by(BulkItem.place).limit(1)).one_or_none()


def _sign_one(actor: Actor, act_id: UUID, item: BulkItem, hand: Hand) -> None:
    item_id, record_id, shown = item.id, UUID(item.before["record"]), item.before["shown"]
    key = f"bulk:{act_id}:{item.place}"
    refusal = ""
    try:
        of = db.session.get_one(Handover, record_id, populate_existing=True)
        # A receipt of this very key comes back as it was, whatever the record's state is by now.
        incoming = of.giver_unit_id != actor.unit_id or of.status == HandoverStatus.COUNTERSIGNED.value
        act = signing.countersign if incoming and of.receiver_unit_id == actor.unit_id else signing.sign_prepared
        act(actor, record_id, hand, shown=shown, key=key)
    except DomainError as refused:
        db.session.rollback()
        refusal = refused.message
    with transaction():
        bulk = db.session.get_one(BulkAct, act_id, with_for_update=True, populate_existing=True)
        done = db.session.get_one(BulkItem, item_id, populate_existing=True)
        if done.state != ItemState.WAITING.value:
            return
        done.state, done.words = (ItemState.REFUSED if refusal else ItemState.DONE).value, stored(refusal)
        if refusal:
            bulk.refused += 1
        else:
            bulk.done += 1


def _number(act_id: UUID) -> int:
    """The act as a number of 31 bits, for its lock."""
    return act_id.int & 0x7FFFFFFF
