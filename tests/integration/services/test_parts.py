"""Lists divide and join: every person stays on exactly one live part, under the same number, with the same batch."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.domain.errors import DomainError, InvalidInput, NotPermitted, StaleVersion, WrongStage
from portal.domain.stages import FINAL_STAGES, Leg, Party, Stage
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, Event, db
from portal.services import entries, handovers, lists, parts
from portal.services.entries import Conclusion
from portal.services.parts import Part
from tests.integration.scene import Scene


def the_list(list_id: UUID) -> CorrectionList:
    db.session.rollback()
    return db.session.get_one(CorrectionList, list_id)


def numbers_on(list_id: UUID) -> list[int]:
    return list(db.session.scalars(select(Entry.number).where(Entry.list_id == list_id).order_by(Entry.number)))


def part_of(*numbers: int, village: int | None = None) -> Part:
    return Part(frozenset(numbers), village)


def test_ticked_people_become_a_list_of_their_own_with_a_derived_code(scene: Scene) -> None:
    list_id, head = scene.make_list(5), scene.actors["station_head"]
    code = the_list(list_id).code
    made = parts.split(head, list_id, [part_of(2, 4)])
    child, parent = the_list(made[0]), the_list(list_id)
    assert (child.code, child.entries, numbers_on(child.id)) == (f"{code}.1", 2, [2, 4])
    assert (parent.code, parent.entries, numbers_on(parent.id)) == (code, 3, [1, 3, 5])
    assert (child.stage, child.holder_unit_id, child.round) == (parent.stage, parent.holder_unit_id, parent.round)
    assert child.parent_list_id == list_id
    assert child.batch_id == parent.batch_id
    second = parts.split(head, made[0], [part_of(4)])
    assert the_list(second[0]).code == f"{code}.2"


def test_a_split_that_leaves_nobody_behind_ends_the_list(scene: Scene) -> None:
    list_id, head = scene.make_list(4), scene.actors["station_head"]
    draft = handovers.prepare_record(head, list_id, Leg.STATION_TO_VILLAGE)
    parts.split(head, list_id, [part_of(1, 2), part_of(3, 4)])
    parent = the_list(list_id)
    assert (parent.stage, parent.entries, parent.closed_at is not None) == (Stage.SPLIT, 0, True)
    assert handovers.load_handover(head, draft).status == "abandoned"
    assert parent.holder_unit_id == head.unit_id


def test_a_list_of_unknown_village_divides_into_villages(scene: Scene) -> None:
    list_id, head = scene.make_list(3, village=None), scene.actors["station_head"]
    a, b = scene.units["to_cong_tac_a"].id, scene.units["to_cong_tac_b"].id
    first, second = parts.split(head, list_id, [part_of(1, village=a), part_of(2, 3, village=b)])
    assert (the_list(first).village_unit_id, the_list(first).name) == (a, "Ban A")
    assert (the_list(second).village_unit_id, the_list(second).name) == (b, "Ban B")
    assert the_list(list_id).stage == Stage.SPLIT
    record = scene.sign_over("station_head", second, Leg.STATION_TO_VILLAGE)
    scene.take("other_village_head", record)
    assert the_list(second).stage == Stage.VILLAGE_REVIEW


def test_the_verified_go_on_and_the_rest_return_alone(scene: Scene) -> None:
    list_id, police = scene.make_list(3), scene.actors["police_head"]
    scene.bring_to(Party.POLICE, list_id)
    for number in (1, 2):
        entries.conclude(police, list_id, number, Conclusion(Verdict.VERIFIED))
    entries.conclude(police, list_id, 3, Conclusion(Verdict.RETURNED, reason="card_needed"))
    with pytest.raises(WrongStage, match="tách họ"):
        handovers.prepare_record(police, list_id, Leg.POLICE_TO_STATION)
    [child] = parts.split(police, list_id, [part_of(3)])
    scene.take("station_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION))
    scene.take("village_head", scene.sign_over("police_head", child, Leg.POLICE_TO_VILLAGE))
    ahead, back = the_list(list_id), the_list(child)
    assert (ahead.stage, ahead.round, ahead.decided) == (Stage.STATION_UPDATE, 1, 0)
    assert (back.stage, back.round, back.decided) == (Stage.VILLAGE_REVIEW, 2, 0)
    assert back.batch.code == ahead.batch.code


def test_former_siblings_are_merged_again(scene: Scene) -> None:
    list_id, head = scene.make_list(4), scene.actors["station_head"]
    [child] = parts.split(head, list_id, [part_of(1, 3)])
    parts.merge(head, child, list_id)
    parent, gone = the_list(list_id), the_list(child)
    assert (parent.entries, numbers_on(list_id)) == (4, [1, 2, 3, 4])
    assert (gone.stage, gone.entries, gone.merged_into_id) == (Stage.MERGED, 0, list_id)
    with pytest.raises(WrongStage):
        parts.split(head, child, [part_of(1)])


def test_merging_counts_what_is_decided_anew(scene: Scene) -> None:
    list_id, village = scene.make_list(3), scene.actors["village_head"]
    scene.bring_to(Party.VILLAGE, list_id)
    [child] = parts.split(village, list_id, [part_of(1)])
    entries.conclude(village, child, 1, Conclusion(Verdict.ALREADY_RIGHT))
    entries.conclude(village, list_id, 2, Conclusion(Verdict.RETURNED, reason="wrong_village"))
    assert (the_list(child).decided, the_list(list_id).decided) == (1, 1)
    parts.merge(village, child, list_id)
    assert (the_list(list_id).decided, the_list(list_id).returned) == (2, 1)


@pytest.mark.parametrize("case", ["another_list", "another_step", "pending", "another_village"])
def test_only_parts_that_stand_together_are_merged(scene: Scene, case: str) -> None:
    list_id, head = scene.make_list(3, village=None), scene.actors["station_head"]
    a = scene.units["to_cong_tac_a"].id
    if case == "another_list":
        other = scene.make_list(2, village=None)
    else:
        [other] = parts.split(head, list_id, [part_of(1, village=a if case == "another_village" else None)])
    if case in {"another_step", "pending"}:
        for each in (list_id, other):
            lists.assign_village(head, each, a)
        record = scene.sign_over("station_head", other, Leg.STATION_TO_VILLAGE)
        if case == "another_step":
            scene.take("village_head", record)
    with pytest.raises(WrongStage):
        parts.merge(head, list_id, other)
    assert the_list(list_id).stage == Stage.DRAFTING


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([], "Chưa chọn"),
        ([part_of()], "Chưa chọn"),
        ([part_of(1), part_of(1, 2)], "hai phần"),
        ([part_of(1, 99)], "số thứ tự 99"),
        ([part_of(1, 2, 3)], "tất cả mọi người"),
    ],
)
def test_a_split_that_divides_nothing_is_refused_in_words(scene: Scene, wanted: list[Part], words: str) -> None:
    list_id = scene.make_list(3)
    with pytest.raises(InvalidInput, match=words):
        parts.split(scene.actors["station_head"], list_id, wanted)
    assert the_list(list_id).entries == 3


def test_only_the_holders_lead_divides(scene: Scene) -> None:
    list_id = scene.make_list(2)
    with pytest.raises(NotPermitted):
        parts.split(scene.actors["station_clerk"], list_id, [part_of(1)])
    with pytest.raises(NotPermitted):
        parts.split(scene.actors["coordinator"], list_id, [part_of(1)])
    with pytest.raises(DomainError):
        parts.split(scene.actors["foreign_station_head"], list_id, [part_of(1)])
    with pytest.raises(StaleVersion):
        parts.split(scene.actors["station_head"], list_id, [part_of(1)], rev=99)


def test_a_single_person_cannot_be_divided(scene: Scene) -> None:
    with pytest.raises(WrongStage, match="chỉ có một người"):
        parts.split(scene.actors["station_head"], scene.make_list(1), [part_of(1)])


def test_a_repeated_split_makes_no_second_part(scene: Scene) -> None:
    list_id, head = scene.make_list(3), scene.actors["station_head"]
    once, again = (parts.split(head, list_id, [part_of(1)], key="one") for _ in range(2))
    assert once == again
    batch = the_list(list_id).batch_id
    assert db.session.scalar(select(func.count()).where(CorrectionList.batch_id == batch)) == 2


def test_withdrawn_people_end_on_a_cancelled_part_with_the_reason_in_the_trail(scene: Scene) -> None:
    list_id, head = scene.make_list(3), scene.actors["station_head"]
    gone = parts.withdraw(head, list_id, [2], "Thuộc diện quản lý của xã khác")
    assert (the_list(gone).stage, numbers_on(gone), numbers_on(list_id)) == (Stage.CANCELLED, [2], [1, 3])
    told = db.session.scalars(select(Event).where(Event.list_id == list_id, Event.tag == "entry:withdrawn")).one()
    assert told.payload["note"] == "Thuộc diện quản lý của xã khác"
    assert told.entry_id is not None


def test_withdrawing_needs_a_reason_the_station_and_somebody_left(scene: Scene) -> None:
    list_id, head = scene.make_list(2), scene.actors["station_head"]
    with pytest.raises(InvalidInput, match="cần ghi lý do"):
        parts.withdraw(head, list_id, [1], " ")
    with pytest.raises(InvalidInput, match="ít nhất một người"):
        parts.withdraw(head, list_id, [1, 2], "Nhầm")
    scene.bring_to(Party.VILLAGE, list_id)
    with pytest.raises(WrongStage):
        parts.withdraw(head, list_id, [1], "Nhầm")


def test_nobody_updated_on_the_platform_is_withdrawn(scene: Scene) -> None:
    list_id, head = scene.make_list(2), scene.actors["station_head"]
    scene.bring_to(Party.STATION, list_id)
    entries.conclude(head, list_id, 1, Conclusion(Verdict.APPLIED))
    with pytest.raises(InvalidInput, match="Dòng 1 đã cập nhật"):
        parts.withdraw(head, list_id, [1], "Nhầm")
    parts.withdraw(head, list_id, [2], "Nhầm")
    assert numbers_on(list_id) == [1]


def test_the_batch_is_done_when_every_live_part_is_closed(scene: Scene) -> None:
    list_id, head = scene.make_list(3), scene.actors["station_head"]
    [child] = parts.split(head, list_id, [part_of(1)])
    for each in (list_id, child):
        scene.bring_to(Party.STATION, each)
        scene.conclude_all("station_head", each, Verdict.ENDED, reason="deceased")
        scene.sign_over("station_head", each, None)
    batch = the_list(list_id).batch_id
    found = db.session.scalars(select(CorrectionList).where(CorrectionList.batch_id == batch)).all()
    assert {Stage(each.stage) for each in found} <= FINAL_STAGES
    assert sum(each.entries for each in found) == 3
