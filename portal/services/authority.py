"""The portal's own keys (internal CA, seal, time-stamp authority), and whom it trusts besides."""

import contextlib
import secrets
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509 import Certificate, CertificateRevocationList

from portal.evidence.checkpoints import KEY_FILE as LOG_KEY
from portal.evidence.checkpoints import LogKey, create_log_key, load_log_key
from portal.settings import Settings, prepare_home
from portal.signatures.authority import (
    ROOT_CERTIFICATE,
    ROOT_KEY,
    SEAL_CERTIFICATE,
    SEAL_KEY,
    TSA_CERTIFICATE,
    TSA_KEY,
    Authority,
    create_authority,
    issue_seal,
    issue_time_authority,
    set_aside,
)
from portal.verification.roots import TrustBundle, read_roots

NAME = "Cổng Bàn giao"
REVOCATION_LIST = "revoked.crl"
"""The internal CA's newest list of revoked certificates, beside its certificate."""


def trusted_roots(settings: Settings) -> list[Certificate]:
    """The roots this portal trusts: its internal CA first (none before it was made), then the files of `anchors/`.

    Raises InvalidInput where a file there is no certificate.
    """
    own = settings.authority_folder / ROOT_CERTIFICATE
    found = read_roots(own.read_bytes()) if own.exists() else []
    for path in _anchors(settings, ".pem", ".crt", ".cer"):
        data = path.read_bytes()
        found += read_roots(data) if b"-----BEGIN" in data else [x509.load_der_x509_certificate(data)]
    return found


def known_lists(settings: Settings) -> list[CertificateRevocationList]:
    """The lists of revoked certificates at hand: the internal CA's newest, then those in `anchors/` (DER)."""
    own = settings.authority_folder / REVOCATION_LIST
    paths = [*([own] if own.exists() else []), *_anchors(settings, ".crl")]
    return [x509.load_der_x509_crl(path.read_bytes()) for path in paths]


def trust_bundle(settings: Settings) -> TrustBundle:
    """What an offline verifier needs: the roots this portal trusts and the newest lists at hand."""
    return TrustBundle(tuple(trusted_roots(settings)), tuple(known_lists(settings)))


def _anchors(settings: Settings, *endings: str) -> list[Path]:
    folder = settings.anchors_folder
    return sorted(path for path in folder.iterdir() if path.suffix in endings) if folder.is_dir() else []


def ensure_authority(settings: Settings, *, now: datetime) -> None:
    """Have the internal CA, the portal's seal and its time-stamp authority; keys that exist are never replaced."""
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
    if not (folder / TSA_KEY).exists():
        issue_time_authority(authority, folder, portal_name=name, now=now)
    log_key(settings)


def log_key(settings: Settings) -> LogKey:
    """The key that signs the event log's heads; made where an older portal has none yet."""
    folder = settings.authority_folder
    if not (folder / LOG_KEY).exists():
        with contextlib.suppress(FileExistsError):
            return create_log_key(folder, _log_origin(settings))
    return load_log_key(folder)


def _log_origin(settings: Settings) -> str:
    """A name that no other log bears (C2SP: an origin is unique)."""
    host = urlsplit(settings.public_url).netloc or "bangiao"
    return f"{host}/nhat-ky/{secrets.token_hex(4)}"


def renew_key(settings: Settings, which: str, *, now: datetime) -> None:
    """Replace the seal ("seal") or the time-stamp authority's key ("time") by a new one; old papers stay provable."""
    files = {"seal": (SEAL_KEY, SEAL_CERTIFICATE), "time": (TSA_KEY, TSA_CERTIFICATE)}[which]
    set_aside(settings.authority_folder, *files)
    ensure_authority(settings, now=now)
