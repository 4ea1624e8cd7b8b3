"""LS-5: Ký nhận một phần, phần không nhận trở về bên giao bằng biên bản thứ hai (có và không có JavaScript)."""

from collections.abc import Callable

import pytest

from portal.domain.stages import Party
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage, RecordPage
from tests.functional.window import Window


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_ky_nhan_mot_phan(site: Site, window: Callable[..., Window], javascript: bool) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(3)
        code = scene.code_of(of_list)
    station = window("station_head", javascript=javascript)
    village = window("village_head", phone=True, javascript=javascript)
    page = ListPage(station, of_list)
    page.prepare("Lập biên bản bàn giao 3 người").sign("Ký và bàn giao 3 người")

    ListPage(village, of_list).take()
    village.press("Ký nhận một phần")
    village.tab.locator("#person-2").check()
    village.press("Lập biên bản trả lại để xem trước")
    village.see("dòng 2")
    assert village.tab.locator("#person-2").is_checked()
    village.tab.locator('select[name="reason-2"]').select_option("wrong_village")
    village.press("Lập biên bản trả lại để xem trước")
    village.see("Biên bản ký nhận cùng lúc")
    assert not village.scrolls_sideways()
    RecordPage(village).sign("Ký hai biên bản: trả lại 1 người")
    village.see("Chữ ký hợp lệ")
    village.press("Mở danh sách")
    village.see("Thôn đang rà soát")

    station.go(f"/lists/{of_list}")
    station.see("Các phần của danh sách này")
    station.press(f"{code}.1", exact=True)
    station.see("vòng 2")
    station.see("Trạm đang soạn")
    station.press("Xem toàn bộ hồ sơ của danh sách")
    station.see("1 người từ danh sách")


def test_tram_va_thon_dieu_chinh_bien_ban_da_ky(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
    village, station = window("village_head", phone=True), window("station_head")
    ListPage(station, of_list).open()
    station.see("chỉ sửa bằng biên bản điều chỉnh")
    ListPage(village, of_list).open()
    village.tab.locator("main table .row-link").first.click()
    village.press("Lập biên bản điều chỉnh")
    village.press("Chọn người này")
    village.tab.get_by_label("Ngày sinh").fill("02/02/1985")
    village.tab.get_by_label("Lý do điều chỉnh").fill("Nhầm một ngày")
    village.press("Lập biên bản để xem trước")
    RecordPage(village).sign("Ký và đề nghị")
    village.see("đồng ý điều chỉnh")

    ListPage(station, of_list).open()
    station.press("Xem và trả lời biên bản điều chỉnh")
    station.see("02/02/1985")
    RecordPage(station).sign("Ký đồng ý điều chỉnh")
    station.see("Chữ ký hợp lệ")
    station.see("Về biên bản")
