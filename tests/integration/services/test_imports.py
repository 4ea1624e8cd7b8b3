"""From a platform export to a batch: cut by village, nothing lost, the same file twice changes nothing."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.clock import now
from portal.domain.errors import InvalidInput, NotFound
from portal.models import Batch, CorrectionList, Entry, Event, ImportFile, ParkedRow, db
from portal.services import imports
from tests.integration.scene import Scene

HEAD = ("TT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD/CMND", "Thôn")


def workbook(*rows: tuple[str, ...], mark: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.active.append(("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",))
    book.active.append((f"DANH SÁCH ĐỐI TƯỢNG SAI THÔNG TIN {mark}",))
    for row in (HEAD, *rows):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


PEOPLE = (
    ("1", "Vàng Thị Mỷ", "01/02/1985", "Nữ", "", "Ban A"),
    ("2", "Giàng A Chu", "12/03/1990", "Nam", "15090990002", "thôn Ban A"),
    ("3", "Lò Văn Đối", "1962", "Nam", "015062990003", "BAN B"),
    ("4", "", "01/01/1970", "Nam", "015070990004", "Ban B"),
    ("5", "Sùng A Dế", "03/04/1971", "Nam", "015071990005", "Làng Lạ"),
)


def test_each_village_gets_its_list_and_every_row_is_somewhere(scene: Scene) -> None:
    clerk = scene.actors["station_clerk"]
    upload = imports.upload_workbook(clerk, "danh sach.xlsx", workbook(*PEOPLE, mark="một"))
    batch_id = imports.confirm_import(clerk, upload, due_at=now() + timedelta(days=7))
    lists = db.session.scalars(
        select(CorrectionList).where(CorrectionList.batch_id == batch_id).order_by(CorrectionList.number)
    ).all()
    assert [(found.name, found.entries) for found in lists] == [("Ban A", 2), ("Ban B", 1), ("Thôn chưa rõ", 1)]
    assert [found.village_unit_id for found in lists][2] is None
    parked = db.session.scalars(select(ParkedRow).where(ParkedRow.batch_id == batch_id)).all()
    assert [row.row for row in parked] == [7]
    assert parked[0].raw["Số CCCD/CMND"] == "015070990004"
    batch = db.session.get_one(Batch, batch_id)
    assert batch.entries + batch.parked == len(PEOPLE)


def test_the_same_file_twice_changes_nothing_and_names_the_first(scene: Scene) -> None:
    clerk, data = scene.actors["station_clerk"], workbook(*PEOPLE, mark="hai")
    first = imports.confirm_import(clerk, imports.upload_workbook(clerk, "a.xlsx", data), due_at=None)
    before = db.session.scalar(select(func.count(Entry.id)))
    again = imports.upload_workbook(clerk, "b.xlsx", data)
    assert imports.see_upload(clerk, again).already.id == first
    assert imports.confirm_import(clerk, again, due_at=None) == first
    assert db.session.scalar(select(func.count(Entry.id))) == before


def test_a_corrected_mapping_is_remembered_for_the_station(scene: Scene) -> None:
    clerk = scene.actors["station_clerk"]
    book = openpyxl.Workbook()
    book.active.append(("TT", "Người", "Ngày sinh", "Giới tính", "Giấy", "Thôn"))
    book.active.append(("1", "Vàng Thị Mỷ", "01/02/1985", "Nữ", "015185990001", "Ban A"))
    out = BytesIO()
    book.save(out)
    upload = imports.upload_workbook(clerk, "la.xlsx", out.getvalue())
    assert imports.see_upload(clerk, upload).result.refused
    columns = {
        "full_name": "Người",
        "birth_date": "Ngày sinh",
        "sex": "Giới tính",
        "id_number": "Giấy",
        "village": "Thôn",
    }
    assert imports.correct_mapping(clerk, upload, columns).accepted == 1
    book.active.append(("2", "Lò Thị Hoa", "01/02/1986", "Nữ", "015186990002", "Ban A"))
    out = BytesIO()
    book.save(out)
    assert imports.see_upload(clerk, imports.upload_workbook(clerk, "la2.xlsx", out.getvalue())).result.accepted == 2


def test_an_unreadable_file_is_kept_and_explained_and_makes_no_batch(scene: Scene) -> None:
    clerk = scene.actors["station_clerk"]
    upload = imports.upload_workbook(clerk, "cu.xls", b"\xd0\xcf\x11\xe0 old excel")
    seen = imports.see_upload(clerk, upload)
    assert seen.result.refused
    with pytest.raises(InvalidInput):
        imports.confirm_import(clerk, upload, due_at=None)
    assert db.session.get_one(ImportFile, upload).batch_id is None


def test_another_station_does_not_find_the_upload(scene: Scene) -> None:
    upload = imports.upload_workbook(scene.actors["station_clerk"], "a.xlsx", workbook(*PEOPLE, mark="ba"))
    with pytest.raises(NotFound):
        imports.see_upload(scene.actors["foreign_station_head"], upload)


def test_a_due_date_in_the_past_is_refused(scene: Scene) -> None:
    clerk = scene.actors["station_clerk"]
    upload = imports.upload_workbook(clerk, "a.xlsx", workbook(*PEOPLE, mark="bốn"))
    with pytest.raises(InvalidInput, match="Hạn"):
        imports.confirm_import(clerk, upload, due_at=now() - timedelta(minutes=1))


def test_a_failure_in_the_middle_leaves_nothing_behind(scene: Scene) -> None:
    """X33: the last insert fails as a killed server would leave it; nothing of the batch is there, the file is."""
    clerk = scene.actors["station_clerk"]
    upload = imports.upload_workbook(clerk, "a.xlsx", workbook(*PEOPLE, mark="năm"))
    before = db.session.scalar(select(func.count(Batch.id)))
    db.session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
    db.session.commit()
    with pytest.raises(DBAPIError):
        imports.confirm_import(clerk, upload, due_at=None)
    db.session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"))
    db.session.commit()
    assert db.session.scalar(select(func.count(Batch.id))) == before
    assert imports.confirm_import(clerk, upload, due_at=None)


def test_recorded_values_and_events_cannot_be_changed_by_the_application(scene: Scene) -> None:
    for statement in (
        "UPDATE entry SET recorded = '{}'",
        "UPDATE event SET tag = 'x'",
        "DELETE FROM event",
        "UPDATE entry_verdict SET verdict = 'x'",
        "DELETE FROM signature",
        "DELETE FROM entry",
        "TRUNCATE record_revision",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
    assert db.session.scalar(select(func.count(Event.id)))
