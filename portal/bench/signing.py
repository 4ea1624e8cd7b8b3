"""`sign`: one signature and one verification, beside pyHanko alone with the same key on the same file."""

import tempfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from portal import clock
from portal.bench.measuring import Figure, beside
from portal.bench.recording import content_of
from portal.documents.record import draw_record
from portal.signatures.authority import Authority, create_authority, issue_person, issue_seal
from portal.signatures.fields import place_fields
from portal.signatures.keys import SigningKey, load_seal, open_key
from portal.signatures.signing import Appearance, seal, sign
from portal.verification.files import verify_pdf

ENTRIES = 200
_PASSPHRASE = "chi de do thoi gian"


def measure(entries: int = ENTRIES) -> Iterator[Figure]:
    """`sign.bb`, `sign.key` (opening the key, slow on purpose) and `verify.record`, on a record of 200 entries."""
    with tempfile.TemporaryDirectory() as folder:
        authority, p12 = _keys(Path(folder))
        key, stamp = open_key(p12, _PASSPHRASE), load_seal(Path(folder))
        drawn = draw_record(content_of(entries))
        sealed = seal(place_fields(drawn.pdf, drawn.boxes), stamp, now=clock.now())
        yield beside("sign.bb", entries, partial(_ours, sealed, "giver", key), partial(_bare, sealed, key))
        yield beside("sign.key", 1, partial(open_key, p12, _PASSPHRASE), partial(_bare_key, p12))
        whole = _ours(_ours(sealed, "giver", key), "receiver", key)
        yield beside("verify.record", 3, partial(_verify, whole, authority), partial(_bare_verify, whole, authority))


def _keys(folder: Path) -> tuple[Authority, bytes]:
    at = clock.now()
    authority = create_authority(folder, name="Đo thời gian", now=at)
    issue_seal(authority, folder, portal_name="Đo thời gian", now=at)
    issued = issue_person(
        authority,
        person_name="Lò Thị Phượng",
        position="Giám đốc",
        unit_name="Trạm Y tế xã Trạm Tấu",
        unit_code="TYT",
        user_ref="bench",
        passphrase=_PASSPHRASE,
        now=at,
    )
    return authority, issued.p12


def _bare_key(p12: bytes) -> None:
    pkcs12.load_key_and_certificates(p12, _PASSPHRASE.encode())


def _ours(pdf: bytes, field: str, key: SigningKey) -> bytes:
    at = clock.now()
    appearance = Appearance("Lò Thị Phượng", "Giám đốc", "Trạm Y tế xã Trạm Tấu", clock.local(at))
    return sign(pdf, field, key, appearance=appearance, reason="Giao", location="Trạm Tấu", now=at)


def _bare(pdf: bytes, key: SigningKey) -> bytes:
    meta = PdfSignatureMetadata(field_name="giver", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    out: BytesIO = sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer=key.signer, existing_fields_only=True
    )
    return out.getvalue()


def _verify(pdf: bytes, authority: Authority) -> None:
    verify_pdf(pdf, [authority.certificate], now=clock.now())


def _bare_verify(pdf: bytes, authority: Authority) -> None:
    root = asn1_x509.Certificate.load(authority.certificate.public_bytes(Encoding.DER))
    for signature in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        validate_pdf_signature(signature, ValidationContext(trust_roots=[root], allow_fetching=False))
