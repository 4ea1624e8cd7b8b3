"""LS-23: Bấm hai lần, gửi lại biểu mẫu, nút quay lại của trình duyệt: một việc chỉ xảy ra một lần."""

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import func, select

from portal.domain.stages import Party
from portal.models import Handover, Signature, db
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window
from tests.integration.scene import PASSPHRASE


def records_and_signatures(site: Site, of_list: UUID) -> tuple[int, int]:
    with site.behind():
        records = db.session.scalar(select(func.count()).where(Handover.list_id == of_list))
        signatures = db.session.scalar(
            select(func.count())
            .select_from(Signature)
            .join(Handover, Signature.handover_id == Handover.id)
            .where(Handover.list_id == of_list)
        )
        return records or 0, signatures or 0


def test_bam_hai_lan_chi_mot_bien_ban(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
    station = window("station_head")
    ListPage(station, of_list).open()
    station.deed("Lập biên bản bàn giao 2 người").dblclick()
    expect(station.tab.locator('input[name="passphrase"]')).to_be_visible()
    assert records_and_signatures(site, of_list) == (1, 0)

    station.tab.locator('input[name="passphrase"]').fill(PASSPHRASE)
    station.deed("Ký và bàn giao 2 người").dblclick()
    station.see("Đang chờ To Cong Tac A ký nhận")
    assert records_and_signatures(site, of_list) == (1, 1)

    # Back to the signing page as the browser kept it, or as it is fetched anew: nothing to sign again.
    station.tab.go_back()
    station.tab.reload()
    expect(station.tab.get_by_role("button", name="Ký và bàn giao")).to_have_count(0)
    assert records_and_signatures(site, of_list) == (1, 1)


def test_nut_quay_lai_sau_khi_luu_khong_ghi_lan_hai(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
    village = window("village_head", phone=True)
    page = ListPage(village, of_list)
    page.correct_number(1, "015185990456")
    village.tab.go_back()
    expect(village.deed("LƯU, SANG NGƯỜI TIẾP")).to_be_enabled()
    village.press("LƯU, SANG NGƯỜI TIẾP")
    page.open()
    village.see("1/2")
