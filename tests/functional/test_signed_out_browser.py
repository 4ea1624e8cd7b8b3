"""Sau khi đăng xuất trình duyệt không còn gì của người dân; trước đó hỏi nếu còn lượt lưu chưa gửi."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from tests.functional.conftest import Site
from tests.functional.window import PHONE, Window
from tests.integration.scene import number_of

TYPED = "Hoàng Thị Riêng Tư"
NUMBER = number_of(777)
_LEFT = """async () => ({
  databases: (await indexedDB.databases()).map((each) => each.name),
  caches: await caches.keys(),
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"databases": [], "caches": [], "local": [], "session": [], "workers": 0}


def village_list(site: Site) -> UUID:
    with site.behind() as scene:
        of_list = scene.make_list(3)
        scene.bring_to(Party.VILLAGE, of_list)
        return of_list


def save_without_network(village: Window, of_list: UUID) -> None:
    """Type a name and a number for the first person, and save while the network is away."""
    village.bears_a_bad_network = True
    with village.tab.expect_response("**/people?**"):
        village.go(f"/lists/{of_list}/entries/1")
    village.tab.wait_for_timeout(300)
    village.context.set_offline(True)
    tab = village.tab
    for name, value in (("full_name", TYPED), ("id_number", NUMBER)):
        tab.locator(f'input[name="{name}_choice"][value="fix"]').check()
        tab.locator(f'input[name="{name}"]').fill(value)
    tab.locator("button.btn-save").click()
    village.see("Đã giữ")


def test_con_luot_chua_gui_thi_hoi_truoc_khi_dang_xuat(site: Site, window: Callable[..., Window]) -> None:
    of_list = village_list(site)
    village = window("village_helper", phone=True)
    save_without_network(village, of_list)
    tab = village.tab
    village.sign_out()
    question = tab.locator("#outbox-question")
    expect(question).to_contain_text("Còn 1 lượt lưu chưa gửi")
    question.get_by_role("button", name="Quay lại").click()
    assert tab.evaluate(_LEFT)["databases"] == ["ban-giao"]

    village.sign_out()
    question.get_by_role("button", name="Vẫn đăng xuất").click()
    village.see("Đã xóa mọi thứ khỏi máy này")
    assert tab.evaluate(_LEFT) == NOTHING
    assert TYPED not in tab.content()


def test_con_luot_chua_gui_thi_chua_lap_bien_ban(site: Site, window: Callable[..., Window]) -> None:
    of_list = village_list(site)
    with site.behind() as scene:
        scene.conclude_all("village_head", of_list, Verdict.ALREADY_RIGHT)
    village = window("village_head", phone=True)
    save_without_network(village, of_list)
    village.tab.route("**/correction", lambda route: route.abort())
    village.context.set_offline(False)
    village.go(f"/lists/{of_list}")
    expect(village.tab.locator("#outbox summary")).to_contain_text("1")
    village.press("Lập biên bản bàn giao 3 người")
    expect(village.tab.locator("#outbox-question")).to_contain_text("Còn 1 lượt lưu chưa gửi nên máy chủ chưa có")
    assert village.path == f"/lists/{of_list}"


@pytest.fixture
def own_profile(chromium: Browser, site: Site, tmp_path: Path) -> Iterator[tuple[BrowserContext, Path]]:
    """A phone's browser with a profile on disk that can be searched afterwards, its back-forward cache on."""
    folder = tmp_path / "profile"
    context = chromium.browser_type.launch_persistent_context(
        folder,
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox"],
        ignore_default_args=["--disable-back-forward-cache"],
        base_url=site.address,
        viewport=PHONE,  # type: ignore[arg-type]
        locale="vi-VN",
    )
    yield context, folder
    context.close()


def found_in(folder: Path, text: str) -> list[str]:
    """The files of a profile in which the text stands, in any of the encodings a browser writes."""
    forms = {text.encode(coding) for coding in ("utf-8", "utf-16-le")}
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and any(form in file.read_bytes() for form in forms)
    ]


def test_ho_so_trinh_duyet_khong_giu_ten_hay_so_cua_ai(site: Site, own_profile: tuple[BrowserContext, Path]) -> None:
    of_list = village_list(site)
    context, folder = own_profile
    village = Window(context, "village_helper")
    village.sign_in("village_helper")
    save_without_network(village, of_list)
    secrets = (TYPED, NUMBER, "015 185 990 777", "Vàng Thị Thử", number_of(1))
    assert village.tab.evaluate(_LEFT)["databases"] == ["ban-giao"], "something waits, so there is something to find"
    assert {text: found_in(folder, text) for text in secrets} == {text: [] for text in secrets}, "while it waits"

    village.context.set_offline(False)
    expect(village.tab.locator("#outbox summary")).to_contain_text("Đã gửi mọi thứ")
    village.go(f"/lists/{of_list}/entries/1")
    expect(village.tab.locator('input[name="full_name"]')).to_have_value(TYPED)
    village.sign_out()
    village.see("Bạn đã đăng xuất")
    assert village.tab.evaluate(_LEFT) == NOTHING
    village.tab.go_back()
    assert not any(text in village.tab.content() for text in secrets), "the way back shows nobody"
    context.close()
    assert {text: found_in(folder, text) for text in secrets} == {text: [] for text in secrets}, "after signing out"
    assert found_in(folder, f"/lists/{of_list}"), "the search does find what is there: the address in the history"
