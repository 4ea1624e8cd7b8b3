"""Two people at once, on two real connections: one wins, the other is told, nothing is half done."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import func, select

from portal.domain.errors import DomainError, StaleVersion, WrongStage
from portal.domain.stages import HandoverStatus, Leg, Party, Stage
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, Event, Handover, Signature, db
from portal.services import entries, handovers, parts, signing
from portal.services.context import ground
from portal.services.entries import Conclusion
from portal.services.exceptions import NotTaken, prepare_exceptions
from portal.services.parts import Part
from tests.integration.scene import PASSPHRASE, Scene, shown

ROUNDS, EIGHT = 3, 8


def together(scene: Scene, *acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment, each on its own connection; a refusal is returned, anything else raised."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with scene.app.app_context():
            try:
                ready.wait()
                return act()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(answers: list[object]) -> list[DomainError]:
    return [answer for answer in answers if isinstance(answer, DomainError)]


def the_list(list_id: UUID) -> CorrectionList:
    db.session.rollback()
    return db.session.get_one(CorrectionList, list_id)


def signed_places(record: UUID) -> list[str]:
    """The places signed in the record's newest file; they must be those that the rows tell of."""
    db.session.rollback()
    sides = db.session.scalars(select(Signature.side).where(Signature.handover_id == record).order_by(Signature.id))
    data = ground().store.get(db.session.get_one(Handover, record).pdf_sha256)
    found = [each.field_name for each in PdfFileReader(BytesIO(data)).embedded_regular_signatures]
    assert found == ["seal", *sides]
    return found


def test_eight_who_sign_one_record_at_once_make_one_signature(scene: Scene) -> None:
    list_id, head = scene.make_list(1), scene.actors["station_head"]
    receiver = scene.actors["village_head"]
    record = handovers.prepare_record(head, list_id, Leg.STATION_TO_VILLAGE)
    for signer, act in ((head, signing.sign_prepared), (receiver, signing.countersign)):
        seen, keys = shown(record), [uuid4().hex for _ in range(EIGHT)]
        once = partial(act, signer, record, PASSPHRASE, shown=seen)
        answers = together(scene, *[partial(once, key=key) for key in keys])
        assert len(refusals(answers)) == EIGHT - 1
        assert [answer for answer in answers if answer not in refusals(answers)] == [list_id]
        for refusal in refusals(answers):
            # Told what became of the record, or that somebody was faster; and what to do now.
            assert isinstance(refusal, (StaleVersion, WrongStage))
            assert len(refusal.message) > 30
    assert signed_places(record) == ["seal", "giver", "receiver"]
    held = the_list(list_id)
    assert (held.stage, held.pending_leg) == (Stage.VILLAGE_REVIEW, None)


def test_eight_repeats_of_one_signature_get_the_one_receipt(scene: Scene) -> None:
    list_id, head = scene.make_list(1), scene.actors["station_head"]
    record = handovers.prepare_record(head, list_id, Leg.STATION_TO_VILLAGE)
    seen, key = shown(record), uuid4().hex
    answers = together(scene, *[lambda: signing.sign_prepared(head, record, PASSPHRASE, shown=seen, key=key)] * EIGHT)
    assert answers == [list_id] * EIGHT
    assert signed_places(record) == ["seal", "giver"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_recall_against_countersignature_has_one_winner(scene: Scene, _round: int) -> None:
    list_id = scene.make_list(1)
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    seen = shown(record)
    answers = together(
        scene,
        lambda: signing.recall(scene.actors["station_head"], record, reason="Nhầm"),
        lambda: signing.countersign(scene.actors["village_head"], record, PASSPHRASE, shown=seen),
    )
    assert len(refusals(answers)) == 1
    held, status = the_list(list_id), db.session.get_one(Handover, record).status
    assert (held.stage, status) in {
        (Stage.DRAFTING, HandoverStatus.RECALLED),
        (Stage.VILLAGE_REVIEW, HandoverStatus.COUNTERSIGNED),
    }
    assert held.pending_leg is None


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_refusal_against_countersignature_has_one_winner(scene: Scene, _round: int) -> None:
    list_id, head = scene.make_list(1), scene.actors["village_head"]
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    slip = handovers.prepare_refusal(head, record, "wrong_unit", "")
    slip_seen, seen = shown(slip), shown(record)
    answers = together(
        scene,
        lambda: signing.sign_prepared(head, slip, PASSPHRASE, shown=slip_seen),
        lambda: signing.countersign(head, record, PASSPHRASE, shown=seen),
    )
    assert len(refusals(answers)) == 1
    held = the_list(list_id)
    final = db.session.get_one(Handover, record)
    signed = db.session.scalar(
        select(func.count()).where(Signature.handover_id == record, Signature.side == "receiver")
    )
    assert signed == int(final.status == HandoverStatus.COUNTERSIGNED)
    assert held.stage == (Stage.VILLAGE_REVIEW if signed else Stage.DRAFTING)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_send_against_recall_leaves_a_whole_state(scene: Scene, _round: int) -> None:
    list_id, head = scene.make_list(1), scene.actors["station_head"]
    record = handovers.prepare_record(head, list_id, Leg.STATION_TO_VILLAGE)
    seen = shown(record)
    together(
        scene,
        lambda: signing.sign_prepared(head, record, PASSPHRASE, shown=seen),
        lambda: signing.recall(head, record, reason="Nhầm"),
    )
    held, status = the_list(list_id), db.session.get_one(Handover, record).status
    assert (status == HandoverStatus.SENT) == (held.pending_leg is not None)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_edit_against_sending_is_in_the_signed_paper_or_refused(scene: Scene, _round: int) -> None:
    list_id, head = scene.make_list(1), scene.actors["village_head"]
    scene.bring_to(Party.VILLAGE, list_id)
    scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
    record = handovers.prepare_record(head, list_id, Leg.VILLAGE_TO_POLICE)
    seen = shown(record)
    edit = Conclusion(Verdict.UNRESOLVED, reason="deceased")
    answers = together(
        scene,
        lambda: signing.sign_prepared(head, record, PASSPHRASE, shown=seen),
        lambda: entries.conclude(scene.actors["village_helper"], list_id, 1, edit),
    )
    assert len(refusals(answers)) == 1
    held = the_list(list_id)
    verdict = db.session.scalar(select(Entry.village_verdict).where(Entry.list_id == list_id))
    assert (held.pending_leg is not None) == (verdict == Verdict.ALREADY_RIGHT)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_split_against_sending_sends_what_was_signed_or_nothing(scene: Scene, _round: int) -> None:
    list_id, head = scene.make_list(3), scene.actors["station_head"]
    record = handovers.prepare_record(head, list_id, Leg.STATION_TO_VILLAGE)
    seen = shown(record)
    answers = together(
        scene,
        lambda: signing.sign_prepared(head, record, PASSPHRASE, shown=seen),
        lambda: parts.split(head, list_id, [Part(frozenset({1}))]),
    )
    assert len(refusals(answers)) == 1
    held, sent = the_list(list_id), db.session.get_one(Handover, record)
    went = sent.status == HandoverStatus.SENT
    assert (held.entries, held.pending_leg is not None) == ((3, True) if went else (2, False))
    people = db.session.scalar(select(func.count()).where(Entry.batch_id == held.batch_id))
    on_it = db.session.scalar(select(func.count()).where(Entry.list_id == list_id))
    assert (people, on_it) == (3, held.entries)


def test_two_splits_at_once_give_two_parts_or_one_and_a_refusal(scene: Scene) -> None:
    list_id, head = scene.make_list(3), scene.actors["station_head"]
    answers = together(scene, *[lambda n=n: parts.split(head, list_id, [Part(frozenset({n}))]) for n in (1, 2)])
    held = the_list(list_id)
    assert held.entries == 3 - (2 - len(refusals(answers)))
    codes = db.session.scalars(select(CorrectionList.code).where(CorrectionList.batch_id == held.batch_id)).all()
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_taking_in_part_against_recall_has_one_winner(scene: Scene, _round: int) -> None:
    list_id, head = scene.make_list(2), scene.actors["village_head"]
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    slip = prepare_exceptions(head, record, {1: NotTaken("wrong_village")})
    seen, slip_seen = shown(record), shown(slip)
    answers = together(
        scene,
        lambda: signing.sign_prepared(head, slip, PASSPHRASE, shown=slip_seen, shown_answered=seen),
        lambda: signing.recall(scene.actors["station_head"], record, reason="Nhầm"),
    )
    assert len(refusals(answers)) == 1
    held, status = the_list(list_id), db.session.get_one(Handover, record).status
    assert (held.stage, held.entries, status) in {
        (Stage.DRAFTING, 2, HandoverStatus.RECALLED),
        (Stage.VILLAGE_REVIEW, 1, HandoverStatus.COUNTERSIGNED_EXCEPT),
    }


def test_a_hundred_repeats_of_one_post_make_one_event(scene: Scene) -> None:
    list_id, head = scene.make_list(1), scene.actors["village_head"]
    scene.bring_to(Party.VILLAGE, list_id)
    said = Conclusion(Verdict.ALREADY_RIGHT)
    for _ in range(10):
        answers = together(scene, *[lambda: entries.conclude(head, list_id, 1, said, key="same")] * 10)
        assert not refusals(answers)
        assert all(answer == answers[0] for answer in answers)
    db.session.rollback()
    count = db.session.scalar(select(func.count()).where(Event.list_id == list_id, Event.tag == "entry:corrected"))
    assert count == 1
