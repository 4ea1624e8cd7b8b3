"""The verdict on an uploaded record against this portal's own root; nothing of the upload is stored."""

from typing import TYPE_CHECKING

from portal.clock import now
from portal.services.context import ground
from portal.signatures.authority import ROOT_CERTIFICATE
from portal.verification.roots import read_roots

if TYPE_CHECKING:
    from portal.verification.verdicts import Verdict


def examine(data: bytes) -> "Verdict":
    """The offline verdict on these bytes, with the internal CA as the only root."""
    # The verifier's libraries take half a second to load; pages that never verify do without.
    from portal.verification.files import verify_pdf

    path = ground().settings.authority_folder / ROOT_CERTIFICATE
    roots = read_roots(path.read_bytes()) if path.exists() else []
    return verify_pdf(data, roots, now=now())
