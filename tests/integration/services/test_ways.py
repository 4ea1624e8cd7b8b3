"""A certificate of another authority enrolled by two people, and every way to sign with it, to a genuine record."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, ObjectClass, TokenFlag
from sqlalchemy import func, select

from portal import clock
from portal.clock import local, now
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.permissions import Actor, Role
from portal.domain.stages import Leg
from portal.models import Handover, Signature, SignerCertificate, db
from portal.services import certificates, context, handovers, tickets, ways
from portal.services.authority import trusted_roots
from portal.services.context import ground
from portal.services.hands import counting_pins
from portal.services.throttling import TooManyAttempts
from portal.signatures.appearance import Appearance
from portal.signatures.appending import run_to_end
from portal.signatures.authority import create_authority, issue_person
from portal.signatures.keys import SigningKey, open_key
from portal.signatures.signing import sign
from portal.verification.files import verify_pdf
from portal.verification.verdicts import Word
from tests.integration.scene import PASSPHRASE, Scene, shown

PIN = "246810"
MODULES = [Path("/usr/lib/softhsm/libsofthsm2.so"), *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")]


@dataclass
class Outside:
    """A certificate of another authority with its key."""

    certificate: bytes
    key: SigningKey
    authority: bytes


@pytest.fixture(scope="module")
def outside(scene: Scene, tmp_path_factory, rsa_key) -> Outside:
    """An authority that the portal trusts by a file in its folder, and its certificate for the station's head."""
    folder = tmp_path_factory.mktemp("outside") / "authority"
    other = create_authority(folder, name="Ban Cơ yếu (thử)", now=now(), key=rsa_key)
    issued = issue_person(
        other, person_name="Station Head", position="", unit_name="Trạm ngoài", unit_code="", user_ref="token-1",
        passphrase=PASSPHRASE, now=now(), key=rsa_key,
    )  # fmt: skip
    return Outside(issued.certificate_der, open_key(issued.p12, PASSPHRASE), other.certificate_pem)


@pytest.fixture(scope="module")
def second_administrator(scene: Scene):
    return scene.person("second_administrator", "quan_tri", Role.ADMINISTRATOR)


@pytest.fixture(scope="module")
def enrolled(scene: Scene, outside: Outside) -> int:
    """The certificate, proposed by the signer and confirmed by the administrator."""
    folder = ground().settings.anchors_folder
    folder.mkdir(exist_ok=True)
    with pytest.raises(InvalidInput, match="chưa được cổng tin cậy"):
        certificates.propose(scene.actors["station_head"], outside.certificate)
    (folder / "ban-co-yeu-thu.pem").write_bytes(outside.authority)
    certificate_id = certificates.propose(scene.actors["station_head"], outside.certificate)
    assert ways.certificates_of_signer(scene.actors["station_head"]) == []
    with pytest.raises(NotFound):
        certificates.confirm(
            scene.actors["station_head"].__class__(
                **{**scene.actors["administrator"].__dict__, "territory_path": "/999/"}
            ),
            certificate_id,
        )
    certificates.confirm(scene.actors["administrator"], certificate_id)
    return certificate_id


def draft(scene: Scene) -> UUID:
    return handovers.prepare_record(scene.actors["station_head"], scene.make_list(), Leg.STATION_TO_VILLAGE)


def signed_outside(record_id: UUID, outside: Outside) -> bytes:
    """What another program makes of the downloaded file."""
    of = db.session.get_one(Handover, record_id)
    words = Appearance("Station Head", "Trạm trưởng", "Tram", local(now()))
    return sign(
        ground().store.get(of.pdf_sha256), "giver", outside.key, appearance=words, reason="", location="", now=now()
    )


def verdict_of(record_id: UUID):
    db.session.rollback()
    of = db.session.get_one(Handover, record_id)
    return verify_pdf(ground().store.get(of.pdf_sha256), trusted_roots(ground().settings), now=now())


def test_one_person_cannot_both_propose_and_confirm(scene: Scene, outside: Outside, enrolled: int, rsa_key) -> None:
    found = db.session.get_one(SignerCertificate, enrolled)
    assert found.proposed_by != found.confirmed_by
    rows = certificates.certificates_under(scene.actors["administrator"])
    assert [(row.person, row.confirmed_at is not None) for row in rows] == [("Station Head", True)]
    found.confirmed_by = found.proposed_by
    with pytest.raises(Exception, match="two_people"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    "data", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]
)
def test_what_is_no_certificate_is_refused_in_words(scene: Scene, data: bytes) -> None:
    with pytest.raises(InvalidInput, match="không phải là chứng thư"):
        certificates.propose(scene.actors["station_head"], data)


def test_a_file_signed_outside_takes_effect_and_the_record_is_genuine(
    scene: Scene, outside: Outside, enrolled: int
) -> None:
    record_id = draft(scene)
    ways.sign_with_file(
        scene.actors["station_head"], record_id, signed_outside(record_id, outside), shown=shown(record_id)
    )
    of = db.session.get_one(Handover, record_id)
    assert (of.status, of.signatures[0].grade, of.level) == ("sent", "external", "B-B")
    assert of.unstamped_since is not None
    scene.take("village_head", record_id)
    from portal.services import archiving

    archiving.finish(record_id)
    found = verdict_of(record_id)
    assert found.verdict is Word.GENUINE, [line.text for line in found.lines if not line.ok]
    assert [each.verdict for each in found.signatures] == [Word.GENUINE] * 3


def test_a_wrong_file_changes_nothing_and_says_why(scene: Scene, outside: Outside, enrolled: int) -> None:
    record_id, other = draft(scene), draft(scene)
    for data, words in (
        (b"%PDF-1.7 x", "BẢN GỐC"),
        (signed_outside(other, outside), "BẢN GỐC"),
        (ground().store.get(shown(record_id)), "chưa có chữ ký mới"),
    ):
        with pytest.raises(InvalidInput, match=words):
            ways.sign_with_file(scene.actors["station_head"], record_id, data, shown=shown(record_id))
    assert db.session.get_one(Handover, record_id).status == "prepared"
    assert db.session.scalar(select(func.count(Signature.id)).where(Signature.handover_id == record_id)) == 0


def test_a_certificate_that_nobody_confirmed_does_not_sign(scene: Scene, outside: Outside, enrolled: int) -> None:
    list_id = scene.make_list(village="to_cong_tac_c", station="tram_khac")
    giver = scene.actors["foreign_station_head"]
    record_id = handovers.prepare_record(giver, list_id, Leg.STATION_TO_VILLAGE)
    with pytest.raises(InvalidInput, match="không phải bằng chứng thư đã đăng ký"):
        ways.sign_with_file(giver, record_id, signed_outside(record_id, outside), shown=shown(record_id))


def test_a_hash_signed_elsewhere_takes_effect_once(scene: Scene, outside: Outside, enrolled: int) -> None:
    signer, record_id = scene.actors["station_head"], draft(scene)
    ticket_id = tickets.make_ticket(signer, record_id, enrolled, shown=shown(record_id))
    told = tickets.ticket_of(signer, ticket_id)
    with pytest.raises(NotFound):
        tickets.ticket_of(scene.actors["village_head"], ticket_id)
    with pytest.raises(InvalidInput, match="Chưa ghi gì"):
        tickets.redeem(signer, ticket_id, b"0" * 384)
    value = run_to_end(outside.key.signer.async_sign_raw(told.attributes, "sha256"))
    tickets.redeem(signer, ticket_id, value)
    of = db.session.get_one(Handover, record_id)
    assert (of.status, of.level, of.signatures[0].grade) == ("sent", "B-T", "external")
    with pytest.raises(StaleVersion, match="đã dùng"):
        tickets.redeem(signer, ticket_id, value)
    assert verdict_of(record_id).verdict is Word.GENUINE


def test_a_ticket_ends_after_ten_minutes_and_with_the_pages_it_was_made_for(
    scene: Scene, outside: Outside, enrolled: int
) -> None:
    signer, record_id = scene.actors["station_head"], draft(scene)
    ticket_id = tickets.make_ticket(signer, record_id, enrolled, shown=shown(record_id))
    value = run_to_end(outside.key.signer.async_sign_raw(tickets.ticket_of(signer, ticket_id).attributes, "sha256"))
    with clock.at(now() + timedelta(minutes=11)), pytest.raises(StaleVersion, match="hết hạn"):
        tickets.redeem(signer, ticket_id, value)
    with pytest.raises(StaleVersion):
        tickets.make_ticket(signer, record_id, enrolled, shown="0" * 64)


@pytest.fixture(scope="module")
def token(outside: Outside, rsa_key, tmp_path_factory) -> Path:
    """A token with the enrolled certificate in a reader of this machine."""
    module = next(path for path in MODULES if path.exists())
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    (folder / "key.pem").write_bytes(rsa_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for command in (
        ["--init-token", "--free", "--label", "thẻ", "--so-pin", "13579", "--pin", PIN],
        ["--import", str(folder / "key.pem"), "--token", "thẻ", "--label", "khoa", "--id", "A1B2", "--pin", PIN],
    ):
        subprocess.run(["softhsm2-util", *command], check=True, capture_output=True)
    lib = pkcs11.lib(str(module))
    lib.reinitialize()
    (found,) = [each for each in lib.get_tokens() if each.flags & TokenFlag.TOKEN_INITIALIZED]
    with found.open(rw=True, user_pin=PIN) as session:
        session.create_object({
            Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            Attribute.TOKEN: True, Attribute.ID: bytes.fromhex("A1B2"), Attribute.LABEL: "khoa",
            Attribute.SUBJECT: b"", Attribute.VALUE: outside.certificate,
        })  # fmt: skip
    return module


@pytest.fixture
def with_driver(token: Path):
    """The portal with the token's driver in its settings."""
    standing = ground()
    context.stand_on(replace(standing, settings=replace(standing.settings, pkcs11_module=token)))
    yield
    context.stand_on(standing)


@pytest.mark.usefixtures("with_driver")
def test_a_token_signs_and_after_two_wrong_pins_the_portal_stops(scene: Scene, enrolled: int) -> None:
    signer, record_id = scene.actors["station_head"], draft(scene)
    (found,) = ways.certificates_of_signer(signer)
    assert found.plugged_in
    seen = shown(record_id)
    ways.sign_with_token(signer, record_id, enrolled, PIN, shown=seen)
    of = db.session.get_one(Handover, record_id)
    assert (of.status, of.level, of.signatures[0].grade) == ("sent", "B-T", "token")
    assert verdict_of(record_id).verdict is Word.GENUINE
    other = draft(scene)
    for _ in range(2):
        with pytest.raises(InvalidInput, match="Mã PIN không đúng"):
            ways.sign_with_token(signer, other, enrolled, "000000", shown=shown(other))
    with pytest.raises(TooManyAttempts, match="cổng dừng"):
        ways.sign_with_token(signer, other, enrolled, PIN, shown=shown(other))
    assert db.session.get_one(Handover, other).status == "prepared"


def test_two_pins_of_one_person_are_never_tried_at_once(scene: Scene) -> None:
    """Else many tries at the same moment would all stand before the first wrong one is counted."""
    one, other = scene.actors["police_head"], scene.actors["village_head"]

    def tries(actor: Actor) -> bool:
        with scene.app.app_context():
            try:
                with counting_pins(actor):
                    return True
            except WrongStage:
                return False

    with ThreadPoolExecutor(1) as beside, counting_pins(other):
        assert not beside.submit(tries, other).result()
        assert beside.submit(tries, one).result()
    assert tries(other)


def test_what_was_ended_signs_no_more_and_old_records_stay_genuine(scene: Scene, outside: Outside) -> None:
    signer = scene.actors["station_head"]
    (own,) = certificates.own_certificates(signer)
    record_id = draft(scene)
    data = signed_outside(record_id, outside)
    with pytest.raises(NotFound):
        certificates.end(scene.actors["village_head"], own.id, "không phải của tôi")
    certificates.end(scene.actors["administrator"], own.id, "mất thẻ")
    with pytest.raises(InvalidInput, match="không phải bằng chứng thư đã đăng ký"):
        ways.sign_with_file(signer, record_id, data, shown=shown(record_id))
    with pytest.raises(NotFound):
        tickets.make_ticket(signer, record_id, own.id, shown=shown(record_id))
    earlier = db.session.scalars(select(Signature.handover_id).where(Signature.grade == "token")).first()
    assert verdict_of(earlier).verdict is Word.GENUINE


def test_who_may_not_sign_proposes_nothing(scene: Scene, outside: Outside) -> None:
    with pytest.raises(NotPermitted):
        certificates.propose(scene.actors["station_clerk"], outside.certificate)
