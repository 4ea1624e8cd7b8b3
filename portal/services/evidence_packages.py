"""The evidence package of a list or batch: everything that proves it, in one sealed file that needs no portal."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import ColumnElement, select

from portal.clock import now
from portal.documents.trail import draw_trail
from portal.domain.errors import InvalidInput
from portal.domain.permissions import Actor, Permission, require
from portal.domain.wording import say
from portal.evidence.log_extract import OpenedLeaf, write_extract
from portal.evidence.package import Member, build_package
from portal.models import Event, EventSalt, Handover, LogLeaf, db
from portal.queries import trail as queries
from portal.queries.scope import place_of
from portal.services import event_log, trails
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground
from portal.services.evidence_words import index, metadata, number_of, readme
from portal.services.exporting import log_export
from portal.services.unit_of_work import transaction
from portal.signatures.detached import sign_beside
from portal.signatures.stamping import Attempt
from portal.verification.packages import EXTRACT, HEAD, KEY, RECORDS, REPORTS

MOST_RECORDS = 200
"""Records of one package: each is verified anew while somebody waits, and verifiers take 5,000 files at most."""


def list_package(actor: Actor, list_id: UUID) -> tuple[str, bytes]:
    """The package of one list: file name and bytes. The export is written down. Raises NotFound, NotPermitted."""
    of = trails.list_trail(actor, list_id)
    assert of.of_list is not None  # noqa: S101  a list's trail has its list
    return f"chung-cu-{of.of_list.code.replace('/', '-')}.asice", _package(actor, of)


def batch_package(actor: Actor, batch_id: UUID) -> tuple[str, bytes]:
    """The package of a whole batch: file name and bytes. The export is written down.

    Raises as `list_package`, and InvalidInput where it has more records than one package takes.
    """
    of = trails.batch_trail(actor, batch_id)
    return f"chung-cu-dot-{of.batch.code.replace('/', '-')}.asice", _package(actor, of)


def _package(actor: Actor, of: trails.Trail) -> bytes:
    lists = [route.of_list for route in of.routes]
    for each in lists:
        require(actor, Permission.RECORD_READ, place_of(each), Permission.TRAIL_READ)
    _refuse_too_many(of)
    with transaction():
        mark = log_export(actor, "evidence", *lists)
    event_log.sequence_all(wait=True)
    event_log.make_checkpoint()
    head = event_log.latest_checkpoint()
    assert head is not None  # noqa: S101  the export's own events have just been numbered and signed
    records, at = queries.signed_records([each.id for each in of.records]), now()
    members = [
        Member("DOC-TRUOC.txt", readme(of, records, head).encode()),
        Member("ho-so.xml", index(of, records)),
        Member("ho-so.pdf", draw_trail(trails.paper_of(actor, of, mark))),
        *_record_members(records, at),
        Member(EXTRACT, write_extract(_leaves(of.subject, head.size))),
        Member(HEAD, head.note.encode()),
        Member(KEY, event_log.public_key().encode()),
        *([Member("nhat-ky/diem-neo.tsr", bytes(head.token))] if head.token else []),
        *_trust(),
    ]
    stamper = Attempt(ground().stamper())
    return build_package(
        members, lambda manifest: sign_beside(manifest, ground().seal(), now=at, timestamper=stamper)
    )


def _refuse_too_many(of: trails.Trail) -> None:
    count = len(queries.signed_records([each.id for each in of.records]))
    if count > MOST_RECORDS:
        raise InvalidInput(
            say(
                "Đợt này có {count} biên bản, nhiều hơn {most} biên bản mà một gói chứng cứ chứa được. "
                "Chưa tải gì; hãy mở từng danh sách của đợt rồi tải gói của danh sách đó.",
                count=count,
                most=MOST_RECORDS,
            )
        )


def _record_members(records: Sequence[Handover], at: datetime) -> list[Member]:
    """Each record with its description, then a validation report for each signature."""
    from portal.verification.etsi_reports import validation_reports

    settings = ground().settings
    roots, lists = trusted_roots(settings), known_lists(settings)
    members, reports = [], []
    for number, each in enumerate(records, start=1):
        stem = f"{number:02d}-{number_of(each).replace('/', '-')}"
        pdf = ground().store.get(each.pdf_sha256)
        members += [Member(f"{RECORDS}{stem}.pdf", pdf), Member(f"{RECORDS}{stem}.xml", metadata(each))]
        reports += [
            Member(f"{REPORTS}{stem}-{report.field}.xml", report.xml)
            for report in validation_reports(pdf, roots, now=at, lists=lists)
        ]
    return members + reports


def _leaves(subject: ColumnElement[bool], size: int) -> list[OpenedLeaf]:
    rows = db.session.execute(
        select(LogLeaf, Event, EventSalt.salt)
        .join(Event, Event.id == LogLeaf.event_id)
        .outerjoin(EventSalt, EventSalt.event_id == Event.id)
        .where(subject, LogLeaf.number < size)
        .order_by(LogLeaf.number)
    ).all()
    stated = event_log.stated_values([event for _, event, _ in rows])
    prove = event_log.prover(size)
    return [
        OpenedLeaf(
            number=leaf.number,
            body=bytes(leaf.body),
            salt=bytes(salt or b""),
            payload=event.payload,
            values=event_log.named_values(event, stated),
            path=prove(leaf.number),
        )
        for leaf, event, salt in rows
    ]


def _trust() -> list[Member]:
    settings = ground().settings
    roots = b"".join(each.public_bytes(Encoding.PEM) for each in trusted_roots(settings))
    lists = [each.public_bytes(Encoding.DER) for each in known_lists(settings)]
    return [
        Member("tin-cay/roots.pem", roots),
        *(Member(f"tin-cay/{number:02d}.crl", each) for number, each in enumerate(lists, start=1)),
    ]
