"""The evidence package of a list or batch: everything that proves it, in one sealed file that needs no portal."""

from collections.abc import Sequence
from uuid import UUID
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import ColumnElement, select

from portal.clock import local, now
from portal.documents.trail import draw_trail
from portal.domain.events import EventTag
from portal.domain.labels import label
from portal.domain.permissions import Actor, Permission, require
from portal.domain.phrases import record_number
from portal.domain.stages import RecordKind
from portal.evidence.log_extract import OpenedLeaf, write_extract
from portal.evidence.package import Member, build_package
from portal.models import Event, EventSalt, Handover, LogCheckpoint, LogLeaf, db
from portal.queries import trail as queries
from portal.queries.scope import place_of
from portal.services import event_log, trails
from portal.services.auditing import record
from portal.services.authority import trusted_roots
from portal.services.context import ground
from portal.services.unit_of_work import transaction
from portal.signatures.detached import sign_beside
from portal.verification.packages import EXTRACT, HEAD, KEY, RECORDS

ARCHIVE_YEARS = 10
"""How long the agency is advised to keep it; the schedule in force decides (assumed)."""


def list_package(actor: Actor, list_id: UUID) -> tuple[str, bytes]:
    """The package of one list: file name and bytes. The export is written down. Raises NotFound, NotPermitted."""
    of = trails.list_trail(actor, list_id)
    assert of.of_list is not None  # noqa: S101  a list's trail has its list
    return f"chung-cu-{of.of_list.code.replace('/', '-')}.asice", _package(actor, of)


def batch_package(actor: Actor, batch_id: UUID) -> tuple[str, bytes]:
    """The package of a whole batch: file name and bytes. The export is written down. Raises as `list_package`."""
    of = trails.batch_trail(actor, batch_id)
    return f"chung-cu-dot-{of.batch.code.replace('/', '-')}.asice", _package(actor, of)


def _package(actor: Actor, of: trails.Trail) -> bytes:
    lists = [route.of_list for route in of.routes]
    for each in lists:
        require(actor, Permission.RECORD_READ, place_of(each), Permission.TRAIL_READ)
    with transaction():
        for each in lists:
            record(EventTag.LIST_EXPORTED, actor, of_list=each, kind="evidence")
    event_log.sequence_all()
    event_log.make_checkpoint()
    head = event_log.latest_checkpoint()
    assert head is not None  # noqa: S101  the export's own events have just been numbered and signed
    records = queries.signed_records([each.id for each in of.records])
    members = [
        Member("DOC-TRUOC.txt", _readme(of, records, head).encode()),
        Member("ho-so.xml", _index(of, records)),
        Member("ho-so.pdf", draw_trail(trails.paper_of(actor, of))),
        *_record_members(records),
        Member(EXTRACT, write_extract(_leaves(of.subject, head.size))),
        Member(HEAD, head.note.encode()),
        Member(KEY, event_log.public_key().encode()),
        *([Member("nhat-ky/diem-neo.tsr", bytes(head.token))] if head.token else []),
        *_trust(),
    ]
    at = now()
    return build_package(members, lambda manifest: sign_beside(manifest, ground().seal(), now=at))


def _record_members(records: Sequence[Handover]) -> list[Member]:
    members = []
    for number, each in enumerate(records, start=1):
        stem = f"{RECORDS}{number:02d}-{_number(each).replace('/', '-')}"
        members += [
            Member(f"{stem}.pdf", ground().store.get(each.pdf_sha256)),
            Member(f"{stem}.xml", _metadata(each)),
        ]
    return members


def _metadata(of: Handover) -> bytes:
    """The record's description for the archive (fields of Circular 05/2025/TT-BNV; names of elements are ours)."""
    fields = {
        "so_ky_hieu": _number(of),
        "ten_loai": label(RecordKind(of.kind)),
        "ngay_ky": f"{local(of.decided_at or of.sent_at or of.prepared_at):%Y-%m-%d}",
        "co_quan_lap": of.giver.name,
        "co_quan_nhan": of.receiver.name if of.receiver else "",
        "so_trang": str(of.pages),
        "so_nguoi": str(of.entries),
        "ma_tra_cuu": of.code,
        "sha256_tep": of.pdf_sha256,
        "sha256_du_lieu": of.manifest_sha256,
        "ngon_ngu": "vi",
    }
    return _xml("tai_lieu", fields)


def _index(of: trails.Trail, records: Sequence[Handover]) -> bytes:
    fields = {
        "ma_ho_so": of.of_list.code if of.of_list else of.batch.code,
        "tieu_de": trails.facts_of(of)[0][1],
        "thoi_han_luu_tru": f"{ARCHIVE_YEARS} năm (giả định, theo bảng thời hạn của cơ quan)",
        "muc_do_tiep_can": "hạn chế: có dữ liệu cá nhân",
        "ngon_ngu": "vi",
        "bat_dau": f"{local(of.batch.created_at):%Y-%m-%d}",
        "ket_thuc": f"{local(of.drawn_at):%Y-%m-%d}",
        "tong_so_tai_lieu": str(len(records)),
        "so_trang": str(sum(each.pages for each in records)),
    }
    return _xml("ho_so", fields)


def _xml(root: str, fields: dict[str, str]) -> bytes:
    rows = "".join(f"  <{name}>{escape(value)}</{name}>\n" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n{rows}</{root}>\n'.encode()


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
    roots = b"".join(each.public_bytes(Encoding.PEM) for each in trusted_roots(ground().settings))
    return [Member("tin-cay/roots.pem", roots)]


def _number(of: Handover) -> str:
    return record_number(of.number or 0, of.symbol)


def _readme(of: trails.Trail, records: Sequence[Handover], head: LogCheckpoint) -> str:
    what = of.of_list.code if of.of_list else of.batch.code
    return (
        f"GÓI CHỨNG CỨ {what}\n"
        f"Lập lúc {local(of.drawn_at):%H:%M %d/%m/%Y} (giờ Việt Nam)\n\n"
        f"ho-so.pdf             hồ sơ đọc được: đường đi, biên bản, sự kiện\n"
        f"ho-so.xml             mô tả hồ sơ cho lưu trữ\n"
        f"{RECORDS}             {len(records)} biên bản đã ký (.pdf) và mô tả từng biên bản (.xml), theo thứ tự\n"
        f"{EXTRACT}             các sự kiện của hồ sơ, mỗi sự kiện kèm đường chứng minh\n"
        f"{HEAD}                điểm neo đã ký của nhật ký ({head.size} sự kiện)\n"
        f"{KEY}                 khóa công khai của nhật ký\n"
        f"tin-cay/roots.pem     chứng thư gốc của cổng (so với bản bạn nhận riêng trước khi tin)\n"
        f"META-INF/             bảng kê và chữ ký của gói\n\n"
        f"Kiểm tra không cần mạng: portal verify GÓI.asice --roots roots.pem\n"
        f"Dùng roots.pem nhận từ nguồn khác, không dùng bản nằm trong gói này.\n"
        f"Gói có dữ liệu cá nhân: bảo quản như hồ sơ giấy.\n"
    )
