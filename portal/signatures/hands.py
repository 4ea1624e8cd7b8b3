"""Whose hand signs, and with what: a key that is open here, or a file that comes back signed.

Each gives the stored revision with one signature more; none is believed before `verification.acceptance` has seen it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pyhanko.sign.timestamps import TimeStamper

from portal.signatures.appearance import Appearance
from portal.signatures.keys import SigningKey
from portal.signatures.signing import sign

INTERNAL, TOKEN, EXTERNAL = "internal", "token", "external"
"""Grades of a signature: the portal's own key, a token plugged in here, a certificate of another authority."""


@dataclass(frozen=True)
class Request:
    """What is to be signed, in which place, and what the signature says."""

    pdf: bytes
    field: str
    appearance: Appearance
    reason: str
    location: str
    now: datetime
    stamper: TimeStamper
    giver_in_ink: bool = False


class Hand(Protocol):
    """A way to sign."""

    @property
    def grade(self) -> str: ...  # noqa: D102
    def sign(self, request: Request) -> bytes:
        """The request's file with one signature more."""


@dataclass(frozen=True)
class KeyHand:
    """A key that is open in this process: a person's PKCS#12, or a token's session."""

    key: SigningKey
    grade: str = INTERNAL

    def sign(self, request: Request) -> bytes:
        """Sign at once, with a time-stamp where an authority answers."""
        return sign(
            request.pdf,
            request.field,
            self.key,
            appearance=request.appearance,
            reason=request.reason,
            location=request.location,
            now=request.now,
            timestamper=request.stamper,
            giver_in_ink=request.giver_in_ink,
        )


@dataclass(frozen=True)
class Returned:
    """A file that was downloaded, signed by another program, and came back."""

    data: bytes
    grade: str = EXTERNAL

    def sign(self, request: Request) -> bytes:  # noqa: ARG002  it was made elsewhere
        """The file as it came."""
        return self.data
