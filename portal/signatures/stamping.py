"""Asking time-stamp authorities (RFC 3161): one after the other, each under a time-out and a circuit breaker.

A token is taken only where everything about it holds: granted, over our digest, with our nonce, signed by a key that
a trusted root allows to stamp time, and not more than two minutes away from this machine's clock.
"""

import hashlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock
from urllib.parse import urlsplit

from asn1crypto import cms, tsp
from cryptography import x509
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response

from portal.signatures.tokens import stamp_of

ANSWER_SECONDS = 5.0
"""How long one authority may take; design: reference/signing.md 10."""
ALTOGETHER_SECONDS = 12.0
"""How long all of them together may keep a signer waiting."""
LONGEST_ANSWER = 64 * 1024
FARTHEST = timedelta(seconds=120)
"""A stamp further from this machine's clock is refused: one of the two clocks is wrong."""
FAILURES_TO_OPEN, PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2, 15.0, 600.0


class NoTimeStamp(TimestampRequestError):
    """No authority gave a token that can be used; the text names each with its reason."""


@dataclass
class Breaker:
    """Whether an authority is asked at all: after two failures in a row it is left alone for a while."""

    failures: int = 0
    closed_until: float = 0.0
    reason: str = ""

    def lets_through(self, at: float) -> bool:
        """Whether it may be asked at this moment of the monotonic clock."""
        return at >= self.closed_until

    def failed(self, reason: str, at: float) -> None:
        """One more failure; from the second on the pause doubles."""
        self.failures, self.reason = self.failures + 1, reason
        if self.failures >= FAILURES_TO_OPEN:
            pause = PAUSE_SECONDS * 2 ** (self.failures - FAILURES_TO_OPEN)
            self.closed_until = at + min(pause, LONGEST_PAUSE_SECONDS)

    def answered(self) -> None:
        """It works again."""
        self.failures, self.closed_until, self.reason = 0, 0.0, ""


class Authorities(TimeStamper):
    """The configured authorities in their order, as one pyHanko time-stamper. One object serves a whole process."""

    def __init__(
        self,
        addresses: Callable[[], Sequence[str]],
        roots: Callable[[], Sequence[x509.Certificate]],
        now: Callable[[], datetime],
        *,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._addresses, self._roots, self._now = addresses, roots, now
        self._answer_seconds = answer_seconds
        self._breakers: dict[str, Breaker] = {}
        self._measured: dict[str, bytes] = {}
        self._lock = Lock()

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A checked token over the digest. Raises NoTimeStamp where no authority gave one."""
        ends, reasons = time.monotonic() + ALTOGETHER_SECONDS, []
        for address in self._addresses():
            breaker = self._breaker(address)
            if not breaker.lets_through(time.monotonic()):
                reasons.append(f"{address}: {breaker.reason}")
                continue
            try:
                token = self._ask(address, message_digest, md_algorithm, ends)
            except Exception as error:  # garbage may fail anywhere in the reader
                reason = str(error) or type(error).__name__
                breaker.failed(reason, time.monotonic())
                reasons.append(f"{address}: {reason}")
            else:
                breaker.answered()
                return token
        raise NoTimeStamp("; ".join(reasons) or "no time-stamp authority is configured")

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """A token to measure room by; asked for once per process."""
        if md_algorithm not in self._measured:
            nothing = hashlib.new(md_algorithm).digest()
            self._measured[md_algorithm] = (await self.async_timestamp(nothing, md_algorithm)).dump()
        return cms.ContentInfo.load(self._measured[md_algorithm])

    def _breaker(self, address: str) -> Breaker:
        with self._lock:
            return self._breakers.setdefault(address, Breaker())

    def _ask(self, address: str, digest: bytes, md_algorithm: str, ends: float) -> cms.ContentInfo:
        nonce, request = self.request_cms(digest, md_algorithm)  # type: ignore[no-untyped-call]
        body = request.dump()
        try:
            answer = self._post(address, body, ends)
        except (ConnectionError, HTTPException):
            # Just restarting, or one of several behind an address: once more, at an odd moment.
            time.sleep(random.uniform(0.05, 0.25))  # noqa: S311  not for secrets
            answer = self._post(address, body, ends)
        token = handle_tsp_response(tsp.TimeStampResp.load(answer), nonce)
        encoded = token.dump()

        def expected(algorithm: str) -> bytes:
            return digest if algorithm == md_algorithm else b""

        stamp = stamp_of(token["content"], expected, self._roots(), self._now())
        if not stamp.sound:
            raise NoTimeStamp("the token does not fit the query")
        if not stamp.trusted:
            raise NoTimeStamp("the token is signed by a key that no trusted root allows to stamp time")
        if abs(stamp.time - self._now().astimezone(UTC)) > FARTHEST:
            raise NoTimeStamp(f"its clock says {stamp.time:%Y-%m-%dT%H:%M:%SZ}, more than 120 s from this server's")
        # Unread again: asn1crypto writes a token whose parts were looked at a hundred times more slowly.
        return cms.ContentInfo.load(encoded)

    def _post(self, address: str, body: bytes, ends: float) -> bytes:
        """The answer's body; the time-out counts for the whole answer, not for each piece of it."""
        parts = urlsplit(address)
        within = min(time.monotonic() + self._answer_seconds, ends)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=max(within - time.monotonic(), 0.01))
        headers = {"Content-Type": "application/timestamp-query", "Connection": "close"}
        try:
            connection.request("POST", parts.path or "/", body, headers)
            response = connection.getresponse()
            if response.status != 200:
                raise HTTPException(f"HTTP {response.status}")
            answer = b""
            while piece := response.read1(LONGEST_ANSWER):
                answer += piece
                left = within - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the answer takes too long")
                if len(answer) > LONGEST_ANSWER:
                    raise NoTimeStamp("the answer is too long")
                if connection.sock is not None:
                    connection.sock.settimeout(left)
            return answer
        finally:
            connection.close()


class Attempt(TimeStamper):
    """One signature's try for a time-stamp: after a failure it asks no more, and tells that there is none."""

    def __init__(self, source: TimeStamper) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._source = source
        self.failed = ""

    @property
    def obtained(self) -> bool:
        """Whether the signature has its token; meaningful after signing."""
        return not self.failed

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The source's token, unless it failed before."""
        return await self._try(self._source.async_timestamp, message_digest, md_algorithm)

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """The source's token for measuring; kept by the source."""
        return await self._try(self._source.async_dummy_response, md_algorithm)

    async def _try(self, ask: Callable[..., object], *arguments: object) -> cms.ContentInfo:
        if self.failed:
            raise NoTimeStamp(self.failed)
        try:
            return await ask(*arguments)  # type: ignore[misc]
        except TimestampRequestError as error:
            self.failed = str(error)
            raise


class TimedIfAnswered(Signer):
    """A signer that signs without a token (B-B) where no authority answers: `Attempt.obtained` tells the caller.

    A USB token or a person cannot be asked to sign the same thing twice because a clock was away.
    """

    async def unsigned_attrs(
        self,
        digest_algorithm: str,
        signature: bytes,
        signed_attrs: cms.CMSAttributes,
        timestamper: TimeStamper | None = None,
        dry_run: bool = False,
    ) -> cms.CMSAttributes | None:
        """The token as an attribute, or nothing."""
        try:
            made: cms.CMSAttributes | None = await super().unsigned_attrs(
                digest_algorithm, signature, signed_attrs, timestamper=timestamper, dry_run=dry_run
            )
        except TimestampRequestError:
            return None
        return made
