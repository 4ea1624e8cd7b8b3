"""LS-21: Hai người cùng sửa một người: thấy ai sửa, chọn từng mục, lưu một lần; chữ đã gõ còn nguyên."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from portal.domain.stages import Party
from portal.models import Entry, db
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window

SAVE = "LƯU THEO LỰA CHỌN, SANG NGƯỜI TIẾP"


def proposed(site: Site, of_list: UUID) -> dict[str, str]:
    with site.behind():
        query = select(Entry.proposed).where(Entry.list_id == of_list, Entry.number == 1)
        found: dict[str, str] = db.session.scalars(query).one()
        return found


def choose(window: Window, item: str, whose: str) -> None:
    window.tab.locator(f'input[name="take_{item}"][value="{whose}"]').check()


@pytest.mark.parametrize("javascript", [True, False], ids=["co-javascript", "khong-javascript"])
def test_hai_nguoi_cung_sua_mot_nguoi(site: Site, window: Callable[..., Window], javascript: bool) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
    first = window("village_head", phone=True, javascript=javascript)
    second = window("village_helper", phone=True, javascript=javascript)

    second.go(f"/lists/{of_list}/entries/1")
    tab = second.tab
    for name, value in (("full_name", "Vàng Thị Thử Mới"), ("birth_date", "03/04/1985")):
        tab.locator(f'input[name="{name}_choice"][value="fix"]').check()
        tab.locator(f'input[name="{name}"]').fill(value)
    ListPage(first, of_list).correct(1, id_number="015185990123", birth_date="05/06/1985")
    first.see("Đã lưu Vàng Thị Thử B lúc")

    tab.locator('input[name="verdict"][value="fixed"]').check()
    second.press("LƯU, SANG NGƯỜI TIẾP")
    second.see("Village Head đã lưu người này trước bạn")
    expect(tab.locator("#messages")).not_to_contain_text("Đã lưu")
    second.see("015 185 990 123")
    # Chosen beforehand: what I typed, and what the other one typed where I touched nothing.
    for item, whose in (("full_name", "mine"), ("birth_date", "mine"), ("id_number", "theirs")):
        expect(tab.locator(f'input[name="take_{item}"][value="{whose}"]')).to_be_checked()
    expect(tab.locator('input[name^="take_sex"]')).to_have_count(0)
    assert not second.scrolls_sideways()

    choose(second, "birth_date", "theirs")
    tab.get_by_role("button", name="Sửa tiếp trước khi lưu").click()
    expect(tab.locator('input[name="birth_date"]')).to_have_value("05/06/1985")
    expect(tab.locator('input[name="full_name"]')).to_have_value("Vàng Thị Thử Mới")
    second.press("LƯU, SANG NGƯỜI TIẾP")
    second.see("Đã lưu Vàng Thị Thử B lúc")
    assert proposed(site, of_list) == {
        "id_number": "015185990123",
        "full_name": "Vàng Thị Thử Mới",
        "birth_date": "05/06/1985",
    }


def test_ban_moi_lai_doi_trong_luc_chon_thi_hoi_lai(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
    first, second = window("village_head", phone=True), window("village_helper", phone=True)
    second.go(f"/lists/{of_list}/entries/1")
    ListPage(first, of_list).correct(1, full_name="Vàng Thị Một")
    first.see("Đã lưu Vàng Thị Thử B lúc")
    second.tab.locator('input[name="full_name_choice"][value="fix"]').check()
    second.tab.locator('input[name="full_name"]').fill("Vàng Thị Hai")
    second.press("LƯU, SANG NGƯỜI TIẾP")
    second.see("Vàng Thị Một")
    choose(second, "full_name", "theirs")
    ListPage(first, of_list).correct(1, full_name="Vàng Thị Ba")
    first.see("Đã lưu Vàng Thị Thử B lúc")

    second.press(SAVE)
    second.see("Vàng Thị Ba")
    second.see("Vàng Thị Hai")
    second.press(SAVE)
    second.see("Đã lưu Vàng Thị Thử B lúc")
    assert proposed(site, of_list) == {"full_name": "Vàng Thị Hai"}
