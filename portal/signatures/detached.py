"""A signature beside its data (CAdES), for the manifest of an evidence package."""

from datetime import datetime

from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper

from portal.clock import local
from portal.signatures.appending import run_to_end
from portal.signatures.keys import DIGEST_NAME, SigningKey


def sign_beside(data: bytes, key: SigningKey, *, now: datetime, timestamper: TimeStamper | None = None) -> bytes:
    """A CAdES signature (B-B, B-T with a `timestamper`) over `data` as DER, the data not inside.

    Raises CertificateNotValid where the certificate does not cover `now`.
    """
    key.require_valid(now)
    signed = run_to_end(
        key.signer.async_sign_general_data(
            data,
            DIGEST_NAME,
            detached=True,
            use_cades=True,
            timestamper=timestamper,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=local(now)),
        )
    )
    return bytes(signed.dump())
