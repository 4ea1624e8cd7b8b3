"""Hộp gửi: mất mạng giữa chừng vẫn làm tiếp, có mạng thì gửi theo thứ tự, mỗi lượt một lần (N2–N7, W1)."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import Route, expect
from sqlalchemy import func, select, update

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import Entry, EntryVerdict, SignInSession, db
from portal.services import entries
from portal.services.entries import Conclusion
from tests.functional.conftest import Site
from tests.functional.window import Window

Open = Callable[..., Window]
SAVE = "button.btn-save"


def village_list(site: Site, people: int = 4) -> UUID:
    with site.behind() as scene:
        of_list = scene.make_list(people)
        scene.bring_to(Party.VILLAGE, of_list)
        return of_list


def verdicts(site: Site, of_list: UUID) -> list[tuple[int, str]]:
    """Every conclusion of the list in the order the server took them."""
    with site.behind():
        query = select(Entry.number, EntryVerdict.verdict).join(EntryVerdict, EntryVerdict.entry_id == Entry.id)
        rows = db.session.execute(query.where(Entry.list_id == of_list).order_by(EntryVerdict.id)).all()
        return [(number, verdict) for number, verdict in rows]


def at_work(window: Open, of_list: UUID) -> Window:
    """A village helper's phone on the first person, the people behind loaded ahead."""
    village = window("village_helper", phone=True)
    village.bears_a_bad_network = True
    with village.tab.expect_response("**/people?**"):
        village.go(f"/lists/{of_list}/entries/1")
    village.tab.wait_for_function("path => window.OutboxPages.has(path)", arg=f"/lists/{of_list}/entries/2")
    return village


def conclude(village: Window, verdict: str) -> None:
    """Choose, save, and wait for the next person's screen."""
    before = village.tab.locator("h1").inner_text()
    village.tab.locator(f'input[name="verdict"][value="{verdict}"]').check()
    village.tab.locator(SAVE).click()
    expect(village.tab.locator("h1")).not_to_have_text(before)


def waiting(village: Window, words: str) -> None:
    expect(village.tab.locator("#outbox summary")).to_contain_text(words)


def go_offline(village: Window, offline: bool = True) -> None:
    village.context.set_offline(offline)


def test_mat_mang_van_lam_tiep_co_mang_thi_gui_theo_thu_tu(site: Site, window: Open) -> None:
    of_list = village_list(site)
    village = at_work(window, of_list)
    go_offline(village)
    conclude(village, "already_right")
    village.see("Đã giữ Vàng Thị Thử B trên máy lúc")
    expect(village.tab.locator("h1")).to_have_text("Vàng Thị Thử C")
    village.tab.locator('input[name="full_name_choice"][value="fix"]').check()
    village.tab.locator('input[name="full_name"]').fill("Vàng Thị Thử Mới")
    conclude(village, "fixed")
    waiting(village, "Chờ thử lại: 2")
    assert verdicts(site, of_list) == []

    village.press("Trước")
    expect(village.tab.locator('input[name="full_name"]')).to_have_value("Vàng Thị Thử Mới")
    village.press("Sau")
    conclude(village, "already_right")
    go_offline(village, False)
    waiting(village, "Đã gửi mọi thứ lúc")
    assert verdicts(site, of_list) == [(1, "already_right"), (2, "fixed"), (3, "already_right")]


def test_the_trinh_duyet_bi_dong_khi_con_luot_cho_gui(site: Site, window: Open) -> None:
    of_list = village_list(site)
    village = at_work(window, of_list)
    go_offline(village)
    conclude(village, "already_right")
    waiting(village, "1")
    village.tab.close()
    go_offline(village, False)
    village.tab = village.context.new_page()
    village.go("/")
    waiting(village, "Đã gửi mọi thứ lúc")
    assert verdicts(site, of_list) == [(1, "already_right")]


def test_n7_het_phien_khi_mat_mang_dang_nhap_lai_thi_gui(site: Site, window: Open) -> None:
    of_list = village_list(site)
    village = at_work(window, of_list)
    go_offline(village)
    conclude(village, "already_right")
    conclude(village, "already_right")
    with site.behind() as scene:
        mine = SignInSession.user_id == scene.actors["village_helper"].user_id
        db.session.execute(update(SignInSession).where(mine).values(seen_at=func.now() - timedelta(days=3)))
        db.session.commit()
    go_offline(village, False)
    waiting(village, "Cần đăng nhập lại để gửi 2 lượt lưu")
    assert verdicts(site, of_list) == []
    village.tab.locator("#outbox").get_by_role("link", name="Đăng nhập lại").click()
    village.tab.locator('button[name="demo_user"][value="village_helper"]').click()
    waiting(village, "Đã gửi mọi thứ lúc")
    assert verdicts(site, of_list) == [(1, "already_right"), (2, "already_right")]


def test_n7_dang_nhap_lai_o_the_khac_thi_the_nay_lay_ma_moi(site: Site, window: Open) -> None:
    of_list = village_list(site)
    village = at_work(window, of_list)
    other = village.context.new_page()
    other.goto("/account")
    village.context.clear_cookies()
    other.goto("/sign-in")
    other.locator('button[name="demo_user"][value="village_helper"]').click()
    conclude(village, "already_right")
    village.see("Đã lưu Vàng Thị Thử B lúc")
    assert verdicts(site, of_list) == [(1, "already_right")]


def test_n2_tra_loi_bi_mat_sau_khi_da_ghi_thi_chi_co_mot_luot(site: Site, window: Open) -> None:
    of_list = village_list(site)
    village = at_work(window, of_list)
    lost = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    village.tab.route("**/correction", lose_the_first_answer)
    conclude(village, "already_right")
    waiting(village, "Đã gửi mọi thứ lúc")
    assert lost == [200]
    assert verdicts(site, of_list) == [(1, "already_right")]


def test_n4_trang_la_cua_may_trung_gian_khong_vao_trang_va_khong_tinh_la_da_gui(site: Site, window: Open) -> None:
    of_list = village_list(site)
    village = at_work(window, of_list)
    html = "<html><body><main id='main'>Bad gateway</main></body></html>"
    answers = iter((502, 504, 200))

    def stranger(route: Route) -> None:
        status = next(answers, None)
        if status:
            route.fulfill(status=status, content_type="text/html", body=html)
        else:
            route.continue_()

    village.tab.route("**/correction", stranger)
    conclude(village, "already_right")
    village.see("Đã giữ Vàng Thị Thử B trên máy lúc")
    village.tab.locator("#outbox summary").click()
    for _more in ("504", "the network's own sign-in page"):
        waiting(village, "Chờ thử lại: 1")
        village.see_not("Bad gateway")
        with village.tab.expect_response("**/correction"):
            village.tab.get_by_role("button", name="Gửi ngay").click()
    waiting(village, "Chờ thử lại: 1")
    assert verdicts(site, of_list) == []
    village.tab.get_by_role("button", name="Gửi ngay").click()
    waiting(village, "Đã gửi mọi thứ lúc")
    assert verdicts(site, of_list) == [(1, "already_right")]


def test_n5_mat_mang_ba_ngay_hai_nguoi_da_bi_sua_thi_giu_ca_hai_ban(site: Site, window: Open) -> None:
    of_list = village_list(site)
    village = at_work(window, of_list)
    go_offline(village)
    for name in ("Vàng Thị Một", "Vàng Thị Hai", ""):
        if name:
            village.tab.locator('input[name="full_name_choice"][value="fix"]').check()
            village.tab.locator('input[name="full_name"]').fill(name)
        conclude(village, "fixed" if name else "already_right")
    with site.behind() as scene:
        for number in (1, 2):
            said = Conclusion(Verdict.FIXED, values={"full_name": "Vàng Thị Trạm", "sex": "nam"})
            entries.conclude(scene.actors["village_head"], of_list, number, said)
    go_offline(village, False)
    waiting(village, "Gửi lỗi: 2")
    # The third is sent after the two that were refused: it may still be on its way.
    expect(village.tab.locator("#outbox summary")).not_to_contain_text(re.compile("Chờ gửi|Đang gửi|Chờ thử lại"))
    assert verdicts(site, of_list)[2:] == [(3, "already_right")], "a refused save holds up nobody else"

    village.tab.locator("#outbox summary").click()
    first = village.tab.locator("[data-items] li").first
    expect(first).to_contain_text("đã đổi lúc")
    first.get_by_role("button", name="Mở để sửa").click()
    village.see("Village Head đã lưu người này trước bạn")
    village.see("Vàng Thị Trạm")
    village.see("Vàng Thị Một")
    village.tab.locator(SAVE).click()
    village.see("Đã lưu Vàng Thị Thử B lúc")
    waiting(village, "Gửi lỗi: 1")
    with site.behind():
        entry = db.session.scalars(select(Entry).where(Entry.list_id == of_list, Entry.number == 1)).one()
        assert entry.proposed == {"full_name": "Vàng Thị Một", "sex": "nam"}, "mine where I typed, theirs elsewhere"


def test_w1_luu_sau_khi_da_ban_giao_thi_giu_lam_ban_nhap(site: Site, window: Open) -> None:
    of_list = village_list(site, 2)
    village = at_work(window, of_list)
    go_offline(village)
    village.tab.locator('textarea[name="note"]').fill("Đã gặp con gái ông ấy")
    conclude(village, "already_right")
    with site.behind() as scene:
        scene.conclude_all("village_head", of_list, Verdict.ALREADY_RIGHT)
        scene.take("police_head", scene.sign_over("village_head", of_list, Leg.VILLAGE_TO_POLICE))
    go_offline(village, False)
    waiting(village, "Gửi lỗi: 1")
    village.tab.locator("#outbox summary").click()
    village.tab.get_by_role("button", name="Mở để sửa").click()
    village.see("giữ làm bản nháp")
    village.see("Cong An")
    village.see("Đã gặp con gái ông ấy")

    with site.behind() as scene:
        scene.conclude_all("police_head", of_list, Verdict.RETURNED, reason="card_needed")
        scene.take("village_head", scene.sign_over("police_head", of_list, Leg.POLICE_TO_VILLAGE))
    village.go(f"/lists/{of_list}/entries/1")
    village.see("Có bản nháp bạn gõ lúc")
    village.press("Mở bản nháp")
    expect(village.tab.locator('textarea[name="note"], input[name="note"]')).to_have_value("Đã gặp con gái ông ấy")
