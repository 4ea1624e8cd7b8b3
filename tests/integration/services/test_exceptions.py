"""Taking in part: the exceptions go back on a slip whose number and digest stand in the receiver's signature."""

import io
import json
from uuid import UUID

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select

from portal.domain.errors import InvalidInput, NotPermitted, StaleVersion, WrongStage
from portal.domain.phrases import grouped_digest, record_number
from portal.domain.stages import HandoverStatus, Leg, Party, Stage
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, Event, Handover, RecordRevision, db
from portal.services import handovers, signing
from portal.services.context import ground
from portal.services.exceptions import NotTaken, prepare_exceptions
from portal.verification.attachment import attached_data
from tests.integration.scene import PASSPHRASE, Scene, shown

WRONG_VILLAGE, NO_CARD = NotTaken("wrong_village"), NotTaken("card_needed", "thẻ đã hết hạn")


def the_list(list_id: UUID) -> CorrectionList:
    db.session.rollback()
    return db.session.get_one(CorrectionList, list_id)


def child_of(list_id: UUID) -> CorrectionList:
    db.session.rollback()
    return db.session.scalars(select(CorrectionList).where(CorrectionList.parent_list_id == list_id)).one()


def people_on(list_id: UUID) -> dict[int, Entry]:
    return {entry.number: entry for entry in db.session.scalars(select(Entry).where(Entry.list_id == list_id))}


def reader_of(record_id: UUID) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(ground().store.get(shown(record_id))))


def take_in_part(scene: Scene, name: str, record: UUID, wanted: dict[int, NotTaken]) -> UUID:
    slip = prepare_exceptions(scene.actors[name], record, wanted)
    signing.sign_prepared(
        scene.actors[name], slip, PASSPHRASE, shown=shown(slip), shown_answered=shown(record), key=str(slip)
    )
    return slip


def test_the_exceptions_go_back_and_the_rest_is_taken_in_one_act(scene: Scene) -> None:
    list_id = scene.make_list(4)
    scene.bring_to(Party.VILLAGE, list_id)
    scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
    record = scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE)
    slip = take_in_part(scene, "police_head", record, {2: NO_CARD, 4: WRONG_VILLAGE})

    taken, back = the_list(list_id), child_of(list_id)
    assert (taken.stage, taken.pending_leg, taken.entries, taken.round) == (Stage.POLICE_VERIFICATION, None, 2, 1)
    assert taken.holder_unit_id == scene.actors["police_head"].unit_id
    assert (back.stage, back.pending_leg, back.entries, back.round) == (Stage.VILLAGE_REVIEW, None, 2, 2)
    assert (back.holder_unit_id, back.decided) == (scene.actors["village_head"].unit_id, 0)
    assert back.batch_id == taken.batch_id
    excepted = people_on(back.id)
    assert {number: entry.police_reason for number, entry in excepted.items()} == {
        2: "card_needed",
        4: "wrong_village",
    }
    assert excepted[2].police_note == "thẻ đã hết hạn"
    assert set(people_on(list_id)) == {1, 3}
    assert handovers.load_handover(scene.actors["police_head"], record).status == HandoverStatus.COUNTERSIGNED_EXCEPT

    told = db.session.scalars(
        select(Event).where(Event.handover_id == record, Event.tag.like("%taken_in_part"))
    ).one()
    found = db.session.get_one(Handover, slip)
    assert told.payload["exceptions"] == [2, 4]
    assert told.payload["exceptions_sha256"] == found.manifest_sha256


def test_the_receivers_signature_names_the_slip_and_its_digest(scene: Scene) -> None:
    list_id = scene.make_list(3)
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    slip_id = take_in_part(scene, "village_head", record, {3: WRONG_VILLAGE})
    slip = db.session.get_one(Handover, slip_id)
    reason = reader_of(record).embedded_signatures[-1].sig_object["/Reason"]
    assert record_number(slip.number or 0, slip.symbol) in reason
    assert grouped_digest(slip.manifest_sha256) in reason
    assert "trừ 1 người" in reason

    sent = json.loads(attached_data(reader_of(record))[0])
    excepted = json.loads(attached_data(reader_of(slip_id))[0])
    listed = {entry["number"] for entry in sent["entries"]}
    not_taken = {entry["number"] for entry in excepted["entries"]}
    assert not_taken == {item["number"] for item in excepted["items"]} == {3}
    assert listed == not_taken | set(people_on(list_id))
    assert excepted["answers"]["manifest_sha256"] == db.session.get_one(Handover, record).manifest_sha256
    assert len(reader_of(slip_id).embedded_signatures) == 2


def test_the_child_goes_its_own_way_afterwards(scene: Scene) -> None:
    list_id = scene.make_list(2)
    take_in_part(
        scene, "village_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE), {2: WRONG_VILLAGE}
    )
    back = child_of(list_id).id
    scene.take("village_head", scene.sign_over("station_head", back, Leg.STATION_TO_VILLAGE))
    again = the_list(back)
    assert (again.stage, again.round, again.decided) == (Stage.VILLAGE_REVIEW, 2, 0)


def test_the_station_takes_in_part_from_the_police(scene: Scene) -> None:
    list_id = scene.make_list(2)
    scene.bring_to(Party.POLICE, list_id)
    scene.conclude_all("police_head", list_id, Verdict.VERIFIED)
    record = scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION)
    take_in_part(scene, "station_head", record, {1: NotTaken("number_mismatch")})
    assert the_list(list_id).stage == Stage.STATION_UPDATE
    back = child_of(list_id)
    assert (back.stage, back.round, people_on(back.id)[1].police_verdict) == (Stage.POLICE_VERIFICATION, 2, "")


def test_everybody_nobody_and_people_without_reason_are_refused_in_words(scene: Scene) -> None:
    list_id, head = scene.make_list(2), scene.actors["village_head"]
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    for wanted, words in (
        ({}, "Chưa chọn người nào"),
        ({1: WRONG_VILLAGE, 2: WRONG_VILLAGE}, "từ chối tiếp nhận cả biên bản"),
        ({1: NotTaken("")}, "dòng 1"),
        ({1: NotTaken("other_return")}, "dòng 1"),
        ({9: WRONG_VILLAGE}, "số thứ tự 9"),
    ):
        with pytest.raises(InvalidInput, match=words):
            prepare_exceptions(head, record, wanted)
    with pytest.raises(NotPermitted):
        prepare_exceptions(scene.actors["village_helper"], record, {1: WRONG_VILLAGE})
    with pytest.raises(NotPermitted):
        prepare_exceptions(scene.actors["station_head"], record, {1: WRONG_VILLAGE})


def test_nothing_is_half_signed_when_either_paper_is_not_the_one_that_was_shown(scene: Scene) -> None:
    list_id, head = scene.make_list(2), scene.actors["village_head"]
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    slip = prepare_exceptions(head, record, {1: WRONG_VILLAGE})
    for pages, answered in ((shown(slip), "0" * 64), ("0" * 64, shown(record))):
        with pytest.raises(StaleVersion):
            signing.sign_prepared(head, slip, PASSPHRASE, shown=pages, shown_answered=answered)
    assert the_list(list_id).pending_leg == Leg.STATION_TO_VILLAGE
    assert db.session.get_one(Handover, slip).status == HandoverStatus.PREPARED
    steps = db.session.scalars(select(RecordRevision.step).where(RecordRevision.handover_id == record)).all()
    assert "receiver" not in steps


def test_the_slip_may_be_changed_and_keeps_its_number(scene: Scene) -> None:
    list_id, head = scene.make_list(3), scene.actors["village_head"]
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    first = prepare_exceptions(head, record, {1: WRONG_VILLAGE})
    number = db.session.get_one(Handover, first).number
    again = prepare_exceptions(head, record, {2: NO_CARD, 3: NO_CARD})
    slip = db.session.get_one(Handover, again)
    assert (again, slip.number, slip.entries) == (first, number, 2)


def test_a_recall_gives_the_slips_number_back(scene: Scene) -> None:
    list_id, head = scene.make_list(2), scene.actors["village_head"]
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    slip = prepare_exceptions(head, record, {1: WRONG_VILLAGE})
    signing.recall(scene.actors["station_head"], record, reason="Nhầm")
    assert db.session.get_one(Handover, slip).status == HandoverStatus.ABANDONED
    with pytest.raises(StaleVersion):
        signing.sign_prepared(head, slip, PASSPHRASE, shown="", shown_answered="")


def test_a_return_is_taken_whole_or_refused(scene: Scene) -> None:
    list_id = scene.make_list(2)
    scene.bring_to(Party.VILLAGE, list_id)
    scene.conclude_all("village_head", list_id, Verdict.RETURNED, reason="wrong_village")
    record = scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_STATION)
    with pytest.raises(WrongStage):
        prepare_exceptions(scene.actors["station_head"], record, {1: WRONG_VILLAGE})
