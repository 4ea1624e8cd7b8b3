"""The portal's own keys: the internal CA and the seal, made once when a portal is set up."""

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.x509 import Certificate

from portal.evidence.checkpoints import KEY_FILE as LOG_KEY
from portal.evidence.checkpoints import create_log_key
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
    if not (folder / LOG_KEY).exists():
        create_log_key(folder, log_origin(settings))


def log_origin(settings: Settings) -> str:
    """A name for this portal's event log that no other log bears (C2SP: an origin is unique)."""
    host = urlsplit(settings.public_url).netloc or "bangiao"
    return f"{host}/nhat-ky/{secrets.token_hex(4)}"
