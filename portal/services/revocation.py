"""The internal CA's list of revoked certificates (CRL): written every day, after a revocation, before closing."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from sqlalchemy import select

from portal.clock import now
from portal.models import SigningKey, db
from portal.services.authority import REVOCATION_LIST
from portal.services.context import ground
from portal.signatures.authority import ROOT_KEY, Authority, RevokedKey, create_crl

PUBLISH_JOB = "revocation.publish"


def publish() -> None:
    """Write the list as of now: every revoked certificate that has not ended yet."""
    at = now()
    keys = db.session.execute(
        select(SigningKey.serial, SigningKey.revoked_at).where(
            SigningKey.revoked_at.is_not(None), SigningKey.not_after > at
        )
    ).all()
    authority = _authority(ground().settings.authority_folder)
    data = create_crl(authority, [RevokedKey(key.serial, key.revoked_at) for key in keys], now=at)
    path = _path()
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(data)
    draft.replace(path)


def list_not_older_than(moment: datetime) -> None:
    """Have a list that was written at `moment` or later."""
    path = _path()
    if not path.exists() or x509.load_der_x509_crl(path.read_bytes()).last_update_utc < moment:
        publish()


def _path() -> Path:
    return ground().settings.authority_folder / REVOCATION_LIST


def _authority(folder: Path) -> Authority:
    return _loaded(folder, (folder / ROOT_KEY).stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _loaded(folder: Path, version: int) -> Authority:  # noqa: ARG001  a new version of the file is a new entry
    return Authority.load(folder)
