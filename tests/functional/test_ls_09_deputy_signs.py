"""LS-9: Người ký vắng, cấp phó ký thay «KT.»: ủy quyền, đổi phân công, biên bản ghi rõ ký thay ai, theo văn bản nào."""

import subprocess
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from portal.clock import today
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.models import Membership, db
from portal.services import delegations
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window
from tests.integration.scene import Scene


def test_cap_pho_ky_thay_truong_cong_an(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.POLICE, of_list)
        scene.conclude_all("police_officer", of_list, Verdict.VERIFIED)
        _positions(scene)
        # The deputy has a key of his own from an earlier absence; that one has ended.
        earlier = scene.delegate("earlier", "police_head", "police_officer")
        delegations.end(scene.actors["police_head"], earlier.delegation_id or 0)

    head = window("police_head")
    head.go("/account")
    head.press("Xem và lập ủy quyền")
    head.tab.get_by_label("Người làm thay").select_option(label="Police Officer – Phó Trưởng Công an xã")
    head.tab.get_by_label("Từ ngày").fill(f"{today():%d/%m/%Y}")
    head.tab.get_by_label("Đến hết ngày").fill(f"{today() + timedelta(days=7):%d/%m/%Y}")
    head.tab.get_by_label("Được ký thay").check()
    head.tab.get_by_role("button", name="Lập ủy quyền").click()
    head.see("Ghi số, ký hiệu của văn bản giao ký thay.")
    head.tab.get_by_label("Hình thức ký").select_option("deputy")
    head.tab.get_by_label("Số, ký hiệu văn bản").fill("05/QĐ-CAX")
    head.tab.get_by_label("Ngày của văn bản").fill("20/11/2026")
    head.tab.get_by_role("button", name="Lập ủy quyền").click()
    head.see("Đang có hiệu lực")

    deputy = window("police_officer")
    deputy.press("Đổi phân công")
    deputy.tab.get_by_label("Làm thay Police Head").check()
    deputy.press("Làm việc theo lựa chọn này")
    expect(deputy.tab.locator("header")).to_contain_text("làm thay Police Head, Trưởng Công an xã")
    record = ListPage(deputy, of_list).prepare()
    deputy.see("Bạn ký thay Police Head, Trưởng Công an xã, theo văn bản số 05/QĐ-CAX ngày 20/11/2026")
    record.sign("Ký và bàn giao 2 người")
    paper = _words_of(deputy)
    assert "KT. TRƯỞNG CÔNG AN XÃ" in paper
    assert "PHÓ TRƯỞNG CÔNG AN XÃ" in paper
    assert "số 05/QĐ-CAX ngày 20/11/2026" in paper
    deputy.go(f"/lists/{of_list}/trail")
    deputy.see("Police Officer (làm thay Police Head, Trưởng Công an xã)")

    # Taken back: nothing more is done for the head, at the very next click.
    head.tab.get_by_role("button", name="Kết thúc").first.click()
    head.see("Thu lại")
    deputy.go("/inbox")
    deputy.see("Ủy quyền bạn đang dùng đã kết thúc")
    site.take_sent("station_head", of_list)


def _positions(scene: Scene) -> None:
    for name, position in (("police_head", "Trưởng Công an xã"), ("police_officer", "Phó Trưởng Công an xã")):
        db.session.get_one(Membership, scene.actors[name].membership_id).position = position
    db.session.commit()


def _words_of(window: Window) -> str:
    """The record's paper as text, from the receipt."""
    file = window.download("Tải biên bản PDF")
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
