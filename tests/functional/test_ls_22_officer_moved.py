"""LS-22: Cán bộ chuyển đơn vị giữa chừng: dừng ở thao tác kế tiếp, việc đã làm ở lại, người phụ trách thấy việc trống."""

from collections.abc import Callable

from playwright.sync_api import expect

from portal.domain.permissions import Role
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.services import accounts, claims, entries
from portal.services.entries import Conclusion
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_can_bo_chuyen_don_vi_giua_chung(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
        moved = scene.person("moving", "to_cong_tac_a", Role.VILLAGE)
        scene.second_place("moving_elsewhere", "moving", "to_cong_tac_b", Role.VILLAGE)
        claims.claim(moved, of_list)
        entries.conclude(moved, of_list, 1, Conclusion(Verdict.ALREADY_RIGHT))

    person, head = window("moving", phone=True), window("village_head")
    ListPage(head, of_list).open()
    head.see("Moving đang nhận làm")
    head.see("hãy bấm «Tiếp quản»")
    person.go(f"/lists/{of_list}/entries/2")
    person.tab.locator('input[name="verdict"][value="already_right"]').check()
    with site.behind() as scene:
        accounts.end_membership(scene.actors["administrator"], moved.membership_id)

    person.press("LƯU, SANG NGƯỜI TIẾP")
    person.see("Phân công bạn đang dùng đã kết thúc")
    person.tab.get_by_label("To Cong Tac B").check()
    person.press("Làm việc theo lựa chọn này")
    person.go(f"/lists/{of_list}")
    person.see("Không tìm thấy")

    ListPage(head, of_list).open()
    head.see("Moving nhận làm trước đây, nay không còn ở đơn vị; phần đã lưu vẫn còn")
    head.tab.get_by_role("button", name="Nhận làm").click()
    head.see("Bạn đang nhận làm danh sách này")
    ListPage(head, of_list).conclude(2, "already_right")
    ListPage(head, of_list).open()
    expect(head.deed("Lập biên bản bàn giao 2 người")).to_be_enabled()
