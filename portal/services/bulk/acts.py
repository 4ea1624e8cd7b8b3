"""Bulk acts: chosen and, where small, done in one transaction; large ones by a job; undone by a bulk act again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.clock import now
from portal.domain.bulk import LIMIT, BulkKind, ItemState
from portal.domain.errors import DomainError, InvalidInput, NotFound, WrongStage
from portal.domain.permissions import Actor
from portal.domain.wording import say, stored
from portal.models import BulkAct, BulkItem, db
from portal.queueing import enqueue
from portal.services.bulk.kinds import WORKS
from portal.services.bulk.singles import Work
from portal.services.sign_in import actor_for
from portal.services.unit_of_work import once, transaction

TASK = "bulk.work_off"
_CHUNK = 50


@dataclass(frozen=True)
class Target:
    """One chosen item: a list, or an entry of it; `seen_rev` is the version that was shown when it was ticked."""

    list_id: UUID
    entry_id: int | None = None
    seen_rev: int | None = None


def start(
    actor: Actor,
    kind: BulkKind,
    choose: Callable[[], Sequence[Target]],
    what: dict[str, Any],
    *,
    list_id: UUID | None = None,
    key: str = "",
) -> UUID:
    """Begin a bulk act and return its id. `choose` is evaluated in the same transaction as what is done to its items.

    Few items are done before this returns; many are left to the worker, and the act's row tells how far it is.
    Each item is judged by itself: what the single act would refuse is refused here with the same sentence.
    """

    def act() -> dict[str, Any]:
        chosen = _checked(choose())
        bulk = BulkAct(
            id=uuid4(), kind=kind.value, user_id=actor.user_id, membership_id=actor.membership_id,
            delegation_id=actor.delegation_id, list_id=list_id,
            what=what, total=len(chosen), done=0, refused=0, created_at=now(),
        )  # fmt: skip
        items = [
            BulkItem(act_id=bulk.id, place=place, list_id=one.list_id, entry_id=one.entry_id, seen_rev=one.seen_rev,
                     state=ItemState.WAITING.value)
            for place, one in enumerate(chosen, start=1)
        ]  # fmt: skip
        return _begin(actor, bulk, items)

    return _finish_small(actor, once(actor.user_id, key, f"bulk:{kind}", act))


def undo(actor: Actor, act_id: UUID, *, key: str = "") -> UUID:
    """Take a finished bulk act back, by a new bulk act over its done items; returns the new act's id.

    What changed since is left as it is and reported. Raises WrongStage where nothing is to be taken back.
    """

    def act() -> dict[str, Any]:
        before = own_act(actor, act_id, lock=True)
        why_not = why_not_undone(before)
        if why_not:
            raise WrongStage(why_not)
        bulk = BulkAct(
            id=uuid4(), kind=before.kind, user_id=actor.user_id, membership_id=actor.membership_id,
            delegation_id=actor.delegation_id, list_id=before.list_id,
            undoes_id=before.id, what=before.what, total=before.done, done=0, refused=0,
            created_at=now(),
        )  # fmt: skip
        done = select(BulkItem).where(BulkItem.act_id == before.id, BulkItem.state == ItemState.DONE.value)
        items = [
            BulkItem(act_id=bulk.id, place=one.place, list_id=one.list_id, entry_id=one.entry_id, before=one.before,
                     seen_rev=one.rev, state=ItemState.WAITING.value)
            for one in db.session.scalars(done.order_by(BulkItem.place))
        ]  # fmt: skip
        return _begin(actor, bulk, items)

    return _finish_small(actor, once(actor.user_id, key, f"bulk:undo:{act_id}", act))


def why_not_undone(act: BulkAct) -> str:
    """Why a bulk act cannot be taken back; empty where it can (each item is still judged by itself)."""
    if WORKS[BulkKind(act.kind)].undo is None or act.undoes_id is not None:
        return say("Việc này không hoàn tác được.")
    if act.finished_at is None:
        return say("Việc này chưa xong. Hãy đợi xong rồi hoàn tác.")
    if not act.done:
        return say("Không có mục nào đã làm để hoàn tác.")
    taken_back = db.session.scalar(select(BulkAct.id).where(BulkAct.undoes_id == act.id))
    return say("Việc này đã được hoàn tác rồi.") if taken_back else ""


def work_off(act_id: UUID) -> None:
    """Do what is left of a bulk act, some items to a transaction; the worker's part. Safe to be run again."""
    bulk = db.session.get(BulkAct, act_id)
    if bulk is None:
        return
    try:
        actor = actor_for(bulk.membership_id, bulk.delegation_id)
    except DomainError:
        _refuse_rest(act_id, say("Phân công hoặc ủy quyền của người làm đã kết thúc nên phần còn lại không làm."))
        return
    while True:
        with transaction():
            bulk = db.session.get_one(BulkAct, act_id, with_for_update=True, populate_existing=True)
            if bulk.finished_at is not None:
                return
            work = WORKS[BulkKind(bulk.kind)]
            items = _waiting(act_id, min(_CHUNK, work.at_once))
            _work(actor, bulk, work, items)
        _afterwards(actor, work, items)
        if not items:
            _close(act_id)
            return


def own_act(actor: Actor, act_id: UUID, *, lock: bool = False) -> BulkAct:
    """The actor's own bulk act, else NotFound."""
    query = select(BulkAct).where(
        BulkAct.id == act_id, BulkAct.user_id == actor.user_id, BulkAct.membership_id == actor.membership_id
    )
    found = db.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound(say("Không tìm thấy việc này, hoặc việc này do người khác làm."))
    return found


def _checked(chosen: Sequence[Target]) -> Sequence[Target]:
    if not chosen:
        raise InvalidInput(say("Chưa chọn mục nào. Hãy đánh dấu ít nhất một dòng rồi làm lại."))
    if len(chosen) > LIMIT:
        raise InvalidInput(
            say("Bộ lọc khớp hơn {limit} mục, mỗi lần làm tối đa {limit}. Hãy lọc hẹp lại.", limit=LIMIT)
        )
    return chosen


def _begin(actor: Actor, bulk: BulkAct, items: list[BulkItem]) -> dict[str, Any]:
    """Store the act and its items; do them here where they are few, else leave them to the worker."""
    db.session.add(bulk)
    db.session.flush()
    db.session.add_all(items)
    db.session.flush()
    work = WORKS[BulkKind(bulk.kind)]
    if len(items) <= work.at_once:
        _work(actor, bulk, work, items)
        if work.afterwards is None:
            bulk.finished_at = now()
    else:
        enqueue(db.session(), TASK, lock=str(bulk.id), act_id=str(bulk.id))
    return {"id": str(bulk.id), "here": len(items) <= work.at_once}


def _finish_small(actor: Actor, answer: dict[str, Any]) -> UUID:
    """What follows after the transaction of an act that was done at once; harmless when it is repeated."""
    act_id = UUID(answer["id"])
    bulk = db.session.get_one(BulkAct, act_id)
    if answer["here"] and bulk.finished_at is None:
        items = db.session.scalars(select(BulkItem).where(BulkItem.act_id == act_id).order_by(BulkItem.place)).all()
        _afterwards(actor, WORKS[BulkKind(bulk.kind)], items)
        _close(act_id)
    return act_id


def _work(actor: Actor, bulk: BulkAct, work: Work, items: Sequence[BulkItem]) -> None:
    """Do these items in the running transaction, each behind a savepoint of its own."""
    if not items:
        return
    begin = work.undo if bulk.undoes_id else work.begin
    assert begin is not None  # noqa: S101  an act without an undo is never undone
    try:
        single = begin(actor, bulk)
    except DomainError as refusal:
        for item in items:
            item.state, item.words = ItemState.REFUSED.value, stored(refusal.message)
        bulk.refused += len(items)
        return
    for item in items:
        try:
            with db.session.begin_nested():
                single(item)
        except DomainError as refusal:
            item.state, item.words = ItemState.REFUSED.value, stored(refusal.message)
            bulk.refused += 1
        else:
            item.state = ItemState.DONE.value
            bulk.done += 1


def _afterwards(actor: Actor, work: Work, items: Sequence[BulkItem]) -> None:
    if work.afterwards is None:
        return
    for item in items:
        if item.state == ItemState.DONE.value:
            work.afterwards(actor, item)


def _waiting(act_id: UUID, limit: int) -> Sequence[BulkItem]:
    query = select(BulkItem).where(BulkItem.act_id == act_id, BulkItem.state == ItemState.WAITING.value)
    return db.session.scalars(query.order_by(BulkItem.place).limit(limit)).all()


def _refuse_rest(act_id: UUID, words: str) -> None:
    with transaction():
        bulk = db.session.get_one(BulkAct, act_id, with_for_update=True, populate_existing=True)
        for item in _waiting(act_id, LIMIT):
            item.state, item.words = ItemState.REFUSED.value, stored(words)
            bulk.refused += 1
        bulk.finished_at = now()


def _close(act_id: UUID) -> None:
    with transaction():
        bulk = db.session.get_one(BulkAct, act_id, with_for_update=True, populate_existing=True)
        bulk.finished_at = bulk.finished_at or now()
