"""LS-33: Mất mạng giữa lúc bên giao đã ký và bên nhận ký nhận: không ai ký hai lần, quyền giữ chỉ chuyển khi máy chủ nhận."""

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Route, expect
from sqlalchemy import func, select

from portal.domain.stages import Leg
from portal.models import CorrectionList, Handover, Signature, db
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window
from tests.integration.scene import PASSPHRASE

DEED = "Ký nhận 2 người từ Tram"


def state(site: Site, of_list: UUID) -> tuple[str, str | None, int]:
    """Stage, pending leg, signatures of people on the list's records."""
    with site.behind():
        held = db.session.get_one(CorrectionList, of_list)
        query = select(func.count()).select_from(Signature).join(Handover, Signature.handover_id == Handover.id)
        return held.stage, held.pending_leg, db.session.scalar(query.where(Handover.list_id == of_list)) or 0


def sign(village: Window) -> None:
    village.tab.locator('input[name="passphrase"]').fill(PASSPHRASE)
    village.tab.get_by_role("button", name=DEED).click(no_wait_after=True)


def test_mat_mang_giua_ky_va_ky_nhan(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.sign_over("station_head", of_list, Leg.STATION_TO_VILLAGE)
    waits = ("drafting", Leg.STATION_TO_VILLAGE.value, 1)
    village = window("village_head", phone=True)
    village.bears_a_bad_network = True
    ListPage(village, of_list).take()
    record = village.path

    # Cut before the server heard of it: the phone says so, the page and the list stand as they were.
    village.context.set_offline(True)
    sign(village)
    village.see("Việc này cần có mạng")
    assert state(site, of_list) == waits

    # Cut after the server has taken it: the answer never comes back.
    village.context.set_offline(False)
    taken = []

    def lose_the_answer(route: Route) -> None:
        taken.append(route.fetch(max_redirects=0).status)
        route.abort()

    village.tab.route("**/countersignature", lose_the_answer)
    with village.tab.expect_event("requestfailed"):
        sign(village)
    assert taken == [303]
    village.tab.unroute("**/countersignature")
    assert state(site, of_list) == ("village_review", None, 2)

    village.go(record)
    village.see("Tải biên bản")
    expect(village.tab.get_by_role("button", name=DEED)).to_have_count(0)
    station = window("station_head")
    ListPage(station, of_list).open()
    station.see("Thôn đang rà soát")
    assert state(site, of_list) == ("village_review", None, 2)
