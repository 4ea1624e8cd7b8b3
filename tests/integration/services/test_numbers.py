"""Numbers of records: gap-free per unit and year, never twice, whatever happens at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from portal.domain.events import EventTag
from portal.domain.stages import Leg
from portal.models import Event, Handover, db
from portal.services import handovers, signing
from portal.services.numbers import give_back, take_number
from tests.integration.scene import Scene


def in_own_connection(scene: Scene, act: Callable[[], int]) -> int:
    with scene.app.app_context():
        try:
            number = act()
            db.session.commit()
            return number
        finally:
            db.session.remove()


def test_forty_drafts_at_once_get_forty_numbers_without_a_gap(scene: Scene) -> None:
    unit = scene.units["cong_an_khac"].id
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(in_own_connection, scene, lambda: take_number(unit, 2031)) for _ in range(40)]
        numbers = sorted(job.result() for job in jobs)
    assert numbers == list(range(1, 41))


def test_an_abandoned_number_goes_to_the_next_record_and_only_once(scene: Scene) -> None:
    unit = scene.units["cong_an_khac"].id
    assert [take_number(unit, 2032) for _ in range(3)] == [1, 2, 3]
    give_back(unit, 2032, 2)
    give_back(unit, 2032, 1)
    assert [take_number(unit, 2032) for _ in range(4)] == [1, 2, 4, 5]
    db.session.commit()


def test_each_year_begins_at_one(scene: Scene) -> None:
    unit = scene.units["cong_an_khac"].id
    assert take_number(unit, 2033) == 1
    assert take_number(unit, 2034) == 1
    db.session.commit()


def test_recalled_and_refused_records_keep_their_numbers(scene: Scene) -> None:
    list_id, head = scene.make_list(), scene.actors["station_head"]
    recalled = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    signing.recall(head, recalled)
    draft = handovers.prepare_record(head, list_id, Leg.STATION_TO_VILLAGE)
    number = db.session.get_one(Handover, draft).number
    handovers.abandon(head, draft)
    again = handovers.prepare_record(head, list_id, Leg.STATION_TO_VILLAGE)
    assert db.session.get_one(Handover, again).number == number
    taken = db.session.scalars(
        select(Handover.number).where(Handover.giver_unit_id == head.unit_id, Handover.number.is_not(None))
    ).all()
    assert sorted(taken) == list(range(1, len(taken) + 1))


@pytest.mark.parametrize("settles", ["countersign", "recall"])
def test_a_refusal_begun_and_dropped_gives_its_number_back_and_says_so(scene: Scene, settles: str) -> None:
    list_id = scene.make_list()
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    slip_id = handovers.prepare_refusal(scene.actors["village_head"], record, "wrong_count", "")
    number = db.session.get_one(Handover, slip_id).number
    if settles == "countersign":
        scene.take("village_head", record)
    else:
        signing.recall(scene.actors["station_head"], record)
    db.session.expire_all()
    slip = db.session.get_one(Handover, slip_id)
    assert (slip.status, slip.number) == ("abandoned", None)
    told = select(Event.payload).where(Event.handover_id == slip_id, Event.tag == EventTag.HANDOVER_ABANDONED.value)
    assert [payload["number"] for payload in db.session.scalars(told)] == [number]
    assert take_number(slip.giver_unit_id, slip.year) == number
    db.session.rollback()
