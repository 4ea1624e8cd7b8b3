import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from portal.clock import now
from portal.domain.deadlines import ClockKind
from portal.domain.errors import NotFound
from portal.domain.events import EventTag
from portal.domain.fields import Field
from portal.domain.stages import HandoverStatus, Leg, Party, Stage
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Event, db
from portal.services import entries, lists, reading, signing, trails
from portal.services.entries import Conclusion
from portal.services.trails import ToldEvent, Trail
from portal.verification.verdicts import Word
from tests.integration.scene import Scene, number_of

LONG_NUMBER = re.compile(r"\d{9}")


@pytest.fixture(scope="module")
def travelled(scene: Scene):  # type: ignore[no-untyped-def]
    """A list the police took, with a corrected number, a refused record and a note that bears a whole number."""
    list_id = scene.make_list(3)
    first = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    signing.recall(scene.actors["station_head"], first)
    scene.take("village_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE))
    village = scene.actors["village_head"]
    entries.conclude(
        village,
        list_id,
        1,
        Conclusion(Verdict.FIXED, {Field.ID_NUMBER: number_of(777), Field.FULL_NAME: "Vàng Thị Mỷ"}),
    )
    entries.conclude(
        village,
        list_id,
        2,
        Conclusion(Verdict.UNRESOLVED, reason="other", note=f"Số cũ {number_of(2)} của người khác"),
    )
    entries.conclude(village, list_id, 3, Conclusion(Verdict.ALREADY_RIGHT))
    scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    return list_id


def every_event(of: Trail) -> list[ToldEvent]:
    return trails.events_page(of, reads=True, newest_first=False, page=1, size=1000)


def test_the_route_names_each_holder_and_its_times_add_up(scene: Scene, travelled) -> None:
    of = trails.list_trail(scene.actors["auditor"], travelled)
    route = of.routes[0]
    assert [(run.party, run.stage) for run in route.runs if run.kind is ClockKind.HOLDING] == [
        (Party.STATION, Stage.DRAFTING),
        (Party.STATION, Stage.DRAFTING),
        (Party.VILLAGE, Stage.VILLAGE_REVIEW),
        (Party.POLICE, Stage.POLICE_VERIFICATION),
    ]
    assert all(before.until == after.since for before, after in pairwise(route.runs))
    assert route.runs[-1].until is None
    assert sum((held.time for held in route.held), timedelta()) == of.drawn_at - route.runs[0].since


def test_every_record_stands_there_with_the_verdict_on_its_bytes(scene: Scene, travelled) -> None:
    of = trails.list_trail(scene.actors["supervisor"], travelled)
    assert [record.status for record in of.records] == [
        HandoverStatus.RECALLED,
        HandoverStatus.COUNTERSIGNED,
        HandoverStatus.COUNTERSIGNED,
    ]
    assert [record.verdict.word for record in of.records] == [Word.GENUINE] * 3
    assert "chưa đủ chữ ký số (1/2)" in of.records[0].verdict.text
    assert "2 chữ ký" in of.records[1].verdict.text


def test_a_changed_value_is_told_from_what_to_what_without_its_whole_number(scene: Scene, travelled) -> None:
    told = every_event(trails.list_trail(scene.actors["village_head"], travelled))
    fixed = next(event for event in told if event.title.startswith("Thôn kết luận: dòng 1"))
    assert [(change.subject, change.before, change.after) for change in fixed.changes] == [
        ("Họ và tên (thôn đề xuất)", "Vàng Thị Thử B", "Vàng Thị Mỷ"),
        ("Số định danh (thôn đề xuất)", "···001", "···777"),
    ]
    assert fixed.who == "Village Head, Cán bộ, To Cong Tac A"


def test_no_word_of_a_trail_bears_a_whole_number_even_out_of_a_note(scene: Scene, travelled) -> None:
    told = every_event(trails.list_trail(scene.actors["police_head"], travelled))
    noted = next(event for event in told if event.title.startswith("Thôn kết luận: dòng 2"))
    assert "Số cũ ···002 của người khác" in noted.lines[0]
    # A record's own identifier is random and may have nine digits in a row.
    assert not LONG_NUMBER.search(str([replace(event, record_id=None) for event in told]))


def test_the_paper_tells_all_acts_and_bears_no_whole_number(scene: Scene, travelled, tmp_path) -> None:
    name, pdf = trails.trail_pdf(scene.actors["auditor"], travelled)
    assert re.fullmatch(r"[\w.-]+\.pdf", name)
    (tmp_path / "trail.pdf").write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "trail.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("Thu hồi", "Ký nhận", "đang giữ", "Mỷ", "2 chữ ký"):
        assert words in " ".join(text.split())
    assert not LONG_NUMBER.search(text)


def test_reading_is_written_once_a_quarter_of_an_hour_per_person_and_list(scene: Scene) -> None:
    list_id, auditor = scene.make_list(1), scene.actors["auditor"]
    for _ in range(3):
        trails.list_trail(auditor, list_id)
    trails.list_trail(scene.actors["supervisor"], list_id)
    readings = select(Event).where(Event.list_id == list_id, Event.tag == EventTag.TRAIL_READ.value)
    assert [event.user_id for event in db.session.scalars(readings.order_by(Event.id))] == [
        auditor.user_id,
        scene.actors["supervisor"].user_id,
    ]


def test_a_later_look_is_written_again(scene: Scene, monkeypatch) -> None:
    list_id, auditor = scene.make_list(1), scene.actors["auditor"]
    of_list = db.session.get_one(CorrectionList, list_id)
    assert reading.log_read(auditor, EventTag.LIST_OPENED, of_list)
    assert not reading.log_read(auditor, EventTag.LIST_OPENED, of_list)
    monkeypatch.setattr(reading, "now", lambda: now() + timedelta(minutes=16))
    assert reading.log_read(auditor, EventTag.LIST_OPENED, of_list)


@pytest.mark.parametrize("stranger", ["foreign_station_head", "other_village_head", "administrator"])
def test_whoever_may_not_see_the_list_does_not_learn_that_its_trail_exists(scene: Scene, travelled, stranger) -> None:
    with pytest.raises(NotFound):
        trails.list_trail(scene.actors[stranger], travelled)


def test_a_batch_has_a_trail_over_its_lists(scene: Scene, travelled) -> None:
    batch_id = db.session.get_one(CorrectionList, travelled).batch_id
    of = trails.batch_trail(scene.actors["station_clerk"], batch_id)
    assert len(of.records) == 3
    assert len(of.routes) == 1
    with pytest.raises(NotFound):
        trails.batch_trail(scene.actors["village_head"], batch_id)
    name, pdf = trails.batch_trail_pdf(scene.actors["auditor"], batch_id)
    assert name.startswith("ho-so-dot-")
    assert pdf.startswith(b"%PDF")


def test_a_cancelled_list_ends_its_route(scene: Scene) -> None:
    list_id = scene.make_list(1)
    lists.cancel(scene.actors["station_head"], list_id, "Nhập nhầm tệp")
    route = trails.list_trail(scene.actors["station_head"], list_id).routes[0]
    assert [run.stage for run in route.runs] == [Stage.DRAFTING]
    assert route.runs[-1].until is not None
    assert route.ended is not None
    assert route.ended[0] is Stage.CANCELLED


def test_a_reminder_and_a_new_due_date_are_told(scene: Scene) -> None:
    list_id, coordinator = scene.make_list(1), scene.actors["coordinator"]
    lists.remind(coordinator, list_id)
    lists.change_due(coordinator, list_id, now() + timedelta(days=3))
    told = {event.tag: event for event in every_event(trails.list_trail(coordinator, list_id))}
    assert told[EventTag.LIST_REMINDED].lines == ("Tram",)
    assert told[EventTag.DUE_CHANGED].changes[0].subject == "Hạn xử lý"


def test_records_out_of_the_store_are_named_and_not_called_genuine(scene: Scene) -> None:
    list_id = scene.make_list(1)
    record_id = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    from portal.models import Handover

    db.session.execute(update(Handover).where(Handover.id == record_id).values(pdf_sha256="0" * 64))
    db.session.commit()
    record = trails.list_trail(scene.actors["auditor"], list_id).records[0]
    assert (record.verdict.word, record.verdict.text) == (Word.UNDECIDED, "Không thấy tệp trong kho")
