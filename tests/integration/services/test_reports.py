"""The way of a report: filled in, handed to the leader, signed off, taken or returned, restated; sums and who is missing."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from portal import clock as time
from portal.clock import now
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.permissions import Role
from portal.domain.report_deadlines import Timeliness
from portal.domain.report_states import ReportAct, ReportStatus
from portal.models import Event, Report, ReportDuty, Unit, UnitSuccession, db
from portal.queries import reports as queries
from portal.services import report_leaves, report_periods, report_sheets, reports
from portal.services.report_periods import Opening
from tests.integration.scene import Scene

YEAR = now().year + 1
DUE = datetime(YEAR, 3, 31, 13, 0, tzinfo=UTC)
"""20:00 in Vietnam on the last day of a month."""
DAY = DUE.date()
SIXTH = """
key = "cold_chain"
version = 1
title = "Báo cáo tủ lạnh bảo quản vắc xin"
short = "Tủ lạnh"
[measures]
fridges = "tủ"
[filling]
units = ["health_station", "industrial_zone_board"]
accept = "receipt"
[period]
kind = "day"
due_time = "20:00"
locks_after_hours = 2
[[sections]]
key = "a"
title = "Tủ lạnh"
[[sections.fields]]
key = "working"
label = "Đang chạy"
measure = "fridges"
[[sections.fields]]
key = "broken"
label = "Hỏng"
measure = "fridges"
[[sections.fields]]
key = "why"
label = "Vì sao hỏng"
kind = "text"
required = false
[[rules]]
key = "told"
check = "broken == 0 or filled(why)"
say = "Có tủ hỏng thì ghi vì sao."
at = "why"
"""


@pytest.fixture(scope="module", autouse=True)
def people(scene: Scene) -> Scene:
    """A second signer in each unit that sends, and the supervising office's own."""
    scene.person("other_station_clerk", "tram_khac", Role.STATION)
    scene.person("supervising_head", "so_y_te", Role.SUPERVISOR, signs=True)
    scene.person("zone_clerk", "khu_cong_nghiep", Role.REPORTER)
    db.session.commit()
    folder = report_periods.ground().settings.forms_folder
    folder.mkdir()
    (folder / "tu-lanh.toml").write_text(SIXTH, encoding="utf-8")
    checked = SIXTH.replace("cold_chain", "checked_chain").replace('"receipt"', '"parent"')
    (folder / "tu-lanh-xet.toml").write_text(checked, encoding="utf-8")
    return scene


def open_one(scene: Scene, form: str, day: datetime = DUE, **more: object) -> UUID:
    with time.at(day - timedelta(hours=10)):
        return report_periods.open_periods(
            scene.actors["supervisor"],
            form,
            Opening(day.date(), **more),  # type: ignore[arg-type]
        )[0]


def duty(period: UUID, unit: Unit) -> UUID:
    return db.session.scalars(
        select(ReportDuty.id).where(ReportDuty.period_id == period, ReportDuty.unit_id == unit.id)
    ).one()


def send(scene: Scene, clerk: str, head: str, of: UUID, **cells: str) -> str:
    reports.fill(scene.actors[clerk], of, cells)
    reports.hand_to_leader(scene.actors[clerk], of)
    return reports.sign_off(scene.actors[head], of, shown=digest(of))


def digest(of: UUID) -> str:
    db.session.rollback()
    found = queries.latest_of(of)
    assert found is not None
    return found.values_sha256


def latest(of: UUID) -> Report:
    db.session.rollback()
    found = queries.latest_of(of)
    assert found is not None
    return found


def total(scene: Scene, period: UUID) -> tuple[dict[str, int], set[str]]:
    db.session.rollback()
    top = duty(period, scene.units["so_y_te"])
    sheet = report_sheets.sheet(scene.actors["supervisor"], top)
    assert sheet.total is not None
    return sheet.total.values, set(sheet.total.missing)


def test_a_form_of_which_only_a_file_exists_goes_the_whole_way(scene: Scene) -> None:
    period = open_one(scene, "cold_chain")
    ours, zone = duty(period, scene.units["tram"]), duty(period, scene.units["khu_cong_nghiep"])
    with time.at(DUE - timedelta(hours=1)):
        with pytest.raises(InvalidInput) as refused:
            send(scene, "station_clerk", "station_head", ours, working="1.200", broken="3")
        assert set(refused.value.fields) == {"why"}
        code = send(scene, "station_clerk", "station_head", ours, why="Mất điện hai ngày")
        assert len(code) == 10
        assert queries.by_receipt(code) is not None
        assert latest(ours).status == ReportStatus.ACCEPTED
        send(scene, "zone_clerk", "reporter", zone, working="5", broken="0")
        sums, missing = total(scene, period)
        assert sums == {"working": 1205, "broken": 3}
        assert missing == {"Tram Khac"}


def test_the_industrial_zone_board_stands_outside_the_tree_and_sees_only_its_own(scene: Scene) -> None:
    period = open_one(scene, "cold_chain", DUE + timedelta(days=1))
    top, zone = duty(period, scene.units["so_y_te"]), duty(period, scene.units["khu_cong_nghiep"])
    found = db.session.get_one(ReportDuty, zone)
    assert found.parent_id == top
    assert queries.duty_of(scene.actors["reporter"], zone) is not None
    for other in (top, duty(period, scene.units["tram"])):
        assert queries.duty_of(scene.actors["reporter"], other) is None
        with pytest.raises(NotFound):
            report_sheets.sheet(scene.actors["reporter"], other)
    assert queries.duty_of(scene.actors["foreign_station_head"], duty(period, scene.units["tram"])) is None


def test_the_boundary_is_on_time_and_one_second_more_is_late(scene: Scene) -> None:
    for day, (seconds, stands) in enumerate(
        ((-1, Timeliness.IN_TIME), (0, Timeliness.IN_TIME), (1, Timeliness.LATE)), start=2
    ):
        due = DUE + timedelta(days=day)
        period = open_one(scene, "cold_chain", due)
        ours = duty(period, scene.units["tram"])
        with time.at(due + timedelta(seconds=seconds)):
            before = Timeliness.OVERDUE if seconds > 0 else Timeliness.AWAITED
            assert queries.stands(db.session.get_one(ReportDuty, ours), now()) is before
            send(scene, "station_clerk", "station_head", ours, working="1", broken="0")
            assert queries.stands(db.session.get_one(ReportDuty, ours), now()) is stands


def test_prepared_in_time_but_signed_late_is_late_and_the_wait_for_the_leader_is_kept(scene: Scene) -> None:
    due = DUE + timedelta(days=6)
    period = open_one(scene, "daily_progress", due)
    ours = duty(period, scene.units["tram"])
    cells = {
        each.key: "0" for each in report_sheets.sheet(scene.actors["station_clerk"], ours).form.fields if each.counts
    }
    with time.at(due - timedelta(minutes=30)):
        people = {"chairman": "Bà A", "leader": "Ông B, 0900 000 000", "section": "Văn phòng"}
        reports.fill(scene.actors["station_clerk"], ours, {**cells, **people})
        reports.hand_to_leader(scene.actors["station_clerk"], ours)
    with time.at(due + timedelta(minutes=30)):
        reports.sign_off(scene.actors["station_head"], ours, shown=digest(ours))
        assert queries.stands(db.session.get_one(ReportDuty, ours), now()) is Timeliness.LATE
        assert report_sheets.waiting_for_leader(latest(ours), now()) == 1.0
    assert db.session.get_one(ReportDuty, ours).answerer == scene.actors["station_head"].user_name


def test_who_prepared_a_report_does_not_sign_it_off_where_the_form_says_so(scene: Scene) -> None:
    due = DUE + timedelta(days=7)
    period = open_one(scene, "daily_progress", due)
    ours = duty(period, scene.units["tram"])
    with time.at(due - timedelta(hours=2)):
        cells = {
            each.key: "0"
            for each in report_sheets.sheet(scene.actors["station_head"], ours).form.fields
            if each.counts
        }
        people = {"chairman": "Bà A", "leader": "Ông B", "section": "Văn phòng"}
        reports.fill(scene.actors["station_head"], ours, {**cells, **people})
        reports.hand_to_leader(scene.actors["station_head"], ours)
        with pytest.raises(NotPermitted, match="hai người"):
            reports.sign_off(scene.actors["station_head"], ours, shown=digest(ours))
        with pytest.raises(NotPermitted):
            reports.sign_off(scene.actors["station_clerk"], ours, shown=digest(ours))
        reports.give_back(scene.actors["station_clerk"], ours)
        reports.hand_to_leader(scene.actors["station_clerk"], ours)
        with pytest.raises(StaleVersion):
            reports.sign_off(scene.actors["station_head"], ours, shown="0" * 64)
        reports.sign_off(scene.actors["station_head"], ours, shown=digest(ours))
        with pytest.raises(WrongStage):
            reports.sign_off(scene.actors["station_head"], ours, shown=digest(ours))


def test_a_returned_report_leaves_the_total_and_its_mending_is_a_new_version(scene: Scene) -> None:
    due = DUE + timedelta(days=8)
    period = open_one(scene, "cold_chain", due)
    ours, theirs = duty(period, scene.units["tram"]), duty(period, scene.units["tram_khac"])
    supervisor = scene.actors["supervisor"]
    with time.at(due - timedelta(hours=3)):
        send(scene, "station_clerk", "station_head", ours, working="4", broken="0")
        send(scene, "other_station_clerk", "foreign_station_head", theirs, working="2", broken="0")
        with pytest.raises(InvalidInput):
            reports.return_report(supervisor, ours, " ")
        with pytest.raises(InvalidInput, match="1000") as refused:
            reports.return_report(supervisor, ours, "x" * 1001)
        assert set(refused.value.fields) == {"reason"}
        with pytest.raises(NotPermitted):
            reports.return_report(scene.actors["station_head"], ours, "tự trả")
        reports.return_report(supervisor, ours, "Thiếu tủ ở thôn")
        assert total(scene, period) == ({"working": 2, "broken": 0}, {"Tram", "Khu Cong Nghiep"})
        assert db.session.get_one(ReportDuty, ours).sent_at is None
        send(scene, "station_clerk", "station_head", ours, working="7", broken="0")
        assert total(scene, period) == ({"working": 9, "broken": 0}, {"Khu Cong Nghiep"})
    versions = queries.versions_of(supervisor, db.session.get_one(ReportDuty, ours))
    assert [(each.version, each.status, each.values["working"]) for each in versions] == [
        (2, "accepted", 7), (1, "returned", 4),
    ]  # fmt: skip


def test_a_restatement_keeps_the_old_version_and_warns_the_total_that_was_sent(scene: Scene) -> None:
    due = DUE + timedelta(days=9)
    period = open_one(scene, "cold_chain", due)
    ours, top = duty(period, scene.units["tram"]), duty(period, scene.units["so_y_te"])
    with time.at(due - timedelta(hours=3)):
        send(scene, "station_clerk", "station_head", ours, working="4", broken="0")
        reports.hand_to_leader(scene.actors["supervisor"], top)
        reports.sign_off(scene.actors["supervising_head"], top, shown=digest(top))
        sent = latest(top)
        assert (sent.status, sent.values["working"], sent.outdated_at) == ("accepted", 4, None)
        assert set(sent.missing) == {"Tram Khac", "Khu Cong Nghiep"}
        reports.restate(scene.actors["station_clerk"], ours, "Đếm sót một tủ")
        assert total(scene, period)[0]["working"] == 4
        send(scene, "station_clerk", "station_head", ours, working="5")
        assert total(scene, period)[0]["working"] == 5
        assert latest(top).outdated_at is not None
        assert latest(top).values["working"] == 4
        assert [each.status for each in queries.versions_of(scene.actors["supervisor"], db.session.get_one(ReportDuty, ours))] == [
            "accepted", "superseded",
        ]  # fmt: skip
        reports.restate(scene.actors["supervisor"], top, "Trạm đính chính")
        reports.hand_to_leader(scene.actors["supervisor"], top)
        assert (latest(top).values["working"], latest(top).outdated_at) == (5, None)


def test_a_returned_restatement_leaves_the_unit_in_time_with_what_counts(scene: Scene) -> None:
    due = DUE + timedelta(days=22)
    ours = duty(open_one(scene, "checked_chain", due), scene.units["tram"])
    clerk, supervisor = scene.actors["station_clerk"], scene.actors["supervisor"]
    with time.at(due - timedelta(hours=3)):
        send(scene, "station_clerk", "station_head", ours, working="1", broken="0")
        reports.accept(supervisor, ours)
        reports.restate(clerk, ours, "Đếm sót")
        send(scene, "station_clerk", "station_head", ours, working="2")
        reports.return_report(supervisor, ours, "Bản đầu mới đúng")
    found = db.session.get_one(ReportDuty, ours)
    assert found.accepted_version == 1
    assert queries.stands(found, due + timedelta(days=1)) is Timeliness.IN_TIME


def test_a_total_being_handed_on_is_warned_of_a_report_taken_meanwhile(scene: Scene) -> None:
    due = DUE + timedelta(days=24)
    period = open_one(scene, "checked_chain", due)
    ours, top = duty(period, scene.units["tram"]), duty(period, scene.units["so_y_te"])
    supervisor = scene.actors["supervisor"]
    with time.at(due - timedelta(hours=3)):
        theirs = duty(period, scene.units["khu_cong_nghiep"])
        send(scene, "zone_clerk", "reporter", theirs, working="1", broken="0")
        reports.accept(supervisor, theirs)
        send(scene, "station_clerk", "station_head", ours, working="1", broken="0")
        reports.hand_to_leader(supervisor, top)
        reports.give_back(supervisor, top)
    app = scene.app
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    def take() -> None:
        with app.app_context(), time.at(due - timedelta(hours=2)):
            reports.accept(supervisor, ours)

    taken = threading.Thread(target=take)
    with (
        db.engine.connect() as handing,
        db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking,
    ):
        handing.execute(text("SELECT FROM report_duty WHERE id = :id FOR UPDATE"), {"id": top})
        handing.execute(text("UPDATE report SET status = 'for_sign_off' WHERE duty_id = :id"), {"id": top})
        taken.start()
        while taken.is_alive() and not looking.scalar(waits):
            taken.join(0.02)
        handing.commit()
    taken.join()
    assert latest(ours).status == ReportStatus.ACCEPTED
    assert latest(top).outdated_at is not None


def test_a_locked_period_takes_nothing_more(scene: Scene) -> None:
    due = DUE + timedelta(days=10)
    period = open_one(scene, "cold_chain", due)
    ours = duty(period, scene.units["tram"])
    clerk = scene.actors["station_clerk"]
    with time.at(due + timedelta(hours=2)):
        reports.fill(clerk, ours, {"working": "1"})
    with time.at(due + timedelta(hours=2, seconds=1)):
        with pytest.raises(WrongStage, match="khóa"):
            reports.fill(clerk, ours, {"working": "2"})
        assert not report_sheets.sheet(clerk, ours).open
        assert ReportAct.FILL not in report_sheets.sheet(clerk, ours).acts


def test_a_lock_leaves_a_way_to_restate_what_was_sent_and_does_not_stop_the_top(scene: Scene) -> None:
    due = DUE + timedelta(days=23)
    period = open_one(scene, "cold_chain", due)
    ours, top = duty(period, scene.units["tram"]), duty(period, scene.units["so_y_te"])
    clerk, supervisor = scene.actors["station_clerk"], scene.actors["supervisor"]
    with time.at(due - timedelta(hours=3)):
        send(scene, "station_clerk", "station_head", ours, working="1", broken="0")
        with pytest.raises(WrongStage, match="đã gửi"):
            report_leaves.ask(clerk, ours, due + timedelta(days=2), "Đếm sót")
    with time.at(due + timedelta(hours=5)):
        with pytest.raises(WrongStage, match="khóa"):
            reports.restate(clerk, ours, "Đếm sót")
        report_leaves.ask(clerk, ours, due + timedelta(days=2), "Đếm sót")
        report_leaves.grant(supervisor, ours, due + timedelta(days=2), words="Đồng ý")
        reports.restate(clerk, ours, "Đếm sót")
        send(scene, "station_clerk", "station_head", ours, working="2")
        assert queries.stands(db.session.get_one(ReportDuty, ours), now()) is Timeliness.IN_TIME
        # Nobody stands above the top who could open its lock: its period never closes.
        reports.hand_to_leader(supervisor, top)
        reports.sign_off(scene.actors["supervising_head"], top, shown=digest(top))
        assert latest(top).values["working"] == 2


def test_two_clerks_do_not_overwrite_each_other_in_silence(scene: Scene) -> None:
    due = DUE + timedelta(days=11)
    ours = duty(open_one(scene, "cold_chain", due), scene.units["tram"])
    clerk, head = scene.actors["station_clerk"], scene.actors["station_head"]
    with time.at(due - timedelta(hours=3)):
        reports.fill(clerk, ours, {"working": "1", "broken": "0"}, was={"working": "", "broken": ""})
        reports.fill(head, ours, {"working": "", "broken": "2"}, was={"working": "", "broken": "0"})
        assert latest(ours).values["working"] == 1
        assert latest(ours).values["broken"] == 2
        with pytest.raises(StaleVersion, match="Đang chạy"):
            reports.fill(head, ours, {"working": "9"}, was={"working": ""})


def test_the_same_form_key_sends_once(scene: Scene) -> None:
    due = DUE + timedelta(days=12)
    ours = duty(open_one(scene, "cold_chain", due), scene.units["tram"])
    key = "9b2f6f8e-6a84-4f0d-9f0a-000000000001"
    with time.at(due - timedelta(hours=3)):
        reports.fill(scene.actors["station_clerk"], ours, {"working": "1", "broken": "0"})
        reports.hand_to_leader(scene.actors["station_clerk"], ours)
        shown = digest(ours)
        first = reports.sign_off(scene.actors["station_head"], ours, shown=shown, key=key)
        assert reports.sign_off(scene.actors["station_head"], ours, shown=shown, key=key) == first
    told = select(func.count()).where(Event.tag == "report:sent", Event.payload["duty"].astext == str(ours))
    assert db.session.scalar(told) == 1


def test_the_cleaning_progress_comes_from_the_lists_and_adds_up(scene: Scene) -> None:
    scene.make_list(3)
    period = open_one(scene, "cleaning_progress", DUE + timedelta(days=13))
    ours = duty(period, scene.units["tram"])
    with time.at(DUE + timedelta(days=13) - timedelta(hours=4)):
        reports.fill(scene.actors["station_clerk"], ours, {"total": "999", "note": "gõ không được"})
        reports.hand_to_leader(scene.actors["station_clerk"], ours)
        found = latest(ours).values
        assert found["total"] >= 3
        assert found["total"] == found["no_or_bad"] + found["right"] + found["wrong"] + found["pending"]
        assert found["note"] == "gõ không được"


def test_a_unit_merged_in_mid_period_hands_its_duty_to_its_successor_and_the_total_stays(scene: Scene) -> None:
    due = DUE + timedelta(days=14)
    period = open_one(scene, "cold_chain", due)
    theirs = duty(period, scene.units["tram_khac"])
    with time.at(due - timedelta(hours=3)):
        send(scene, "other_station_clerk", "foreign_station_head", theirs, working="2", broken="0")
        ended = db.session.get_one(Unit, scene.units["tram_khac"].id)
        ended.valid_to = (due - timedelta(days=1)).date()
        db.session.add(
            UnitSuccession(from_unit_id=ended.id, to_unit_id=scene.units["tram"].id, kind="merge",
                           effective_on=due.date(), decision="thử")
        )  # fmt: skip
        db.session.commit()
        assert report_periods.follow_successions() > 0
        assert report_periods.follow_successions() == 0
        found = db.session.get_one(ReportDuty, theirs)
        assert (found.unit_id, found.responsible_unit_id) == (ended.id, scene.units["tram"].id)
        assert total(scene, period)[0]["working"] == 2
        reports.restate(scene.actors["station_clerk"], theirs, "Xã cũ đếm sót")
        send(scene, "station_clerk", "station_head", theirs, working="3")
        assert total(scene, period)[0]["working"] == 3
        next_period = open_one(scene, "cold_chain", due + timedelta(days=1))
        owing = select(ReportDuty.unit_id).where(ReportDuty.period_id == next_period)
        assert ended.id not in set(db.session.scalars(owing))


def test_who_answers_for_a_report_and_stands_above_it_too_need_not_take_it_from_himself(scene: Scene) -> None:
    """A level was removed: the province's office answers for the district's report, and for the total it goes into."""
    due = DUE + timedelta(days=25)
    period = open_one(scene, "checked_chain", due)
    ours = duty(period, scene.units["tram"])
    db.session.get_one(ReportDuty, ours).responsible_unit_id = scene.units["so_y_te"].id
    db.session.commit()
    with time.at(due - timedelta(hours=3)):
        send(scene, "supervisor", "supervising_head", ours, working="6", broken="0")
        assert latest(ours).status == ReportStatus.ACCEPTED
        assert total(scene, period)[0]["working"] == 6


def test_the_figures_of_a_merged_unit_stay_when_its_successor_counts_them(scene: Scene) -> None:
    scene.make_list(3)
    due = DUE + timedelta(days=26)
    ours = duty(open_one(scene, "cleaning_progress", due), scene.units["tram"])
    with time.at(due - timedelta(hours=4)):
        known = report_sheets.sheet(scene.actors["station_clerk"], ours).values
        assert int(known["total"] or 0) >= 3
        db.session.get_one(ReportDuty, ours).responsible_unit_id = scene.units["tram_khac"].id
        db.session.commit()
        successor = scene.actors["other_station_clerk"]
        assert report_sheets.sheet(successor, ours).values == known
        reports.hand_to_leader(successor, ours)
        assert latest(ours).values["total"] == known["total"]


def test_a_period_opens_once_and_only_for_who_gathers(scene: Scene) -> None:
    due = DUE + timedelta(days=20)
    open_one(scene, "cold_chain", due)
    with pytest.raises(InvalidInput, match="đã mở"):
        open_one(scene, "cold_chain", due)
    with pytest.raises(NotFound):
        report_periods.open_periods(scene.actors["station_head"], "cold_chain", Opening(due.date()))
    with pytest.raises(InvalidInput):
        report_periods.open_periods(scene.actors["supervisor"], "nothing", Opening(due.date()))


def test_a_changed_file_needs_a_new_version_and_open_periods_keep_the_old_one(scene: Scene) -> None:
    due = DUE + timedelta(days=21)
    period = open_one(scene, "cold_chain", due)
    path = report_periods.ground().settings.forms_folder / "tu-lanh.toml"
    try:
        path.write_text(SIXTH.replace("Đang chạy", "Đang hoạt động"), encoding="utf-8")
        with pytest.raises(InvalidInput, match="phiên bản"):
            open_one(scene, "cold_chain", due + timedelta(days=1))
        changed = SIXTH.replace("Đang chạy", "Đang hoạt động").replace("version = 1", "version = 2")
        path.write_text(changed, encoding="utf-8")
        newer = open_one(scene, "cold_chain", due + timedelta(days=1))
    finally:
        path.write_text(SIXTH, encoding="utf-8")
    words = [
        report_periods.form_of(db.session.get_one(report_periods.ReportPeriod, each)).field("working").label
        for each in (period, newer)
    ]
    assert words == ["Đang chạy", "Đang hoạt động"]


def test_a_report_is_not_handed_on_before_the_day_it_tells_of(scene: Scene) -> None:
    due = DUE + timedelta(days=30)
    ours = duty(open_one(scene, "cold_chain", due), scene.units["tram"])
    clerk = scene.actors["station_clerk"]
    with time.at(due - timedelta(days=1)):
        reports.fill(clerk, ours, {"working": "1", "broken": "0"})
        with pytest.raises(WrongStage, match="chưa đến") as refused:
            reports.hand_to_leader(clerk, ours)
    assert f"{due:%d/%m/%Y}" in str(refused.value)
    with time.at(due - timedelta(hours=1)):
        reports.hand_to_leader(clerk, ours)


def test_a_total_in_which_nobody_is_yet_is_not_handed_on(scene: Scene) -> None:
    due = DUE + timedelta(days=31)
    top = duty(open_one(scene, "cold_chain", due), scene.units["so_y_te"])
    with time.at(due - timedelta(hours=1)), pytest.raises(WrongStage, match="Chưa có đơn vị nào trong tổng"):
        reports.hand_to_leader(scene.actors["supervisor"], top)


def test_a_period_is_not_opened_after_its_due_moment(scene: Scene) -> None:
    with time.at(DUE + timedelta(days=32, seconds=1)), pytest.raises(InvalidInput, match="đã qua"):
        report_periods.open_periods(
            scene.actors["supervisor"], "cold_chain", Opening((DUE + timedelta(days=32)).date())
        )


def test_what_nobody_has_taken_yet_is_returned_not_restated(scene: Scene) -> None:
    due = DUE + timedelta(days=33)
    ours = duty(open_one(scene, "checked_chain", due), scene.units["tram"])
    clerk, supervisor = scene.actors["station_clerk"], scene.actors["supervisor"]
    with time.at(due - timedelta(hours=1)):
        send(scene, "station_clerk", "station_head", ours, working="1", broken="0")
        with pytest.raises(WrongStage, match="So Y Te"):
            reports.restate(clerk, ours, "Đếm sót")
        reports.accept(supervisor, ours)
        reports.restate(clerk, ours, "Đếm sót")


def test_the_top_asks_nobody_for_more_time(scene: Scene) -> None:
    due = DUE + timedelta(days=34)
    top = duty(open_one(scene, "cold_chain", due), scene.units["so_y_te"])
    with time.at(due - timedelta(hours=1)), pytest.raises(WrongStage, match="cấp cao nhất"):
        report_leaves.ask(scene.actors["supervisor"], top, due + timedelta(days=2), "Lũ")
