"""A list's way from the station and back, through the services the pages use, on real parts."""

from itertools import pairwise

import pytest
from sqlalchemy import select

from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.fields import Field
from portal.domain.stages import HandoverStatus, Leg, Party, Stage
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, EntryVerdict, Event, Handover, RecordRevision, db
from portal.services import entries, handovers, lists, signing
from portal.services.context import ground
from portal.services.entries import Conclusion
from portal.services.transitions import offers
from tests.integration.scene import PASSPHRASE, Scene, number_of, shown


def the_list(list_id) -> CorrectionList:
    db.session.rollback()
    return db.session.get_one(CorrectionList, list_id)


def entry(list_id, number: int = 1) -> Entry:
    db.session.rollback()
    return db.session.execute(select(Entry).where(Entry.list_id == list_id, Entry.number == number)).scalar_one()


def test_custody_moves_with_each_countersignature_and_only_then(scene: Scene) -> None:
    list_id = scene.make_list()
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    held = the_list(list_id)
    assert (held.stage, held.pending_leg) == (Stage.DRAFTING, Leg.STATION_TO_VILLAGE)
    assert held.holder_unit_id == scene.units["tram"].id
    scene.take("village_head", record)
    held = the_list(list_id)
    assert (held.stage, held.pending_leg) == (Stage.VILLAGE_REVIEW, None)
    assert held.holder_unit_id == scene.units["to_cong_tac_a"].id


def test_each_revision_of_a_record_is_a_byte_prefix_of_the_next(scene: Scene) -> None:
    list_id = scene.make_list()
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    scene.take("village_head", record)
    steps = db.session.execute(
        select(RecordRevision).where(RecordRevision.handover_id == record).order_by(RecordRevision.id)
    ).scalars()
    files = [(step.step, ground().store.get(step.sha256)) for step in steps]
    assert [name for name, _ in files] == ["sealed", "giver", "receiver"]
    for (_, shorter), (_, longer) in pairwise(files):
        assert longer.startswith(shorter)


def test_a_refusal_leaves_the_list_as_before_and_a_signed_slip(scene: Scene) -> None:
    list_id = scene.make_list()
    before = the_list(list_id).held_since
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    slip = handovers.prepare_refusal(scene.actors["village_head"], record, "wrong_count", "")
    signing.sign_prepared(scene.actors["village_head"], slip, PASSPHRASE, shown=shown(slip))
    held = the_list(list_id)
    assert (held.stage, held.pending_leg, held.held_since) == (Stage.DRAFTING, None, before)
    assert db.session.get_one(Handover, record).status == HandoverStatus.REFUSED
    with pytest.raises(StaleVersion):
        scene.take("village_head", record)


def test_a_recall_needs_a_reason_only_after_the_receiver_opened(scene: Scene) -> None:
    list_id = scene.make_list()
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    signing.recall(scene.actors["station_head"], record)
    assert the_list(list_id).pending_leg is None
    again = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    handovers.open_handover(scene.actors["village_head"], again)
    with pytest.raises(InvalidInput, match="ghi lý do"):
        signing.recall(scene.actors["station_head"], again)
    signing.recall(scene.actors["station_head"], again, reason="Gửi nhầm đợt")
    first, second = db.session.get_one(Handover, record), db.session.get_one(Handover, again)
    assert second.number == first.number + 1


def test_nobody_edits_a_pending_list(scene: Scene) -> None:
    list_id = scene.make_list()
    scene.bring_to(Party.VILLAGE, list_id)
    scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
    scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE)
    said = Conclusion(Verdict.UNRESOLVED, reason="moved_away")
    with pytest.raises(WrongStage, match="chờ ký nhận"):
        entries.conclude(scene.actors["village_head"], list_id, 1, said)
    with pytest.raises(WrongStage, match="chờ ký nhận"):
        entries.conclude(scene.actors["police_head"], list_id, 1, Conclusion(Verdict.VERIFIED))


def test_sending_with_undecided_entries_names_how_many(scene: Scene) -> None:
    list_id = scene.make_list(3)
    scene.bring_to(Party.VILLAGE, list_id)
    entries.conclude(scene.actors["village_head"], list_id, 2, Conclusion(Verdict.ALREADY_RIGHT))
    with pytest.raises(WrongStage, match="Còn 2 người"):
        handovers.prepare_record(scene.actors["village_head"], list_id, Leg.VILLAGE_TO_POLICE)


def test_police_return_reopens_only_the_returned_entries_in_round_two(scene: Scene) -> None:
    list_id = scene.make_list(3)
    scene.bring_to(Party.POLICE, list_id)
    batch = the_list(list_id).batch_id
    officer = scene.actors["police_officer"]
    for number in (1, 2):
        entries.conclude(officer, list_id, number, Conclusion(Verdict.VERIFIED))
    entries.conclude(officer, list_id, 3, Conclusion(Verdict.RETURNED, reason="card_needed"))
    with pytest.raises(WrongStage, match="đánh dấu trả lại"):
        handovers.prepare_record(officer, list_id, Leg.POLICE_TO_STATION)
    scene.take("village_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_VILLAGE))
    held = the_list(list_id)
    assert (held.round, held.batch_id, held.stage) == (2, batch, Stage.VILLAGE_REVIEW)
    assert (held.decided, held.returned) == (2, 0)
    assert entry(list_id, 3).police_reason == "card_needed"
    assert entry(list_id, 1).police_verdict == Verdict.VERIFIED
    scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
    rounds = db.session.execute(select(EntryVerdict.round).where(EntryVerdict.entry_id == entry(list_id, 3).id))
    assert sorted({r for (r,) in rounds}) == [1, 2]


def test_the_proposer_cannot_verify_the_same_entry(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.VILLAGE, list_id)
    village = scene.actors["village_head"]
    entries.conclude(village, list_id, 1, Conclusion(Verdict.ALREADY_RIGHT))
    scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    from dataclasses import replace

    both = replace(scene.actors["police_head"], user_id=village.user_id)
    with pytest.raises(NotPermitted, match="Người đề xuất không xác minh"):
        entries.conclude(both, list_id, 1, Conclusion(Verdict.VERIFIED))


def test_the_giver_cannot_countersign_in_another_membership(scene: Scene) -> None:
    from dataclasses import replace

    list_id = scene.make_list()
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    both = replace(scene.actors["village_head"], user_id=scene.actors["station_head"].user_id)
    with pytest.raises(WrongStage, match="hai bên"):
        signing.countersign(both, record, PASSPHRASE, shown=shown(record))


def test_a_change_after_the_preview_voids_it(scene: Scene) -> None:
    list_id = scene.make_list(2)
    scene.bring_to(Party.VILLAGE, list_id)
    scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
    head = scene.actors["village_head"]
    record = handovers.prepare_record(head, list_id, Leg.VILLAGE_TO_POLICE)
    seen, number = shown(record), db.session.get_one(Handover, record).number
    entries.conclude(head, list_id, 1, Conclusion(Verdict.UNRESOLVED, reason="deceased"))
    with pytest.raises(StaleVersion, match="đã đổi"):
        signing.sign_prepared(head, record, PASSPHRASE, shown=seen)
    again = handovers.prepare_record(head, list_id, Leg.VILLAGE_TO_POLICE)
    assert again == record
    assert shown(record) != seen
    assert db.session.get_one(Handover, record).number == number
    with pytest.raises(StaleVersion, match="lập lại"):
        signing.sign_prepared(head, record, PASSPHRASE, shown=seen)
    signing.sign_prepared(head, record, PASSPHRASE, shown=shown(record))


def test_a_wrong_passphrase_changes_nothing(scene: Scene) -> None:
    list_id = scene.make_list()
    record = handovers.prepare_record(scene.actors["station_head"], list_id, Leg.STATION_TO_VILLAGE)
    with pytest.raises(InvalidInput, match="không đúng"):
        signing.sign_prepared(scene.actors["station_head"], record, "sai hoan toan", shown=shown(record))
    assert the_list(list_id).pending_leg is None
    assert db.session.get_one(Handover, record).status == HandoverStatus.PREPARED


def test_a_malformed_value_is_refused_with_its_field(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.VILLAGE, list_id)
    said = Conclusion(Verdict.FIXED, {Field.ID_NUMBER: "01518599000"})
    with pytest.raises(InvalidInput) as refusal:
        entries.conclude(scene.actors["village_head"], list_id, 1, said)
    assert set(refusal.value.fields) == {"id_number"}


def test_a_stale_row_names_who_changed_it_and_when(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.VILLAGE, list_id)
    rev = entry(list_id).rev
    entries.conclude(scene.actors["village_helper"], list_id, 1, Conclusion(Verdict.ALREADY_RIGHT, rev=rev))
    with pytest.raises(StaleVersion, match="Village Helper"):
        entries.conclude(scene.actors["village_head"], list_id, 1, Conclusion(Verdict.ALREADY_RIGHT, rev=rev))


def test_the_same_key_twice_gives_the_same_receipt_and_one_event(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.VILLAGE, list_id)
    head = scene.actors["village_head"]
    said = Conclusion(Verdict.ALREADY_RIGHT)
    first = entries.conclude(head, list_id, 1, said, key="k1")
    assert entries.conclude(head, list_id, 1, said, key="k1") == first
    count = (
        db.session.execute(select(Event).where(Event.list_id == list_id, Event.tag == "entry:corrected"))
        .scalars()
        .all()
    )
    assert len(count) == 1


def test_the_whole_way_ends_closed_with_every_person_settled(scene: Scene) -> None:
    list_id = scene.make_list(3)
    scene.bring_to(Party.VILLAGE, list_id)
    village, officer, clerk = (scene.actors[n] for n in ("village_head", "police_officer", "station_clerk"))
    fixed = Conclusion(Verdict.FIXED, {Field.FULL_NAME: "Vàng Thị Mỷ"})
    entries.conclude(village, list_id, 1, fixed)
    entries.conclude(village, list_id, 2, Conclusion(Verdict.UNRESOLVED, reason="moved_away"))
    entries.conclude(village, list_id, 3, Conclusion(Verdict.ALREADY_RIGHT))
    scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    entries.conclude(officer, list_id, 1, Conclusion(Verdict.VERIFIED))
    entries.conclude(officer, list_id, 2, Conclusion(Verdict.OUTCOME_ACCEPTED))
    entries.conclude(officer, list_id, 3, Conclusion(Verdict.CORRECTED, {Field.ID_NUMBER: number_of(77)}))
    scene.take("station_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION))
    assert [entry(list_id, n).lane for n in (1, 2, 3)] == ["edit", "", "edit"]
    assert entry(list_id, 2).outcome == "moved_away"
    assert the_list(list_id).decided == 1
    entries.mark_field(clerk, list_id, 1, Field.FULL_NAME, done=True)
    entries.mark_field(clerk, list_id, 3, Field.ID_NUMBER, done=True)
    for number in (1, 3):
        assert entry(list_id, number).station_verdict == Verdict.APPLIED
        entries.conclude(clerk, list_id, number, Conclusion(Verdict.CONFIRMED))
    scene.sign_over("station_head", list_id, None)
    closed = the_list(list_id)
    assert (closed.stage, closed.decided, closed.entries) == (Stage.CLOSED, 3, 3)
    assert entry(list_id, 1).final["full_name"] == "Vàng Thị Mỷ"


def test_an_outsider_finds_nothing(scene: Scene) -> None:
    list_id = scene.make_list()
    for name in ("foreign_station_head", "foreign_police_head", "other_village_head", "police_head", "village_head"):
        with pytest.raises(NotFound):
            handovers.prepare_record(scene.actors[name], list_id, Leg.STATION_TO_VILLAGE)


def test_w11_two_communes_that_list_one_citizen_do_not_overwrite_each_other(scene: Scene) -> None:
    ours = scene.put_before(Party.VILLAGE, 1)
    theirs = scene.make_list(1, station="tram_khac", village="to_cong_tac_c")
    assert entry(ours).recorded == entry(theirs).recorded
    before = (entry(theirs).rev, the_list(theirs).rev)
    scene.conclude_one("village_head", ours, 1, Verdict.FIXED, values={Field.ID_NUMBER: number_of(61)})
    assert entry(ours).proposed == {"id_number": number_of(61)}
    assert (entry(theirs).rev, the_list(theirs).rev) == before
    assert (entry(theirs).proposed, entry(theirs).village_verdict) == ({}, "")
    with pytest.raises(NotFound):
        scene.conclude_one("village_head", theirs, 1, Verdict.FIXED, values={Field.ID_NUMBER: number_of(62)})


def test_a_list_without_village_waits_for_one_and_can_be_cancelled(scene: Scene) -> None:
    list_id = scene.make_list(village=None)
    head = scene.actors["station_head"]
    blocked = {o.transition.name: o.blocked for o in offers(head, the_list(list_id))}
    assert "chưa rõ thôn" in blocked["prepare:station_to_village"]
    lists.assign_village(scene.actors["coordinator"], list_id, scene.units["to_cong_tac_b"].id)
    assert the_list(list_id).village_unit_id == scene.units["to_cong_tac_b"].id
    with pytest.raises(InvalidInput):
        lists.assign_village(head, list_id, scene.units["to_cong_tac_c"].id)
    lists.cancel(head, list_id, "Trùng đợt trước")
    assert the_list(list_id).stage == Stage.CANCELLED


def test_an_entry_the_station_returns_loses_what_was_applied_and_gets_its_lane_anew(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.STATION, list_id)
    entries.conclude(scene.actors["station_clerk"], list_id, 1, Conclusion(Verdict.CONFIRMED))
    entries.conclude(
        scene.actors["station_clerk"], list_id, 1, Conclusion(Verdict.RETURNED, reason="number_mismatch")
    )
    assert (entry(list_id).final, entry(list_id).outcome) == ({}, "")
    scene.take("police_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_POLICE))
    assert the_list(list_id).round == 2
    said = Conclusion(Verdict.CORRECTED, {Field.ID_NUMBER: number_of(88)})
    entries.conclude(scene.actors["police_officer"], list_id, 1, said)
    scene.take("station_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION))
    assert (entry(list_id).lane, entry(list_id).station_verdict) == ("edit", "")
