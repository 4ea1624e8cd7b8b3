"""The gate: the same checks whichever way a signature was made, and every wrong file refused with its reason."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signatures.appearance import Appearance, stamp_style
from portal.signatures.appending import AppendingWriter, run_to_end
from portal.signatures.deferred import SignedElsewhere, WrongValue, prepare
from portal.signatures.hands import KeyHand, Request, Returned
from portal.signatures.keys import DIGEST_NAME
from portal.signatures.signing import DatedSigner
from portal.verification.acceptance import Expected, NotAccepted, accept, fingerprint
from portal.verification.files import verify_pdf
from portal.verification.proofs import Trust
from portal.verification.verdicts import Word
from tests.unit.signatures import papers


def request(pdf: bytes, field: str = "giver", *, stamper=None) -> Request:
    name, position, unit = papers.PEOPLE[field]
    appearance = Appearance(name, position, unit, papers.NOW)
    return Request(pdf, field, appearance, "Giao", "Hát Lừu", papers.NOW, stamper or papers.time_at())


def expected(field: str = "giver", *, side: str = "", now=papers.NOW, since=papers.NOW, lists=()) -> Expected:
    certificate = papers.issued(side or field).certificate_der
    trust = Trust([papers.authority().certificate], now, lists)
    return Expected(field, frozenset({fingerprint(certificate)}), since, trust)


def refused(offered: bytes, *, stored: bytes | None = None, of: Expected | None = None) -> NotAccepted:
    with pytest.raises(NotAccepted) as refusal:
        accept(papers.sealed() if stored is None else stored, offered, of or expected())
    assert len(refusal.value.message) > 20
    return refusal.value


def signed_with(signer, pdf: bytes, field: str = "giver", **more) -> bytes:
    meta = PdfSignatureMetadata(field_name=field, md_algorithm=DIGEST_NAME, subfilter=SigSeedSubFilter.PADES, **more)
    return run_to_end(DatedSigner(papers.NOW, meta, signer).async_sign_pdf(AppendingWriter(pdf))).getvalue()


def test_a_key_that_is_open_here_passes_with_its_time_stamp():
    for field, pdf in (("giver", papers.sealed()), ("receiver", papers.given())):
        made = KeyHand(papers.opened(field)).sign(request(pdf, field))
        told = accept(pdf, made, expected(field))
        assert (told.serial, told.stamped) == (papers.issued(field).serial, True)


def test_a_file_signed_by_another_program_passes_without_a_time_stamp():
    offered = papers.signed_by(papers.sealed(), "giver")
    made = Returned(offered).sign(request(papers.sealed()))
    assert not accept(papers.sealed(), made, expected()).stamped


def test_a_hash_signed_elsewhere_passes_and_the_record_is_genuine():
    prepared = prepare(request(papers.sealed()), papers.issued("giver").certificate_der)
    value = run_to_end(papers.opened("giver").signer.async_sign_raw(prepared.attributes, "sha256"))
    made = SignedElsewhere(prepared, papers.issued("giver").certificate_der, value).sign(request(papers.sealed()))
    assert accept(papers.sealed(), made, expected()).stamped
    whole = papers.signed_by(made, "receiver", stamper=papers.time_at())
    found = verify_pdf(whole, [papers.authority().certificate], now=papers.NOW + timedelta(days=1))
    assert found.verdict is Word.GENUINE


@pytest.mark.parametrize("wrong", ["another key", "another record", "garbage", "too long"])
def test_a_value_for_something_else_never_reaches_the_record(wrong):
    prepared = prepare(request(papers.sealed()), papers.issued("giver").certificate_der)
    signer = papers.opened("receiver" if wrong == "another key" else "giver").signer
    attributes = prepared.attributes if wrong == "another key" else prepared.attributes + b"\x00"
    value = run_to_end(signer.async_sign_raw(attributes, "sha256"))
    value = {"garbage": b"no signature", "too long": value * 4}.get(wrong, value)
    with pytest.raises(WrongValue):
        SignedElsewhere(prepared, papers.issued("giver").certificate_der, value).sign(request(papers.sealed()))


def saved_again(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(out)
    return out.getvalue()


def with_more(pdf: bytes) -> bytes:
    writer, out = AppendingWriter(pdf), BytesIO()
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    writer.write(out)
    return out.getvalue()


def into_a_new_field() -> bytes:
    writer, out = AppendingWriter(papers.sealed()), BytesIO()
    append_signature_field(writer, SigFieldSpec("thêm", on_page=0, box=(10, 10, 90, 40)))
    writer.write(out)
    return signed_with(papers.opened("giver").signer, out.getvalue(), "thêm")


def with_a_foreign_font() -> bytes:
    meta = PdfSignatureMetadata(field_name="giver", md_algorithm=DIGEST_NAME, subfilter=SigSeedSubFilter.PADES)
    signer = DatedSigner(papers.NOW, meta, papers.opened("giver").signer, stamp_style=TextStampStyle(stamp_text="Ky"))
    return run_to_end(signer.async_sign_pdf(AppendingWriter(papers.sealed()))).getvalue()


def with_a_changed_value() -> bytes:
    pdf = bytearray(papers.signed_by(papers.sealed(), "giver"))
    at = len(papers.sealed()) + 200
    pdf[at] ^= 1
    return bytes(pdf)


WRONG_FILES = {
    "no PDF": (lambda: b"PK\x03\x04 rest", "no_pdf"),
    "a PDF inside something else": (lambda: b"<html>" + papers.given(), "no_pdf"),
    "nothing new": (papers.sealed, "unsigned"),
    "saved again": (lambda: saved_again(papers.sealed()), "not_the_original"),
    "cut": (lambda: papers.sealed()[:5000], "not_the_original"),
    "printed anew": (lambda: papers.drawn().pdf, "not_the_original"),
    "only added to": (lambda: with_more(papers.sealed()), ""),
    "signed twice": (papers.received, ""),
    "added to after the signature": (lambda: with_more(papers.given()), ""),
    "bytes after the end": (lambda: papers.given() + b"\n% more", ""),
    "signed in the other place": (
        lambda: signed_with(papers.opened("giver").signer, papers.sealed(), "receiver"),
        "",
    ),
    "signed in a field of its own": (into_a_new_field, ""),
    "a font that is not embedded": (with_a_foreign_font, ""),
    "a changed bit": (with_a_changed_value, ""),
    "too much": (lambda: papers.sealed() + b"%" * 3_000_000, "too_large"),
}


@pytest.mark.parametrize("kind", WRONG_FILES)
def test_a_wrong_file_is_refused(kind):
    make, code = WRONG_FILES[kind]
    refusal = refused(make())
    assert not code or refusal.code == code


def test_another_person_s_certificate_is_refused_by_name():
    refusal = refused(papers.signed_by(papers.sealed(), "giver", key=papers.opened("receiver")))
    assert refusal.code == "other_certificate"
    assert "Lò Văn Đối" in refusal.message


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (papers.NOW - timedelta(minutes=26), papers.NOW - timedelta(hours=1)),
        (papers.NOW + timedelta(hours=2), papers.NOW + timedelta(hours=1)),
    ],
)
def test_a_clock_that_is_wrong_by_more_than_two_minutes_is_refused(now, since):
    refusal = refused(papers.signed_by(papers.sealed(), "giver"), of=expected(now=now, since=since))
    assert refusal.code == "wrong_clock"


def test_a_certificate_that_has_ended_is_refused():
    old = papers.issued("giver", at=papers.NOW - timedelta(days=1200))
    from portal.signatures.keys import open_key

    key = open_key(old.p12, papers.PASSPHRASE)
    key = replace(key, not_after=papers.NOW + papers.MINUTE)
    offered = papers.signed_by(papers.sealed(), "giver", key=key)
    trust = Trust([papers.authority().certificate], papers.NOW)
    of = Expected("giver", frozenset({fingerprint(old.certificate_der)}), papers.NOW, trust)
    assert refused(offered, of=of).code == "untrusted"


def test_a_revoked_certificate_is_refused():
    from portal.signatures.authority import RevokedKey

    taken = papers.revocations(papers.NOW, [RevokedKey(papers.issued("giver").serial, papers.NOW)])
    refusal = refused(papers.given(), of=expected(lists=(x509.load_der_x509_crl(taken),)))
    assert refusal.code == "revoked"


def test_a_certificate_of_nobody_that_is_trusted_is_refused():
    trust = Trust([], papers.NOW)
    of = Expected("giver", expected().certificates, papers.NOW, trust)
    assert refused(papers.given(), of=of).code == "untrusted"


def test_a_time_stamp_of_nobody_that_is_trusted_is_refused(tmp_path):
    from portal.signatures.authority import create_authority, issue_time_authority
    from portal.signatures.invented_time import InventedTime

    other = create_authority(tmp_path, name="Kẻ khác", now=papers.NOW, key=papers.spare_key(0))
    issue_time_authority(other, tmp_path, portal_name="x", now=papers.NOW, key=papers.spare_key(4))
    offered = papers.signed_by(papers.sealed(), "giver", stamper=InventedTime(tmp_path, lambda: papers.NOW))
    assert refused(offered).code == "untrusted_stamp"


class OtherSigner(Signer):
    """A key of any kind, signing by PKCS#1 v1.5 with any digest, as an old program would."""

    def __init__(self, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> None:
        own = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        super().__init__(signing_cert=own, cert_registry=SimpleCertificateStore(), embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self._key.sign(data, padding.PKCS1v15(), getattr(hashes, digest_algorithm.upper())())


def certified(key: rsa.RSAPrivateKey, *, signs: bool = True, begins: timedelta = -papers.MINUTE) -> x509.Certificate:
    """A certificate of the trusted authority for this key."""
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
         "decipher_only"), False
    )  # fmt: skip
    root = papers.authority()
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Người ký")]))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(papers.NOW + begins)
        .not_valid_after(papers.NOW + timedelta(days=365))
        .add_extension(x509.KeyUsage(digital_signature=not signs, content_commitment=signs, **usage), critical=True)
        .sign(root.key, hashes.SHA256())
    )


@pytest.mark.parametrize(
    ("bits", "digest", "certificate", "code"),
    [
        (2048, "sha256", {}, ""),
        (1024, "sha256", {}, "weak"),
        (2048, "sha1", {}, "weak"),
        (2048, "sha256", {"signs": False}, "untrusted"),
        (2048, "sha256", {"begins": timedelta(hours=1)}, "untrusted"),
    ],
    ids=["sound", "a short key", "SHA-1", "not for signing", "not valid yet"],
)
def test_s3_s4_weak_and_unfit_certificates_are_refused_with_their_reason(bits, digest, certificate, code):
    key = rsa.generate_private_key(65537, bits)
    own = certified(key, **certificate)
    meta = PdfSignatureMetadata(field_name="giver", md_algorithm=digest, subfilter=SigSeedSubFilter.PADES)
    style = stamp_style(Appearance(*papers.PEOPLE["giver"], papers.NOW))
    signer = DatedSigner(papers.NOW, meta, OtherSigner(own, key), stamp_style=style)
    work = signer.async_sign_pdf(AppendingWriter(papers.sealed()))
    offered = run_to_end(work).getvalue()
    trust = Trust([papers.authority().certificate], papers.NOW)
    of = Expected("giver", frozenset({fingerprint(own.public_bytes(Encoding.DER))}), papers.NOW, trust)
    if code:
        assert refused(offered, of=of).code == code
    else:
        assert accept(papers.sealed(), offered, of).serial == f"{own.serial_number:x}"


@pytest.mark.parametrize("paper", [b"\xff\xd8\xff\xe0 a photograph", b"\x89PNG\r\n\x1a\n a scan"])
def test_p10_a_photograph_is_no_signed_record(paper):
    assert refused(paper).code == "no_pdf"
    assert verify_pdf(paper, [papers.authority().certificate], now=papers.NOW).verdict is Word.UNDECIDED


def test_t1_a_signer_s_clock_a_month_behind_is_refused():
    long_ago = papers.NOW - timedelta(days=30)
    key = replace(papers.opened("giver"), not_before=long_ago)
    assert refused(papers.signed_by(papers.sealed(), "giver", at=long_ago, key=key)).code == "wrong_clock"
