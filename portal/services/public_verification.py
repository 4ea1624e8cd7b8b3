"""The verdict on an uploaded record against this portal's own root; nothing of the upload is stored."""

from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal.clock import now
from portal.domain.errors import DomainError, NotFound, NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, require
from portal.domain.wording import say
from portal.models import Handover, RecordRevision, db
from portal.queries.scope import place_of
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground
from portal.services.handovers import load_handover
from portal.services.reading import log_read
from portal.storage import StoredFileDamaged, StoredFileMissing

if TYPE_CHECKING:
    from portal.verification.alterations import Alterations
    from portal.verification.apart import Limits
    from portal.verification.verdicts import Verdict

AT_ONCE = 2
"""Uploads that one web process has examined at a time; strangers may not take every thread of it."""
WAITING_SECONDS = 5.0
"""How long one visitor waits for a place; a second one that comes meanwhile is asked to come again."""
STRANGER_SECONDS = (8, 15.0)
"""Processor time, and time by the clock, of each step for people who are not signed in."""
_places = BoundedSemaphore(AT_ONCE)
_waiting = BoundedSemaphore(1)


class TooManyAtOnce(DomainError):
    """Others are having files examined just now (HTTP 429)."""


@dataclass(frozen=True)
class Examined:
    """The verdict on an upload, and what was altered in a PDF; `inside`: its path in the package."""

    verdict: "Verdict"
    alterations: "Alterations | None" = None
    inside: str = ""


def examine(data: bytes, actor: Actor | None = None) -> Examined:
    """The offline verdict on these bytes, with the portal's roots alone; `actor`: who asks. Raises TooManyAtOnce."""
    from portal.verification.apart import altered_record_apart, verify_apart
    from portal.verification.verdicts import Word

    settings, at = ground().settings, now()
    roots, lists = trusted_roots(settings), known_lists(settings)
    if not _take_place():
        raise TooManyAtOnce(say("Đang có nhiều người cùng kiểm tra tệp. Hãy chờ nửa phút rồi gửi lại tệp."))
    try:
        verdict = verify_apart(data, roots, now=at, lists=lists, limits=_limits(actor))
        if verdict.verdict is not Word.NOT_GENUINE:
            return Examined(verdict)
        if data.startswith(b"%PDF-"):
            return Examined(verdict, _altered(data, actor))
        found = altered_record_apart(data, roots, now=at, lists=lists, limits=_limits(actor))
        return Examined(verdict, _altered(found[1], actor), inside=found[0]) if found else Examined(verdict)
    finally:
        _places.release()


def _take_place() -> bool:
    """Take a place, after a short wait where nobody else waits: no more than three threads are ever in here."""
    if _places.acquire(blocking=False):
        return True
    if not _waiting.acquire(blocking=False):
        return False
    try:
        return _places.acquire(timeout=WAITING_SECONDS)
    finally:
        _waiting.release()


def _limits(actor: Actor | None) -> "Limits":
    from portal.verification.apart import USUAL, Limits

    return Limits(*STRANGER_SECONDS) if actor is None else USUAL


def _altered(data: bytes, actor: Actor | None) -> "Alterations":
    """What was altered: found in the file itself, else against the stored record that it was made from.

    Who may not read the stored record is told which pages and parts differ from it, and shown no picture.
    """
    from portal.verification.apart import alterations_apart

    settings = ground().settings
    compare = partial(
        alterations_apart,
        data,
        trusted_roots(settings),
        now=now(),
        lists=known_lists(settings),
        limits=_limits(actor),
    )
    found, codes = compare()
    for code in codes:
        of = db.session.scalar(select(Handover).where(Handover.code == code))
        original = _original(of, data) if of is not None else None
        if of is None or original is None:
            continue
        allowed = _may_see(actor, of)
        if found.signed and not allowed:
            return found
        compared, _ = compare(original=original)
        return compared if allowed else compared.without_original()
    return found


def _original(of: Handover, data: bytes) -> bytes | None:
    """The stored revision nearest to the upload in length, where the upload bears the very seal of the record.

    Without that anybody could put a code on a paper of his own and have the portal tell him what differs.
    """
    revision = db.session.scalars(
        select(RecordRevision.sha256)
        .where(RecordRevision.handover_id == of.id)
        .order_by(func.abs(RecordRevision.size - len(data)), RecordRevision.id.desc())
        .limit(1)
    ).one_or_none()
    if revision is None:
        return None
    try:
        stored = ground().store.get(revision)
    except (StoredFileMissing, StoredFileDamaged):
        return None
    start = stored.find(b"/Contents <")
    seal = stored[start : stored.find(b">", start)] if start >= 0 else b""
    return stored if seal and seal in data else None


def _may_see(actor: Actor | None, of: Handover) -> bool:
    """Whether the person may read this record; a look at it is written down as any other."""
    if actor is None:
        return False
    try:
        found = load_handover(actor, of.id)
        require(actor, Permission.RECORD_READ, place_of(found.correction_list), Permission.LIST_READ)
    except (NotFound, NotPermitted):
        return False
    log_read(actor, EventTag.LIST_OPENED, found.correction_list)
    return True
