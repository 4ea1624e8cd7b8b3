"""The portal's own keys: the internal CA and the seal, made once when a portal is set up."""

from datetime import datetime

from cryptography.x509 import Certificate

from portal.settings import Settings, prepare_home
from portal.signatures.authority import ROOT_CERTIFICATE, ROOT_KEY, SEAL_KEY, Authority, create_authority, issue_seal
from portal.verification.roots import read_roots

NAME = "Cổng Bàn giao"


def trusted_roots(settings: Settings) -> list[Certificate]:
    """The one root this portal trusts: its internal CA; none before it was made."""
    path = settings.authority_folder / ROOT_CERTIFICATE
    return read_roots(path.read_bytes()) if path.exists() else []


def ensure_authority(settings: Settings, *, now: datetime) -> None:
    """Have the internal CA and the portal's seal; keys that exist are never replaced."""
    prepare_home(settings)
    folder = settings.authority_folder
    # A name in a certificate has at most 64 bytes.
    name = "Cổng trình diễn" if settings.demo else NAME
    if (folder / ROOT_KEY).exists():
        authority = Authority.load(folder)
    else:
        authority = create_authority(folder, name=f"{name} – chữ ký số nội bộ", now=now)
    if not (folder / SEAL_KEY).exists():
        issue_seal(authority, folder, portal_name=name, now=now)
