"""The pictures of README and guide: `make screenshots` serves a fresh demonstration and walks through it.

Not a test: nothing is asserted beyond that each step can be taken. Run again whenever pages change.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from portal.services.demonstration.people import PersonMaker
from portal.services.demonstration.workbooks import make_workbook
from portal.settings import CHECKOUT
from tests.functional.window import OFFICE, PHONE

FOLDER = CHECKOUT / "docs" / "screenshots"
LARGEST = 150_000
"""Bytes of one picture in the repository."""


def main() -> None:
    """Draw all pictures anew; `screenshots.py http://localhost:8000` uses a demonstration that runs already."""
    FOLDER.mkdir(exist_ok=True)
    with _address() as address, sync_playwright() as starter:
        chromium = starter.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for username, is_phone, shoot in STORIES:
            shoot(_enter(chromium, address, username, is_phone=is_phone))
        chromium.close()


@contextmanager
def _address() -> Iterator[str]:
    if len(sys.argv) > 1:
        yield sys.argv[1]
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="bangiao-screenshots-") as home:
        environment = {**os.environ, "BANGIAO_HOME": home, "PORT": str(port)}
        serve = subprocess.Popen([Path(sys.executable).with_name("portal"), "serve", "--demo"], env=environment)
        try:
            _wait_for(f"http://localhost:{port}")
            yield f"http://localhost:{port}"
        finally:
            serve.terminate()
            serve.wait(timeout=60)


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise SystemExit("the demonstration did not start")


def _enter(chromium: Browser, address: str, username: str, *, is_phone: bool) -> Page:
    context = chromium.new_context(
        base_url=address, viewport=PHONE if is_phone else OFFICE, has_touch=is_phone, locale="vi-VN"
    )
    page = context.new_page()
    page.goto("/sign-in")
    if username:
        page.locator(f'button[name="demo_user"][value="{username}"]').click()
        page.wait_for_load_state()
    return page


def _keep(page: Page, name: str) -> None:
    """One picture of the window, few colours, so that it stays small."""
    raw = FOLDER / f"{name}.raw.png"
    page.screenshot(path=raw)
    with Image.open(raw) as picture:
        picture.convert("RGB").quantize(96).save(FOLDER / f"{name}.png", optimize=True)
    raw.unlink()
    if (FOLDER / f"{name}.png").stat().st_size > LARGEST:
        raise SystemExit(f"{name}.png is larger than {LARGEST} bytes")


def _scroll_to(page: Page, selector: str) -> None:
    """Bring an element to the top at once; the usual smooth scrolling would be photographed half-way."""
    page.locator(selector).first.evaluate("place => place.scrollIntoView({behavior: 'instant', block: 'start'})")


def _open_first(page: Page, tab: str) -> None:
    page.goto(f"/inbox?tab={tab}")
    page.locator("main .row-link").first.click()
    page.wait_for_load_state()


def _signed_out(page: Page) -> None:
    _keep(page, "dang-nhap")
    page.goto("/verify")
    _keep(page, "kiem-tra-bien-ban")


def _station(page: Page) -> None:
    page.goto("/")
    _keep(page, "tram-viec-can-lam")
    made = make_workbook(
        PersonMaker(7), commune="Trạm Tấu", station="Trạm Y tế xã Trạm Tấu", shares={"Thôn Pá Hu": 12}, seed=7
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "danh-sach-T11.xlsx"
        file.write_bytes(made.data)
        page.goto("/batches/new")
        page.locator('input[type="file"]').set_input_files(file)
        page.get_by_role("button", name="Kiểm tra tệp").click()
    page.wait_for_load_state()
    _scroll_to(page, "#rows")
    _keep(page, "tram-kiem-tra-tep")
    _open_first(page, "drafting")
    page.get_by_role("button", name="Lập biên bản bàn giao").click()
    page.locator("figure.paper-page img").first.wait_for()
    page.wait_for_load_state("networkidle")
    _keep(page, "xem-truoc-va-ky")
    page.get_by_role("button", name="Quay lại sửa").click()
    page.goto("/inbox?tab=returned")
    page.get_by_role("link", name="Cập nhật").first.click()
    page.wait_for_load_state()
    _scroll_to(page, ".lanes")
    _keep(page, "tram-hai-luong")


def _village(page: Page) -> None:
    _open_first(page, "working")
    _scroll_to(page, ".tabs")
    _keep(page, "thon-danh-sach")
    page.locator(".person-card").nth(1).click()
    page.wait_for_load_state()
    _scroll_to(page, "h1")
    _keep(page, "thon-mot-nguoi")


def _police(page: Page) -> None:
    _open_first(page, "working")
    _scroll_to(page, ".grid-progress")
    _keep(page, "cong-an-doi-chieu")
    page.goto("/inbox?tab=incoming")
    page.get_by_role("link", name="Xem và ký nhận").first.click()
    page.wait_for_load_state("networkidle")
    _keep(page, "cong-an-ky-nhan")


def _auditor(page: Page) -> None:
    page.goto("/lists?state=closed")
    page.locator("main .row-link").first.click()
    page.get_by_role("link", name="Xem toàn bộ hồ sơ").click()
    page.wait_for_load_state()
    _keep(page, "thanh-tra-ho-so")


def _supervisor(page: Page) -> None:
    page.goto("/progress")
    _keep(page, "giam-sat-tien-do")


def _administrator(page: Page) -> None:
    page.goto("/administration/accounts")
    _keep(page, "quan-tri-tai-khoan")


STORIES = (
    ("", False, _signed_out),
    ("tyt.tramtau", False, _station),
    ("thon.taugiua", True, _village),
    ("cax.hanhphuc", False, _police),
    ("thanhtra", False, _auditor),
    ("soyte", False, _supervisor),
    ("quantri", False, _administrator),
)

if __name__ == "__main__":
    main()
