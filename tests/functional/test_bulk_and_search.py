"""Many at once, and finding one: ticks with their count, results, taking back, all who match; the search as one types."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.domain.stages import Party
from tests.functional.conftest import Site
from tests.functional.window import Window


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_thon_ghi_cho_nhieu_nguoi_roi_hoan_tac(site: Site, window: Callable[..., Window], javascript: bool) -> None:
    with site.behind() as scene:
        of_list = scene.put_before(Party.VILLAGE, 3)
    village = window("village_head", phone=True, javascript=javascript)
    village.go(f"/lists/{of_list}?part=left")
    boxes = village.tab.locator("[data-tick]")
    expect(boxes).to_have_count(3)
    boxes.nth(0).check()
    boxes.nth(2).check()
    if javascript:
        village.see("Đã chọn 2 dòng")
    else:
        village.tab.locator("#bulk-people summary").click()
    village.tab.locator("#bulk [value=already_right]").check()
    village.press("Ghi cho các dòng đã chọn")
    expect(village.tab.locator("output")).to_contain_text("Đã làm 2 trong 2")
    village.go(f"/lists/{of_list}?part=left")
    expect(boxes).to_have_count(1)

    village.tab.go_back()
    village.press("Hoàn tác 2 mục đã làm")
    expect(village.tab.locator("h1")).to_contain_text("Hoàn tác")
    village.see("Đã làm 2 trong 2")
    village.go(f"/lists/{of_list}?part=left")
    expect(boxes).to_have_count(3)


def test_tram_ket_thuc_moi_nguoi_khop_bo_loc(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.put_before(Party.STATION, 55)
    station = window("station_clerk")
    station.go(f"/lists/{of_list}?part=left")
    station.tab.locator("#bulk-people summary").click()
    station.tab.locator("#bulk [value=ended]").check()
    station.tab.locator("#bulk select[name=reason]").select_option("deceased")
    station.press("Ghi cho cả 55 người khớp")
    station.see("Ghi cho cả 55 người?")
    station.press("Ghi cho cả 55 người")
    station.see("Đã làm 55 trong 55")


def test_chon_ca_trang_khong_can_tai_lai(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        scene.put_before(Party.POLICE)
    coordinator = window("coordinator")
    coordinator.go("/lists?holder=police")
    coordinator.tab.locator("#bulk-lists summary").click()
    coordinator.tab.locator("[data-tick-all]").click()
    count = coordinator.tab.locator("[data-tick]").count()
    coordinator.see(f"Đã chọn {count} dòng")
    coordinator.press("Nhắc đơn vị đang phải làm")
    coordinator.see(f"Đã làm {count} trong {count}")


def test_tim_nguoi_trong_luc_go_va_so_khong_vao_dia_chi(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        scene.put_before(Party.VILLAGE, 3)
    station = window("station_clerk")
    station.go("/people")
    station.tab.locator("#q").press_sequentially("thu thi va", delay=20)
    expect(station.tab.locator("#people-rows table tbody tr").first).to_contain_text("Vàng Thị Thử")
    expect(station.tab).to_have_url(re.compile(r"/people\?q=thu\+thi\+va$"))
    station.tab.locator("#q").fill("015185990001")
    expect(station.tab).to_have_url(re.compile(r"/people\?q=001$"))
    expect(station.tab.locator("#people-rows table tbody tr").first).to_contain_text("···001")
    station.tab.reload()
    expect(station.tab.locator("#people-rows table tbody tr").first).to_contain_text("···001")
    station.press("Bỏ lọc")
    station.see("Gõ một phần họ tên")
