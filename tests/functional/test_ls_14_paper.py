"""LS-14: Vòng giấy: in phiếu và biên bản, thôn ký tay, quét, người này nhập, người khác xác nhận."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import expect

from portal.domain.stages import Leg
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window
from tests.integration.scene import number_of

Open = Callable[..., Window]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph of the signed paper."""
    path = tmp_path / "bien ban da ky.jpg"
    out = BytesIO()
    Image.new("RGB", (900, 1200), "white").save(out, "JPEG")
    path.write_bytes(out.getvalue())
    return path


def test_thon_khong_co_may(window: Open, site: Site, photo: Path, tmp_path: Path) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.sign_over("station_head", of_list, Leg.STATION_TO_VILLAGE)
    clerk, coordinator = window("station_clerk"), window("coordinator")
    clerk.go(f"/lists/{of_list}")
    clerk.press("Phiếu giấy: in cho thôn")
    clerk.press("In phiếu cho 2 người")
    assert clerk.download("Phiếu rà soát (PDF)").read_bytes().startswith(b"%PDF-")
    sheet = clerk.tab.locator("a.row-link").inner_text()

    wrong_file_is_refused(coordinator, of_list, tmp_path)
    enter(coordinator, of_list, photo)
    clerk.go(f"/lists/{of_list}")
    clerk.press("Xem và xác nhận bản quét thôn ký tay")
    expect(clerk.tab.locator("figure.paper-page img").first).to_be_visible()
    assert not clerk.scrolls_sideways()
    clerk.press("Xác nhận: đúng biên bản này")
    clerk.see("ký tay (bản quét)")
    clerk.see("Tổ công tác thôn" if clerk.tab.locator("text=Tổ công tác thôn").count() else "Thôn đang rà soát")

    two_people_type_the_sheet(clerk, window("station_head"), sheet)
    the_station_types_the_sheets(clerk, of_list)
    clerk.go(f"/lists/{of_list}")
    clerk.press("Lập biên bản cho thôn ký tay")
    clerk.see("In biên bản, thôn ký tay")
    assert clerk.download("Tải biên bản để in").read_bytes().startswith(b"%PDF-")
    enter(clerk, of_list, photo)
    clerk.see("không tự xác nhận")
    head = window("station_head")
    head.go(f"/lists/{of_list}")
    head.press("Xem và xác nhận bản quét thôn ký tay")
    head.press("Xác nhận: đúng biên bản này")
    head.see("Đang chờ Cong An ký nhận")

    police = window("police_head")
    record = ListPage(police, of_list).take()
    police.see("ký tay (bản quét)")
    record.sign("Ký nhận 2 người từ To Cong Tac A")
    police.see("ký tay (bản quét)")
    auditor = window("auditor")
    auditor.go(f"/lists/{of_list}/trail")
    auditor.see("chưa đủ chữ ký số (1/2)")
    auditor.see("Xác nhận bản quét: thôn ký tay giao")
    assert "chữ ký số nội bộ (bản quét)" not in auditor.tab.content()


def wrong_file_is_refused(person: Window, of_list: UUID, folder: Path) -> None:
    wrong = folder / "bien-ban.pdf"
    wrong.write_bytes(b"MZ\x90 not a pdf at all")
    person.go(f"/lists/{of_list}")
    person.press("Nhập bản quét thôn ký tay")
    person.tab.locator('input[name="signer"]').fill("Thào A Chu")
    person.tab.locator('input[type="file"]').set_input_files(wrong)
    person.press("Lưu bản quét")
    person.see("không phải PDF, JPEG hoặc PNG")
    expect(person.tab.locator('input[name="signer"]')).to_have_value("Thào A Chu")


def enter(person: Window, of_list: UUID, photo: Path) -> None:
    person.go(f"/lists/{of_list}")
    person.press("Nhập bản quét thôn ký tay")
    person.tab.locator('input[name="signer"]').fill("Thào A Chu")
    person.tab.locator('input[type="file"]').set_input_files(photo)
    person.press("Lưu bản quét")
    person.see("Bản quét chờ xác nhận")
    expect(person.tab).to_have_url(re.compile("/scan$"))


def the_station_types_the_sheets(clerk: Window, of_list: UUID) -> None:
    clerk.go(f"/lists/{of_list}")
    clerk.see("Nhập từ phiếu giấy của thôn")
    page = ListPage(clerk, of_list)
    page.correct_number(1, number_of(905))
    page.conclude(2, "unresolved", reason="moved_away")
    clerk.see("Nhập từ phiếu giấy của thôn")


def two_people_type_the_sheet(one: Window, other: Window, sheet: str) -> None:
    """Both type the code and the first row with the keyboard alone; the second does not see what the first typed."""
    for person in (one, other):
        person.go("/sheets")
        person.tab.locator('input[name="sheet"]').fill(sheet.lower())
        person.tab.keyboard.press("Enter")
        expect(person.tab.locator('input[name="right"]')).to_be_focused()
        person.see_not(number_of(904))
        person.tab.keyboard.press("Tab")
        person.tab.keyboard.type(number_of(904))
        person.tab.keyboard.press("Enter")
        expect(person.tab).to_have_url(re.compile("/rows/2$"))
        assert not person.scrolls_sideways()
    other.see("Đã ghi vào danh sách")
