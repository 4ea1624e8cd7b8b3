"""When each signature existed at the latest, and what is known of revocation: proofs that outlive certificates.

A time-stamp proves that all bytes before it existed at its moment; its own certificate is judged at the moment that a
later time-stamp proves, the last one now. So the chain of time-stamps carries every signature through the years.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.path import ValidationPath

from portal.domain.wording import say
from portal.signatures.archiving import TIME_STAMP, is_stamp
from portal.signatures.tokens import Stamp, stamp_of
from portal.verification.container import Container, Contradiction

BROKEN_STAMP = say("Dấu thời gian không khớp với nội dung nó chứng nhận.")


@dataclass(frozen=True)
class Trust:
    """What a verifier starts from: roots, its own moment, and lists of revoked certificates at hand."""

    roots: Sequence[x509.Certificate]
    now: datetime
    lists: Sequence[x509.CertificateRevocationList] = ()


@dataclass(frozen=True)
class Proofs:
    """What a file's own time-stamps and validation data prove."""

    tokens: dict[str, Stamp]
    """The token of each signature that carries one, by its field."""
    documents: tuple[tuple[int, Stamp], ...]
    """Document time-stamps with the offset up to which each covers the file, in order."""
    moments: dict[str, datetime] = field(default_factory=dict)
    """The earliest moment at which each signature is proven to have existed."""
    lists: tuple[x509.CertificateRevocationList, ...] = ()
    """The lists of revoked certificates inside the file."""
    listed_until: int = 0
    """The offset of the last document time-stamp that covers those lists; 0 where none does."""
    others: tuple[asn1_x509.Certificate, ...] = ()


def proofs_of(
    data: bytes,
    reader: PdfFileReader,
    signatures: Sequence[EmbeddedPdfSignature],
    containers: Sequence[Container],
    trust: Trust,
) -> Proofs:
    """Judge all time-stamps from the last to the first. Raises Contradiction for one that its bytes deny."""
    others, lists = _validation_data(reader)
    tokens: dict[str, Stamp] = {}
    documents: list[tuple[int, Stamp]] = []
    moments: dict[str, datetime] = {}
    proven = trust.now
    """The moment at which everything looked at so far existed."""
    known = False
    for signature, place in zip(reversed(signatures), reversed(containers), strict=True):
        stamp = stamp_in(data, signature, place, Trust(trust.roots, proven), others)
        if stamp is not None:
            if not stamp.sound:
                raise Contradiction(BROKEN_STAMP)
            if is_stamp(signature):
                documents.insert(0, (place.end, stamp))
            else:
                tokens[signature.field_name] = stamp
            if stamp.trusted and not revoked(stamp.path, (*lists, *trust.lists), stamp.time):
                proven, known = min(proven, stamp.time), True
        if not is_stamp(signature) and known:
            moments[signature.field_name] = proven
    until = documents[-1][0] if documents and lists else 0
    return Proofs(tokens, tuple(documents), moments, lists, until, others)


def stamp_in(
    data: bytes,
    signature: EmbeddedPdfSignature,
    place: Container | None,
    trust: Trust,
    others: Sequence[asn1_x509.Certificate] = (),
) -> Stamp | None:
    """A document time-stamp itself (at its `place`), or the token of somebody's signature, judged at `trust.now`."""

    def of_file(algorithm: str) -> bytes:
        assert place is not None  # noqa: S101  a document time-stamp covers the file around its place
        covered = hashlib.new(algorithm, data[: place.start])
        covered.update(data[place.stop : place.end])
        return covered.digest()

    def of_value(algorithm: str) -> bytes:
        return hashlib.new(algorithm, signature.signer_info["signature"].native).digest()

    if is_stamp(signature):
        return stamp_of(signature.signed_data, of_file, trust.roots, trust.now, others)
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == TIME_STAMP:
            return stamp_of(attribute["values"][0]["content"], of_value, trust.roots, trust.now, others)
    return None


def _validation_data(
    reader: PdfFileReader,
) -> tuple[tuple[asn1_x509.Certificate, ...], tuple[x509.CertificateRevocationList, ...]]:
    """Certificates and lists of the document's security store; what cannot be read there proves nothing."""
    if "/DSS" not in reader.root:
        return (), ()
    store = reader.root["/DSS"]  # `get` would give the reference, not what it names
    certificates = [each.get_object().data for each in store["/Certs"]] if "/Certs" in store else []
    lists = [each.get_object().data for each in store["/CRLs"]] if "/CRLs" in store else []
    return (
        tuple(asn1_x509.Certificate.load(each) for each in certificates),
        tuple(x509.load_der_x509_crl(each) for each in lists),
    )


def revoked(
    path: ValidationPath | None, lists: Sequence[x509.CertificateRevocationList], moment: datetime
) -> datetime | None:
    """The moment from which a certificate of the path no longer counts, where that is not after `moment`."""
    for certificate, issuer in _pairs(path):
        for each in _of_issuer(lists, issuer):
            entry = each.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and entry.revocation_date_utc <= moment:
                return entry.revocation_date_utc
    return None


def is_listed(path: ValidationPath | None, lists: Sequence[x509.CertificateRevocationList], moment: datetime) -> bool:
    """Whether for every certificate of the path a list from `moment` or later, and before its end, is at hand.

    A list drops a certificate that has ended, so a later list proves nothing about it.
    """
    pairs = _pairs(path)
    return bool(pairs) and all(
        any(moment <= each.last_update_utc <= certificate.not_valid_after_utc for each in _of_issuer(lists, issuer))
        for certificate, issuer in pairs
    )


def _pairs(path: ValidationPath | None) -> list[tuple[x509.Certificate, x509.Certificate]]:
    """Each certificate of the path below the root, with its issuer."""
    if path is None:
        return []
    chain = [x509.load_der_x509_certificate(each.dump()) for each in path if isinstance(each, asn1_x509.Certificate)]
    return list(zip(chain[1:], chain[:-1], strict=True))


def _of_issuer(
    lists: Sequence[x509.CertificateRevocationList], issuer: x509.Certificate
) -> list[x509.CertificateRevocationList]:
    """The lists that this issuer has really signed."""
    key = issuer.public_key()
    return [each for each in lists if each.issuer == issuer.subject and _signed_by(each, key)]


def _signed_by(found: x509.CertificateRevocationList, key: object) -> bool:
    try:
        return found.is_signature_valid(key)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def read_lists(pem: bytes) -> list[x509.CertificateRevocationList]:
    """The lists of revoked certificates among the blocks of a PEM file."""
    begin, end = b"-----BEGIN X509 CRL-----", b"-----END X509 CRL-----"
    found = []
    for block in pem.split(begin)[1:]:
        found.append(x509.load_pem_x509_crl(begin + block[: block.index(end)] + end))
    return found


def as_pem(lists: Sequence[x509.CertificateRevocationList]) -> bytes:
    """The lists as PEM, for `roots.pem`."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in lists)
