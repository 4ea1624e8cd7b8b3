"""The station's lanes: exactly the E1/E2 entries in the import file, and the platform's own list decides who is done."""

from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from portal.domain.errors import InvalidInput
from portal.domain.fields import Field
from portal.domain.stages import Leg, Party, Stage
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, db
from portal.services import entries, platform
from portal.services.entries import Conclusion
from tests.integration.scene import Scene, number_of


def at_the_station(scene: Scene) -> object:
    """Three people: 1 had no number (E1), 2 a wrong name, 3 moved away."""
    list_id = scene.make_list(3)
    db.session.execute(
        Entry.__table__.update().where(Entry.list_id == list_id, Entry.number == 1).values(classes=["E1"])
    )
    db.session.commit()
    scene.bring_to(Party.VILLAGE, list_id)
    village, officer = scene.actors["village_head"], scene.actors["police_officer"]
    entries.conclude(village, list_id, 1, Conclusion(Verdict.FIXED, {Field.ID_NUMBER: number_of(41)}))
    entries.conclude(village, list_id, 2, Conclusion(Verdict.FIXED, {Field.FULL_NAME: "Sùng A Dế"}))
    entries.conclude(village, list_id, 3, Conclusion(Verdict.UNRESOLVED, reason="moved_away"))
    scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    for number in (1, 2):
        entries.conclude(officer, list_id, number, Conclusion(Verdict.VERIFIED))
    entries.conclude(officer, list_id, 3, Conclusion(Verdict.OUTCOME_ACCEPTED))
    scene.take("station_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION))
    return list_id


def workbook(rows: list[tuple[str, ...]]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD/CMND", "Kết quả", "Lý do"))
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def entry(list_id: object, number: int) -> Entry:
    db.session.rollback()
    return db.session.execute(select(Entry).where(Entry.list_id == list_id, Entry.number == number)).scalar_one()


def test_the_import_file_holds_exactly_the_entries_of_its_lane(scene: Scene) -> None:
    list_id = at_the_station(scene)
    name, data = platform.make_import_file(scene.actors["station_clerk"], list_id)
    assert name.endswith(".xlsx")
    text = [
        str(c.value)
        for row in openpyxl.load_workbook(BytesIO(data)).worksheets[0].iter_rows()
        for c in row
        if c.value
    ]
    assert number_of(41) in text
    assert "Sùng A Dế" not in text
    assert number_of(3) not in text


def test_marking_before_the_file_was_made_says_what_to_do(scene: Scene) -> None:
    list_id = at_the_station(scene)
    with pytest.raises(InvalidInput, match="Chưa tải tệp import"):
        platform.mark_imported(scene.actors["station_clerk"], list_id)


def test_only_what_the_platform_shows_right_is_done(scene: Scene) -> None:
    list_id, clerk = at_the_station(scene), scene.actors["station_clerk"]
    platform.make_import_file(clerk, list_id)
    assert platform.mark_imported(clerk, list_id) == 1
    entries.mark_field(clerk, list_id, 2, Field.FULL_NAME, done=True)
    one = ("1", entry(list_id, 1).recorded["full_name"], "01/02/1985", "Nữ", number_of(41), "Đúng", "")
    two = ("2", "Sùng A Dế", "01/02/1985", "Nữ", number_of(2), "Sai", "Họ tên không khớp")
    stranger = ("3", "Người Lạ Nào", "01/01/1990", "Nam", "015090990999", "Đúng", "")
    counts = platform.take_verification_list(clerk, list_id, workbook([one, two, stranger]))
    assert counts == {"confirmed": 1, "failed": 1, "unmatched": 1, "missing": 0}
    assert (entry(list_id, 1).outcome, entry(list_id, 2).outcome) == ("done", "")
    assert entry(list_id, 2).station_verdict == Verdict.APPLY_FAILED
    assert "không khớp" in entry(list_id, 2).station_note
    right = (*two[:5], "Đúng", "")
    assert platform.take_verification_list(clerk, list_id, workbook([right]))["confirmed"] == 1
    scene.sign_over("station_head", list_id, None)
    db.session.rollback()
    assert db.session.get_one(CorrectionList, list_id).stage == Stage.CLOSED


def test_a_broken_verification_list_changes_nothing_and_says_why(scene: Scene) -> None:
    list_id = at_the_station(scene)
    with pytest.raises(InvalidInput, match="xlsx"):
        platform.take_verification_list(scene.actors["station_clerk"], list_id, b"not a workbook")
