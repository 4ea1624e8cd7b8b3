"""More time: asked by the unit whose clock runs, answered by a unit above with a document or words; the old date stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal import clock as time
from portal.domain.errors import InvalidInput, NotPermitted, WrongStage
from portal.domain.events import EventTag
from portal.domain.stages import Leg, Party
from portal.models import Clock, CorrectionList, Event, Extension, db
from portal.queries import inbox
from portal.queries.deadlines import dues_of, newest_extension, steps_running
from portal.queries.inbox_tabs import tabs_of
from portal.services import extensions, lists
from portal.services.transitions import load_list, offers
from tests.integration.scene import Scene

YEAR = time.now().year + 1
MORNING = datetime(YEAR, 5, 25, 1, 0, tzinfo=UTC)
DUE = datetime(YEAR, 6, 1, 10, 0, tzinfo=UTC)
"""17:00 on 1 June in Vietnam."""
LATER = DUE + timedelta(days=4)


@pytest.fixture
def at_village(scene: Scene) -> UUID:
    with time.at(MORNING):
        list_id = scene.make_list(1)
        scene.bring_to(Party.VILLAGE, list_id)
        scene.make_late(list_id, DUE)
    return list_id


def asked(scene: Scene, list_id: UUID, *, by: str = "village_helper") -> None:
    extensions.ask(scene.actors[by], list_id, LATER, "Nhiều hộ đi nương, tối mới về")


def running(list_id: UUID) -> Clock:
    db.session.rollback()
    return db.session.scalars(select(Clock).where(Clock.list_id == list_id, Clock.stopped_at.is_(None))).one()


def tags(list_id: UUID) -> list[str]:
    query = select(Event.tag).where(Event.list_id == list_id, Event.tag.startswith("extension")).order_by(Event.id)
    return list(db.session.scalars(query))


def test_a_granted_extension_shows_the_old_date_beside_the_new_one(scene: Scene, at_village: UUID) -> None:
    with time.at(MORNING + timedelta(days=1)):
        asked(scene, at_village)
        assert running(at_village).due_at == DUE, "asking changes nothing"
        extensions.grant(scene.actors["coordinator"], at_village, LATER, document="15/UBND ngày 26/5/2026")
    step = steps_running([at_village])[at_village]
    assert (step.due_at, step.was_due_at) == (LATER, DUE)
    shown = dues_of([at_village])[at_village]
    assert (shown.at, shown.was) == (LATER, DUE)
    found = newest_extension(at_village)
    assert found is not None
    assert (found.old_due_at, found.new_due_at, found.document) == (DUE, LATER, "15/UBND ngày 26/5/2026")
    assert tags(at_village) == ["extension:asked", "extension:granted"]


def test_a_list_due_earlier_than_the_granted_date_moves_along_and_says_so(scene: Scene, at_village: UUID) -> None:
    with time.at(MORNING + timedelta(days=1)):
        asked(scene, at_village)
        extensions.grant(scene.actors["supervisor"], at_village, LATER, words="Đồng ý")
    of_list = db.session.get_one(CorrectionList, at_village)
    assert of_list.due_at == LATER
    assert of_list.late_from == LATER + timedelta(seconds=1)
    changed = select(Event).where(Event.list_id == at_village, Event.tag == EventTag.DUE_CHANGED.value)
    assert db.session.scalars(changed).one().payload["new"] == LATER.isoformat()


def test_a_refusal_leaves_the_date_and_keeps_the_words(scene: Scene, at_village: UUID) -> None:
    with time.at(MORNING + timedelta(days=1)):
        asked(scene, at_village)
        extensions.refuse(scene.actors["coordinator"], at_village, words="Cả xã phải xong trước 01/06")
        assert running(at_village).due_at == DUE
        found = newest_extension(at_village)
        assert found is not None
        assert (found.status, found.answer) == ("refused", "Cả xã phải xong trước 01/06")
        asked(scene, at_village)
    assert tags(at_village) == ["extension:asked", "extension:refused", "extension:asked"]


def test_only_the_unit_whose_clock_runs_asks_also_while_a_record_waits_for_it(scene: Scene) -> None:
    list_id = scene.make_list(1)
    due = running(list_id).due_at
    assert due is not None
    scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    with pytest.raises(NotPermitted):
        extensions.ask(scene.actors["station_head"], list_id, due + timedelta(days=1), "Muộn")
    extensions.ask(scene.actors["village_helper"], list_id, due + timedelta(days=1), "Tổ trưởng đi họp")
    with pytest.raises(NotPermitted):
        extensions.grant(scene.actors["station_head"], list_id, due + timedelta(days=1), words="Được")
    with pytest.raises(NotPermitted):
        extensions.grant(scene.actors["auditor"], list_id, due + timedelta(days=1), words="Được")


def test_what_was_asked_lapses_when_its_clock_stops(scene: Scene) -> None:
    list_id = scene.make_list(1)
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    due = running(list_id).due_at
    assert due is not None
    extensions.ask(scene.actors["village_helper"], list_id, due + timedelta(days=1), "Tổ trưởng đi họp")
    scene.take("village_head", record)
    assert db.session.scalars(select(Extension.status).where(Extension.list_id == list_id)).one() == "lapsed"
    with pytest.raises(WrongStage, match="Không có đề nghị gia hạn nào"):
        extensions.grant(scene.actors["coordinator"], list_id, due + timedelta(days=1), words="Được")


def test_bad_requests_and_answers_say_what_is_missing(scene: Scene, at_village: UUID) -> None:
    village, coordinator = scene.actors["village_helper"], scene.actors["coordinator"]
    with time.at(MORNING + timedelta(days=1)):
        with pytest.raises(InvalidInput, match="lý do"):
            extensions.ask(village, at_village, LATER, "  ")
        with pytest.raises(InvalidInput, match="sau hạn đang có"):
            extensions.ask(village, at_village, DUE, "Muộn")
        asked(scene, at_village)
        with pytest.raises(WrongStage, match="đang chờ cấp trên trả lời"):
            asked(scene, at_village)
        with pytest.raises(InvalidInput, match="văn bản hoặc lời giải thích"):
            extensions.grant(coordinator, at_village, LATER)
        with pytest.raises(InvalidInput, match="sau hạn đang có"):
            extensions.grant(coordinator, at_village, DUE, words="Được")
    with time.at(LATER + timedelta(days=1)), pytest.raises(InvalidInput, match="sau lúc này"):
        extensions.grant(coordinator, at_village, LATER, words="Được")


def test_nobody_answers_his_own_request(scene: Scene, at_village: UUID) -> None:
    with time.at(MORNING + timedelta(days=1)):
        asked(scene, at_village)
        same_person = replace(scene.actors["coordinator"], user_id=scene.actors["village_helper"].user_id)
        with pytest.raises(WrongStage, match="không tự trả lời"):
            extensions.grant(same_person, at_village, LATER, words="Được")


def test_the_coordinators_tab_of_requests_counts_what_it_lists(scene: Scene, at_village: UUID) -> None:
    coordinator = scene.actors["coordinator"]
    with time.at(MORNING + timedelta(days=1)):
        asked(scene, at_village)
        tab = next(tab for tab in tabs_of(coordinator) if tab.key == "extensions")
        rows = inbox.inbox_page(coordinator, tab, at=time.now(), on=time.today())
        assert at_village in {row.id for row in rows}
        assert inbox.counts(coordinator, time.now())["extensions"] == len(rows)
        offered = {o.transition.action: o for o in offers(coordinator, load_list(coordinator, at_village))}
        assert offered["grant_extension"].enabled  # type: ignore[index]


def test_a_repeated_request_is_one(scene: Scene, at_village: UUID) -> None:
    key = "5a0e7c1c-6a10-4a54-9d2c-0a3f6d1f0001"
    with time.at(MORNING + timedelta(days=1)):
        for _ in range(2):
            extensions.ask(scene.actors["village_helper"], at_village, LATER, "Muộn", key=key)
    assert tags(at_village) == ["extension:asked"]


def test_a_cancelled_list_needs_no_more_time(scene: Scene) -> None:
    list_id = scene.make_list(1)
    lists.cancel(scene.actors["station_head"], list_id, "Nhập nhầm")
    with pytest.raises(WrongStage):
        extensions.ask(scene.actors["station_head"], list_id, LATER, "Muộn")
