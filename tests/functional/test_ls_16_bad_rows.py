"""LS-16: Nhập tệp có dòng hỏng, lấy tệp có cột LỖI về sửa, nhập lần hai. LS-15: nhập lại đúng tệp cũ không đổi gì."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import expect
from sqlalchemy import func, select

from portal.models import Batch, db
from tests.functional import workbooks
from tests.functional.conftest import Site
from tests.functional.pages.importing import ImportPage
from tests.functional.window import Window

Open = Callable[..., Window]


def batches(site: Site) -> int:
    with site.behind():
        return db.session.scalar(select(func.count()).select_from(Batch)) or 0


def test_dong_hong_duoc_giu_lai_va_sua_o_lan_hai(site: Site, window: Open, tmp_path: Path) -> None:
    station = window("station_head")
    first = workbooks.station_export(
        tmp_path / "lan mot.xlsx", workbooks.LOST_ZERO, workbooks.NO_NAME, mark="LS-16 lần một"
    )
    importing = ImportPage(station).choose(first)
    station.see("2 dòng: nhận 1, giữ lại 1")
    station.see("E2")
    expect(station.tab.get_by_role("row").filter(has_text="Giữ lại")).to_contain_text("6")

    faulty = importing.window.download("Tải lại tệp có cột LỖI")
    page = openpyxl.load_workbook(faulty).worksheets[0]
    cells = [[str(cell.value or "") for cell in row] for row in page.iter_rows()]
    heading = next(row for row in cells if "LỖI" in row)
    place = heading.index("LỖI")
    assert [row[place] != "" for row in cells if "???" in row] == [True]
    importing.confirm("Nhận 1 dòng, giữ lại 1 dòng")

    mended = (*workbooks.NO_NAME[:1], "Vàng A Thử E", *workbooks.NO_NAME[2:])
    second = workbooks.station_export(tmp_path / "lan hai.xlsx", mended, mark="LS-16 lần hai")
    ImportPage(station).choose(second).confirm("Nhận 1 dòng")
    expect(station.tab.get_by_role("heading", name="Dòng giữ lại")).to_have_count(0)


def test_dung_tep_cu_nhap_lai_khong_doi_gi(site: Site, window: Open, tmp_path: Path) -> None:
    station = window("station_head")
    file = workbooks.station_export(tmp_path / "cu.xlsx", workbooks.NOTHING_WRONG, mark="LS-15")
    batch = ImportPage(station).choose(file).confirm("Nhận 1 dòng")
    before = batches(site)
    ImportPage(station).choose(file)
    station.see("Tệp này đã được nhập lúc")
    expect(station.tab.get_by_role("button", name="Nhận 1 dòng")).to_have_count(0)
    station.press("Mở đợt")
    assert station.path == f"/batches/{batch}"
    assert batches(site) == before


def test_tep_khong_phai_excel_duoc_giai_thich_va_con_lai_trang(window: Open, tmp_path: Path) -> None:
    station = window("station_head")
    station.go("/batches/new")
    station.press("Kiểm tra tệp")
    station.see("Chưa chọn tệp")
    expect(station.tab).to_have_title("Lỗi: Nhập danh sách: chọn tệp – Bàn giao")
    wrong = tmp_path / "danh sach.xlsx"
    wrong.write_text("ho ten;ngay sinh\nLò Văn A;1990\n", encoding="utf-8")
    ImportPage(station).choose(wrong)
    station.see("Chưa nhận được tệp này")
    station.see(".xlsx")
    expect(station.deed("Chọn tệp khác")).to_be_visible()
