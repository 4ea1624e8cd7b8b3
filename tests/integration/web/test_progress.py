import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.clock import now, today
from portal.domain.events import EventTag
from portal.domain.permissions import Permission
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Reason
from portal.models import Clock, CorrectionList, Entry, Event, db
from portal.queries import progress, statistics
from portal.queries.scope import visible_to
from portal.services import lists as list_service
from tests.integration.scene import Scene
from tests.integration.web.visitor import LONG_NUMBER, words_of


@pytest.fixture(scope="module")
def spread(scene: Scene) -> dict[str, object]:
    """People at every holder in one commune, some in another, one list cancelled, one overdue, one offered."""
    made = {
        "drafted": scene.make_list(2),
        "unknown": scene.make_list(1, village=None),
        "village": scene.make_list(3),
        "offered": scene.make_list(4),
        "police": scene.make_list(5),
        "foreign": scene.make_list(6, station="tram_khac", village="to_cong_tac_c"),
        "cancelled": scene.make_list(1),
    }
    scene.bring_to(Party.VILLAGE, made["village"])
    scene.sign_over("station_head", made["offered"], Leg.STATION_TO_VILLAGE)
    scene.bring_to(Party.POLICE, made["police"])
    list_service.cancel(scene.actors["station_head"], made["cancelled"], "Nhập nhầm")
    closed = scene.make_list(2)
    scene.bring_to(Party.STATION, closed)
    db.session.execute(update(Entry).where(Entry.list_id == closed).values(outcome=Reason.MOVED_AWAY.value))
    db.session.execute(
        update(CorrectionList).where(CorrectionList.id == closed).values(stage="closed", closed_at=now())
    )
    running = (Clock.list_id == made["village"]) & Clock.stopped_at.is_(None)
    db.session.execute(update(Clock).where(running).values(started_at=now() - timedelta(days=6)))
    scene.make_late(made["village"], now() - timedelta(days=1))
    return made


@pytest.mark.parametrize("name", ["coordinator", "supervisor", "auditor"])
def test_holders_sum_to_the_total_in_every_row_and_rows_to_the_visible_lists(scene: Scene, spread, name) -> None:
    actor = scene.actors[name]
    of = progress.territory(actor, None)
    assert of is not None
    rows = progress.progress(actor, of, now())
    for row in rows:
        assert row.station + row.village + row.police + row.done == row.total
    people = select(func.sum(CorrectionList.entries)).where(
        visible_to(actor, Permission.PROGRESS_READ), CorrectionList.stage != "cancelled"
    )
    assert progress.total_of(rows, "").total == db.session.scalar(people)


def test_a_province_is_shown_by_commune_and_a_commune_by_village(scene: Scene, spread) -> None:
    actor = scene.actors["auditor"]
    province = progress.progress(actor, progress.territory(actor, None), now())
    assert [
        (row.name, row.total, row.station, row.village, row.police, row.done, row.overdue) for row in province
    ] == [
        ("Xa", 17, 7, 3, 5, 2, 1),
        ("Xa Khac", 6, 6, 0, 0, 0, 0),
    ]
    commune = progress.progress(actor, progress.territory(actor, scene.units["xa"].id), now())
    assert [(row.name, row.total) for row in commune] == [("Ban A", 16), ("Thôn chưa rõ", 1)]
    village = progress.territory(actor, scene.units["ban_a"].id)
    assert progress.ancestors(actor, village) == [(scene.units["tinh"].id, "Tinh"), (scene.units["xa"].id, "Xa")]
    assert sum(row.total for row in progress.progress(actor, village, now())) == 16


def test_nobody_looks_beyond_the_own_territory(scene: Scene, spread) -> None:
    coordinator = scene.actors["coordinator"]
    for name in ("tinh", "xa_khac", "ban_c"):
        assert progress.territory(coordinator, scene.units[name].id) is None
    assert progress.territory(coordinator, scene.units["tram"].id) is None
    assert progress.ancestors(coordinator, progress.territory(coordinator, scene.units["ban_a"].id)) == [
        (scene.units["xa"].id, "Xa")
    ]


def test_the_unit_that_must_act_is_named_longest_wait_first(scene: Scene, spread) -> None:
    actor = scene.actors["supervisor"]
    found = statistics.bottlenecks(actor, progress.territory(actor, None), at=now(), on=today())
    first = found[0]
    assert (first.contact.unit_name, first.contact.person, first.lists, first.entries, first.waits_to_receive) == (
        "To Cong Tac A",
        "Village Head",
        2,
        7,
        1,
    )
    assert first.oldest_id == spread["village"]
    assert [each.since for each in found] == sorted(each.since for each in found)


def test_reasons_fall_into_the_seven_groups(scene: Scene, spread) -> None:
    actor = scene.actors["auditor"]
    groups = statistics.groups_of(statistics.reasons(actor, progress.territory(actor, None)))
    assert [group.number for group in groups] == [1, 2, 3, 4, 5, 6, 7]
    assert [group.people for group in groups] == [0, 2, 0, 0, 0, 0, 0]
    assert sum(len(group.reasons) for group in groups) == len(Reason)


@pytest.mark.parametrize("name", ["coordinator", "supervisor", "auditor"])
def test_the_page_shows_figures_people_to_call_and_trails_without_whole_numbers(spread, visit, name) -> None:
    page = visit(name).page("/progress")
    words = words_of(page)
    assert "Cộng" in words
    assert "Village Head 0911111111" in words
    assert f'href="/lists/{spread["village"]}/trail"' in page
    assert not LONG_NUMBER.search(page)


def test_figures_open_the_territory_below(scene: Scene, spread, visit) -> None:
    auditor = visit("auditor")
    address = re.search(r'href="(/progress/\d+)">Xa<', auditor.page("/progress"))[1]
    assert "Ban A 16" in words_of(auditor.page(address))
    assert "Đã đi khỏi địa phương 2" in words_of(auditor.page(f"{address}/reasons"))


def test_a_reminder_is_written_once_for_one_key_and_shown(scene: Scene, spread, visit) -> None:
    coordinator = visit("coordinator")
    page = coordinator.page("/progress")
    address = re.search(r'action="(/progress/\d+/reminders/[0-9a-f-]+)"', page)[1]
    key = re.search(r'name="key" value="([^"]+)"', page.partition(address)[2])[1]
    answers = [coordinator.post(address, {"key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    db.session.rollback()
    reminded = select(func.count()).where(Event.tag == EventTag.LIST_REMINDED.value)
    assert db.session.scalar(reminded) == 1
    words = words_of(coordinator.page(answers[0].headers["Location"]))
    assert "Đã nhắc việc." in words
    assert re.search(r"đã nhắc \d\d:\d\d", words)


def test_the_auditor_only_reads(scene: Scene, spread, visit) -> None:
    auditor = visit("auditor")
    assert "<button" not in auditor.page("/progress").partition("<main")[2]
    path = f"/progress/{scene.units['xa'].id}/reminders/{spread['village']}"
    assert auditor.post(path).status_code == 403


@pytest.mark.parametrize(
    ("name", "status"), [("station_head", 403), ("village_head", 403), ("police_head", 403), ("administrator", 403)]
)
def test_working_roles_have_no_progress_page(spread, visit, name, status) -> None:
    assert visit(name).get("/progress").status_code == status


def test_other_territories_are_not_found(scene: Scene, spread, visit) -> None:
    coordinator = visit("coordinator")
    for path in (
        f"/progress/{scene.units['xa_khac'].id}",
        f"/progress/{scene.units['tinh'].id}",
        "/progress/999999999",
    ):
        assert coordinator.get(path).status_code == 404
    assert coordinator.post(f"/progress/{scene.units['xa'].id}/reminders/{spread['foreign']}").status_code == 404


def test_the_number_of_selects_does_not_grow_with_the_lists(scene: Scene, spread) -> None:
    from sqlalchemy import event

    actor, sent = scene.actors["supervisor"], []
    of = progress.territory(actor, None)
    event.listen(db.engine, "before_cursor_execute", lambda *each: sent.append(each[2]))
    statistics.bottlenecks(actor, of, at=now(), on=today())
    progress.progress(actor, of, now())
    assert len(sent) == 5
