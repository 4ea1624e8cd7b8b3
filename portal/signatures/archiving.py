"""Time-stamps over a whole document (PAdES): they complete a signature that had to do without, and close a record.

A closing time-stamp brings what later verifiers need in the same revision (DSS): the certificates and the lists of
revoked ones. The revision before it stays as it is.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portal.signatures.appending import AppendingWriter, run_to_end
from portal.signatures.fields import READABLE, STAMP
from portal.signatures.keys import DIGEST_NAME

DOCUMENT_STAMP = "/DocTimeStamp"
TIME_STAMP = "signature_time_stamp_token"


def add_time_stamp(
    pdf: bytes,
    stamper: TimeStamper,
    *,
    certificates: Sequence[asn1_x509.Certificate] = (),
    revocation_lists: Sequence[bytes] = (),
) -> bytes:
    """The file with one more revision: a document time-stamp, and what is given for the DSS; old bytes as a prefix.

    Raises TimestampRequestError where no authority answers.
    """
    writer = AppendingWriter(pdf)
    if certificates or revocation_lists:
        lists = [asn1_crl.CertificateList.load(each) for each in revocation_lists]
        DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=certificates, crls=lists)
    number = sum(1 for each in PdfFileReader(BytesIO(pdf)).embedded_signatures if is_stamp(each)) + 1
    maker = PdfTimeStamper(stamper, field_name=f"{STAMP}-{number}", readable_field_name=READABLE[STAMP])
    out: BytesIO = run_to_end(maker.async_timestamp_pdf(writer, DIGEST_NAME))
    result = out.getvalue()
    if not result.startswith(pdf):
        raise RuntimeError("the time-stamp changed bytes that were there before")
    return result


def certificates_in(pdf: bytes, roots: Sequence[x509.Certificate] = ()) -> list[asn1_x509.Certificate]:
    """Every certificate that the file's signatures and time-stamps bring, and those of `roots` that issued them.

    A verifier of later years looks for the issuer of a list of revoked certificates in the file itself: without the
    root it finds no list that speaks (EN 319 102-1, past signature validation).
    """
    found: dict[bytes, asn1_x509.Certificate] = {}
    for data in _datas(pdf):
        for one in data["certificates"]:
            if one.name == "certificate":
                found.setdefault(one.chosen.sha256, one.chosen)
    issuers = {each.issuer.dump() for each in found.values()}
    for root in roots:
        if root.subject.public_bytes() in issuers:
            anchor = asn1_x509.Certificate.load(root.public_bytes(Encoding.DER))
            found.setdefault(anchor.sha256, anchor)
    return list(found.values())


def newest_stamp(pdf: bytes) -> datetime | None:
    """The latest moment that a time-stamp of the file names; None where it has none."""
    return max((_moment(data) for data in _datas(pdf) if _is_token(data)), default=None)


def is_stamp(signature: EmbeddedPdfSignature) -> bool:
    """Whether this is a document time-stamp, not somebody's signature."""
    return bool(signature.sig_object_type == DOCUMENT_STAMP)


def _datas(pdf: bytes) -> Iterator[cms.SignedData]:
    """What each signature and document time-stamp of the file holds, and each signature's own token."""
    for each in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        yield each.signed_data
        for attribute in each.signer_info["unsigned_attrs"]:
            if attribute["type"].native == TIME_STAMP:
                yield attribute["values"][0]["content"]


def _is_token(data: cms.SignedData) -> bool:
    return bool(data["encap_content_info"]["content_type"].native == "tst_info")


def _moment(data: cms.SignedData) -> datetime:
    found: datetime = data["encap_content_info"]["content"].parsed["gen_time"].native
    return found
