"""LS-4: Công an từ chối cả danh sách."""

from collections.abc import Callable

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage, RecordPage
from tests.functional.window import Window


def test_cong_an_tu_choi_ca_danh_sach(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(3)
        scene.bring_to(Party.VILLAGE, of_list)
        scene.conclude_all("village_head", of_list, Verdict.ALREADY_RIGHT)
        scene.sign_over("village_head", of_list, Leg.VILLAGE_TO_POLICE)
    police, village = window("police_head"), window("village_head", phone=True)

    record = ListPage(police, of_list).take()
    police.see("Chữ ký hợp lệ")
    police.press("Từ chối tiếp nhận")
    police.press("Lập biên bản từ chối")
    police.see("Có 1 mục cần sửa")
    police.tab.get_by_label("Số người không khớp").check()
    police.press("Lập biên bản từ chối")
    police.see("biên bản từ chối tiếp nhận")
    record.sign("Ký và từ chối tiếp nhận")
    police.see("Danh sách bây giờ")

    ListPage(village, of_list).open()
    village.see("Bị từ chối")
    assert RecordPage(village) is not None
    assert village.deed("Lập biên bản bàn giao 3 người").is_enabled()
