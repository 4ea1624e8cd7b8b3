from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.clock import now, today
from portal.domain.permissions import Permission, Role
from portal.domain.stages import Leg, Party
from portal.domain.transitions import Action
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, db
from portal.queries import inbox
from portal.queries.inbox_tabs import TABS, tabs_of
from portal.queries.scope import visible_to
from portal.services import lists, transfers
from tests.integration.scene import Scene

READERS = [
    "station_clerk", "village_helper", "other_village_head", "police_officer", "foreign_station_head", "coordinator",
    "supervisor", "auditor",
]  # fmt: skip


@pytest.fixture(scope="module")
def standing(scene: Scene) -> dict[str, object]:
    """Lists at every stage and every forward pending leg; one overdue, one cancelled, one of another commune."""
    made = {name: scene.make_list(2) for name in ("drafted", "sent", "at_village", "to_police", "at_police", "back")}
    scene.sign_over("station_head", made["sent"], Leg.STATION_TO_VILLAGE)
    scene.bring_to(Party.VILLAGE, made["at_village"])
    scene.bring_to(Party.VILLAGE, made["to_police"])
    scene.conclude_all("village_head", made["to_police"], Verdict.ALREADY_RIGHT)
    scene.sign_over("village_head", made["to_police"], Leg.VILLAGE_TO_POLICE)
    scene.bring_to(Party.POLICE, made["at_police"])
    scene.bring_to(Party.STATION, made["back"])
    made["cancelled"] = scene.make_list(1)
    lists.cancel(scene.actors["station_head"], made["cancelled"], "Nhập nhầm")
    made["unknown_village"] = scene.make_list(1, village=None)
    made["foreign"] = scene.make_list(1, station="tram_khac", village="to_cong_tac_c")
    db.session.execute(
        update(CorrectionList).where(CorrectionList.id == made["at_village"]).values(name="Bản Lừu Đá")
    )
    scene.make_late(made["at_village"], now() - timedelta(days=2))
    return made


def page(scene: Scene, reader: str, key: str, **more):  # type: ignore[no-untyped-def]
    actor = scene.actors[reader]
    tab = next(tab for tab in tabs_of(actor) if tab.key == key)
    return inbox.inbox_page(actor, tab, at=now(), on=today(), **more)


@pytest.mark.parametrize("reader", READERS)
def test_every_count_equals_the_length_of_its_list(scene: Scene, standing, reader) -> None:
    counted = inbox.counts(scene.actors[reader], now())
    for key, count in counted.items():
        assert len(page(scene, reader, key)) == count
        tab = next(tab for tab in tabs_of(scene.actors[reader]) if tab.key == key)
        assert inbox.matching(scene.actors[reader], tab, now()) == count


@pytest.mark.parametrize("reader", READERS)
def test_tabs_hold_exactly_the_lists_the_reader_may_see(scene: Scene, standing, reader) -> None:
    actor = scene.actors[reader]
    seen = {row.id for tab in tabs_of(actor) for row in page(scene, reader, tab.key)}
    visible = set(db.session.scalars(select(CorrectionList.id).where(visible_to(actor, Permission.LIST_READ))))
    assert seen == visible


@pytest.mark.parametrize("reader", ["station_clerk", "village_helper", "police_officer"])
def test_a_working_roles_list_is_in_one_tab_only(scene: Scene, standing, reader) -> None:
    rows = [row.id for tab in tabs_of(scene.actors[reader]) for row in page(scene, reader, tab.key)]
    assert len(rows) == len(set(rows))


def test_the_administrator_sees_no_list_at_all(scene: Scene, standing) -> None:
    assert Role.ADMINISTRATOR not in TABS
    assert inbox.counts(scene.actors["administrator"], now()) == {"all": 0}


@pytest.mark.parametrize(
    ("reader", "tab", "name", "act"),
    [
        ("station_head", "drafting", "drafted", Action.PREPARE),
        ("station_clerk", "drafting", "unknown_village", Action.ARRANGE),
        ("village_head", "incoming", "sent", Action.COUNTERSIGN),
        ("village_helper", "incoming", "sent", Action.OPEN),
        ("village_helper", "working", "at_village", Action.CORRECT),
        ("village_head", "outgoing", "to_police", None),
        ("police_head", "incoming", "to_police", Action.COUNTERSIGN),
        ("police_officer", "working", "at_police", Action.VERIFY),
        ("station_clerk", "returned", "back", Action.APPLY),
        ("coordinator", "station", "unknown_village", Action.ARRANGE),
        ("auditor", "village", "at_village", None),
    ],
)
def test_each_reader_is_offered_the_act_that_is_his(scene: Scene, standing, reader, tab, name, act) -> None:
    row = next(row for row in page(scene, reader, tab) if row.id == standing[name])
    assert (row.act.action if row.act else None) is act
    if row.act and row.act.on_record:
        assert row.address == f"/handovers/{row.record_id}"


def test_a_row_names_the_holder_and_whom_it_waits_for_with_phones(scene: Scene, standing) -> None:
    row = next(row for row in page(scene, "auditor", "village") if row.id == standing["to_police"])
    assert (row.holder.unit_name, row.holder.person, row.holder.phone) == (
        "To Cong Tac A",
        "Village Head",
        "0911111111",
    )
    assert row.awaited is not None
    assert row.awaited.unit_name == "Cong An"


def test_overdue_holds_open_lists_past_their_hour_and_nothing_else(scene: Scene, standing) -> None:
    assert [row.id for row in page(scene, "supervisor", "overdue")] == [standing["at_village"]]
    assert [row.id for row in page(scene, "village_head", "working", overdue=True)] == [standing["at_village"]]


@pytest.mark.parametrize("typed", ["lừu", "LUU DA", "luu", "Bản Lừu Đá"])
def test_search_ignores_case_marks_and_order(scene: Scene, standing, typed) -> None:
    found = page(scene, "auditor", "village", search=typed)
    assert [row.id for row in found] == [standing["at_village"]]


def test_search_takes_letters_of_sql_as_text(scene: Scene, standing) -> None:
    assert page(scene, "auditor", "village", search="%") == []
    assert page(scene, "auditor", "village", search="' OR 1=1 --") == []


def test_a_page_costs_the_same_selects_for_one_list_and_for_many(scene: Scene, standing) -> None:
    from sqlalchemy import event

    sent: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: sent.append(a[2]))
    page(scene, "auditor", "overdue")
    one = len(sent)
    page(scene, "auditor", "village")
    assert len(sent) == 2 * one == 6


def test_a_station_asked_to_take_people_is_led_to_its_answer_and_the_other_waits(scene: Scene) -> None:
    asked, station = scene.actors["foreign_station_head"], scene.actors["station_head"]
    of_list = scene.make_list(1)
    transfers.offer(station, of_list, [1], scene.units["tram_khac"].id, "đã chuyển khẩu")

    def row_of(name: str) -> inbox.InboxRow:
        tab = next(tab for tab in tabs_of(scene.actors[name]) if tab.key == "drafting")
        rows = inbox.inbox_page(scene.actors[name], tab, at=now(), on=today())
        return next(row for row in rows if row.id == of_list)

    there, home = row_of("foreign_station_head"), row_of("station_head")
    assert there.act is not None
    assert there.act.action is Action.ACCEPT_OFFER
    assert there.act.words == "Trả lời đề nghị chuyển xã"
    assert home.act is None
    assert home.awaited is not None
    assert home.awaited.unit_name == scene.units["tram_khac"].name
    transfers.decline(asked, of_list, "không có người này")
    after = row_of("station_head").act
    assert after is not None
    assert after.action is Action.PREPARE
