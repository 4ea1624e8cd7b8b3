"""A signature whose value is made elsewhere: the record is prepared here, a hash goes out, a value comes back.

The prepared bytes and the signed attributes are all that is kept meanwhile (a ticket). A value made with another key
is refused before it is embedded: pyHanko would write any value.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import ExternalSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signatures.appearance import stamp_style
from portal.signatures.appending import AppendingWriter, run_to_end
from portal.signatures.hands import EXTERNAL, Request
from portal.signatures.keys import DIGEST_NAME, pss_mechanism
from portal.signatures.signing import DatedSigner, require_open
from portal.signatures.stamping import TimedIfAnswered

ROOM = 2 * 14_000
"""Hexadecimal digits kept for the container: certificate, value and token of any authority seen so far."""
LONGEST_VALUE = 1024


class WrongValue(ValueError):
    """The value was not made with the enrolled key over these attributes."""


class OutsideSigner(TimedIfAnswered, ExternalSigner):
    """pyHanko's signer with a value made elsewhere, and our way with time-stamps."""


@dataclass(frozen=True)
class Prepared:
    """A record with an empty container in its place, and the attributes (DER) whose signature fills it."""

    pdf: bytes
    attributes: bytes

    @property
    def hash(self) -> str:
        """SHA-256 of the attributes, in hexadecimal: what the other machine signs."""
        return hashlib.sha256(self.attributes).hexdigest()


@dataclass(frozen=True)
class SignedElsewhere:
    """The hand that fills a prepared record with a value made elsewhere."""

    prepared: Prepared
    certificate: bytes
    value: bytes
    grade: str = EXTERNAL

    def sign(self, request: Request) -> bytes:
        """The prepared record with its container filled. Raises WrongValue."""
        require_value(self.certificate, self.prepared.attributes, self.value)
        attributes = cms.CMSAttributes.load(self.prepared.attributes)
        signer = _signer(self.certificate, self.value)
        container = run_to_end(
            signer.async_sign_prescribed_attributes(DIGEST_NAME, attributes, timestamper=request.stamper)
        )
        return _filled(self.prepared.pdf, container.dump())


def prepare(request: Request, certificate: bytes) -> Prepared:
    """The record with room for the signature in the request's field, and what is to be signed."""
    require_open(request.pdf, request.field, giver_in_ink=request.giver_in_ink)
    meta = PdfSignatureMetadata(
        field_name=request.field,
        md_algorithm=DIGEST_NAME,
        subfilter=SigSeedSubFilter.PADES,
        reason=request.reason or None,
        location=request.location or None,
    )
    signer = _signer(certificate, bytes(384))
    pdf_signer = DatedSigner(request.now, meta, signer, stamp_style=stamp_style(request.appearance))
    digest, _, out = run_to_end(
        pdf_signer.async_digest_doc_for_signing(
            AppendingWriter(request.pdf), existing_fields_only=True, bytes_reserved=ROOM
        )
    )
    attributes = run_to_end(signer.signed_attrs(digest.document_digest, DIGEST_NAME, use_pades=True))
    out.seek(0)
    return Prepared(out.read(), attributes.dump())


def require_value(certificate: bytes, attributes: bytes, value: bytes) -> None:
    """Raise WrongValue unless `value` is a signature over the attributes with the certificate's key.

    RSASSA-PSS with SHA-256 and a salt of its length, or ECDSA with SHA-256.
    """
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if len(value) > LONGEST_VALUE:
            raise WrongValue
        if isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)
            key.verify(value, attributes, pss, hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, attributes, ec.ECDSA(hashes.SHA256()))
        else:
            raise WrongValue
    except InvalidSignature as error:
        raise WrongValue from error


def _signer(certificate: bytes, value: bytes) -> OutsideSigner:
    own = asn1_x509.Certificate.load(certificate)
    is_rsa = own.public_key.algorithm == "rsa"
    return OutsideSigner(
        signing_cert=own,
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        signature_value=value,
        signature_mechanism=pss_mechanism() if is_rsa else None,
    )


def _filled(pdf: bytes, container: bytes) -> bytes:
    """The container written into the last hole of the prepared file."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    end = pdf.index(b">", start) + 1
    out = BytesIO(pdf)
    PreparedByteRangeDigest(b"", start, end).fill_with_cms(out, container)
    return out.getvalue()
