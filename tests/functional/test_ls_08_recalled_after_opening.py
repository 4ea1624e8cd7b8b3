"""LS-8: Thu hồi sau khi bên nhận đã mở xem, phải ghi lý do; bên nhận thấy lý do."""

from collections.abc import Callable

from portal.domain.stages import Leg
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_thu_hoi_sau_khi_mo_phai_co_ly_do(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        record = scene.sign_over("station_head", of_list, Leg.STATION_TO_VILLAGE)
    village, station = window("village_head", phone=True), window("station_head")
    ListPage(village, of_list).take()

    station.go(f"/handovers/{record}")
    station.press("Thu hồi")
    station.see("Bên nhận đã mở xem, nên cần ghi lý do")
    station.tab.get_by_role("button", name="Thu hồi").click()
    station.see("Ghi lý do thu hồi.")
    station.tab.get_by_label("Lý do thu hồi").fill("Thiếu ba người của thôn")
    station.tab.get_by_role("button", name="Thu hồi").click()
    station.see("Đã thu hồi")

    village.go(f"/handovers/{record}")
    village.see("Thiếu ba người của thôn")
    ListPage(village, of_list).open()
    village.see("Danh sách ở bước «")
    village.see("Hỏi: Tram")
