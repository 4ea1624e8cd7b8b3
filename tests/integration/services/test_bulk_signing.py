"""Signing many records: one passphrase, one signature and one result each, resumed after a crash, never twice."""

import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from portal.clock import now
from portal.domain.bulk import BulkKind, ItemState
from portal.domain.errors import InvalidInput, NotFound
from portal.domain.stages import Leg
from portal.models import BulkAct, BulkItem, Handover, Signature, db
from portal.queries.handovers import waiting_signature
from portal.services import handovers, signing
from portal.services.bulk import signing as bulk
from portal.services.hands import hand_of
from portal.signatures.keys import WrongPassphrase
from tests.integration.scene import PASSPHRASE, Scene, shown


def drafts(scene: Scene, count: int) -> list[tuple[UUID, str]]:
    made = [
        handovers.prepare_record(scene.actors["station_head"], scene.make_list(1), Leg.STATION_TO_VILLAGE)
        for _ in range(count)
    ]
    return [(each, shown(each)) for each in made]


def signatures(record_id: UUID) -> int:
    return db.session.scalar(select(func.count()).where(Signature.handover_id == record_id)) or 0


def finished(act_id: UUID) -> BulkAct:
    for _ in range(600):
        db.session.rollback()
        act = db.session.get_one(BulkAct, act_id, populate_existing=True)
        if act.finished_at:
            return act
        time.sleep(0.1)
    pytest.fail("not finished within a minute")


def test_a_few_are_signed_before_the_answer_each_with_its_result(scene: Scene) -> None:
    chosen = drafts(scene, 2)
    chosen.append((chosen[0][0], "0" * 64))
    act = db.session.get_one(BulkAct, bulk.start(scene.actors["station_head"], chosen, PASSPHRASE))
    assert (act.total, act.done, act.refused) == (3, 2, 1)
    assert [signatures(each) for each, _ in chosen[:2]] == [1, 1]
    refused = db.session.scalars(
        select(BulkItem).where(BulkItem.act_id == act.id, BulkItem.state == ItemState.REFUSED.value)
    ).one()
    assert refused.place == 3
    assert refused.words


def test_more_are_signed_behind_the_page(scene: Scene) -> None:
    chosen = drafts(scene, bulk.AT_ONCE + 1)
    act = finished(bulk.start(scene.actors["station_head"], chosen, PASSPHRASE))
    assert (act.done, act.refused) == (len(chosen), 0)
    assert not bulk.stands_still(act.id)


def test_what_waits_for_a_countersignature_is_signed_too(scene: Scene) -> None:
    sent = [scene.sign_over("station_head", scene.make_list(1), Leg.STATION_TO_VILLAGE) for _ in range(2)]
    village = scene.actors["village_head"]
    assert set(sent) <= {each.id for each in waiting_signature(village)}
    act = finished(bulk.start(village, [(each, shown(each)) for each in sent], PASSPHRASE))
    assert act.done == 2
    assert [db.session.get_one(Handover, each, populate_existing=True).status for each in sent] == [
        "countersigned"
    ] * 2
    assert not set(sent) & {each.id for each in waiting_signature(village)}


def test_a_wrong_passphrase_begins_nothing(scene: Scene) -> None:
    chosen = drafts(scene, 1)
    before = db.session.scalar(select(func.count(BulkAct.id)))
    with pytest.raises(WrongPassphrase):
        bulk.start(scene.actors["station_head"], chosen, "sai hoàn toàn")
    assert db.session.scalar(select(func.count(BulkAct.id))) == before
    assert signatures(chosen[0][0]) == 0
    with pytest.raises(InvalidInput, match="Chưa chọn"):
        bulk.start(scene.actors["station_head"], [], PASSPHRASE)


def test_one_cut_off_is_resumed_and_what_was_signed_just_before_is_not_signed_again(scene: Scene) -> None:
    head = scene.actors["station_head"]
    chosen = drafts(scene, 3)
    act_id = uuid4()
    db.session.add(
        BulkAct(id=act_id, kind=BulkKind.SIGN.value, user_id=head.user_id, membership_id=head.membership_id, what={},
                total=3, done=0, refused=0, created_at=now())
    )  # fmt: skip
    db.session.flush()
    for place, (record_id, digest) in enumerate(chosen, start=1):
        of = db.session.get_one(Handover, record_id)
        db.session.add(
            BulkItem(act_id=act_id, place=place, list_id=of.list_id, state="waiting",
                     before={"record": str(record_id), "shown": digest})
        )  # fmt: skip
    db.session.commit()
    # The process died after the first signature was committed and before its item was marked.
    signing.sign_prepared(head, chosen[0][0], PASSPHRASE, shown=chosen[0][1], key=f"bulk:{act_id}:1")
    assert bulk.stands_still(act_id)
    with pytest.raises(NotFound):
        bulk.resume(scene.actors["police_head"], act_id, PASSPHRASE)
    bulk.resume(head, act_id, PASSPHRASE)
    act = finished(act_id)
    assert (act.done, act.refused) == (3, 0)
    assert [signatures(each) for each, _ in chosen] == [1, 1, 1]


def test_nobody_signs_beside_the_one_that_signs(scene: Scene) -> None:
    head = scene.actors["station_head"]
    chosen = drafts(scene, 1)
    act_id = uuid4()
    db.session.add(
        BulkAct(id=act_id, kind=BulkKind.SIGN.value, user_id=head.user_id, membership_id=head.membership_id, what={},
                total=1, done=0, refused=0, created_at=now())
    )  # fmt: skip
    db.session.commit()
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(:kind, :act)"), {"kind": bulk.LOCK, "act": bulk._number(act_id)})
        assert not bulk.stands_still(act_id)
        bulk._sign_rest(head, act_id, hand_of(head, PASSPHRASE))
        assert db.session.get_one(BulkAct, act_id, populate_existing=True).finished_at is None
        other.execute(text("SELECT pg_advisory_unlock_all()"))
    assert signatures(chosen[0][0]) == 0
