"""The station's lanes: exactly the E1/E2 entries in the import file, and the platform's own list decides who is done."""

from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from portal.domain.errors import InvalidInput
from portal.domain.fields import Field
from portal.domain.stages import Leg, Party, Stage
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, PlatformExchange, db
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
    assert counts == {"confirmed": 1, "failed": 1, "reopened": 0, "unmatched": 1, "missing": 0}
    assert (entry(list_id, 1).outcome, entry(list_id, 2).outcome) == ("done", "")
    assert entry(list_id, 2).station_verdict == Verdict.APPLY_FAILED
    assert "không khớp" in entry(list_id, 2).station_note
    right = (*two[:5], "Đúng", "")
    assert platform.take_verification_list(clerk, list_id, workbook([right]))["confirmed"] == 1
    scene.sign_over("station_head", list_id, None)
    db.session.rollback()
    assert db.session.get_one(CorrectionList, list_id).stage == Stage.CLOSED


def test_a_confirmed_entry_that_a_later_list_shows_wrong_is_open_again(scene: Scene) -> None:
    list_id, clerk = scene.put_before(Party.STATION, 2), scene.actors["station_clerk"]
    second = entry(list_id, 2)
    second.verified = {**second.verified, "id_number": number_of(2)}
    db.session.commit()
    platform.make_import_file(clerk, list_id)
    platform.mark_imported(clerk, list_id)
    rows = [("1", "Vàng Thị Thử", "", "Nữ", number_of(1), said, "Trùng số") for said in ("Đúng", "Đúng", "Sai")]
    assert platform.take_verification_list(clerk, list_id, workbook(rows[:1]))["confirmed"] == 1
    before = db.session.get_one(CorrectionList, list_id).decided
    again = platform.take_verification_list(clerk, list_id, workbook(rows[1:2]))
    assert (again["confirmed"], again["reopened"]) == (0, 0)
    assert platform.take_verification_list(clerk, list_id, workbook(rows[2:]))["reopened"] == 1
    reopened = [one for one in (entry(list_id, 1), entry(list_id, 2)) if one.station_verdict == Verdict.APPLY_FAILED]
    assert [(one.outcome, "Trùng số" in one.station_note) for one in reopened] == [("", True)]
    assert db.session.get_one(CorrectionList, list_id).decided == before - 1


def test_the_answer_to_the_import_file_marks_each_entry_in_the_platforms_words(scene: Scene) -> None:
    list_id, clerk = scene.put_before(Party.STATION, 4), scene.actors["station_clerk"]
    names = ("Vàng Thị Một", "Vàng Thị Hai", "Vàng Thị Ba", "Vàng Thị Bốn")
    for number, name in enumerate(names, start=1):
        one = entry(list_id, number)
        one.verified = {**one.recorded, "full_name": name, "id_number": number_of(40 + number)}
        one.lane = "import"
        db.session.commit()
    said = (("Đúng", ""), ("Lỗi", "Trùng số định danh"), ("Đang xử lý", ""))
    rows = [
        (str(n), names[n - 1], "01/02/1985", "Nữ", number_of(40 + n), *words) for n, words in enumerate(said, start=1)
    ]
    rows.append(("5", "Người Lạ Nào", "01/01/1990", "Nam", "015090990999", "Đúng", ""))
    with pytest.raises(InvalidInput, match="Chưa tải tệp import"):
        platform.take_import_answer(clerk, list_id, workbook(rows))
    platform.make_import_file(clerk, list_id)
    counts = platform.take_import_answer(clerk, list_id, workbook(rows))
    assert counts == {"applied": 1, "failed": 1, "unclear": 1, "unmatched": 1, "missing": 1}
    assert [entry(list_id, n).station_verdict for n in range(1, 5)] == ["applied", "apply_failed", "", ""]
    assert "Trùng số định danh" in entry(list_id, 2).station_note
    kept = select(PlatformExchange.kind, PlatformExchange.sha256).where(PlatformExchange.list_id == list_id)
    assert [(kind, len(digest)) for kind, digest in db.session.execute(kept.order_by(PlatformExchange.id))] == [
        ("import", 64),
        ("answer", 64),
    ]


def test_a_row_that_fits_two_people_is_nobodys(scene: Scene) -> None:
    """Two of one name and birth date: without a number the row cannot say whom it means; with one it can."""
    list_id, clerk = scene.put_before(Party.STATION, 2), scene.actors["station_clerk"]
    for number in (1, 2):
        one = entry(list_id, number)
        one.verified = {**one.recorded, "full_name": "Vàng Thị Đôi", "id_number": number_of(50 + number)}
        one.lane = "import"
        db.session.commit()
    platform.make_import_file(clerk, list_id)
    born = entry(list_id, 1).recorded["birth_date"]
    row = ("1", "Vàng Thị Đôi", born, "Nữ", "", "Đúng", "")
    counts = platform.take_import_answer(clerk, list_id, workbook([row]))
    assert (counts["applied"], counts["unmatched"], counts["missing"]) == (0, 1, 2)
    named = ("1", "Vàng Thị Đôi", born, "Nữ", number_of(51), "Đúng", "")
    assert platform.take_import_answer(clerk, list_id, workbook([named]))["applied"] == 1
    assert [entry(list_id, n).station_verdict for n in (1, 2)] == ["applied", ""]


def test_a_broken_verification_list_changes_nothing_and_says_why(scene: Scene) -> None:
    list_id = at_the_station(scene)
    with pytest.raises(InvalidInput, match="xlsx"):
        platform.take_verification_list(scene.actors["station_clerk"], list_id, b"not a workbook")
