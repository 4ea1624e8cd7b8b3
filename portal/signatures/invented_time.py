"""Time-stamps at the clock's own moment, for a demonstration's invented past and for tests: never for real work.

The key and the form are those of the internal time-stamp authority; only the moment is the caller's.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.sign import general
from pyhanko.sign.general import simple_cms_attribute
from pyhanko.sign.timestamps import DummyTimeStamper

from portal.signatures.authority import TSA_CERTIFICATE, TSA_KEY


class InventedTime(DummyTimeStamper):
    """pyHanko's own authority for tests, its key loaded once, its clock ours."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        certificate = x509.load_pem_x509_certificate((folder / TSA_CERTIFICATE).read_bytes())
        own = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
        super().__init__(own, None)
        key = serialization.load_pem_private_key((folder / TSA_KEY).read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{folder / TSA_KEY} is not an RSA key")
        self._key, self._now = key, now

    def request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """A token at the clock's moment."""
        self.fixed_dt = self._now().replace(microsecond=0)
        return super().request_tsa_response(req)

    def _sign_tst_info(
        self,
        tst_info_data: bytes,
        md_algorithm: str,  # noqa: ARG002  always SHA-256
        dt: datetime,
    ) -> tuple[bytes, cms.CMSAttributes]:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        attribute: Callable[[str, Any], cms.CMSAttribute] = simple_cms_attribute
        attributes = cms.CMSAttributes(
            [
                attribute("content_type", "tst_info"),
                attribute("signing_time", cms.Time({"utc_time": dt})),
                attribute("message_digest", digest.finalize()),
                attribute("signing_certificate_v2", general.as_signing_certificate_v2(self.tsa_cert)),
            ]
        )
        return self._key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()), attributes
