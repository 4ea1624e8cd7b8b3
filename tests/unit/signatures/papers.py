"""A portal's keys and a signed record for the tests: made once per run, with real keys and a really drawn record."""

import atexit
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.timestamps import TimeStamper

from portal.documents.content import DrawnRecord
from portal.documents.record import draw_record
from portal.signatures.archiving import add_time_stamp, certificates_in
from portal.signatures.authority import (
    Authority,
    IssuedKey,
    RevokedKey,
    create_authority,
    create_crl,
    issue_person,
    issue_seal,
    issue_time_authority,
    new_key,
)
from portal.signatures.fields import place_fields
from portal.signatures.invented_time import InventedTime
from portal.signatures.keys import SigningKey, load_seal, open_key
from portal.signatures.signing import Appearance, seal, sign
from tests.unit.documents.samples import record

NOW = datetime(2026, 11, 20, 2, 5, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PASSPHRASE = "núi cao suối sâu"
PEOPLE = {
    "giver": ("Giàng A Chu", "Trạm trưởng", "Trạm Y tế xã Hát Lừu"),
    "receiver": ("Lò Văn Đối", "Tổ trưởng", "Tổ công tác Đề án 06 thôn Hát 1, xã Hát Lừu, huyện Trạm Tấu"),
}


@cache
def spare_key(number: int) -> rsa.RSAPrivateKey:
    """A key of the pool."""
    del number
    return new_key()


@cache
def folder() -> Path:
    """The folder of the CA and the seal."""
    made = Path(mkdtemp(prefix="bangiao-test-"))
    atexit.register(rmtree, made, ignore_errors=True)
    return made / "authority"


@cache
def authority() -> Authority:
    """The internal CA, with its seal beside it."""
    made = create_authority(folder(), name="Cổng thử – CA nội bộ", now=NOW, key=spare_key(0))
    issue_seal(made, folder(), portal_name="Cổng Bàn giao (thử)", now=NOW, key=spare_key(1))
    issue_time_authority(made, folder(), portal_name="Cổng Bàn giao (thử)", now=NOW, key=spare_key(4))
    return made


@cache
def issued(side: str, passphrase: str = PASSPHRASE, at: datetime = NOW) -> IssuedKey:
    """A person's key."""
    name, position, unit = PEOPLE[side]
    return issue_person(
        authority(),
        person_name=name,
        position=position,
        unit_name=unit,
        unit_code=f"U-{side}",
        user_ref=f"user-{side}",
        passphrase=passphrase,
        now=at,
        key=spare_key(2 + list(PEOPLE).index(side)),
    )


@cache
def opened(side: str) -> SigningKey:
    """A person's key, opened."""
    return open_key(issued(side).p12, PASSPHRASE)


def seal_key() -> SigningKey:
    """The portal's seal."""
    authority()
    return load_seal(folder())


@cache
def drawn() -> DrawnRecord:
    """A drawn, unsigned record."""
    return draw_record(record(12))


@cache
def with_fields() -> bytes:
    """The record with its places for signatures."""
    return place_fields(drawn().pdf, drawn().boxes)


@cache
def sealed() -> bytes:
    """The record with the portal's seal."""
    return seal(with_fields(), seal_key(), now=NOW)


@cache
def given() -> bytes:
    """The record signed by the giver."""
    return signed_by(sealed(), "giver")


@cache
def received() -> bytes:
    """The record with all three signatures."""
    return signed_by(given(), "receiver")


def time_at(at: datetime = NOW) -> InventedTime:
    """The internal time-stamp authority with its clock at `at`."""
    authority()
    return InventedTime(folder(), lambda: at)


@cache
def timed() -> bytes:
    """The record with seal, giver and receiver, each with its time-stamp (B-T)."""
    pdf = seal(with_fields(), seal_key(), now=NOW, timestamper=time_at())
    return signed_by(signed_by(pdf, "giver", stamper=time_at()), "receiver", stamper=time_at())


def revocations(at: datetime = NOW, revoked: Iterable[RevokedKey] = ()) -> bytes:
    """The authority's list as of `at`."""
    return create_crl(authority(), revoked, now=at)


def closed_once(pdf: bytes, at: datetime) -> bytes:
    """The file with validation data and a document time-stamp of `at`."""
    lists = [revocations(at)]
    return add_time_stamp(
        pdf, time_at(at), certificates=certificates_in(pdf, [authority().certificate]), revocation_lists=lists
    )


@cache
def archived() -> bytes:
    """The record closed for the archive (B-LTA) a minute after it was signed, with one renewal."""
    return closed_once(closed_once(timed(), NOW + MINUTE), NOW + 2 * MINUTE)


def signed_by(
    pdf: bytes,
    side: str,
    *,
    at: datetime = NOW,
    key: SigningKey | None = None,
    stamper: TimeStamper | None = None,
) -> bytes:
    """The file with one more signature."""
    name, position, unit = PEOPLE[side]
    return sign(
        pdf,
        side,
        key or opened(side),
        appearance=Appearance(name, position, unit, at),
        reason="Giao theo biên bản 05/BB-TYT",
        location="Hát Lừu",
        now=at,
        timestamper=stamper,
    )
