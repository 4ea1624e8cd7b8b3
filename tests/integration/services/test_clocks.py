"""Two clocks: the giver's stops at sending, the receiver's starts; days per step; the list's own due date stays."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal import clock as time
from portal.clock import local, now
from portal.domain.deadlines import is_late
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.stages import Leg, Party, Stage
from portal.domain.verdicts import Verdict
from portal.models import Batch, Clock, CorrectionList, db
from portal.queries import trail
from portal.queries.deadlines import clocks_of
from portal.services import handovers, lists, parts, signing, step_days
from portal.services.parts import Part
from portal.services.routes import due_words, route_of
from tests.integration.clock_checks import assert_clocks
from tests.integration.scene import PASSPHRASE, Scene, shown

YEAR = now().year + 1
MORNING = datetime(YEAR, 3, 30, 1, 15, tzinfo=UTC)
"""08:15 in Vietnam, two days before the end of a month; keys are valid from today on."""


def the_list(list_id: UUID) -> CorrectionList:
    db.session.rollback()
    return db.session.get_one(CorrectionList, list_id)


def stretches(list_id: UUID) -> list[Clock]:
    return list(db.session.scalars(select(Clock).where(Clock.list_id == list_id).order_by(Clock.id)))


def batch_of(list_id: UUID) -> UUID:
    return the_list(list_id).batch_id


def test_waiting_for_a_countersignature_is_the_receivers_time(scene: Scene) -> None:
    with time.at(MORNING):
        list_id = scene.make_list(1)
    with time.at(MORNING + timedelta(days=1)):
        record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
        assert_clocks(the_list(list_id))
    with time.at(MORNING + timedelta(days=3, hours=2)):
        scene.take("village_head", record)
    assert_clocks(the_list(list_id))
    told = [
        (each.kind, each.party, each.stopped_at and each.stopped_at - each.started_at) for each in stretches(list_id)
    ]
    assert told == [
        ("holding", "station", timedelta(days=1)),
        ("receipt", "village", timedelta(days=2, hours=2)),
        ("holding", "village", None),
    ]
    route = route_of(the_list(list_id), {}, [], clocks_of([list_id]), MORNING + timedelta(days=4))
    assert [(held.party, held.time, held.waiting) for held in route.held] == [
        (Party.STATION, timedelta(days=1), timedelta()),
        (Party.VILLAGE, timedelta(days=3), timedelta(days=2, hours=2)),
    ]
    assert sum((held.time for held in route.held), timedelta()) == timedelta(days=4)


@pytest.mark.parametrize("ends", ["refused", "recalled"])
def test_after_a_refusal_or_recall_the_givers_clock_goes_on_due_as_before(scene: Scene, ends: str) -> None:
    with time.at(MORNING):
        list_id = scene.make_list(1)
        step_days.set_days(scene.actors["coordinator"], batch_of(list_id), {"village_review": 2, "receipt": 1})
        scene.take("village_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE))
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
    due = the_list(list_id).late_from
    with time.at(MORNING + timedelta(days=1)):
        record = scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE)
        if ends == "recalled":
            signing.recall(scene.actors["village_head"], record)
        else:
            slip = handovers.prepare_refusal(scene.actors["police_head"], record, "content_unclear", "")
            signing.sign_prepared(scene.actors["police_head"], slip, PASSPHRASE, shown=shown(slip))
    found = the_list(list_id)
    assert_clocks(found)
    held, receipt, again = stretches(list_id)[-3:]
    assert (again.due_at, again.first_due_at, found.late_from) == (held.due_at, held.first_due_at, due)
    assert again.origin_id == held.id
    assert receipt.due_at is not None
    assert local(receipt.due_at).date() == local(MORNING).date() + timedelta(days=2)


def test_days_per_step_count_from_the_steps_begin_over_the_end_of_the_month(scene: Scene) -> None:
    with time.at(MORNING):
        list_id = scene.make_list(1)
        step_days.set_days(scene.actors["station_clerk"], batch_of(list_id), {"village_review": 3}, usual=True)
        record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
        scene.take("village_head", record)
    found = the_list(list_id)
    drafting, receipt, village = stretches(list_id)
    assert drafting.due_at == receipt.due_at == found.due_at, "a step without days is due with the whole list"
    assert village.due_at is not None
    assert f"{local(village.due_at):%d/%m/%Y}" == f"02/04/{YEAR}"
    assert local(village.due_at).timetz() == local(found.due_at or now()).timetz()
    from portal.services.clocks import usual_days

    assert usual_days(scene.units["tram"].id) == {"village_review": 3}, "the station's next batch takes them"
    step_days.set_days(scene.actors["station_clerk"], batch_of(list_id), {}, usual=True)


def test_days_are_set_by_the_batchs_station_or_its_coordinators_only(scene: Scene) -> None:
    batch_id = batch_of(scene.make_list(1))
    with pytest.raises(NotFound):
        step_days.set_days(scene.actors["foreign_station_head"], batch_id, {"receipt": 1})
    with pytest.raises((NotFound, NotPermitted)):
        step_days.set_days(scene.actors["village_head"], batch_id, {"receipt": 1})
    with pytest.raises(NotPermitted):
        step_days.set_days(scene.actors["auditor"], batch_id, {"receipt": 1})
    with pytest.raises(InvalidInput):
        step_days.set_days(scene.actors["coordinator"], batch_id, {"receipt": 366})
    db.session.rollback()
    assert db.session.get_one(Batch, batch_id).step_days == {}


def test_a_new_due_date_of_the_list_takes_along_the_step_that_was_due_with_it(scene: Scene) -> None:
    list_id = scene.make_list(1)
    before = the_list(list_id).due_at
    assert before is not None
    lists.change_due(scene.actors["coordinator"], list_id, before + timedelta(days=3))
    found, (running,) = the_list(list_id), stretches(list_id)
    assert (running.due_at, running.first_due_at) == (found.due_at, before)
    assert_clocks(found)


def test_work_after_the_due_moment_is_done_and_stamped_late(scene: Scene) -> None:
    """W10: a deadline that passes during the work stops nobody, and nothing of the work is discarded."""
    with time.at(MORNING):
        list_id = scene.make_list(1)
        scene.bring_to(Party.VILLAGE, list_id)
        scene.make_late(list_id, MORNING + timedelta(days=1))
    with time.at(MORNING + timedelta(days=1, hours=3)):
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
        record = scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE)
    with time.at(MORNING + timedelta(days=2)):
        scene.take("police_head", record)
    found = the_list(list_id)
    assert (found.stage, found.decided) == (Stage.POLICE_VERIFICATION, 0)
    village = next(each for each in stretches(list_id) if (each.kind, each.party) == ("holding", "village"))
    assert village.stopped_at is not None
    assert village.due_at is not None
    assert is_late(village.due_at, village.stopped_at)
    route = route_of(found, {}, [], clocks_of([list_id]), MORNING + timedelta(days=9))
    late = {(run.party, run.kind): run.late_by(MORNING + timedelta(days=9)) for run in route.runs}
    assert late[Party.VILLAGE, "holding"] == timedelta(hours=3), "what came after is not charged to the village"
    run = next(run for run in route.runs if (run.party, run.kind) == (Party.VILLAGE, "holding"))
    assert due_words(run, now()).endswith("trễ 3 giờ 0 phút")


def test_a_part_is_due_when_its_list_was_and_its_time_begins_with_it(scene: Scene) -> None:
    list_id = scene.make_list(3)
    scene.bring_to(Party.VILLAGE, list_id)
    due = stretches(list_id)[-1].due_at
    (part,) = parts.split(scene.actors["village_head"], list_id, [Part(frozenset({2}))])
    for each in (list_id, part):
        assert_clocks(the_list(each))
    (clock,) = stretches(part)
    assert (clock.due_at, clock.party, clock.unit_id) == (due, "village", scene.units["to_cong_tac_a"].id)
    found = the_list(part)
    older = trail.ancestors_of(scene.actors["auditor"], found)
    known = {each.id: each for each in (found, *older)}
    route = route_of(found, known, [], clocks_of(known), now())
    assert route.runs[0].since == the_list(list_id).created_at
    assert all(one.until == other.since for one, other in zip(route.runs, route.runs[1:], strict=False))
    parts.merge(scene.actors["village_head"], part, list_id)
    assert_clocks(the_list(list_id))
    assert_clocks(the_list(part))
