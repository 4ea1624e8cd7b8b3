"""The event log's tree: events get their leaves in the order of commits, heads are signed, proofs are given.

An act only writes its event; the sequencer (a periodic job) numbers what has been committed, so writers never queue
behind each other. A leaf carries a salted digest of the event's payload, never the payload: the log stands when a
payload has to be erased (delete its salt, blank the payload).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from functools import cache
from typing import Any

from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.clock import now
from portal.domain.errors import NotFound
from portal.domain.wording import say
from portal.evidence.canonical import canonical_json
from portal.evidence.checkpoints import Checkpoint
from portal.evidence.log_extract import opened_digest
from portal.evidence.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    split_of,
    tree_hash,
)
from portal.models import EntryValue, Event, EventSalt, LogCheckpoint, LogLeaf, LogSubtree, UnsequencedEvent, db
from portal.services.authority import log_key
from portal.services.context import ground
from portal.services.unit_of_work import transaction
from portal.signatures.appending import run_to_end

LEAF_VERSION = 1
AT_ONCE = 5_000
"""Events numbered in one transaction."""
SUBTREE_HEIGHTS = (8, 16)
SEQUENCER_LOCK = 0x6C6F67
"""Number of the advisory lock: one sequencer at a time, whoever comes second goes home."""


def sequence_all(*, wait: bool = False) -> int:
    """Give every committed event its leaf; returns how many got one. Safe to call from anywhere at any time.

    Where another sequencer is at work, `wait` waits for it; else the rest is left to it.
    """
    total = 0
    while done := sequence(wait=wait):
        total += done
        if done < AT_ONCE:
            break
    return total


def sequence(*, wait: bool = False) -> int:
    """Give up to `AT_ONCE` committed events their leaves, in one transaction; returns how many.

    An event is seen only once its transaction has committed, and none is numbered twice, so the order of leaves is an
    order of commits. Returns 0 where another sequencer is at work, unless told to `wait`.
    """
    with transaction():
        lock = func.pg_advisory_xact_lock if wait else func.pg_try_advisory_xact_lock
        if db.session.scalar(select(lock(SEQUENCER_LOCK))) is False:
            return 0
        rows = db.session.execute(_waiting()).all()
        if not rows:
            return 0
        first = log_size()
        stated = stated_values([event for event, _ in rows])
        leaves = [_leaf(first + place, event, salt, stated) for place, (event, salt) in enumerate(rows)]
        db.session.execute(insert(LogLeaf), leaves)
        db.session.execute(
            delete(UnsequencedEvent).where(UnsequencedEvent.event_id.in_([leaf["event_id"] for leaf in leaves]))
        )
        db.session.flush()
        _complete_subtrees(first, first + len(leaves))
        return len(rows)


def log_size() -> int:
    """How many leaves the log has."""
    last = db.session.scalar(select(func.max(LogLeaf.number)))
    return 0 if last is None else int(last) + 1


Stated = Mapping[int, list[Any]]
"""The values that events name by number: field, what stood before, what was stated."""


def stated_values(events: Sequence[Event]) -> Stated:
    """The values named in the payloads of these events, read in one query."""
    wanted = [number for event in events for number in event.payload.get("values") or ()]
    if not wanted:
        return {}
    rows = db.session.execute(
        select(EntryValue.id, EntryValue.field, EntryValue.previous, EntryValue.value).where(
            EntryValue.id.in_(wanted)
        )
    )
    return {number: list(rest) for number, *rest in rows}


def leaf_body(event: Event, digest: str) -> bytes:
    """The canonical bytes of an event's leaf: who, when, what became of which list; the payload as salted digest."""
    return canonical_json(
        {
            "version": LEAF_VERSION,
            "event": event.id,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "tag": event.tag,
            "user": str(event.user_id or ""),
            "membership": event.membership_id,
            "delegation": event.delegation_id,
            "unit": event.unit_id,
            "batch": str(event.batch_id or ""),
            "list": str(event.list_id or ""),
            "entry": event.entry_id,
            "handover": str(event.handover_id or ""),
            "from": event.from_state,
            "to": event.to_state,
            "payload_sha256": digest,
        }
    )


def payload_digest(event: Event, salt: bytes, stated: Stated) -> str:
    """SHA-256 over salt, canonical payload and the values it names: without the salt nothing can be guessed back."""
    return opened_digest(salt, event.payload, named_values(event, stated))


def named_values(event: Event, stated: Stated) -> list[list[Any]]:
    """The values an event names, each as number, field, before, after."""
    return [[number, *stated.get(number, [])] for number in event.payload.get("values") or ()]


def make_checkpoint() -> Checkpoint | None:
    """Sign the log's present head and keep it, time-stamped where an authority answers; None where nothing is new.

    The authority is asked before the transaction begins to write, so a slow one holds no lock.
    """
    with transaction():
        size = log_size()
        last = db.session.scalar(select(func.max(LogCheckpoint.size)))
        if size in {0, last}:
            return None
        key = log_key(ground().settings)
        head = Checkpoint(key.name, size, range_hash(0, size))
        note = key.sign(head)
        row = {"size": size, "root": head.root, "note": note, "token": _token_over(note), "at": now()}
        # Two may sign the same head at once: they say the same.
        db.session.execute(upsert(LogCheckpoint).values(row).on_conflict_do_nothing())
        return head


def _token_over(note: str) -> bytes | None:
    """A time-stamp token (RFC 3161) over the note; None where no authority answers: the next head asks again."""
    try:
        token = run_to_end(ground().stamper().async_timestamp(hashlib.sha256(note.encode()).digest(), "sha256"))
    except TimestampRequestError:
        return None
    return bytes(token.dump())


def latest_checkpoint() -> LogCheckpoint | None:
    """The newest signed head."""
    return db.session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)).one_or_none()


def newest_note() -> tuple[int, str]:
    """The newest head as size and signed note. Raises NotFound while there is none."""
    head = latest_checkpoint()
    if head is None:
        raise NotFound(say("Nhật ký chưa có điểm neo nào. Hãy thử lại sau ít phút."))
    return head.size, head.note


def public_key() -> str:
    """The log's public key in its published form, one line."""
    return f"{log_key(ground().settings).verifier.text}\n"


def root_of(size: int) -> bytes:
    """The root over the first `size` leaves."""
    return range_hash(0, size) if size else EMPTY_ROOT


def prove_inclusion(number: int, size: int) -> list[bytes]:
    """The path from a leaf to the root of the first `size` leaves."""
    return inclusion_proof(number, size, range_hash)


def prover(size: int) -> Callable[[int], list[bytes]]:
    """Proofs for many leaves of one head: each range of the tree is read once."""
    remembered = cache(range_hash)
    return lambda number: inclusion_proof(number, size, remembered)


def prove_consistency(old: int, new: int) -> list[bytes]:
    """The proof that the head of `new` leaves continues the head of `old` leaves."""
    return consistency_proof(old, new, range_hash)


def range_hash(start: int, stop: int) -> bytes:
    """The tree hash over leaves `start` to `stop`; complete subtrees come from their own table."""
    count = stop - start
    for height in SUBTREE_HEIGHTS:
        if count == 1 << height and start % count == 0:
            kept = db.session.scalar(_subtrees(height, start >> height, (start >> height) + 1))
            if kept is not None:
                return bytes(kept)
    if count <= 1 << SUBTREE_HEIGHTS[0]:
        return tree_hash([bytes(each) for each in db.session.scalars(_hashes(start, stop))])
    middle = start + split_of(count)
    return node_hash(range_hash(start, middle), range_hash(middle, stop))


def _waiting() -> Select[Event, bytes]:
    return (
        select(Event, EventSalt.salt)
        .join(UnsequencedEvent, UnsequencedEvent.event_id == Event.id)
        .join(EventSalt, EventSalt.event_id == Event.id)
        .order_by(Event.id)
        .limit(AT_ONCE)
    )


def _leaf(number: int, event: Event, salt: bytes, stated: Stated) -> dict[str, Any]:
    body = leaf_body(event, payload_digest(event, bytes(salt), stated))
    return {"number": number, "event_id": event.id, "body": body, "hash": leaf_hash(body)}


def _complete_subtrees(old: int, new: int) -> None:
    """Keep the hashes of the subtrees that the leaves from `old` to `new` have completed."""
    below = 0
    for height in SUBTREE_HEIGHTS:
        width, made = 1 << (height - below), []
        for number in range(old >> height, new >> height):
            source = _hashes if below == 0 else lambda start, stop, height=below: _subtrees(height, start, stop)
            parts = db.session.scalars(source(number * width, (number + 1) * width)).all()
            made.append({"height": height, "number": number, "hash": tree_hash([bytes(each) for each in parts])})
        if made:
            db.session.execute(insert(LogSubtree), made)
        below = height


def _hashes(start: int, stop: int) -> Select[bytes]:
    return select(LogLeaf.hash).where(LogLeaf.number >= start, LogLeaf.number < stop).order_by(LogLeaf.number)


def _subtrees(height: int, start: int, stop: int) -> Select[bytes]:
    return (
        select(LogSubtree.hash)
        .where(LogSubtree.height == height, LogSubtree.number >= start, LogSubtree.number < stop)
        .order_by(LogSubtree.number)
    )
