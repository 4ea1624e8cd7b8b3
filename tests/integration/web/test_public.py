"""Verification for everyone: by file and by printed code, without a citizen's data and without a trace."""

import html
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyhanko.pdf_utils import generic
from sqlalchemy import func, select

from portal.cli.verify import verify
from portal.documents.pictures import printed_text
from portal.domain.stages import Leg
from portal.models import Event, Handover, db
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground
from portal.services.evidence_packages import list_package
from portal.signatures.appending import AppendingWriter
from portal.verification.roots import TrustBundle
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


@pytest.fixture(scope="module")
def appended(sent: Handover) -> bytes:
    """The record with a black bar drawn over its first page after it was signed."""
    writer = AppendingWriter(ground().store.get(sent.pdf_sha256))
    page = writer.find_page_for_modification(0)[0].get_object()
    more = writer.add_object(generic.StreamObject(stream_data=b"q 0 g 100 490 80 14 re f Q"))
    page[generic.pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), more])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_altered_record_is_shown_beside_what_was_signed(appended: bytes, visitor: Browser) -> None:
    visitor.get("/verify")
    answer = visitor.post("/verify", {"file": (io.BytesIO(appended), "a.pdf")})
    assert "Trang nhìn khác bản đã ký: 1." in answer.text
    assert "còn nguyên đến chữ ký Bên giao" in answer.text
    assert answer.text.count('src="data:image/png;base64,') == 2
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert "data:" not in visitor.get("/verify").headers["Content-Security-Policy"]


def test_a_change_inside_the_signed_part_is_held_against_the_stored_record(
    sent: Handover, visitor: Browser, as_user: Callable[[str], Browser]
) -> None:
    """Strangers are told which pages differ, and see no place on them; who may read the record sees both."""
    data = ground().store.get(sent.pdf_sha256)
    size = data.rindex(b"/MediaBox [ 0 0 595") + len(b"/MediaBox [ 0 0 ")
    changed = data[:size] + b"4" + data[size + 1 :]
    stranger = upload(visitor, changed)[1]
    assert "Cổng còn giữ bản gốc" in stranger
    assert "Trang nhìn khác bản đã ký" in stranger
    assert "data:image/png" not in stranger
    known = upload(as_user("station_head"), changed)[1]
    assert known.count("data:image/png") == 2
    assert "Cổng còn giữ bản gốc" not in known
    assert "Cổng còn giữ bản gốc" in upload(as_user("administrator"), changed)[1]


def test_a_record_changed_in_a_package_is_named_and_shown_to_whom_it_may_be(
    sent: Handover, visitor: Browser, as_user: Callable[[str], Browser], scene: Scene
) -> None:
    _, package = list_package(scene.actors["station_head"], sent.list_id)
    data = ground().store.get(sent.pdf_sha256)
    size = data.rindex(b"/MediaBox [ 0 0 595") + len(b"/MediaBox [ 0 0 ")
    assert package.count(data) == 1
    changed = package.replace(data, data[:size] + b"4" + data[size + 1 :])
    stranger = upload(visitor, changed, "goi.asice")[1]
    assert "KHÔNG hợp lệ" in stranger
    assert "Trong gói, biên bản bị sửa là bien-ban/01-" in stranger
    assert "Cổng còn giữ bản gốc" in stranger
    assert "data:image/png" not in stranger
    assert upload(as_user("station_head"), changed, "goi.asice")[1].count("data:image/png") == 2


def test_the_page_leads_with_one_sentence_and_what_was_not_looked_at_has_not_failed(
    sent: Handover, visitor: Browser
) -> None:
    data = ground().store.get(sent.pdf_sha256)
    page = upload(visitor, data[: len(data) // 3] + b"?" + data[len(data) // 3 + 1 :])[1]
    before, folded = page.split("<details", 1)
    assert "Nội dung tệp đã bị thay đổi sau khi ký." in before
    assert "Hãy xin lại tệp gốc" in before
    assert "RSASSA-PSS" not in before
    assert re.search(r"–</span>\s*<span class=\"visually-hidden\">Chưa xét:</span>", folded)
    assert not re.search(r"Không đạt:</span>[^/]*</strong>\s*Chưa xét", folded)


def test_a_guess_at_a_blacked_out_part_is_not_told_how_near_it_is(
    sent: Handover, visitor: Browser, as_user: Callable[[str], Browser]
) -> None:
    data = ground().store.get(sent.pdf_sha256)
    at = data.index(b"\n%") + 2
    guess = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    stranger = upload(visitor, guess)[1]
    assert "Cổng còn giữ bản gốc" in stranger
    assert "bị đổi ở vị trí" not in stranger
    assert "Có byte bị đổi trong phần đã ký." in stranger
    assert f"bị đổi ở vị trí {at + 1}." in upload(as_user("station_head"), guess)[1]


def test_page_and_terminal_give_the_same_lines_and_word(
    sent: Handover, appended: bytes, visitor: Browser, tmp_path: Path
) -> None:
    whole = ground().store.get(sent.pdf_sha256)
    settings = ground().settings
    bundle = TrustBundle(tuple(trusted_roots(settings)), tuple(known_lists(settings)))
    (tmp_path / "roots.pem").write_bytes(bundle.as_pem)
    for name, data in (("whole", whole), ("appended", appended)):
        (tmp_path / f"{name}.pdf").write_bytes(data)
        shown = " ".join(re.sub(r"<[^>]+>", " ", html.unescape(upload(visitor, data)[1])).split())
        answer = CliRunner().invoke(verify, [str(tmp_path / f"{name}.pdf"), "--roots", str(tmp_path / "roots.pem")])
        first, *lines = answer.output.strip().splitlines()
        assert f"Kết luận: {first.rsplit(': ', 1)[1].lower()}" in shown
        assert len(lines) == 5
        for line in lines:
            assert " ".join(re.split(r"[✓✗–]", line, maxsplit=1)[1].split()) in shown.replace(" :", ":"), line


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


def test_the_address_printed_on_the_paper_and_in_its_qr_code_opens_the_record(
    sent: Handover, visitor: Browser
) -> None:
    """The QR code is drawn from the very address that stands beside the code."""
    printed = "".join(printed_text(ground().store.get(sent.pdf_sha256), most_pages=5).split())
    address = f"{ground().settings.public_url}/verify/{sent.code}"
    assert address in printed
    page = visitor.get(f"/verify/{sent.code}")
    assert (page.status_code, "Trạm" in page.text or "Tram" in page.text) == (200, True)
    assert "Vàng Thị Thử" not in page.text
