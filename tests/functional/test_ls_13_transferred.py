"""LS-13: Chuyển người sang xã khác: xã kia không nhận thì người ở lại; nhận thì người sang đó, không mất ai."""

from collections.abc import Callable

from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_xa_khac_khong_nhan_roi_nhan(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(3)
        code = scene.code_of(of_list)
    ours, theirs = window("station_head"), window("foreign_station_head")
    ListPage(ours, of_list).open()
    ours.press("Chuyển người sang xã khác")
    ours.tab.locator("#person-2").check()
    ours.press("Gửi đề nghị chuyển")
    ours.see("Ghi lý do chuyển")
    ours.tab.get_by_label("Lý do chuyển").fill("Trưởng thôn báo đã chuyển khẩu năm 2021")
    ours.press("Gửi đề nghị chuyển")
    ours.see("Đã gửi đề nghị")
    ours.see("Tram Khac trả lời có nhận hay không")
    waiting = ours.tab.url

    theirs.go(waiting)
    theirs.press("Trả lời đề nghị chuyển xã")
    theirs.see("Trưởng thôn báo đã chuyển khẩu năm 2021")
    theirs.press("Không nhận")
    theirs.see("Ghi lý do không nhận")
    theirs.tab.get_by_label("Lý do không nhận").fill("Không có tên ở xã chúng tôi")
    theirs.tab.get_by_role("button", name="Không nhận", exact=True).click()
    theirs.see("Đã trả lời: không nhận")

    ours.go("/notices")
    ours.see(f"{code}.1")
    ours.go(waiting)
    ours.press("Chuyển người sang xã khác")
    ours.tab.locator("#person-2").check()
    ours.tab.get_by_label("Lý do chuyển").fill("Có giấy xác nhận cư trú")
    ours.press("Gửi đề nghị chuyển")
    theirs.go(waiting)
    theirs.press("Trả lời đề nghị chuyển xã")
    theirs.press("Nhận 1 người này")
    theirs.see("Đã nhận. Hãy chọn thôn")
    theirs.see(f"{code}.1")
    theirs.see("vòng 2")
    theirs.press("Xem toàn bộ hồ sơ của danh sách")
    theirs.see("Xã khác nhận")
    ListPage(ours, of_list).open()
    ours.see("2 người")
