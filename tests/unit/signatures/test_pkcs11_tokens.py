"""Tokens as PKCS#11 shows them, with SoftHSM2: right and wrong PIN, locked, two of one label, PSS on the card."""

import os
import subprocess
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, ObjectClass, TokenFlag
from pkcs11.exceptions import PinLocked

from portal.signatures import pkcs11_tokens
from portal.signatures.hands import TOKEN, KeyHand
from portal.signatures.pkcs11_tokens import TokenLocked, TokenMissing, WrongPin, certificates_on_tokens, opened
from portal.verification.acceptance import accept
from tests.unit.signatures import papers
from tests.unit.verification.test_acceptance import expected, request

MODULES = [Path("/usr/lib/softhsm/libsofthsm2.so"), *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")]
MODULE = next((path for path in MODULES if path.exists()), MODULES[0])
PIN = "246810"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory) -> list[str]:
    """Two tokens with the same label, the signer's key on the second; their serial numbers."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    for _ in range(2):
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", "Chu ky so", "--so-pin", "13579", "--pin", PIN],
            check=True, capture_output=True,
        )  # fmt: skip
    lib = pkcs11.lib(str(MODULE))
    lib.reinitialize()
    found = [each for each in lib.get_tokens() if each.flags & TokenFlag.TOKEN_INITIALIZED]
    found.sort(key=lambda each: each.serial)
    serial = pkcs11_tokens._text(found[1].serial)
    key = folder / "key.pem"
    private = papers.spare_key(2)
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    subprocess.run(
        ["softhsm2-util", "--import", key, "--serial", serial, "--label", "khoa", "--id", "A1B2", "--pin", PIN],
        check=True, capture_output=True,
    )  # fmt: skip
    with next(each for each in lib.get_tokens() if pkcs11_tokens._text(each.serial) == serial).open(
        rw=True, user_pin=PIN
    ) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.ID: bytes.fromhex("A1B2"),
                Attribute.LABEL: "khoa",
                Attribute.SUBJECT: b"",
                Attribute.VALUE: papers.issued("giver").certificate_der,
            }
        )
    return [pkcs11_tokens._text(each.serial) for each in found]


def test_the_certificate_is_found_without_a_pin_on_the_right_one_of_two_tokens(tokens):
    found = certificates_on_tokens(MODULE)
    assert [(each.token_serial, each.token_label, each.key_id.hex()) for each in found] == [
        (tokens[1], "Chu ky so", "a1b2")
    ]
    assert found[0].certificate == papers.issued("giver").certificate_der
    assert found[0].warning == ""


def test_a_token_signs_like_any_other_hand_and_passes_the_gate(tokens):
    with opened(MODULE, tokens[1], bytes.fromhex("A1B2"), PIN) as key:
        made = KeyHand(key, grade=TOKEN).sign(request(papers.sealed()))
    told = accept(papers.sealed(), made, expected())
    assert (told.serial, told.stamped) == (papers.issued("giver").serial, True)
    assert b"rsassa_pss" not in made
    from portal.verification.files import verify_pdf

    found = verify_pdf(made, [papers.authority().certificate], now=papers.NOW)
    assert found.signatures[-1].algorithm == "RSASSA-PSS"


def test_a_wrong_pin_is_told_with_what_is_left_and_nothing_is_signed(tokens):
    with pytest.raises(WrongPin, match="Mã PIN không đúng"), opened(MODULE, tokens[1], b"", "000000"):
        pytest.fail("the token opened")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (TokenFlag.USER_PIN_LOCKED, "đã bị khóa"),
        (TokenFlag.USER_PIN_FINAL_TRY, "cổng dừng lại"),
        (TokenFlag.USER_PIN_COUNT_LOW, "cổng dừng lại"),
    ],
)
def test_a_token_near_its_last_try_is_left_alone(flags, words):
    with pytest.raises(TokenLocked, match=words):
        pkcs11_tokens._require_tries(flags, insist=False)


def test_a_token_without_the_key_or_not_plugged_in_is_told(tokens):
    with pytest.raises(TokenMissing, match="không còn chứng thư"), opened(MODULE, tokens[0], b"\xa1\xb2", PIN):
        pytest.fail("there is no key on it")
    with pytest.raises(TokenMissing, match="Không thấy thẻ"), opened(MODULE, "0000", b"\xa1\xb2", PIN):
        pytest.fail("there is no such token")


def test_a_driver_that_is_not_there_is_told(tmp_path):
    with pytest.raises(TokenMissing, match="trình điều khiển"):
        certificates_on_tokens(tmp_path / "none.so")


def test_after_a_wrong_pin_the_token_itself_warns_and_the_portal_stops_until_told_to_go_on(tokens):
    """SoftHSM2 raises the flag by itself; a real token would lock after a few more."""
    with (
        pytest.raises(WrongPin, match="Đã có lần nhập sai"),
        opened(MODULE, tokens[1], b"", "000000", insist=True),
    ):
        pytest.fail("the token opened")
    with pytest.raises(TokenLocked, match="cổng dừng lại"), opened(MODULE, tokens[1], bytes.fromhex("A1B2"), PIN):
        pytest.fail("the portal used up a try")
    with opened(MODULE, tokens[1], bytes.fromhex("A1B2"), PIN, insist=True) as key:
        assert key.serial == papers.issued("giver").serial
    assert certificates_on_tokens(MODULE)[0].warning == ""


def test_a_token_that_has_locked_says_what_to_do(monkeypatch):
    """SoftHSM2 never locks, so the driver's answer (CKR_PIN_LOCKED) comes from a token of ours at its own seam."""

    class Locked:
        serial, label, flags = "0001", "khóa", TokenFlag.TOKEN_INITIALIZED

        def open(self, **_: object) -> None:
            raise PinLocked

    monkeypatch.setattr(pkcs11_tokens, "_tokens", lambda _: [Locked()])
    with pytest.raises(TokenLocked, match="mã PUK") as refusal, opened(MODULE, "0001", b"", PIN):
        pytest.fail("a locked token opened")
    assert "pin" in refusal.value.fields
