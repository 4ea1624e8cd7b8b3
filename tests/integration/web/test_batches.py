import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from portal.clock import local, now
from portal.models import Batch, CorrectionList, ImportFile, db
from portal.services.demonstration.files import keep_file
from tests import excel_files
from tests.integration.scene import Scene
from tests.integration.web.visitor import LONG_NUMBER, Visitor, words_of

HEADINGS = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD/CMND", "Thôn/Bản")


def rows(serial: int) -> list[tuple[str, ...]]:
    """Three good people of two villages, one of a village nobody knows, and a row without a name."""
    return [
        ("1", "Vàng Thị Thử", "01/02/1985", "Nữ", f"0151859{serial:05d}", "Bản A"),
        ("2", "Lò Văn Thử", "01/02/1985", "Nam", "", "Ban A"),
        ("3", "Giàng A Thử", "01/02/1990", "Nam", "01509000123", "Bản B"),
        ("4", "Sùng Thị Thử", "05/06/1992", "Nữ", "", "Bản Xa Lạ"),
        ("5", "", "05/06/1992", "Nữ", "", "Bản A"),
    ]


def file(tmp_path: Path, serial: int, **more) -> bytes:  # type: ignore[no-untyped-def]
    made = excel_files.workbook(
        tmp_path / f"{serial}.xlsx", *rows(serial), headings=more.pop("headings", HEADINGS), **more
    )
    return made.read_bytes()


def upload(visitor: Visitor, data: bytes, name: str = "danh sách T5.xlsx", key: str = "") -> str:
    """Send a file; returns the address of its check."""
    visitor.page("/batches/new")
    answer = visitor.post(
        "/batches/new", {"file": (BytesIO(data), name), "key": key}, content_type="multipart/form-data"
    )
    assert answer.status_code == 303, words_of(answer.text)
    return answer.headers["Location"]


def batches() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(Batch)).scalar_one()


def test_a_file_is_checked_shown_and_taken_without_javascript(scene: Scene, visit, tmp_path) -> None:
    clerk = visit("station_clerk")
    address = upload(clerk, file(tmp_path, 1))
    page = clerk.page(address)
    words = words_of(page)
    assert "5 dòng: nhận 4, giữ lại 1" in words
    assert "Nhận 4 dòng, giữ lại 1 dòng" in words
    assert re.search(r"Ban A 2 .*Ban B 1 .*Thôn chưa rõ – chọn thôn sau khi nhận 1", words)
    assert not LONG_NUMBER.search(page)
    due = local(now() + timedelta(days=14))
    assert f'value="{due:%d/%m/%Y}"' in page
    answer = clerk.post(address, {"due_day": f"{due:%d/%m/%Y}", "due_hour": "17:00", "title": "Tháng 5"})
    assert answer.status_code == 303
    shown = words_of(clerk.page(answer.headers["Location"]))
    for expected in ("Tháng 5", "Ban A", "Ban B", "Thôn chưa rõ", "Dòng giữ lại", f"17:00 {due:%d/%m/%Y}"):
        assert expected in shown
    lists = db.session.scalars(select(CorrectionList).join(Batch).where(Batch.title == "Tháng 5")).all()
    assert sorted(each.entries for each in lists) == [1, 1, 2]


def test_the_same_file_again_says_when_and_links_its_batch(scene: Scene, visit, tmp_path) -> None:
    clerk, data = visit("station_clerk"), file(tmp_path, 2)
    first = clerk.post(upload(clerk, data), {"due_day": "01/02/2030", "due_hour": "17:00"}).headers["Location"]
    count = batches()
    again = upload(clerk, data)
    page = clerk.page(again)
    assert "Tệp này đã được nhập lúc" in words_of(page)
    assert f'href="{first}"' in page
    assert clerk.post(again, {"due_day": "01/02/2030", "due_hour": "17:00"}).headers["Location"] == first
    assert batches() == count


def test_a_repeated_confirmation_makes_one_batch(scene: Scene, visit, tmp_path) -> None:
    clerk = visit("station_clerk")
    address = upload(clerk, file(tmp_path, 3))
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', clerk.page(address).rpartition("due_day")[0])[1]
    before = batches()
    answers = [clerk.post(address, {"due_day": "1/2/2030", "due_hour": "17", "key": key}) for _ in range(3)]
    assert {answer.headers["Location"] for answer in answers} == {answers[0].headers["Location"]}
    assert batches() == before + 1


def test_a_repeated_upload_with_one_key_is_one_upload(scene: Scene, visit, tmp_path) -> None:
    clerk, data = visit("station_clerk"), file(tmp_path, 4)
    key = "0b3f7a52-4f6c-4a5e-9a57-3f6f0a0a0a01"
    assert upload(clerk, data, key=key) == upload(clerk, data, key=key)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"due_day": "31/31/2030", "due_hour": "17:00"}, "không đọc được"),
        ({"due_day": "", "due_hour": "17:00"}, "Chưa ghi hạn xử lý"),
        ({"due_day": "01/02/2030", "due_hour": "25:99"}, "Giờ «25:99» không đọc được"),
        ({"due_day": "01/02/2020", "due_hour": "17:00"}, "phải ở sau thời điểm hiện tại"),
        ({"due_day": "01/02/2030", "due_hour": "17:00", "title": "x" * 300}, "Tối đa 200 ký tự"),
    ],
)
def test_a_wrong_due_date_keeps_the_upload_and_what_was_typed(scene: Scene, visit, tmp_path, typed, message) -> None:
    clerk = visit("station_clerk")
    address = upload(clerk, file(tmp_path, 5))
    before = batches()
    answer = clerk.post(address, typed)
    assert answer.status_code == 422
    assert message in words_of(answer.text)
    assert f'value="{typed["due_hour"]}"' in answer.text
    assert batches() == before


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "Tệp rỗng"), (b"%PDF-1.7 x", "Tệp phải là Excel dạng .xlsx"), (b"PK\x03\x04cut", "hỏng")],
)
def test_a_refused_file_is_kept_and_says_what_to_do(scene: Scene, visit, data, message) -> None:
    clerk = visit("station_clerk")
    address = upload(clerk, data, "tệp.xlsx")
    words = words_of(clerk.page(address))
    assert message in words
    assert "Chọn tệp khác" in words
    assert "Nhận vào cổng" not in words
    assert clerk.post(address, {"due_day": "01/02/2030", "due_hour": "17:00"}).status_code == 422


def test_sending_no_file_says_so_beside_the_field(scene: Scene, visit) -> None:
    clerk = visit("station_clerk")
    clerk.page("/batches/new")
    answer = clerk.post("/batches/new", {"file": (BytesIO(b""), "")}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in words_of(answer.text)


def test_columns_are_pointed_out_and_remembered_for_the_same_headings(scene: Scene, visit, tmp_path) -> None:
    clerk = visit("station_clerk")
    odd = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Mã riêng", "Thôn/Bản")
    address = upload(clerk, file(tmp_path, 6, headings=odd))
    assert "Không thấy cột" in words_of(clerk.page(address))
    answer = clerk.post(
        f"{address}/columns",
        {
            "full_name": "Họ và tên",
            "birth_date": "Ngày sinh",
            "sex": "Giới tính",
            "id_number": "Mã riêng",
            "village": "Thôn/Bản",
        },
    )
    assert answer.status_code == 303
    assert "Không thấy cột" not in words_of(clerk.page(address))
    other = upload(clerk, file(tmp_path, 7, headings=odd))
    assert "Không thấy cột" not in words_of(clerk.page(other))
    assert clerk.post(f"{address}/columns", {"full_name": "Cột bịa"}).status_code == 422


def test_another_sheet_can_be_read(scene: Scene, visit, tmp_path) -> None:
    clerk = visit("station_clerk")
    address = upload(clerk, excel_files.with_three_sheets(tmp_path / "three.xlsx").read_bytes())
    names = re.findall(r'<option (?:selected )?value="([^"]+)">[^<]+dòng\)', clerk.page(address))
    assert len(names) >= 2
    answer = clerk.post(f"{address}/sheet", {"sheet": names[-1]})
    assert answer.status_code == 303
    assert f'<option selected value="{names[-1]}"' in clerk.page(address)
    assert clerk.post(f"{address}/sheet", {"sheet": "Không có"}).status_code == 422


def test_the_workbook_comes_back_with_the_column_of_faults(scene: Scene, visit, tmp_path) -> None:
    import openpyxl

    clerk = visit("station_clerk")
    address = upload(clerk, file(tmp_path, 8))
    answer = clerk.get(f"{address}/faults.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert "LỖI" in [cell.value for cell in sheet[1]]


@pytest.mark.parametrize("shown", ["faults", "parked", "leaving", "all", "drop table"])
def test_the_rows_shown_can_be_chosen_in_the_address(scene: Scene, visit, tmp_path, shown) -> None:
    clerk = visit("station_clerk")
    address = upload(clerk, file(tmp_path, 9))
    assert clerk.get(f"{address}?rows={shown}").status_code == 200


def test_only_the_own_station_sees_an_upload_and_only_stations_import(scene: Scene, visit, tmp_path) -> None:
    address = upload(visit("station_clerk"), file(tmp_path, 10))
    assert visit("foreign_station_head").get(address).status_code == 404
    for name in ("village_head", "police_head", "coordinator", "auditor"):
        visitor = visit(name)
        assert visitor.get(address).status_code == 403
        assert visitor.get("/batches/new").status_code == 403


def test_a_batch_is_for_its_station_and_oversight(scene: Scene, visit, tmp_path) -> None:
    clerk = visit("station_clerk")
    address = clerk.post(upload(clerk, file(tmp_path, 11)), {"due_day": "01/02/2030", "due_hour": "17:00"}).headers[
        "Location"
    ]
    for name, status in (
        ("auditor", 200),
        ("coordinator", 200),
        ("foreign_station_head", 404),
        ("village_head", 403),
    ):
        assert visit(name).get(address).status_code == status
    assert "Đợt rà soát" not in visit("police_officer").page("/inbox")
    assert not LONG_NUMBER.search(visit("auditor").page(address))
    assert address in visit("supervisor").page("/batches")
    assert address not in visit("foreign_station_head").page("/batches")


def test_markup_in_names_and_titles_is_shown_as_text(scene: Scene, visit, tmp_path) -> None:
    clerk = visit("station_clerk")
    address = upload(clerk, file(tmp_path, 12), "<img src=x>.xlsx")
    page = clerk.page(address)
    assert "<img src=x>" not in page
    answer = clerk.post(address, {"due_day": "01/02/2030", "due_hour": "17:00", "title": "<script>1</script>{{7*7}}"})
    page = clerk.page(answer.headers["Location"])
    assert "<script>1" not in page
    assert "{{7*7}}" in page
    assert db.session.scalar(select(func.count()).where(ImportFile.filename == "<img src=x>.xlsx")) == 1


def test_the_demonstrations_workbooks_can_be_downloaded_to_try_the_import(scene: Scene, visit, tmp_path) -> None:
    data = file(tmp_path, 77)
    keep_file("tramtau-chua-nhap.xlsx", data)
    clerk = visit("station_clerk")
    assert 'href="/batches/samples/tramtau-chua-nhap.xlsx"' in clerk.page("/batches/new")
    answer = clerk.get("/batches/samples/tramtau-chua-nhap.xlsx")
    assert answer.data == data
    assert "attachment" in answer.headers["Content-Disposition"]
    assert clerk.get("/batches/samples/portal.toml").status_code == 404
    assert clerk.get("/batches/samples/..%2Fportal.toml").status_code == 404


@pytest.mark.parametrize(("decision", "people"), [("take", 4), ("leave", 3)])
def test_x12_hidden_rows_are_asked_about_and_never_taken_or_left_in_silence(
    scene: Scene, visit, tmp_path, decision, people
) -> None:
    path = tmp_path / "hidden.xlsx"
    path.write_bytes(file(tmp_path, 7000 + people))
    book = openpyxl.load_workbook(path)
    book["DS"].row_dimensions[2].hidden = True
    book.save(path)
    clerk = visit("station_clerk")
    address = upload(clerk, path.read_bytes())
    assert "Tệp có 1 dòng ẩn" in words_of(clerk.page(address))
    due = {"due_day": "27/3/2030", "due_hour": "17:00"}
    unsaid = clerk.post(address, due)
    assert unsaid.status_code == 422
    assert "Chọn nhập cả các dòng ẩn, hoặc để riêng" in words_of(unsaid.text)
    assert clerk.post(address, {**due, "hidden_rows": decision}).status_code == 303
    db.session.rollback()
    batch = db.session.scalars(select(Batch).order_by(Batch.created_at.desc())).first()
    assert batch is not None
    assert (batch.entries, batch.parked) == (people, 5 - people)


def test_x24_a_name_of_an_old_font_is_shown_converted_beside_what_was_typed(scene: Scene, visit, tmp_path) -> None:
    typed = ("1", "Sïng ThÞ Mû", "05/06/1992", "N÷", "015192990077", "Bản A")
    made = excel_files.workbook(tmp_path / "old.xlsx", typed, headings=HEADINGS)
    clerk = visit("station_clerk")
    words = words_of(clerk.page(upload(clerk, made.read_bytes())))
    assert "Sïng ThÞ Mû đọc ra: Sùng Thị Mỷ" in words
    assert "bảng mã cũ TCVN3" in words
