"""What time does to records: late time-stamps, closing for the archive (B-LTA), renewal before a certificate ends.

The worker does this after the signers have gone. A record is only ever appended to; time-stamps are asked for without
holding a lock, and what was obtained counts only if nobody signed meanwhile.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from portal.clock import now
from portal.domain.events import EventTag
from portal.domain.levels import Level, lowest
from portal.domain.stages import SIGNED_ENDS, HandoverStatus
from portal.models import CorrectionList, Handover, RecordRevision, db
from portal.queueing import enqueue
from portal.services.auditing import record
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground
from portal.services.revocation import list_not_older_than
from portal.services.unit_of_work import transaction
from portal.verification.verdicts import Word

FINISH_JOB = "archiving.finish"
STAMPED, ARCHIVED, RENEWED = "stamped", "archived", "renewed"
"""Steps of revisions that add time-stamps and no signature."""
STAMP_STEPS = frozenset({STAMPED, ARCHIVED, RENEWED})
RENEW_BEFORE = timedelta(days=365)
"""A record gets its next time-stamp a year before the last one's certificate ends (reference/signing.md 26)."""
TEN_YEARS = timedelta(days=3653)
ONE_ROUND = 200
"""Records that one sweep takes at a time."""

_log = logging.getLogger(__name__)


def await_time_stamp(of: Handover, at: datetime, *, obtained: bool) -> None:
    """Note in the signer's transaction whether all signatures are proven in time; the worker does the rest."""
    before_sending = of.sent_at is None
    earlier = at if before_sending and of.unstamped_since else of.unstamped_since
    of.unstamped_since = earlier or (None if obtained else at)
    of.level = Level.B_B if of.unstamped_since else Level.B_T
    enqueue(db.session(), FINISH_JOB, lock=str(of.id), record=str(of.id))


def shows_all_signatures(of: Handover, shown: str) -> bool:
    """Whether the revision with this SHA-256 bears every signature of the record: only time-stamps came after it."""
    if shown == of.pdf_sha256:
        return True
    revisions = db.session.execute(
        select(RecordRevision.sha256, RecordRevision.step)
        .where(RecordRevision.handover_id == of.id)
        .order_by(RecordRevision.id)
    ).all()
    places = [at for at, revision in enumerate(revisions) if revision.sha256 == shown]
    return bool(places) and all(revision.step in STAMP_STEPS for revision in revisions[places[-1] + 1 :])


def finish(record_id: UUID) -> None:
    """Do what the record waits for: a missing time-stamp, then closing. Does nothing where nothing is left to do.

    Raises TimestampRequestError where no authority answers; the next sweep tries again.
    """
    found = db.session.get_one(Handover, record_id)
    if found.unstamped_since is not None and found.sent_at is not None:
        _append(found, STAMPED, EventTag.RECORD_STAMPED, _with_stamp)
    if found.archived_at is None and found.signatures and found.status in SIGNED_ENDS:
        _append(found, ARCHIVED, EventTag.RECORD_ARCHIVED, _closed)


def renew(record_id: UUID) -> None:
    """Give an archived record its next time-stamp where the time for it has come."""
    found = db.session.get_one(Handover, record_id)
    if found.renew_at is not None and found.renew_at <= now():
        _append(found, RENEWED, EventTag.RECORD_RENEWED, _renewed)


def waiting_records() -> list[UUID]:
    """Records that wait for a time-stamp or for closing, the oldest first."""
    waiting = Handover.unstamped_since.is_not(None) & Handover.sent_at.is_not(None)
    unclosed = Handover.archived_at.is_(None) & Handover.status.in_([status.value for status in SIGNED_ENDS])
    sent = Handover.status != HandoverStatus.ABANDONED.value
    query = select(Handover.id).where(waiting | unclosed, sent).order_by(Handover.prepared_at).limit(ONE_ROUND)
    return list(db.session.scalars(query))


def records_to_renew() -> list[UUID]:
    """Archived records whose last time-stamp comes to its end."""
    query = select(Handover.id).where(Handover.renew_at <= now()).order_by(Handover.renew_at).limit(ONE_ROUND)
    return list(db.session.scalars(query))


def each_by_itself(records: list[UUID], act: Callable[[UUID], None]) -> int:
    """Do `act` for every record; one that fails is logged and left for the next round. Returns how many succeeded."""
    done = 0
    for record_id in records:
        try:
            act(record_id)
            done += 1
        except Exception as fault:  # one record's fault must not keep the others waiting
            db.session.rollback()
            _log.warning("record %s is not finished: %s", record_id, fault)
    return done


def _append(found: Handover, step: str, tag: EventTag, made: Callable[[bytes], bytes]) -> None:
    before, list_id, record_id = found.pdf_sha256, found.list_id, found.id
    pdf = made(ground().store.get(before))
    level, ends = _proven(pdf)
    digest = ground().store.put(pdf)
    db.session.rollback()
    with transaction():
        of_list = db.session.execute(
            select(CorrectionList).where(CorrectionList.id == list_id).with_for_update()
        ).scalar_one()
        found = db.session.execute(
            select(Handover)
            .where(Handover.id == record_id)
            .with_for_update(of=Handover)
            .execution_options(populate_existing=True)
        ).scalar_one()
        if found.pdf_sha256 != before:
            return
        at = now()
        db.session.add(RecordRevision(handover_id=found.id, step=step, sha256=digest, size=len(pdf), at=at))
        found.pdf_sha256, found.unstamped_since, found.level = digest, None, level
        if step != STAMPED:
            found.archived_at = found.archived_at or at
            found.renew_at = ends - RENEW_BEFORE if ends else None
        record(tag, None, of_list=of_list, handover_id=found.id, number=found.number, level=level)


def _with_stamp(pdf: bytes) -> bytes:
    from portal.signatures.archiving import add_time_stamp

    return add_time_stamp(pdf, ground().stamper())


def _closed(pdf: bytes) -> bytes:
    """With validation data and a time-stamp over them, and one more that protects the first (B-LTA)."""
    return _renewed(_renewed(pdf))


def _renewed(pdf: bytes) -> bytes:
    """The lists inside must be newer than every signature and time-stamp they speak about."""
    from portal.signatures.archiving import add_time_stamp, certificates_in, newest_stamp

    list_not_older_than(newest_stamp(pdf) or now())
    settings = ground().settings
    lists = [each.public_bytes(Encoding.DER) for each in known_lists(settings)]
    certificates = certificates_in(pdf, trusted_roots(settings))
    return add_time_stamp(pdf, ground().stamper(), certificates=certificates, revocation_lists=lists)


def _proven(pdf: bytes) -> tuple[str, datetime | None]:
    """The lowest level among the signatures, and when the last document time-stamp's certificate ends.

    Raises RuntimeError where what was made is not genuine; an archived file that would not be proven in ten years is
    told to the log, and its level says so.
    """
    from portal.verification.files import verify_pdf

    roots, lists, at = trusted_roots(ground().settings), known_lists(ground().settings), now()
    told = verify_pdf(pdf, roots, now=at, lists=lists)
    if told.verdict is Word.NOT_GENUINE:
        raise RuntimeError("; ".join(line.text for line in told.lines if not line.ok))
    level = lowest([each.level for each in told.signatures])
    if level == Level.B_LTA and verify_pdf(pdf, roots, now=at + TEN_YEARS).verdict is not Word.GENUINE:
        _log.warning("a record closed now would not be proven in ten years")
    return level, datetime.fromisoformat(told.stamps[-1].not_after) if told.stamps else None
