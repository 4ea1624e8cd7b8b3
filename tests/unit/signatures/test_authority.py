import stat
import time

import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509

from portal.domain.errors import InvalidInput
from portal.signatures.authority import ROOT_KEY, SEAL_KEY, Authority, RevokedKey, create_authority, create_crl
from tests.unit.signatures import papers


def test_key_files_are_readable_by_their_owner_alone():
    papers.authority()
    for name in (ROOT_KEY, SEAL_KEY):
        assert stat.S_IMODE((papers.folder() / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(papers.folder().stat().st_mode) == 0o700


def test_an_authority_is_made_once_and_loaded_as_it_was_made():
    with pytest.raises(FileExistsError):
        create_authority(papers.folder(), name="Khác", now=papers.NOW, key=papers.authority().key)
    assert Authority.load(papers.folder()).certificate == papers.authority().certificate


def test_a_person_s_certificate_names_person_position_unit_and_its_internal_grade():
    certificate = x509.load_der_x509_certificate(papers.issued("giver").certificate_der)
    certificate.verify_directly_issued_by(papers.authority().certificate)
    words = {str(part.value) for part in certificate.subject}
    assert {"Giàng A Chu", "Trạm trưởng", "Trạm Y tế xã Hát Lừu", "U-giver", "Chữ ký số nội bộ"} <= words
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment
    assert usage.digital_signature
    assert not usage.key_cert_sign
    assert certificate.public_key().key_size == 3072
    assert certificate.signature_algorithm_oid == x509.SignatureAlgorithmOID.RSASSA_PSS


def test_the_p12_is_closed_by_600_000_rounds_and_has_no_cheaper_way_to_test_a_guess():
    whole = asn1_pkcs12.Pfx.load(papers.issued("giver").p12)
    assert whole["mac_data"].native is None
    assert papers.issued("giver").p12.count(bytes.fromhex("0203 0927c0")) == 2  # INTEGER 600000 in both PBKDF2 blocks


@pytest.mark.parametrize("passphrase", ["", "bảy chữ"])
def test_a_passphrase_of_fewer_than_8_characters_is_refused(passphrase):
    with pytest.raises(InvalidInput, match="ít nhất 8") as refusal:
        papers.issued("giver", passphrase)
    assert "passphrase" in refusal.value.fields


def test_the_revocation_list_names_the_serial_and_is_valid_for_30_days():
    serial = papers.issued("giver").serial
    crl = x509.load_der_x509_crl(create_crl(papers.authority(), [RevokedKey(serial, papers.NOW)], now=papers.NOW))
    assert crl.is_signature_valid(papers.authority().certificate.public_key())
    assert crl.get_revoked_certificate_by_serial_number(int(serial, 16)) is not None
    assert (crl.next_update_utc - crl.last_update_utc).days == 30


def test_a_wrong_guess_costs_real_time():
    started = time.process_time()
    with pytest.raises(InvalidInput):
        papers.open_key(papers.issued("giver").p12, "không phải câu này")
    assert time.process_time() - started > 0.02
