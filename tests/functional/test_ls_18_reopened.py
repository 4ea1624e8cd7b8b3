"""LS-18: Mở lại danh sách đã hoàn thành: trạm đề nghị, điều phối cấp xã đồng ý, sang vòng sau."""

from collections.abc import Callable

from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_mo_lai_danh_sach_da_hoan_thanh(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(1)
        scene.bring_to(Party.STATION, of_list)
        scene.conclude_all("station_head", of_list, Verdict.ENDED, reason="deceased")
        scene.sign_over("station_head", of_list, None)
    station, coordinator = window("station_head"), window("coordinator")
    page = ListPage(station, of_list).open()
    station.press("Đề nghị mở lại")
    station.press("Gửi đề nghị")
    station.see("Ghi lý do")
    station.tab.get_by_label("Lý do").fill("Người này vẫn còn sống, có giấy xác nhận")
    station.press("Gửi đề nghị")
    station.see("Đã gửi đề nghị")
    station.see("đang chờ cấp trên trả lời")

    coordinator.go("/inbox?tab=reopening")
    coordinator.press("Trả lời đề nghị mở lại")
    coordinator.press("Trả lời đề nghị mở lại")
    coordinator.see("Người này vẫn còn sống")
    coordinator.press("Cho mở lại, sang vòng 2")
    coordinator.see("Đã cho mở lại")

    page.open()
    station.see("vòng 2")
    station.see("Cập nhật lên nền tảng")
    station.press("Xem toàn bộ hồ sơ của danh sách")
    station.see("Cấp trên cho mở lại")
