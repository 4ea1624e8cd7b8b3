from datetime import timedelta

import pytest

from portal.signatures.keys import CertificateNotValid, SealMissing, WrongPassphrase, load_seal, open_key
from tests.unit.signatures import papers


def test_the_right_passphrase_opens_the_key():
    key = open_key(papers.issued("giver").p12, papers.PASSPHRASE)
    assert (key.owner, key.serial) == ("Giàng A Chu", papers.issued("giver").serial)


def test_a_wrong_passphrase_is_told_in_vietnamese_at_its_field():
    with pytest.raises(WrongPassphrase, match="không đúng") as refusal:
        open_key(papers.issued("giver").p12, "mật khẩu sai")
    assert refusal.value.fields == {"passphrase": "Mật khẩu khóa ký không đúng."}


def test_a_damaged_key_file_does_not_open():
    damaged = bytearray(papers.issued("giver").p12)
    damaged[len(damaged) // 2] ^= 1
    with pytest.raises(WrongPassphrase):
        open_key(bytes(damaged), papers.PASSPHRASE)


@pytest.mark.parametrize(
    ("shift", "words"), [(timedelta(days=1200), "hết hạn"), (-timedelta(days=1), "chỉ có hiệu lực từ")]
)
def test_a_certificate_that_does_not_cover_the_moment_does_not_sign(shift, words):
    with pytest.raises(CertificateNotValid, match=words):
        papers.signed_by(papers.sealed(), "giver", at=papers.NOW + shift)


def test_the_seal_is_loaded_once(tmp_path):
    assert papers.seal_key() is papers.seal_key()
    with pytest.raises(SealMissing, match="portal init"):
        load_seal(tmp_path)
