"""LS-10: Người làm thay sẽ đứng ở cả hai bên: bị chặn, kèm lý do; người khác ký nhận được."""

from collections.abc import Callable

from playwright.sync_api import expect

from portal.domain.permissions import Role
from portal.domain.stages import Leg
from portal.services import delegations
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_nguoi_ky_giao_thay_khong_ky_nhan_duoc(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        scene.person("two_hats", "tram", Role.STATION)
        scene.second_place("two_hats_village", "two_hats", "to_cong_tac_a", Role.VILLAGE, signs=True)
        scene.delegate("two_hats_deputy", "station_head", "two_hats")
        of_list = scene.make_list(2)
        scene.sign_over("two_hats_deputy", of_list, Leg.STATION_TO_VILLAGE)

    person = window("two_hats")
    person.press("Đổi phân công")
    person.tab.get_by_label("To Cong Tac A").check()
    person.press("Làm việc theo lựa chọn này")
    ListPage(person, of_list).open()
    person.press("Xem và ký nhận 2 người")
    person.see("Chính bạn (làm thay Station Head) đã ký giao hồ sơ này.")
    person.see("Không ai đứng ở cả hai bên của một lần bàn giao, kể cả qua ủy quyền")
    expect(person.tab.locator('input[name="passphrase"]')).to_have_count(0)

    village = window("village_head")
    ListPage(village, of_list).take().sign("Ký nhận 2 người")
    village.see("Đã bàn giao")
    with site.behind() as scene:
        delegations.end(scene.actors["station_head"], scene.actors["two_hats_deputy"].delegation_id or 0)
