"""The bare part of signing and verifying: pyHanko with its own defaults, the same key, the same file."""

from io import BytesIO

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, async_sign_pdf
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from portal.signatures.appending import run_to_end
from portal.signatures.keys import SigningKey


def sign_alone(
    pdf: bytes, key: SigningKey, field: str = "giver", stamper: TimeStamper | None = None, *, certify: bool = False
) -> bytes:
    """The file with one more signature, nothing visible."""
    meta = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    out: BytesIO = run_to_end(
        async_sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf)),
            meta,
            signer=key.signer,
            timestamper=stamper,
            existing_fields_only=True,
        )
    )
    return out.getvalue()


def validate_alone(pdf: bytes, root: x509.Certificate, *, last: bool = False) -> None:
    """Each signature (or the last) validated under this root."""
    anchor = asn1_x509.Certificate.load(root.public_bytes(Encoding.DER))
    found = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    for signature in found[-1:] if last else found:
        context = ValidationContext(trust_roots=[anchor], allow_fetching=False)
        run_to_end(async_validate_pdf_signature(signature, context))
