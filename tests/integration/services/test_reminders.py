"""Reminders by the clock and the day's digest: each once, to who must act, then to the units above."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portal import clock as time
from portal.domain.notices import NoticeKind
from portal.domain.stages import Leg, Party
from portal.models import Clock, CorrectionList, Event, Notice, Unit, db
from portal.queries.notices import digests, unread
from portal.services import extensions, handovers, lists, notices, reminders, signing
from tests.integration.clock_checks import assert_clocks
from tests.integration.scene import PASSPHRASE, Scene, shown

DUE = datetime(time.now().year + 1, 3, 1, 10, 0, tzinfo=UTC)
"""17:00 on 1 March in Vietnam: the day before is the last of February."""
MIDNIGHT = DUE - timedelta(hours=17)


@pytest.fixture
def waiting(scene: Scene) -> UUID:
    """A list at the village, due on 1 March; no other list is near its due day."""
    db.session.execute(update(Clock).values(due_at=None))
    db.session.commit()
    with time.at(DUE - timedelta(days=9)):
        list_id = scene.make_list(1)
        scene.bring_to(Party.VILLAGE, list_id)
        scene.make_late(list_id, DUE)
    return list_id


def reminded(list_id: UUID) -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Event.payload["step"].astext, Unit.code)
        .join(Unit, Unit.id == Event.payload["unit"].as_integer())
        .where(Event.list_id == list_id, Event.tag == "clock:reminded")
        .order_by(Event.id)
    )
    return [(step, code) for step, code in rows]


def test_each_day_reminds_once_first_the_unit_then_the_units_above(scene: Scene, waiting: UUID) -> None:
    before = db.session.get_one(CorrectionList, waiting)
    custody = (before.stage, before.holder_unit_id, before.rev)
    for day in range(-3, 8):
        for hour in (1, 9):
            with time.at(DUE + timedelta(days=day, hours=hour - 9)):
                reminders.send_due()
                assert reminders.send_due() == 0, "never twice"
    assert reminded(waiting) == [
        ("before", "TO_CONG_TAC_A"),
        ("on_day", "TO_CONG_TAC_A"),
        ("after", "TO_CONG_TAC_A"),
        ("to_coordinator", "TO_CONG_TAC_XA"),
        ("to_supervisor", "SO_Y_TE"),
    ]
    after = db.session.get_one(CorrectionList, waiting)
    assert (after.stage, after.holder_unit_id, after.rev) == custody, "a reminder never changes custody"
    assert_clocks(after)


def test_a_day_begins_at_midnight_in_vietnam(scene: Scene, waiting: UUID) -> None:
    with time.at(MIDNIGHT - timedelta(days=1, seconds=1)):
        assert reminders.send_due() == 0
    with time.at(MIDNIGHT - timedelta(days=1)):
        assert reminders.send_due() == 1
    assert reminded(waiting) == [("before", "TO_CONG_TAC_A")]


def test_what_was_missed_while_nothing_ran_is_not_made_up(scene: Scene, waiting: UUID) -> None:
    with time.at(DUE + timedelta(days=5)):
        assert reminders.send_due() == 1
    assert reminded(waiting) == [("to_supervisor", "SO_Y_TE")]


def test_a_recall_does_not_remind_the_giver_again_of_the_same_day(scene: Scene, waiting: UUID) -> None:
    from portal.domain.verdicts import Verdict

    with time.at(DUE):
        reminders.send_due()
        scene.conclude_all("village_head", waiting, Verdict.ALREADY_RIGHT)
        record = scene.sign_over("village_head", waiting, Leg.VILLAGE_TO_POLICE)
        reminders.send_due()
        signing.recall(scene.actors["village_head"], record)
        assert reminders.send_due() == 0
    assert reminded(waiting) == [("on_day", "TO_CONG_TAC_A"), ("on_day", "CONG_AN")]


def test_after_an_extension_the_days_are_counted_anew(scene: Scene, waiting: UUID) -> None:
    later = DUE + timedelta(days=3)
    with time.at(DUE + timedelta(days=1)):
        reminders.send_due()
        extensions.ask(scene.actors["village_head"], waiting, later, "Muộn")
        extensions.grant(scene.actors["coordinator"], waiting, later, words="Được")
        assert reminders.send_due() == 0
    with time.at(later):
        assert reminders.send_due() == 1
    assert [step for step, _ in reminded(waiting)] == ["after", "on_day"]


def lines_of(scene: Scene, name: str, list_id: UUID) -> list[str]:
    days, _total = digests(scene.actors[name], page=1, size=200)
    return [line.kind.value for day in days for line in day.lines if line.list_id == list_id]


def test_a_refusal_is_news_to_the_giver_and_the_commune_but_not_to_strangers(scene: Scene) -> None:
    list_id = scene.make_list(1)
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    assert lines_of(scene, "village_helper", list_id) == ["arrived"]
    slip = handovers.prepare_refusal(scene.actors["village_head"], record, "wrong_unit", "")
    signing.sign_prepared(scene.actors["village_head"], slip, PASSPHRASE, shown=shown(slip))
    assert lines_of(scene, "station_clerk", list_id) == ["refused"], "the clerk of the giving unit too"
    assert lines_of(scene, "coordinator", list_id) == ["refused"]
    for stranger in ("other_village_head", "foreign_station_head", "police_head", "administrator"):
        assert lines_of(scene, stranger, list_id) == []


def test_recalls_returns_and_reminders_by_hand_are_told(scene: Scene) -> None:
    from portal.domain.verdicts import Verdict

    list_id = scene.make_list(1)
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    signing.recall(scene.actors["station_head"], record)
    assert lines_of(scene, "village_head", list_id) == ["recalled", "arrived"]
    scene.take("village_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE))
    assert lines_of(scene, "station_head", list_id)[0] == "taken"
    lists.remind(scene.actors["coordinator"], list_id)
    assert lines_of(scene, "village_helper", list_id)[0] == "reminded"
    scene.conclude_all("village_head", list_id, Verdict.RETURNED, reason="wrong_village")
    scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_STATION)
    assert lines_of(scene, "station_clerk", list_id)[0] == "returned"
    assert lines_of(scene, "coordinator", list_id) == ["returned", "recalled"]


def test_the_days_digest_counts_its_lines_and_reading_it_takes_the_mark_away(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    reader, colleague = scene.actors["village_helper"], scene.actors["village_head"]
    days, total = digests(reader, page=1, size=200)
    assert total == sum(len(day.lines) for day in days)
    for day in days:
        assert sum(count for _kind, count in day.counts) == len(day.lines)
        assert {kind for kind, _count in day.counts} <= set(NoticeKind)
    assert unread(reader) == sum(line.is_new for day in days for line in day.lines) > 0
    shown_days, _ = notices.read(reader, page=1, size=200)
    assert any(line.is_new for day in shown_days for line in day.lines), "marked for the last time"
    assert unread(reader) == 0
    assert unread(colleague) > 0, "each person reads for himself"


def test_a_list_that_may_no_longer_be_seen_leaves_the_digest(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    before = unread(scene.actors["village_head"])
    found = db.session.get_one(CorrectionList, list_id)
    found.known_to_village = False
    db.session.commit()
    assert lines_of(scene, "village_head", list_id) == []
    assert unread(scene.actors["village_head"]) == before - 1
    assert db.session.scalars(select(Notice.kind).where(Notice.list_id == list_id)).all() == ["arrived"]
