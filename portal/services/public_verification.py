"""The verdict on an uploaded record against this portal's own root; nothing of the upload is stored."""

from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from portal.clock import now
from portal.domain.errors import DomainError
from portal.domain.wording import say
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground

if TYPE_CHECKING:
    from portal.verification.verdicts import Verdict

AT_ONCE = 2
"""Uploads that one web process has examined at a time; strangers may not take every thread of it."""
_places = BoundedSemaphore(AT_ONCE)


class TooManyAtOnce(DomainError):
    """Others are having files examined just now (HTTP 429)."""


def examine(data: bytes) -> "Verdict":
    """The offline verdict by the roots this portal trusts and its newest lists. Raises TooManyAtOnce."""
    from portal.verification.apart import verify_apart

    settings = ground().settings
    roots, lists = trusted_roots(settings), known_lists(settings)
    if not _places.acquire(blocking=False):
        raise TooManyAtOnce(say("Đang có nhiều người cùng kiểm tra tệp. Hãy chờ nửa phút rồi gửi lại tệp."))
    try:
        return verify_apart(data, roots, now=now(), lists=lists)
    finally:
        _places.release()
