"""LS-19: Đơn vị sáp nhập khi biên bản đang chờ ký: biên bản cũ được thu hồi, danh sách làm tiếp theo đơn vị mới."""

from collections.abc import Callable
from datetime import timedelta

from portal.clock import today
from portal.domain.permissions import Role
from portal.domain.stages import Leg
from portal.models import db
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_thon_sap_nhap_khi_bien_ban_dang_cho_ky(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        for name in ("ban_cu", "ban_moi"):
            scene.unit(name, "village", "xa")
            scene.unit(f"to_{name}", "village_task_force", name, name, f"TCT-{name[-2:].upper()}")
        scene.person("to_truong_ban_moi", "to_ban_moi", Role.VILLAGE, signs=True)
        db.session.commit()
        old, new = scene.units["ban_cu"].id, scene.units["ban_moi"].id
        of_list = scene.make_list(2, village="to_ban_cu")
        record = scene.sign_over("station_head", of_list, Leg.STATION_TO_VILLAGE)
    administrator, station, village = window("administrator"), window("station_head"), window("to_truong_ban_moi")
    administrator.go(f"/administration/units/{old}")
    administrator.press("Nhập vào đơn vị khác")
    administrator.tab.get_by_label("Nhập vào").select_option(str(new))
    administrator.tab.get_by_label("Từ ngày").fill(f"{today() + timedelta(days=1):%d/%m/%Y}")
    administrator.press("Nhập đơn vị")
    administrator.see("Ghi số và ngày văn bản")
    administrator.tab.get_by_label("Văn bản quyết định").fill("Nghị quyết 05/NQ-HĐND")
    administrator.press("Nhập đơn vị")
    administrator.see("Chọn hôm nay hoặc một ngày đã qua")
    administrator.tab.get_by_label("Từ ngày").fill(f"{today():%d/%m/%Y}")
    administrator.press("Nhập đơn vị")
    administrator.see("1 danh sách đang làm chuyển sang đơn vị mới, 1 biên bản chờ ký được thu hồi")

    station.go(f"/handovers/{record}")
    station.see("Đã thu hồi")
    page = ListPage(station, of_list).prepare()
    page.sign("Ký và bàn giao")
    station.see("To Ban Moi")
    ListPage(village, of_list).take().sign("Ký nhận")
    village.go(f"/lists/{of_list}")
    village.see("Thôn đang rà soát")
