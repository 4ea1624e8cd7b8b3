"""A record both sides signed is mended by a record both sides sign; nothing stored changes."""

import json
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.fields import Field
from portal.domain.stages import HandoverStatus, Leg, Party, Stage
from portal.models import CorrectionList, Entry, EntryValue, Event, Handover, db
from portal.services import handovers, signing
from portal.services.adjustments import prepare_adjustment, stated_people
from portal.services.context import ground
from tests.integration.scene import PASSPHRASE, Scene, number_of, shown

RIGHT = {Field.ID_NUMBER: number_of(77)}


def signed_record(scene: Scene, people: int = 2) -> tuple[UUID, UUID]:
    list_id = scene.make_list(people)
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    scene.take("village_head", record)
    return list_id, record


def proposed(scene: Scene, record: UUID) -> UUID:
    draft = prepare_adjustment(scene.actors["village_head"], record, 1, RIGHT, "Gõ nhầm số cuối")
    signing.sign_prepared(scene.actors["village_head"], draft, PASSPHRASE, shown=shown(draft))
    return draft


def stored(list_id: UUID) -> tuple[object, ...]:
    db.session.rollback()
    people = db.session.scalars(select(Entry).where(Entry.list_id == list_id).order_by(Entry.number)).all()
    found = db.session.get_one(CorrectionList, list_id)
    values = db.session.scalar(select(func.count()).select_from(EntryValue))
    return found.stage, found.rev, found.round, values, [(p.recorded, p.proposed, p.rev) for p in people]


def test_both_sides_sign_the_adjustment_and_nothing_stored_changes(scene: Scene) -> None:
    list_id, record = signed_record(scene)
    before, paper = stored(list_id), shown(record)
    draft = proposed(scene, record)
    scene.take("station_head", draft)
    assert (stored(list_id), shown(record)) == (before, paper)
    found = db.session.get_one(Handover, draft)
    assert (found.status, found.answers_id) == (HandoverStatus.COUNTERSIGNED, record)
    assert {s.side for s in found.signatures} == {"giver", "receiver"}
    assert [(i["number"], i["field"], i["old"], i["new"]) for i in found.items] == [
        (1, "id_number", number_of(1), number_of(77))
    ]
    tags = db.session.scalars(select(Event.tag).where(Event.handover_id == draft).order_by(Event.id)).all()
    assert tags == ["handover:prepared", "adjustment:proposed", "adjustment:agreed"]
    payloads = db.session.scalars(select(Event.payload).where(Event.handover_id == draft)).all()
    assert number_of(77) not in json.dumps(payloads)


def test_the_other_side_may_refuse_with_a_signed_slip_and_a_new_one_may_follow(scene: Scene) -> None:
    _list, record = signed_record(scene)
    draft = proposed(scene, record)
    head = scene.actors["station_head"]
    slip = handovers.prepare_refusal(head, draft, "content_unclear", "")
    signing.sign_prepared(head, slip, PASSPHRASE, shown=shown(slip))
    assert db.session.get_one(Handover, draft).status == HandoverStatus.REFUSED
    with pytest.raises(StaleVersion):
        signing.countersign(head, draft, PASSPHRASE, shown=shown(draft))
    assert proposed(scene, record) != draft


def test_the_proposer_may_take_it_back_but_not_agree_to_it(scene: Scene) -> None:
    list_id, record = signed_record(scene)
    draft = proposed(scene, record)
    with pytest.raises(WrongStage):
        signing.countersign(scene.actors["village_head"], draft, PASSPHRASE, shown=shown(draft))
    with pytest.raises(NotPermitted):
        signing.countersign(scene.actors["station_clerk"], draft, PASSPHRASE, shown=shown(draft))
    signing.recall(scene.actors["village_head"], draft)
    assert db.session.get_one(Handover, draft).status == HandoverStatus.RECALLED
    assert db.session.get_one(CorrectionList, list_id).stage == Stage.VILLAGE_REVIEW


def test_one_adjustment_of_a_record_waits_at_a_time(scene: Scene) -> None:
    _list, record = signed_record(scene)
    proposed(scene, record)
    with pytest.raises(WrongStage, match="đang chờ bên kia"):
        prepare_adjustment(scene.actors["village_head"], record, 2, RIGHT, "Nhầm")
    with pytest.raises(WrongStage, match="Bên kia đang lập"):
        prepare_adjustment(scene.actors["station_head"], record, 2, RIGHT, "Nhầm")


def test_only_the_two_sides_of_a_record_both_signed_adjust_it(scene: Scene) -> None:
    list_id = scene.make_list(2)
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    with pytest.raises(WrongStage, match="hai bên"):
        prepare_adjustment(scene.actors["station_head"], record, 1, RIGHT, "Nhầm")
    scene.take("village_head", record)
    with pytest.raises(NotFound):
        prepare_adjustment(scene.actors["foreign_station_head"], record, 1, RIGHT, "Nhầm")
    with pytest.raises(NotPermitted):
        prepare_adjustment(scene.actors["station_clerk"], record, 1, RIGHT, "Nhầm")


def test_the_words_of_a_bad_adjustment_say_what_is_missing(scene: Scene) -> None:
    _list, record = signed_record(scene)
    head = scene.actors["village_head"]
    with pytest.raises(InvalidInput, match="cần ghi lý do"):
        prepare_adjustment(head, record, 1, RIGHT, " ")
    with pytest.raises(InvalidInput, match="Chưa có trường nào khác"):
        prepare_adjustment(head, record, 1, {Field.ID_NUMBER: number_of(1)}, "Nhầm")
    with pytest.raises(InvalidInput, match="chưa dùng được"):
        prepare_adjustment(head, record, 1, {Field.ID_NUMBER: "12345"}, "Nhầm")
    with pytest.raises(NotFound):
        prepare_adjustment(head, record, 9, RIGHT, "Nhầm")


def test_a_closed_list_is_adjusted_too_and_the_record_states_the_newest_values(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.STATION, list_id)
    last = db.session.scalars(
        select(Handover.id).where(Handover.list_id == list_id, Handover.leg == Leg.POLICE_TO_STATION.value)
    ).one()
    [person] = stated_people(scene.actors["police_head"], last)
    assert person.values[Field.ID_NUMBER] == number_of(1)
    draft = prepare_adjustment(scene.actors["police_head"], last, 1, {Field.SEX: "nam"}, "Ghi nhầm giới")
    assert ground().store.get(shown(draft)).startswith(b"%PDF")
