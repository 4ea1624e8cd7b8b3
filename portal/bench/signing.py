"""`sign` and `verify`: signatures and verdicts, beside pyHanko alone with the same key on the same file."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper

from portal import clock
from portal.bench import signing_many
from portal.bench.measuring import Figure, beside
from portal.bench.pyhanko_alone import sign_alone, validate_alone
from portal.bench.recording import content_of
from portal.documents.record import draw_record
from portal.signatures import time_service
from portal.signatures.archiving import add_time_stamp, certificates_in
from portal.signatures.authority import (
    Authority,
    create_authority,
    create_crl,
    issue_person,
    issue_seal,
    issue_time_authority,
)
from portal.signatures.fields import place_fields
from portal.signatures.hands import KeyHand, Request
from portal.signatures.invented_time import InventedTime
from portal.signatures.keys import SigningKey, load_seal, open_key
from portal.signatures.signing import Appearance, seal, sign
from portal.signatures.stamping import Attempt, Authorities
from portal.verification.acceptance import Expected, accept, fingerprint
from portal.verification.files import verify_pdf
from portal.verification.proofs import Trust

ENTRIES = 40
_PASSPHRASE = "chi de do thoi gian"


def measure(entries: int = ENTRIES) -> Iterator[Figure]:
    """`sign.bb`, `sign.bt` (local authority), `sign.three`, `sign.key` on a record; `sign.bulk` on many.

    `sign.three` is seal, giver and receiver with everything the portal does for them: each B-T, each through the
    gate. Bare pyHanko signs with the same authority and validates each signature with its own policy.
    """
    with tempfile.TemporaryDirectory() as folder:
        authority, p12 = _keys(Path(folder))
        with time_service.running(Path(folder)) as address:
            yield from _signing(_Place(entries, authority, p12, Path(folder), address))
    yield from signing_many.measure()


def measure_verification(entries: int = ENTRIES) -> Iterator[Figure]:
    """`verify.record`: three signatures B-T; `verify.archived`: the same record closed to B-LTA."""
    with tempfile.TemporaryDirectory() as folder:
        authority, p12 = _keys(Path(folder))
        place = _Place(entries, authority, p12, Path(folder), "")
        whole, stamper = place.three(InventedTime(Path(folder), clock.now)), InventedTime(Path(folder), clock.now)
        lists = [create_crl(authority, [], now=clock.now())]
        closed = add_time_stamp(whole, stamper, certificates=certificates_in(whole), revocation_lists=lists)
        yield beside(
            "verify.record",
            3,
            partial(_verify, whole, authority),
            partial(validate_alone, whole, authority.certificate),
        )
        yield beside(
            "verify.archived",
            3,
            partial(_verify, closed, authority),
            partial(validate_alone, closed, authority.certificate),
        )


class _Place:
    """One record, its keys and its authorities."""

    def __init__(self, entries: int, authority: Authority, p12: bytes, folder: Path, address: str) -> None:
        self.entries, self.authority, self.p12 = entries, authority, p12
        self.key, self.stamp = open_key(p12, _PASSPHRASE), load_seal(folder)
        self.ours = Authorities(lambda: [address], lambda: [authority.certificate], clock.now, answer_seconds=60)
        self.theirs = HTTPTimeStamper(address, timeout=60)
        drawn = draw_record(content_of(entries))
        self.fields = place_fields(drawn.pdf, drawn.boxes)

    def sealed(self, stamper: TimeStamper | None) -> bytes:
        """The sealed record."""
        return seal(self.fields, self.stamp, now=clock.now(), timestamper=stamper)

    def three(self, stamper: TimeStamper) -> bytes:
        """Seal, giver, receiver, as the services make them."""
        at = clock.now()
        pdf = self.sealed(Attempt(stamper))
        for field in ("giver", "receiver"):
            request = Request(pdf, field, _appearance(at), "Giao", "Trạm Tấu", at, Attempt(stamper))
            signed = KeyHand(self.key).sign(request)
            trust = Trust([self.authority.certificate], at)
            accept(pdf, signed, Expected(field, frozenset({_print(self.key)}), at, trust))
            pdf = signed
        return pdf

    def bare_three(self) -> bytes:
        """The same steps by pyHanko alone: sign, and validate what was made."""
        pdf = sign_alone(self.fields, self.stamp, "seal", self.theirs, certify=True)
        for field in ("giver", "receiver"):
            pdf = sign_alone(pdf, self.key, field, self.theirs)
            validate_alone(pdf, self.authority.certificate, last=True)
        return pdf


def _signing(of: _Place) -> Iterator[Figure]:
    sealed = of.sealed(None)
    yield beside("sign.bb", of.entries, partial(_ours, sealed, of.key), partial(sign_alone, sealed, of.key))
    with_token = partial(_ours, sealed, of.key, of.ours)
    yield beside("sign.bt", of.entries, with_token, partial(sign_alone, sealed, of.key, "giver", of.theirs))
    yield beside("sign.three", of.entries, partial(of.three, of.ours), of.bare_three)
    yield beside("sign.key", 1, partial(open_key, of.p12, _PASSPHRASE), partial(_bare_key, of.p12))


def _keys(folder: Path) -> tuple[Authority, bytes]:
    at = clock.now()
    authority = create_authority(folder, name="Đo thời gian", now=at)
    issue_seal(authority, folder, portal_name="Đo thời gian", now=at)
    issue_time_authority(authority, folder, portal_name="Đo thời gian", now=at)
    issued = issue_person(
        authority,
        person_name="Lò Thị Phượng",
        position="Giám đốc",
        unit_name="Trạm Y tế xã Trạm Tấu",
        unit_code="TYT",
        user_ref="bench",
        passphrase=_PASSPHRASE,
        now=at,
    )
    return authority, issued.p12


def _bare_key(p12: bytes) -> None:
    pkcs12.load_key_and_certificates(p12, _PASSPHRASE.encode())


def _appearance(at: datetime) -> Appearance:
    return Appearance("Lò Thị Phượng", "Giám đốc", "Trạm Y tế xã Trạm Tấu", clock.local(at))


def _print(key: SigningKey) -> str:
    certificate = key.signer.signing_cert
    assert certificate is not None  # noqa: S101  an opened key has one
    return fingerprint(certificate.dump())


def _ours(pdf: bytes, key: SigningKey, stamper: TimeStamper | None = None) -> bytes:
    at = clock.now()
    return sign(
        pdf,
        "giver",
        key,
        appearance=_appearance(at),
        reason="Giao",
        location="Trạm Tấu",
        now=at,
        timestamper=stamper,
    )


def _verify(pdf: bytes, authority: Authority) -> None:
    verify_pdf(pdf, [authority.certificate], now=clock.now())
