"""LS-1: Một thôn, đi thẳng từ tệp của trạm đến biên bản hoàn thành (có và không có JavaScript)."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.functional import workbooks
from tests.functional.pages.importing import ImportPage
from tests.functional.pages.work import ListPage
from tests.functional.window import Window

Open = Callable[..., Window]


@pytest.mark.parametrize("javascript", [True, False], ids=["co-javascript", "khong-javascript"])
def test_mot_thon_di_thang(window: Open, tmp_path: Path, javascript: bool) -> None:
    def enter(username: str, *, phone: bool = False) -> Window:
        return window(username, phone=phone, javascript=javascript)

    station, village, police = enter("station_head"), enter("village_head", phone=True), enter("police_head")
    of_list = import_and_send(station, tmp_path / "danh sach T11.xlsx", mark=f"JavaScript: {javascript}")
    village_corrects(village, of_list)
    police_verifies(police, of_list, keys=javascript)
    station_updates(station, of_list, tmp_path)
    completion(station, of_list)
    the_record_is_what_it_says(station, of_list)


def import_and_send(station: Window, file: Path, mark: str) -> UUID:
    rows = (workbooks.WITHOUT_NUMBER, workbooks.LOST_ZERO, workbooks.WRONG_SEX, workbooks.NOTHING_WRONG)
    workbooks.station_export(file, *rows, workbooks.NO_NAME, mark=mark)
    importing = ImportPage(station).choose(file)
    station.see("5 dòng: nhận 4, giữ lại 1")
    importing.confirm("Nhận 4 dòng, giữ lại 1 dòng")
    station.see("Dòng giữ lại")
    of_list = importing.list_of("Ban A")

    record = ListPage(station, of_list).prepare()
    station.see("4")
    expect(station.tab.locator("figure.paper-page img").first).to_be_visible()
    record.sign("Ký và bàn giao 4 người cho", "sai mat khau roi")
    station.see("Có 1 mục cần sửa")
    record.sign("Ký và bàn giao 4 người cho")
    station.see("Đang chờ To Cong Tac A ký nhận")
    return of_list


def village_corrects(village: Window, of_list: UUID) -> None:
    page = ListPage(village, of_list)
    village.go("/")
    village.see("1")
    page.take().sign("Ký nhận 4 người từ Tram")
    assert not village.scrolls_sideways()
    page.correct_number(1, "015 185 990 001")
    village.see("Lò Thị Thử B")
    village.press("Dùng 015 186 990 002")
    village.tab.locator('input[name="verdict"][value="fixed"]').check()
    village.press("LƯU, SANG NGƯỜI TIẾP")
    village.see("Đã lưu Lò Thị Thử B lúc")
    page.correct(3, sex="Nữ")
    page.conclude(4, "already_right")
    page.prepare().sign("Ký và bàn giao 4 người cho Cong An")
    village.see("Đang chờ Cong An ký nhận")
    assert not village.scrolls_sideways()


def police_verifies(police: Window, of_list: UUID, *, keys: bool) -> None:
    page = ListPage(police, of_list)
    page.take().sign("Ký nhận 4 người từ To Cong Tac A")
    page.open()
    for number in range(1, 5):
        if keys:
            page.press_key(number, "1")
        else:
            page.press_button(number, "Đúng")
    police.see("Đã đối chiếu")
    page.prepare().sign("Ký và bàn giao 4 người cho Tram")
    police.see("Đang chờ Tram ký nhận")


def station_updates(station: Window, of_list: UUID, folder: Path) -> None:
    page = ListPage(station, of_list)
    page.take().sign("Ký nhận 4 người từ Cong An")
    page.open()
    station.see("2 người chờ nhập")
    sent = page.import_file()
    names = [str(row[1]) for row in openpyxl.load_workbook(sent).worksheets[0].iter_rows(values_only=True)]
    assert [name for name in names if "Thử" in name] == ["Vàng Thị Thử A", "Lò Thị Thử B"]
    page.open()
    station.press("Đánh dấu đã nhập 2 người")
    station.see("2 người đã nhập")
    page.mark_first_field()
    page.read_verification_list(workbooks.verification_list(folder / "xac-minh.xlsx", *workbooks.RIGHT))
    station.see("4 người đúng")


def completion(station: Window, of_list: UUID) -> None:
    page = ListPage(station, of_list)
    page.prepare("Lập biên bản hoàn thành 4 người").sign("Ký hoàn thành 4 người")
    station.see("Tải biên bản PDF")
    page.open()
    station.see("Đã hoàn thành")


def the_record_is_what_it_says(station: Window, of_list: UUID) -> None:
    record = station.download_from(f"/lists/{of_list}/trail", "PDF")
    text = subprocess.run(["pdftotext", "-layout", record, "-"], capture_output=True, text=True, check=True).stdout
    for name, *_ in workbooks.RIGHT[:3]:
        assert name in text
