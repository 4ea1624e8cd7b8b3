# ruff: noqa: F811
"""Machines that sign: the remote service from the page, and the two addresses of the agent on a signer's computer."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from portal.clock import now
from portal.domain.stages import Leg
from portal.models import SignerCertificate, db
from portal.services.context import ground, stand_on
from portal.signatures.authority import Authority, issue_person
from tests.integration.scene import PASSPHRASE
from tests.integration.web.desk import Desk, Enter, Worker, as_user, desk, prepare  # noqa: F401
from tests.integration.web.test_ways import signed_by_program
from tests.signing_peers import CODE, PIN, TOKEN, csc_service


@contextmanager
def connected(desk: Desk, **settings: str) -> Iterator[None]:
    """The portal with these settings while the block runs."""
    with desk.world():
        before = ground()
    stand_on(replace(before, settings=replace(before.settings, **settings)))
    try:
        yield
    finally:
        stand_on(before)


def enrol(desk: Desk, authority: Authority, rsa_key) -> tuple[int, bytes]:
    """A confirmed certificate of the station's head; its id and itself."""
    issued = issue_person(
        authority, person_name="Station Head", position="", unit_name="x", unit_code="", user_ref="remote",
        passphrase=PASSPHRASE, now=now(), key=rsa_key,
    )  # fmt: skip
    with desk.world() as scene:
        head, other = (scene.actors[name] for name in ("station_head", "administrator"))
        row = SignerCertificate(
            membership_id=head.membership_id,
            serial=issued.serial,
            fingerprint=hashlib.sha256(issued.certificate_der).hexdigest(),
            certificate=issued.certificate_der,
            subject="Station Head",
            issuer="Dịch vụ ký từ xa (thử)",
            not_before=issued.not_before,
            not_after=issued.not_after,
            proposed_by=head.user_id,
            proposed_at=now(),
            confirmed_by=other.user_id,
            confirmed_at=now(),
        )
        db.session.add(row)
        db.session.commit()
        return row.id, issued.certificate_der


def shown_on(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_neither_machine_is_offered_where_none_is_set(desk: Desk, as_user: Enter) -> None:
    station = as_user("station_head")
    page = station.get(f"{prepare(station, desk.make(), Leg.STATION_TO_VILLAGE)}/other-ways")
    assert "Ký từ xa" not in page.text
    assert "VGCA" not in page.text
    assert "ws://" not in page.headers["Content-Security-Policy"]


def test_a_record_is_signed_by_the_remote_service(desk: Desk, as_user: Enter, authority: Authority, rsa_key) -> None:
    station = as_user("station_head")
    number, certificate = enrol(desk, authority, rsa_key)
    other = authority.certificate.public_bytes(Encoding.DER)
    address = prepare(station, desk.make(), Leg.STATION_TO_VILLAGE)
    with csc_service(certificate, rsa_key, "v2", other) as service, connected(desk, csc_url=service.address):
        with desk.world():
            folder = ground().settings.secrets_folder
            folder.mkdir(exist_ok=True)
            (folder / "csc-token").write_text(TOKEN)
        page = station.get(f"{address}/other-ways").text
        typed = {"shown": shown_on(page), "certificate": str(number), "user": "u", "pin": "000000", "code": CODE}
        refused = station.post(f"{address}/remote-signature", typed)
        assert (refused.status_code, "invalid_pin" in refused.text) == (422, True)
        assert "000000" not in refused.text
        answer = station.post(f"{address}/remote-signature", {**typed, "pin": PIN})
        assert answer.status_code == 303, answer.text
    assert "Đang chờ To Cong Tac A ký nhận" in station.follow(answer).text


def addresses(page: str) -> tuple[str, str]:
    """Where the agent fetches, and where it brings."""
    found = [re.search(rf'data-{name}="([^"]+)"', page) for name in ("fetch", "bring")]
    assert all(found)
    return found[0][1], found[1][1]  # type: ignore[index]


def bring(worker: Worker, address: str, data: bytes) -> dict:
    answer = worker.client.post(address, data={"uploadfile": (BytesIO(data), "da-ky.pdf")})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_agent_fetches_and_brings_without_a_session(desk: Desk, as_user: Enter) -> None:
    station = as_user("station_head")
    agent = Worker.__new__(Worker)
    agent.client = desk.app.test_client()
    address = prepare(station, desk.make(), Leg.STATION_TO_VILLAGE)
    with connected(desk, vgca_agent="wss://127.0.0.1:8987"):
        page = station.get(f"{address}/other-ways")
    assert "connect-src 'self' wss://127.0.0.1:8987;" in page.headers["Content-Security-Policy"]
    fetch_at, bring_at = addresses(page.text)
    unsigned = agent.client.get(fetch_at)
    signed = signed_by_program(desk, address, "station_head")
    assert signed.startswith(unsigned.data)
    assert agent.client.get(bring_at).status_code == 405
    swapped = bring_at.rsplit("/", 1)[0] + "/" + fetch_at.rsplit("/", 1)[1]
    assert bring(agent, swapped, signed)["Status"] == 1, "the address to fetch from takes nothing"
    assert "BẢN GỐC" in bring(agent, bring_at, b"%PDF-1.7 another")["Message"]
    assert bring(agent, bring_at, signed) == {"Status": 0, "Message": "", "FileName": "da-ky.pdf", "FileServer": ""}
    assert bring(agent, bring_at, signed)["Status"] == 1, "used once"
    assert agent.client.get(fetch_at).status_code == 404
    assert agent.client.get("/agent/files/guess").status_code == 404
    assert "Đang chờ To Cong Tac A ký nhận" in station.get(address).text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CSC_URL", "http://signing.example/csc/v1"),
        ("CSC_URL", "https://x/csc"),
        ("VGCA_AGENT", "wss://evil.example"),
    ],
)
def test_an_address_that_gives_secrets_away_is_refused(name: str, value: str) -> None:
    from portal.settings import Settings, SettingsRefused

    with pytest.raises(SettingsRefused, match=name):
        Settings.from_environment({name: value, "BANGIAO_HOME": "/nonexistent"})
