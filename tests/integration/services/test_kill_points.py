"""Kill -9 at every point of a signature's way: afterwards the state is before or after, and a retry gives the receipt.

Each act runs in a child process forked from the test: the real service on the real database and the real store. In
the child alone one function is wrapped so that the process kills itself (SIGKILL) there; no product code knows of it.
Points K1 to K14 are those of reference/security.md R1.
"""

import inspect
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID, uuid4

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal import storage
from portal.domain.stages import Leg
from portal.models import BulkAct, CorrectionList, Event, Handover, Receipt, RecordRevision, Signature, db
from portal.services import archiving, handovers, signing
from portal.services.bulk import signing as bulk
from portal.services.context import ground
from portal.signatures.archiving import is_stamp
from portal.signatures.keys import KeptKeySigner
from portal.signatures.stamping import Attempt
from tests.integration.scene import PASSPHRASE, Scene, shown

Point = Callable[[], None]
"""Arms one point in the child."""
CAME_THROUGH = 7


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def before(owner: Any, name: str) -> Point:
    """The process dies as the function is called."""
    return lambda: setattr(owner, name, lambda *_, **__: die())


def after(owner: Any, name: str, *, unless: str = "") -> Point:
    """The process dies when the function has done its work; calls with the truthy argument `unless` pass."""
    real = getattr(owner, name)

    async def awaited(*given: Any, **named: Any) -> Any:
        answer = await real(*given, **named)
        return answer if unless and named.get(unless) else die()

    def plain(*given: Any, **named: Any) -> NoReturn:
        real(*given, **named)
        die()

    return lambda: setattr(owner, name, awaited if inspect.iscoroutinefunction(real) else plain)


def half_written() -> None:
    """The process dies with half of a file's bytes under its temporary name."""

    def write(path: Path, data: bytes) -> NoReturn:
        path.write_bytes(data[: len(data) // 2])
        die()

    storage._write_flushed = write


CLAIMED = after(signing, "hand_of")
LINKED = after(Path, "hardlink_to")
FLUSHED = after(storage, "_write_flushed")
COMMITTING, COMMITTED = before(Session, "commit"), after(Session, "commit")
DRAWING = {
    "K2 the paper half written": half_written,
    "K3 the paper flushed": FLUSHED,
    "K4 the paper under its name": LINKED,
    "K5 the row prepared": after(handovers, "record"),
}
SIGNING = {
    "K1 the key claimed": CLAIMED,
    "K7 the value made": after(KeptKeySigner, "async_sign_raw", unless="dry_run"),
    "K8 the time-stamp received": after(Attempt, "async_timestamp"),
    "K9 the signed file half written": half_written,
    "K9 the signed file flushed": FLUSHED,
    "K10 the signed file under its name": LINKED,
    "K11 before the commit": COMMITTING,
}
FINISHING = {
    "K13 the closed file under its name": LINKED,
    "K13 before the worker's commit": COMMITTING,
}


def killed(act: Callable[[], object], *points: Point) -> None:
    """Run the act in a child that dies at the point; fails where the child came through it."""
    db.session.rollback()  # gives its connection back: the child must not share one
    child = os.fork()
    if child == 0:
        try:
            db.engine.dispose(close=False)
            for arm in points:
                arm()
            act()
            for thread in threading.enumerate():
                if thread is not threading.main_thread():
                    thread.join(60)
        except BaseException:  # told here: the child's end would swallow it
            traceback.print_exc()
        finally:
            os._exit(CAME_THROUGH)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the point was never reached"
    assert os.WTERMSIG(status) == signal.SIGKILL


@dataclass(frozen=True)
class State:
    """All that a signature changes: the list, the record, its revisions and signatures, events, receipts, jobs."""

    of_list: tuple[Any, ...]
    record: tuple[Any, ...]
    revisions: tuple[str, ...]
    signatures: tuple[str, ...]
    events: int
    receipts: int
    jobs: int


def state(record_id: UUID) -> State:
    """As another process sees it now. Every revision must be in the store, with the signatures the rows tell of."""
    db.session.rollback()
    of = db.session.get_one(Handover, record_id, populate_existing=True)
    held = db.session.get_one(CorrectionList, of.list_id, populate_existing=True)
    made = select(RecordRevision.sha256).where(RecordRevision.handover_id == record_id).order_by(RecordRevision.id)
    signed = select(Signature.side).where(Signature.handover_id == record_id).order_by(Signature.id)
    jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'record' = :record")
    told = State(
        of_list=(held.stage, held.pending_leg, held.holder_unit_id, held.rev),
        record=(of.status, of.pdf_sha256, of.level, of.number, of.sent_at, of.decided_at, of.archived_at),
        revisions=tuple(db.session.scalars(made)),
        signatures=tuple(db.session.scalars(signed)),
        events=db.session.scalar(select(func.count()).where(Event.handover_id == record_id)) or 0,
        receipts=db.session.scalar(select(func.count()).select_from(Receipt)) or 0,
        jobs=db.session.scalar(jobs, {"record": str(record_id)}) or 0,
    )
    if of.pdf_sha256:
        files = [ground().store.get(digest) for digest in told.revisions]
        assert all(later.startswith(earlier) for earlier, later in pairwise(files))
        found = PdfFileReader(BytesIO(ground().store.get(of.pdf_sha256))).embedded_signatures
        names = [each.field_name for each in found if not is_stamp(each)]
        assert names == ["seal", *told.signatures]
    return told


def nothing_half_stored() -> None:
    """Every visible file of the store is whole."""
    for digest in ground().store.all_hashes():
        ground().store.get(digest)


def killed_everywhere(act: Callable[[], UUID], record_id: UUID, points: dict[str, Point]) -> None:
    """Let the act die at each point in turn, every turn a retry of the one before; nothing of it may be seen."""
    untouched = state(record_id)
    for name, point in points.items():
        killed(act, point)
        assert state(record_id) == untouched, name
    nothing_half_stored()


def takes_effect_once(act: Callable[[], UUID], record_id: UUID, *, signatures: int) -> None:
    """K12: let the act die after its commit; the retry gives the same answer and changes nothing any more."""
    untouched = state(record_id)
    killed(act, COMMITTED)
    done = state(record_id)
    assert len(done.signatures) == len(untouched.signatures) + 1 == signatures
    assert (done.receipts, done.jobs) == (untouched.receipts + 1, untouched.jobs + 1)
    assert done.events > untouched.events
    answers = {act(), act()}
    assert len(answers) == 1
    assert state(record_id) == done


def prepared(scene: Scene) -> UUID:
    """A record whose drawing died at K1 to K6, drawn in the end by a retry with the same key."""
    head, list_id, key = scene.actors["station_head"], scene.make_list(1), uuid4().hex

    def prepare() -> UUID:
        return handovers.prepare_record(head, list_id, Leg.STATION_TO_VILLAGE, key=key)

    def drafts() -> list[UUID]:
        db.session.rollback()
        return list(db.session.scalars(select(Handover.id).where(Handover.list_id == list_id)))

    killed(prepare, after(handovers, "load_list"))
    assert not drafts()
    killed(prepare, half_written)
    (record_id,) = drafts()
    killed_everywhere(prepare, record_id, DRAWING)
    killed(prepare, after(handovers, "draw_draft"))
    drawn = state(record_id)
    assert drawn.revisions
    assert {prepare(), prepare()} == {record_id}
    assert state(record_id) == drawn
    return record_id


def go_the_way(scene: Scene) -> None:
    """Draw, send, countersign and close one record, dying everywhere."""
    record_id, mine, theirs = prepared(scene), uuid4().hex, uuid4().hex
    seen = shown(record_id)

    def send() -> UUID:
        return signing.sign_prepared(scene.actors["station_head"], record_id, PASSPHRASE, shown=seen, key=mine)

    killed_everywhere(send, record_id, SIGNING)
    takes_effect_once(send, record_id, signatures=1)
    sent = shown(record_id)

    def take() -> UUID:
        return signing.countersign(scene.actors["village_head"], record_id, PASSPHRASE, shown=sent, key=theirs)

    killed_everywhere(take, record_id, SIGNING)
    takes_effect_once(take, record_id, signatures=2)

    def close() -> UUID:
        archiving.finish(record_id)
        return record_id

    killed_everywhere(close, record_id, FINISHING)
    killed(close, COMMITTED)
    closed = state(record_id)
    assert closed.record[2] == "B-LTA"
    close()
    assert state(record_id) == closed


def recover_twice(scene: Scene, count: int = 3) -> None:
    """K14: many records signed at once die in the middle, their resumption dies too; each is signed once."""
    head = scene.actors["station_head"]
    made = [handovers.prepare_record(head, scene.make_list(1), Leg.STATION_TO_VILLAGE) for _ in range(count)]
    chosen = [(each, shown(each)) for each in made]
    killed(lambda: bulk.start(head, chosen, PASSPHRASE, key=uuid4().hex), after(bulk, "_sign_one"))
    db.session.rollback()
    act_id = db.session.scalars(select(BulkAct.id).order_by(BulkAct.created_at.desc()).limit(1)).one()
    # Signed and committed, but its item not yet marked: the narrowest place.
    killed(lambda: bulk.resume(head, act_id, PASSPHRASE), after(signing, "sign_prepared"))
    told = [state(each).signatures for each in made]
    assert told == [("giver",), ("giver",), ()]
    bulk._sign_rest(head, act_id, bulk.hand_of(head, PASSPHRASE))
    act = db.session.get_one(BulkAct, act_id, populate_existing=True)
    assert (act.done, act.refused) == (count, 0)
    assert [state(each).signatures for each in made] == [("giver",)] * count


def test_killed_anywhere_on_its_way_a_record_is_as_before_or_as_after(scene: Scene) -> None:
    go_the_way(scene)


def test_killed_while_signing_many_and_again_while_resuming_each_is_signed_once(scene: Scene) -> None:
    recover_twice(scene)


@pytest.mark.long
def test_fifty_rounds_of_every_kill_point_differ_in_nothing(scene: Scene) -> None:
    for done in range(50):
        print("rounds done:", done, flush=True)
        go_the_way(scene)
        recover_twice(scene)
