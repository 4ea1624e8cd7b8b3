"""People of another commune: nobody is ever on two lists or on none, whatever the other station answers (LS-13)."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.clock import now
from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, WrongStage
from portal.domain.permissions import ASKED, Permission, can
from portal.domain.stages import Leg, Party
from portal.domain.transitions import Side
from portal.models import Clock, CorrectionList, Entry, Event, db
from portal.queries.scope import place_of, visible_to
from portal.services import handovers, lists, transfers
from portal.services.transitions import sides_of
from tests.integration.scene import Scene


def sees(scene: Scene, name: str, list_id: UUID) -> bool:
    seen = visible_to(scene.actors[name], Permission.LIST_READ)
    return db.session.scalar(select(func.count()).where(CorrectionList.id == list_id, seen)) == 1


def numbers(list_id: UUID) -> list[int]:
    return list(db.session.scalars(select(Entry.number).where(Entry.list_id == list_id).order_by(Entry.number)))


def offer(scene: Scene, list_id: UUID, *chosen: int) -> UUID:
    to = scene.units["tram_khac"].id
    return transfers.offer(scene.actors["station_head"], list_id, chosen, to, "đã chuyển khẩu")


def test_a_declined_person_has_never_left_home(scene: Scene) -> None:
    of_list = scene.make_list(3)
    waiting = offer(scene, of_list, 2)
    assert (numbers(of_list), numbers(waiting)) == ([1, 3], [2])
    assert sees(scene, "foreign_station_head", waiting)
    assert not sees(scene, "foreign_police_head", waiting)
    transfers.decline(scene.actors["foreign_station_head"], waiting, "xã chúng tôi không có người này")
    assert numbers(waiting) == [2]
    assert not sees(scene, "foreign_station_head", waiting)
    assert sees(scene, "station_clerk", waiting)
    handovers.prepare_record(scene.actors["station_head"], waiting, Leg.STATION_TO_VILLAGE)


def test_an_accepted_list_is_the_other_communes_with_the_same_numbers(scene: Scene) -> None:
    of_list = scene.make_list(2)
    waiting = offer(scene, of_list, 2)
    code = scene.code_of(waiting)
    transfers.accept(scene.actors["foreign_station_head"], waiting)
    found = db.session.get_one(CorrectionList, waiting)
    assert (numbers(waiting), found.code, found.round, found.village_unit_id) == ([2], code, 2, None)
    assert (found.station_unit_id, found.police_unit_id) == (
        scene.units["tram_khac"].id,
        scene.units["cong_an_khac"].id,
    )
    assert not any(sees(scene, name, waiting) for name in ("station_clerk", "village_head", "coordinator"))
    running = db.session.scalars(select(Clock).where(Clock.list_id == waiting, Clock.stopped_at.is_(None))).one()
    assert running.unit_id == scene.units["tram_khac"].id
    lists.assign_village(scene.actors["foreign_station_head"], waiting, scene.units["to_cong_tac_c"].id)
    tags = db.session.scalars(select(Event.tag).where(Event.list_id == waiting).order_by(Event.id)).all()
    assert [tag for tag in tags if tag.startswith("list:")][-3:] == [
        "list:offered",
        "list:transferred",
        "list:village_assigned",
    ]


def test_while_it_waits_nothing_else_can_be_done_and_only_the_asked_station_answers(scene: Scene) -> None:
    waiting = offer(scene, scene.make_list(2), 1, 2)
    head, foreign = scene.actors["station_head"], scene.actors["foreign_station_head"]
    for act in (
        lambda: handovers.prepare_record(head, waiting, Leg.STATION_TO_VILLAGE),
        lambda: lists.cancel(head, waiting, "thử"),
        lambda: lists.assign_village(head, waiting, scene.units["to_cong_tac_b"].id),
        lambda: lists.assign_village(foreign, waiting, scene.units["to_cong_tac_c"].id),
        lambda: offer(scene, waiting, 1),
    ):
        with pytest.raises((WrongStage, NotPermitted)):
            act()
    with pytest.raises(NotPermitted):
        transfers.accept(head, waiting)
    with pytest.raises(NotFound):
        transfers.accept(scene.actors["village_head"], waiting)
    transfers.take_back(head, waiting)
    with pytest.raises(NotFound):
        transfers.accept(foreign, waiting)


def test_a_list_the_village_holds_comes_back_first_and_reasons_are_needed(scene: Scene) -> None:
    at_village = scene.put_before(Party.VILLAGE)
    with pytest.raises(WrongStage):
        offer(scene, at_village, 1)
    drafted = scene.make_list(1)
    to = scene.units["tram_khac"].id
    head = scene.actors["station_head"]
    for chosen, station, note in (
        ([1], to, " "),
        ([7], to, "lý do"),
        ([], to, "lý do"),
        ([1], scene.units["tram"].id, "x"),
    ):
        with pytest.raises(InvalidInput):
            transfers.offer(head, drafted, chosen, station, note)


def test_who_is_asked_may_read_and_answer_and_nothing_more(scene: Scene) -> None:
    """Its due day, its papers and its trail stay the home station's business until the list is taken over."""
    waiting = offer(scene, scene.make_list(2), 1, 2)
    asked, place = scene.actors["foreign_station_head"], place_of(db.session.get_one(CorrectionList, waiting))
    assert {each for each in Permission if can(asked, each, place)} == ASKED
    for permission in Permission:
        seen = select(CorrectionList.id).where(CorrectionList.id == waiting, visible_to(asked, permission))
        assert (db.session.scalar(seen) == waiting) == (permission in ASKED)
    with pytest.raises(NotPermitted):
        lists.change_due(asked, waiting, now() + timedelta(days=3))
    assert Side.PARTY not in sides_of(db.session.get_one(CorrectionList, waiting), asked)
    transfers.accept(asked, waiting)


_acts = st.lists(st.tuples(st.sampled_from(["offer", "back", "accept", "decline"]), st.integers(1, 4)), max_size=8)


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(_acts)
def test_after_any_acts_everybody_is_on_exactly_one_list(scene: Scene, acts: list[tuple[str, int]]) -> None:
    of_list = scene.make_list(4)
    batch = scene.batch_of(of_list)
    people = sorted(db.session.scalars(select(Entry.id).where(Entry.batch_id == batch)))
    head, foreign = scene.actors["station_head"], scene.actors["foreign_station_head"]
    for act, number in acts:
        for list_id in db.session.scalars(select(CorrectionList.id).where(CorrectionList.batch_id == batch)).all():
            try:
                {
                    "offer": lambda where=list_id, n=number: offer(scene, where, n),
                    "back": lambda where=list_id: transfers.take_back(head, where),
                    "accept": lambda where=list_id: transfers.accept(foreign, where),
                    "decline": lambda where=list_id: transfers.decline(foreign, where, "không"),
                }[act]()
                break
            except DomainError:
                db.session.rollback()
    held = db.session.execute(
        select(Entry.id, CorrectionList.holder_unit_id)
        .join(CorrectionList, CorrectionList.id == Entry.list_id)
        .where(Entry.batch_id == batch)
    ).all()
    assert sorted(row.id for row in held) == people
    assert {row.holder_unit_id for row in held} <= {scene.units["tram"].id, scene.units["tram_khac"].id}
    counted = select(func.sum(CorrectionList.entries)).where(CorrectionList.batch_id == batch)
    assert db.session.scalar(counted) == len(people)
