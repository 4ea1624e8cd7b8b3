"""The verdict on an uploaded record against this portal's own root; nothing of the upload is stored."""

from typing import TYPE_CHECKING

from cryptography import x509

from portal.services.context import ground
from portal.signatures.authority import ROOT_CERTIFICATE

if TYPE_CHECKING:
    from portal.verification import Verdict


def examine(data: bytes) -> "Verdict":
    """The offline verdict on these bytes, with the internal CA as the only root."""
    from portal.verification import verify_pdf

    path = ground().settings.authority_folder / ROOT_CERTIFICATE
    roots = [x509.load_pem_x509_certificate(path.read_bytes())] if path.exists() else []
    return verify_pdf(data, roots)
