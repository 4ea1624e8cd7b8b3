"""LS-6: Công an trả lại, vòng 2, số đợt giữ nguyên."""

from collections.abc import Callable

from portal.domain.stages import Party
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_cong_an_tra_lai_vong_hai_cung_so_dot(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.POLICE, of_list)
    police, village = window("police_head"), window("village_head", phone=True)

    grid = ListPage(police, of_list).open()
    code = police.tab.locator("h1 .muted").inner_text()
    grid.press_key(1, "1")
    row = police.tab.locator("#row-2")
    row.focus()
    row.press("4")
    police.tab.locator("#row-2").get_by_label("Lý do trả lại").select_option("card_needed")
    police.press("Lưu dòng này")
    police.see("Đã đối chiếu đủ mọi người")
    grid.prepare("Lập biên bản trả lại 2 người").sign("Ký và trả lại 2 người")
    police.see("chờ To Cong Tac A ký nhận")

    page = ListPage(village, of_list)
    page.take().sign("Ký nhận 2 người")
    page.open()
    village.see("vòng 2")
    assert village.tab.locator("h1 .muted").inner_text() == code
    village.go(f"{page.address}/entries/2")
    village.see("Cần xem lại thẻ căn cước")
    page.correct_number(2, "015185990777")
    page.conclude(1, "already_right")
    page.prepare().sign("Ký và bàn giao 2 người")

    grid.take().sign("Ký nhận 2 người")
    grid.open()
    police.see("vòng 2")
    grid.press_key(1, "1")
    grid.press_key(2, "1")
    police.see("Đã đối chiếu đủ mọi người")
