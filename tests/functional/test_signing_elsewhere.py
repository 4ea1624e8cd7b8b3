"""Signing outside the portal, as people do it: the agent on the own computer, a file from another program, many at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from playwright.sync_api import expect
from sqlalchemy import select

from portal.clock import local, now
from portal.domain.stages import Leg
from portal.models import SigningKey, db
from portal.services import examinations, handovers
from portal.services.authority import trusted_roots
from portal.services.context import ground, stand_on
from portal.signatures.appearance import Appearance
from portal.signatures.authority import Authority, issue_person
from portal.signatures.keys import open_key
from portal.signatures.signing import sign
from portal.verification.files import verify_file
from portal.verification.verdicts import Word
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window
from tests.integration.scene import PASSPHRASE
from tests.signing_peers import agent

Open = Callable[..., Window]


def program(site: Site, username: str) -> Callable[[bytes], bytes]:
    """Another program that holds the person's key and signs the giver's place."""
    with site.behind() as scene:
        membership = scene.actors[username].membership_id
        stored = db.session.scalars(select(SigningKey).where(SigningKey.membership_id == membership)).one()
        key = open_key(stored.p12, PASSPHRASE)
    words = Appearance("Station Head", "Cán bộ", "Tram", local(now()))
    return lambda pdf: sign(pdf, "giver", key, appearance=words, reason="", location="", now=now())


@contextmanager
def with_agent(address: str) -> Iterator[None]:
    """The portal told where the agent listens."""
    before = ground()
    stand_on(replace(before, settings=replace(before.settings, vgca_agent=address)))
    try:
        yield
    finally:
        stand_on(before)


def made(site: Site) -> UUID:
    with site.behind() as scene:
        return scene.make_list(2)


def test_ky_bang_phan_mem_tren_may_minh(window: Open, site: Site, tmp_path: Path) -> None:
    head, outside = window("station_head"), program(site, "station_head")
    with agent(outside) as (address, orders), with_agent(address):
        ListPage(head, made(site)).prepare()
        head.press("Ký bằng thẻ hoặc phần mềm khác")
        assert not head.scrolls_sideways()
        head.tab.get_by_role("button", name="Ký bằng VGCA").click()
        head.see("Đang chờ To Cong Tac A ký nhận")
        assert orders[0]["FileName"].startswith(site.address)
        assert orders[0]["DocNumber"]

    with with_agent("ws://127.0.0.1:9"):
        ListPage(head, made(site)).prepare()
        head.press("Ký bằng thẻ hoặc phần mềm khác")
        head.tab.get_by_role("button", name="Ký bằng VGCA").click()
        expect(head.tab.get_by_role("status").filter(has_text="Không thấy phần mềm ký VGCA")).to_be_visible()
        head.complaints.clear()
        taken = head.download("Tải tệp PDF")
        signed = tmp_path / "da-ky.pdf"
        signed.write_bytes(outside(taken.read_bytes()))
        head.tab.set_input_files("input[type=file]", signed)
        head.press("Gửi tệp đã ký")
        head.see("Đang chờ To Cong Tac A ký nhận")


def test_hai_nguoi_dang_ky_chung_thu_ky_nhieu_va_kiem_tra(
    window: Open, site: Site, tmp_path: Path, authority: Authority, rsa_key: RSAPrivateKey
) -> None:
    issued = issue_person(
        authority, person_name="Station Head", position="", unit_name="x", unit_code="", user_ref="the",
        passphrase=PASSPHRASE, now=now(), key=rsa_key,
    )  # fmt: skip
    (tmp_path / "the.cer").write_bytes(issued.certificate_der)
    head, administrator, auditor = window("station_head"), window("administrator"), window("auditor")
    head.go("/account/certificates")
    head.tab.set_input_files("input[type=file]", tmp_path / "the.cer")
    head.press("Gửi đề nghị")
    head.see("Chờ xác nhận")
    assert not head.deed("Xác nhận", exact=True).is_visible()
    administrator.go("/administration/certificates")
    administrator.press("Xác nhận", exact=True)
    administrator.see("Đã xác nhận")

    lists = [made(site) for _ in range(2)]
    with site.behind() as scene:
        for of_list in lists:
            handovers.prepare_record(scene.actors["station_head"], of_list, Leg.STATION_TO_VILLAGE)
    head.go("/signing?tick=all")
    assert not head.scrolls_sideways()
    head.tab.locator('input[name="passphrase"]').fill(PASSPHRASE)
    head.press("Ký các biên bản đã chọn")
    head.see("Đã làm")

    auditor.go("/examinations")
    auditor.press("Kiểm tra mọi biên bản")
    with site.behind():
        examinations.work_off(UUID(auditor.path.rstrip("/").rsplit("/", 1)[1]))
    auditor.go(auditor.path)
    auditor.see("0 không hợp lệ")
    auditor.press("Dấu của từng đợt")
    expect(auditor.tab.locator(".seal-genuine").first).to_be_visible()
    auditor.go(f"/lists/{lists[0]}/trail")
    package = auditor.download("Tải gói chứng cứ (ASiC-E)")
    with site.behind():
        told = verify_file(package.read_bytes(), trusted_roots(ground().settings), now=now())
    assert told.verdict is Word.GENUINE
