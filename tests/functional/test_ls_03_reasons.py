"""LS-3: Thôn không tìm thấy, người đã đi, người đã chết: lý do đi hết đường và vào đúng nhóm."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from portal.domain.stages import Party
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_nguoi_khong_lam_duoc_ket_thuc_voi_ly_do(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(3)
        scene.bring_to(Party.VILLAGE, of_list)
    village, police = window("village_head", phone=True), window("police_head")
    supervisor = window("supervisor")
    before = in_groups(supervisor)

    page = ListPage(village, of_list)
    page.conclude(1, "unresolved", is_refused=True)
    village.see("Có 1 mục cần sửa")
    assert village.tab.locator('input[name="verdict"][value="unresolved"]').is_checked()
    page.conclude(1, "unresolved", reason="not_found")
    page.conclude(2, "unresolved", reason="moved_away", note="Về Sơn La với con")
    page.conclude(3, "unresolved", reason="deceased")
    page.prepare().sign("Ký và bàn giao 3 người")

    grid = ListPage(police, of_list)
    grid.take().sign("Ký nhận 3 người")
    grid.open()
    police.see("Về Sơn La với con")
    for number in (1, 2, 3):
        grid.press_key(number, "5")
    grid.prepare().sign("Ký và bàn giao 3 người")

    site.take_sent("station_head", of_list)
    station = window("station_head")
    ListPage(station, of_list).prepare("Lập biên bản hoàn thành 3 người").sign("Ký hoàn thành 3 người")
    ListPage(station, of_list).open()
    station.see("Đã hoàn thành")

    for reason, count in in_groups(supervisor).items():
        assert count == before[reason] + 1, reason


def in_groups(supervisor: Window) -> dict[str, int]:
    """How many people each reason stands for now; other journeys share the portal, so what was there counts."""
    supervisor.go("/progress")
    supervisor.press("Người không làm sạch được, theo nhóm")
    found = {}
    for reason in ("Không tìm thấy người này", "Đã đi khỏi địa phương", "Đã chết"):
        row = supervisor.tab.get_by_role("row", name=re.compile(rf"{reason} \d+$"))
        expect(row).to_be_visible()
        found[reason] = int(row.get_by_role("cell").last.inner_text())
    return found
