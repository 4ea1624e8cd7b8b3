"""Verification for everyone: by file and by printed code, without a citizen's data and without a trace."""

import io

import pytest
from sqlalchemy import func, select

from portal.domain.stages import Leg
from portal.models import Event, Handover, db
from portal.services.context import ground
from tests.integration.scene import Scene
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import Portal


@pytest.fixture(scope="module")
def sent(scene: Scene) -> Handover:
    """A record that the station has signed and sent."""
    record_id = scene.sign_over("station_head", scene.make_list(2), Leg.STATION_TO_VILLAGE)
    db.session.expire_all()
    return db.session.get_one(Handover, record_id)


def upload(browser: Browser, data: bytes, name: str = "bien-ban.pdf") -> tuple[int, str]:
    browser.get("/verify")
    answer = browser.post("/verify", {"file": (io.BytesIO(data), name)})
    return answer.status_code, answer.text


def test_a_signed_record_is_found_genuine_and_a_changed_one_is_not(sent: Handover, visitor: Browser) -> None:
    data = ground().store.get(sent.pdf_sha256)
    status, page = upload(visitor, data)
    assert status == 200
    assert "Chữ ký đúng" in page
    changed = bytearray(data)
    changed[len(data) // 3] ^= 1
    assert "KHÔNG hợp lệ" in upload(visitor, bytes(changed))[1]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "Tệp rỗng"), (b"PK\x03\x04", "Gói hỏng"), (b"%PDF-1.7\n%nothing", "hợp lệ|xác định")],
)
def test_what_is_no_record_gets_words(visitor: Browser, data: bytes, words: str) -> None:
    status, page = upload(visitor, data)
    assert status in {200, 422}
    assert any(word in page for word in words.split("|"))


def test_a_form_without_a_file_is_answered_in_words(visitor: Browser) -> None:
    visitor.get("/verify")
    assert "Chưa chọn tệp" in visitor.post("/verify", {}).text


def test_the_printed_code_shows_the_record_without_any_person(
    portal: Portal, sent: Handover, visitor: Browser
) -> None:
    page = visitor.get(f"/verify/{sent.code.lower()}").text
    assert f"{sent.number:02d}/{sent.symbol}" in page
    assert sent.manifest_sha256 in page
    assert "Chờ bên nhận ký" in page
    assert "Vàng Thị Thử" not in page
    assert "Station Head" not in page


def test_a_code_typed_with_blanks_leads_to_its_page(sent: Handover, visitor: Browser) -> None:
    typed = f"{sent.code[:5]}%20{sent.code[5:].lower()}"
    assert visitor.get(f"/verify?code={typed}").headers["Location"] == f"/verify/{sent.code}"


def test_verifying_stores_nothing(sent: Handover, visitor: Browser) -> None:
    files = list(ground().store.all_hashes())
    events = db.session.execute(select(func.count()).select_from(Event)).scalar_one()
    upload(visitor, ground().store.get(sent.pdf_sha256) + b"x")
    assert list(ground().store.all_hashes()) == files
    assert db.session.execute(select(func.count()).select_from(Event)).scalar_one() == events
