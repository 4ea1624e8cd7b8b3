# ruff: noqa: F811
"""The pages of other ways to sign and of certificates: what a signer sees, sends, and is told."""

import re
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from portal.clock import local, now
from portal.domain.stages import Leg
from portal.models import Handover, SigningKey, db
from portal.services.context import ground
from portal.signatures.appearance import Appearance
from portal.signatures.appending import run_to_end
from portal.signatures.authority import create_authority, issue_person
from portal.signatures.keys import open_key
from portal.signatures.signing import sign
from tests.integration.scene import PASSPHRASE
from tests.integration.web.desk import Desk, Enter, as_user, desk, prepare, sign_form  # noqa: F401


def record_id(address: str) -> UUID:
    return UUID(address.rstrip("/").split("/")[-1])


def signed_by_program(desk: Desk, address: str, username: str) -> bytes:
    """The downloaded file, signed by another program that holds the person's key."""
    with desk.world() as scene:
        of = db.session.get_one(Handover, record_id(address))
        stored = db.session.scalars(
            select(SigningKey).where(SigningKey.membership_id == scene.actors[username].membership_id)
        ).one()
        key, words = open_key(stored.p12, PASSPHRASE), Appearance("Station Head", "Cán bộ", "Tram", local(now()))
        pdf = ground().store.get(of.pdf_sha256)
        return sign(pdf, "giver", key, appearance=words, reason="", location="", now=now())


def upload(worker, address: str, data: bytes):
    page = worker.get(f"{address}/other-ways").text
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    fields = {"shown": shown[1] if shown else "", "file": (BytesIO(data), "đã ký.pdf")}
    return worker.post(f"{address}/signed-file", fields)


def test_a_file_signed_by_another_program_is_taken_by_the_page(desk: Desk, as_user: Enter) -> None:
    station = as_user("station_head")
    address = prepare(station, desk.make(), Leg.STATION_TO_VILLAGE)
    assert f"{address}/other-ways" in station.get(address).text
    answer = upload(station, address, signed_by_program(desk, address, "station_head"))
    assert answer.status_code == 303, answer.text
    receipt = station.follow(answer).text
    assert "Đang chờ To Cong Tac A ký nhận" in receipt
    assert "Mức chữ ký" in receipt


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "Chưa chọn tệp"), (b"PK\x03", "không phải là PDF"), (b"%PDF-1.7", "BẢN GỐC")]
)
def test_a_wrong_file_comes_back_with_its_reason(desk: Desk, as_user: Enter, data: bytes, words: str) -> None:
    station = as_user("station_head")
    address = prepare(station, desk.make(), Leg.STATION_TO_VILLAGE)
    answer = upload(station, address, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Gửi tệp đã ký" in answer.text


def test_a_certificate_is_proposed_confirmed_by_another_and_signs_a_hash(
    desk: Desk, as_user: Enter, tmp_path: Path, rsa_key
) -> None:
    with desk.world():
        folder = ground().settings.anchors_folder
        folder.mkdir(exist_ok=True)
        other = create_authority(tmp_path / "other", name="Tổ chức công cộng (thử)", now=now(), key=rsa_key)
        (folder / "other.pem").write_bytes(other.certificate_pem)
        issued = issue_person(
            other, person_name="Station Head", position="", unit_name="x", unit_code="", user_ref="1",
            passphrase=PASSPHRASE, now=now(), key=rsa_key,
        )  # fmt: skip
    station, administrator = as_user("station_head"), as_user("administrator")
    bad = station.post("/account/certificates", {"file": (BytesIO(b"x"), "a.cer")})
    assert bad.status_code == 422
    assert "không phải là chứng thư" in bad.text
    sent = station.post("/account/certificates", {"file": (BytesIO(issued.certificate_der), "a.cer")})
    assert "Chờ xác nhận" in station.follow(sent).text
    assert station.get("/administration/certificates").status_code == 403
    page = administrator.get("/administration/certificates").text
    assert "Tổ chức công cộng (thử)" in page
    number = re.search(r"/administration/certificates/(\d+)/confirm", page)
    assert number is not None
    done = administrator.post(f"/administration/certificates/{number[1]}/confirm")
    assert "Đã xác nhận" in administrator.follow(done).text

    address = prepare(station, desk.make(), Leg.STATION_TO_VILLAGE)
    ways = station.get(f"{address}/other-ways").text
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', ways)
    assert shown is not None
    made = station.post(f"{address}/tickets", {"shown": shown[1], "certificate": number[1]})
    ticket = made.headers["Location"]
    assert "Mã băm SHA-256" in station.get(ticket).text
    attributes = station.get(f"{ticket}/attributes.der").data
    assert station.post(ticket, {"value": "không phải Base64"}).status_code == 422
    refused = station.post(ticket, {"value": b64encode(b"0" * 384).decode()})
    assert (refused.status_code, "Chưa ghi gì" in refused.text) == (422, True)
    key = open_key(issued.p12, PASSPHRASE)
    value = run_to_end(key.signer.async_sign_raw(attributes, "sha256"))
    assert station.post(ticket, {"value": b64encode(value).decode()}).status_code == 303
    assert "Đang chờ To Cong Tac A ký nhận" in station.get(address).text
    ended = administrator.post(f"/administration/certificates/{number[1]}/end", {"reason": "mất thẻ"})
    assert "Chưa ai đề nghị" in administrator.follow(ended).text


def png(color: str = "blue") -> bytes:
    out = BytesIO()
    Image.new("RGBA", (300, 120), color).save(out, "PNG")
    return out.getvalue()


def test_pictures_of_signature_and_seal_are_kept_by_those_they_belong_to(desk: Desk, as_user: Enter) -> None:
    station, administrator = as_user("station_head"), as_user("administrator")
    bad = station.post("/account/signature-picture", {"picture": (BytesIO(b"GIF89a"), "a.gif")})
    assert (bad.status_code, "ảnh PNG nền trong suốt" in bad.text) == (422, True)
    assert station.get("/account/signature-picture.png").status_code == 404
    good = station.post("/account/signature-picture", {"picture": (BytesIO(png()), "a.png")})
    assert "Ảnh chữ ký đang dùng" in station.follow(good).text
    assert station.get("/account/signature-picture.png").data[:4] == b"\x89PNG"
    unit = desk.scene.actors["station_head"].unit_id
    assert station.post(f"/administration/units/{unit}/seal-picture", {}).status_code == 403
    sent = administrator.post(
        f"/administration/units/{unit}/seal-picture", {"picture": (BytesIO(png("red")), "dau.png")}
    )
    assert "Đã lưu ảnh dấu" in administrator.follow(sent).text
    address = prepare(station, desk.make(), Leg.STATION_TO_VILLAGE)
    answer = station.post(f"{address}/signature", {**sign_form(station.get(address).text), "passphrase": PASSPHRASE})
    assert answer.status_code == 303, answer.text
    pdf = station.get(f"{address}/record.pdf").data
    assert pdf.count(b"/Im1 Do") + pdf.count(b"/Im1") > 0
    assert "hợp lệ" in station.get(address).text
