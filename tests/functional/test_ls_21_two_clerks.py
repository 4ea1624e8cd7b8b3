"""LS-21: Hai người cùng sửa một người: người sau thấy ai sửa, lúc nào; chữ đã gõ còn nguyên."""

from collections.abc import Callable

from playwright.sync_api import expect

from portal.domain.stages import Party
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_hai_nguoi_cung_sua_mot_nguoi(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
    first, second = window("village_head", phone=True), window("village_helper", phone=True)
    address = f"{ListPage(first, of_list).address}/entries/1"

    second.go(address)
    second.tab.locator('input[name="full_name_choice"][value="fix"]').check()
    second.tab.locator('input[name="full_name"]').fill("Vàng Thị Thử Mới")
    ListPage(first, of_list).correct_number(1, "015185990123")

    second.tab.locator('input[name="verdict"][value="fixed"]').check()
    second.press("LƯU, SANG NGƯỜI TIẾP")
    second.see("Village Head")
    second.see("Hai bản khác nhau")
    expect(second.tab.locator('input[name="full_name"]')).to_have_value("Vàng Thị Thử Mới")
    expect(second.tab.locator("#messages")).not_to_contain_text("Đã lưu")

    second.press("LƯU, SANG NGƯỜI TIẾP")
    second.see("Đã lưu")
