"""F1: Phiên hết hạn giữa một biểu mẫu dài: đăng nhập lại thì biểu mẫu còn nguyên. F7: mã độc trong ghi chú chỉ là chữ."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import func, update

from portal.domain.stages import Party
from portal.models import SignInSession, db
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window

EVIL = '<script>document.title="BI CHIEM"</script>{{7*7}} <b hx-get="/account">x</b>'


def test_phien_het_han_giua_bieu_mau_dai(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
    # With JavaScript the outbox keeps what was typed (N7); the plain form has to find its way alone.
    village = window("village_helper", phone=True, javascript=False)
    village.go(f"/lists/{of_list}/entries/1")
    tab = village.tab
    tab.locator('input[name="verdict"][value="unresolved"]').check()
    tab.locator('select[name="reason"]').select_option("moved_away")
    tab.locator('textarea[name="note"]').fill("Đã chuyển về Mù Cang Chải từ tháng 3")
    with site.behind():
        long_ago = func.now() - timedelta(hours=2)
        db.session.execute(update(SignInSession).values(seen_at=long_ago))
        db.session.commit()
    tab.locator("button.btn-save").click()

    village.see("Phiên làm việc đã hết hạn")
    tab.locator('button[name="demo_user"][value="village_helper"]').click()
    village.see("Nội dung bạn đã nhập được giữ lại")
    expect(tab.locator('textarea[name="note"]')).to_have_value("Đã chuyển về Mù Cang Chải từ tháng 3")
    expect(tab.locator('select[name="reason"]')).to_have_value("moved_away")
    tab.locator("button.btn-save").click()
    village.see("Đã lưu")


def test_ma_doc_trong_ghi_chu_chi_la_chu(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(1)
        scene.bring_to(Party.VILLAGE, of_list)
    village = window("village_head", phone=True)
    ListPage(village, of_list).conclude(1, "unresolved", reason="other", note=EVIL)
    village.see("Đã lưu")
    for reader, address in ((village, f"/lists/{of_list}/entries/1"), (window("auditor"), f"/lists/{of_list}/trail")):
        reader.go(address)
        reader.see("{{7*7}}")
        reader.see("<script>")
        expect(reader.tab.locator("main b[hx-get], main script")).to_have_count(0)
        assert "BI CHIEM" not in reader.tab.title()
