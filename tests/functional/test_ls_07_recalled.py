"""LS-7: Thu hồi trước khi bên nhận mở xem."""

from collections.abc import Callable

from playwright.sync_api import expect

from portal.domain.stages import Leg
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_tram_thu_hoi_truoc_khi_thon_mo(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        record = scene.sign_over("station_head", of_list, Leg.STATION_TO_VILLAGE)
    village, station = window("village_head", phone=True), window("station_head")
    ListPage(village, of_list).open()
    expect(village.deed("Xem và ký nhận 2 người")).to_be_visible()

    ListPage(station, of_list).open()
    station.press("Thu hồi")
    station.see("có thể để trống")
    station.tab.get_by_role("button", name="Thu hồi").click()
    station.see("Đã thu hồi")
    expect(station.deed("Lập biên bản bàn giao 2 người")).to_be_enabled()

    # The village clicks what it still sees: it is told what happened and cannot sign.
    village.press("Xem và ký nhận 2 người")
    expect(village.tab.get_by_role("button", name="Ký nhận")).to_have_count(0)
    village.go(f"/handovers/{record}")
    expect(village.tab.get_by_role("button", name="Ký nhận")).to_have_count(0)
