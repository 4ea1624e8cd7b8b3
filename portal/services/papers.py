"""Stored papers for the eye: the signed file, pictures of its very pages, the verdict on its signatures."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import exists, select

from portal.documents import pictures
from portal.domain.errors import NotFound
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, require
from portal.domain.phrases import record_number
from portal.domain.wording import say
from portal.models import Handover, RecordRevision, db
from portal.queries.scope import place_of
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.handovers import NOT_FOUND, load_handover
from portal.services.reading import log_read
from portal.services.record_verdicts import verified
from portal.services.unit_of_work import transaction
from portal.verification.verdicts import Line, Word

PICTURE_WIDTH = 1100
"""Pixels across a page: enough to read an annex row, some 100 kB."""


@dataclass(frozen=True)
class PaperVerdict:
    """The verdict on a stored paper: one word, its reason and its lines."""

    word: Word
    lines: tuple[Line, ...]
    reason: str


def download(actor: Actor, handover_id: UUID) -> tuple[str, bytes]:
    """The record's newest file and the name to save it under; the download is written down. Raises NotFound."""
    with transaction():
        found = _drawn(actor, handover_id)
        data = ground().store.get(found.pdf_sha256)
        name = f"{record_number(found.number or 0, found.symbol).replace('/', '-')}-{found.year}.pdf"
        record(
            EventTag.RECORD_DOWNLOADED,
            actor,
            of_list=found.correction_list,
            handover_id=found.id,
            number=found.number,
        )
    return name, data


def picture(actor: Actor, handover_id: UUID, page: int, digest: str) -> bytes:
    """One page (from 1) of the record's revision with this SHA-256, as PNG; the look leaves its trace.

    Raises NotFound.
    """
    found = _drawn(actor, handover_id)
    known = db.session.execute(
        select(exists().where(RecordRevision.handover_id == found.id, RecordRevision.sha256 == digest))
    ).scalar_one()
    if not known:
        raise NotFound(say("Bản này của biên bản không còn, hãy tải lại trang để xem bản mới nhất."))
    # The pages show whole numbers: whoever asks for a picture alone is written down like any reader.
    log_read(actor, EventTag.LIST_OPENED, found.correction_list)
    return _picture(str(ground().settings.files_folder), digest, page)


def page_sizes(found: Handover) -> tuple[tuple[int, int], ...]:
    """Width and height in points of every page of the newest revision; none where nothing is drawn."""
    return _sizes(str(ground().settings.files_folder), found.pdf_sha256) if found.pdf_sha256 else ()


def verdict_on(found: Handover) -> PaperVerdict | None:
    """What the verifier says of the newest revision, trusting the internal CA alone; None before a signature."""
    if not found.signatures or not found.pdf_sha256:
        return None
    told = verified(found.pdf_sha256)
    return PaperVerdict(told.verdict, told.lines, told.reason)


def _drawn(actor: Actor, handover_id: UUID) -> Handover:
    found = load_handover(actor, handover_id)
    require(actor, Permission.RECORD_READ, place_of(found.correction_list), Permission.LIST_READ)
    if not found.pdf_sha256:
        raise NotFound(NOT_FOUND)
    return found


# The store is write-once and named by content: what was seen of a digest holds as long as the process.


@lru_cache(maxsize=64)
def _picture(_store: str, digest: str, page: int) -> bytes:
    return pictures.page_picture(ground().store.get(digest), page - 1, width_px=PICTURE_WIDTH)


@lru_cache(maxsize=256)
def _sizes(_store: str, digest: str) -> tuple[tuple[int, int], ...]:
    return pictures.page_sizes(ground().store.get(digest))
