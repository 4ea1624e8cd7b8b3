"""LS-17: Nền tảng không nhận dòng đã cập nhật: danh sách chưa đóng được cho đến khi có kết cục với lý do."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from portal.domain.fields import Field
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.services import entries
from portal.services.entries import Conclusion
from tests.functional import workbooks
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window
from tests.integration.scene import number_of

SHOWN = (
    ("Vàng Thị Thử B", "01/02/1985", "Nữ", number_of(1)),
    ("Vàng Thị Đổi Tên", "01/02/1985", "Nữ", number_of(2)),
)


def test_nen_tang_khong_nhan_dong_da_cap_nhat(site: Site, window: Callable[..., Window], tmp_path: Path) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
        village = scene.actors["village_head"]
        entries.conclude(village, of_list, 1, Conclusion(Verdict.ALREADY_RIGHT))
        renamed = Conclusion(Verdict.FIXED, {Field.FULL_NAME: "Vàng Thị Đổi Tên"})
        entries.conclude(village, of_list, 2, renamed)
        scene.take("police_head", scene.sign_over("village_head", of_list, Leg.VILLAGE_TO_POLICE))
        scene.conclude_all("police_head", of_list, Verdict.VERIFIED)
        scene.take("station_head", scene.sign_over("police_head", of_list, Leg.POLICE_TO_STATION))
    station = window("station_head")
    page = ListPage(station, of_list)
    page.mark_first_field()
    page.read_verification_list(workbooks.verification_list(tmp_path / "xac minh.xlsx", *SHOWN, wrong=frozenset({2})))
    station.see("1 người đúng, 1 người còn lệch")
    expect(station.tab.get_by_role("button", name="Lập biên bản hoàn thành")).to_be_disabled()

    page.conclude(2, "ended", reason="other", note="Nền tảng báo trùng hồ sơ, đã báo tuyến trên")
    page.open()
    station.see("1 người nền tảng ghi đúng, 1 người không làm sạch được")
    page.prepare("Lập biên bản hoàn thành 2 người").sign("Ký hoàn thành 2 người")
    page.open()
    station.see("Đã hoàn thành")
