"""The event log, its signed heads and the stored files held against each other: `portal log verify`.

Finds, each by name: an edited event or value, an event taken out or put in, a cut-off tail, a forged or foreign head,
a state that no event led to, a record that says otherwise than its event, a person's row edited after signing, a
stored file swapped or gone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from json import loads
from typing import Any

from sqlalchemy import Row, select, text

from portal.domain.errors import InvalidInput
from portal.domain.phrases import record_number
from portal.domain.wording import say
from portal.evidence.checkpoints import Checkpoint, read_checkpoint
from portal.evidence.merkle import Frontier, leaf_hash
from portal.models import Event, EventSalt, LogCheckpoint, LogLeaf, db
from portal.services.authority import log_key
from portal.services.backup.contents import files_named
from portal.services.context import ground
from portal.services.event_log import leaf_body, payload_digest, sequence_all, stated_values
from portal.services.row_verification import check_persons
from portal.storage import StoredFileDamaged, StoredFileMissing

AT_ONCE = 2_000
MOST_NAMED = 20
"""Findings of one kind that are named; the rest is counted."""

_NO_LEAF = """
SELECT e.id FROM event e LEFT JOIN log_leaf l ON l.event_id = e.id LEFT JOIN unsequenced_event u ON u.event_id = e.id
WHERE l.event_id IS NULL AND u.event_id IS NULL ORDER BY e.id
"""
_OTHER_STATE = """
SELECT c.code, c.stage || coalesce('>' || c.pending_leg, '') AS stands, last.to_state AS told
FROM correction_list c
JOIN LATERAL (
  SELECT e.to_state FROM event e JOIN log_leaf l ON l.event_id = e.id
  WHERE e.list_id = c.id AND e.to_state <> '' ORDER BY l.number DESC LIMIT 1
) last ON TRUE
WHERE last.to_state <> c.stage || coalesce('>' || c.pending_leg, '') ORDER BY c.code
"""
_OTHER_RECORD = """
SELECT DISTINCT h.symbol, h.number FROM event e JOIN handover h ON h.id = e.handover_id
WHERE e.tag IN ('handover:sent', 'handover:countersigned', 'list:completed')
  AND e.payload ->> 'manifest_sha256' <> h.manifest_sha256 ORDER BY h.symbol, h.number
"""


@dataclass(frozen=True)
class Finding:
    """Something that does not fit: a stable code and a sentence with place and next step."""

    code: str
    text: str


@dataclass
class LogVerdict:
    """What was looked at, and what does not fit."""

    leaves: int = 0
    checkpoints: int = 0
    witnesses: int = 0
    files: int = 0
    findings: list[Finding] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    @property
    def intact(self) -> bool:
        """Whether everything fits."""
        return not self.findings

    def find(self, code: str, words: str) -> None:
        """Note a finding; of one kind only the first ones are named."""
        seen = self._counts[code] = self._counts.get(code, 0) + 1
        if seen <= MOST_NAMED:
            self.findings.append(Finding(code, words))
        elif seen == MOST_NAMED + 1:
            self.findings.append(Finding(code, say("… và những chỗ khác cùng loại «{code}».", code=code)))


def verify_log(witnesses: Sequence[tuple[str, str]] = ()) -> LogVerdict:
    """Hold everything against everything; `witnesses` are heads kept elsewhere, as name and note.

    Committed events that wait for their leaf get it first. Reads in the running transaction, changes nothing else.
    """
    sequence_all(wait=True)
    told = LogVerdict()
    heads = _own_heads(told) + _witnessed(told, witnesses)
    _check_leaves(told, heads)
    _check_rows(told)
    check_persons(told.find)
    _check_files(told)
    return told


@dataclass(frozen=True)
class _Head:
    name: str
    head: Checkpoint


def _own_heads(told: LogVerdict) -> list[_Head]:
    verifier = log_key(ground().settings).verifier
    heads = []
    for kept in db.session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size)):
        told.checkpoints += 1
        name = say("điểm neo {size}", size=kept.size)
        try:
            head = read_checkpoint(kept.note, verifier)
        except InvalidInput as fault:
            told.find("checkpoint_forged", say("Điểm neo {size}: {fault}", size=kept.size, fault=fault.message))
            continue
        if head.size != kept.size or head.root != bytes(kept.root):
            told.find("checkpoint_forged", say("Điểm neo {size}: dòng lưu khác nội dung đã ký.", size=kept.size))
        heads.append(_Head(name, head))
    return heads


def _witnessed(told: LogVerdict, witnesses: Sequence[tuple[str, str]]) -> list[_Head]:
    verifier = log_key(ground().settings).verifier
    heads = []
    for name, note in witnesses:
        told.witnesses += 1
        try:
            heads.append(_Head(say("bản chứng kiến {name}", name=name), read_checkpoint(note, verifier)))
        except InvalidInput as fault:
            told.find("witness_unusable", say("Bản chứng kiến {name}: {fault}", name=name, fault=fault.message))
    return heads


def _check_leaves(told: LogVerdict, heads: list[_Head]) -> None:
    tree = Frontier()
    waiting = sorted(heads, key=lambda each: each.head.size)
    for leaf, event, salt, stated in _leaves():
        if leaf.number != tree.size:
            told.find(
                "leaf_missing",
                say("Nhật ký thiếu lá {wanted}: lá kế tiếp mang số {found}.", wanted=tree.size, found=leaf.number),
            )
        _check_leaf(told, leaf, event, salt, stated)
        tree.add(bytes(leaf.hash))
        while waiting and waiting[0].head.size == tree.size:
            _check_head(told, waiting.pop(0), tree)
    told.leaves = tree.size
    for each in waiting:
        told.find(
            "tail_removed",
            say(
                "Nhật ký chỉ còn {left} sự kiện nhưng {name} đã ký {signed}: phần đuôi bị cắt.",
                left=tree.size,
                name=each.name,
                signed=each.head.size,
            ),
        )


def _leaves() -> Iterator[tuple[LogLeaf, Event | None, bytes | None, dict[int, list[Any]]]]:
    after = -1
    while rows := db.session.execute(
        select(LogLeaf, Event, EventSalt.salt)
        .outerjoin(Event, Event.id == LogLeaf.event_id)
        .outerjoin(EventSalt, EventSalt.event_id == LogLeaf.event_id)
        .where(LogLeaf.number > after)
        .order_by(LogLeaf.number)
        .limit(AT_ONCE)
        .execution_options(populate_existing=True)
    ).all():
        stated = dict(stated_values([event for _, event, _ in rows if event is not None]))
        for leaf, event, salt in rows:
            yield leaf, event, salt, stated
        after = rows[-1][0].number


def _check_leaf(
    told: LogVerdict, leaf: LogLeaf, event: Event | None, salt: bytes | None, stated: dict[int, list[Any]]
) -> None:
    body = bytes(leaf.body)
    if bytes(leaf.hash) != leaf_hash(body):
        told.find("leaf_edited", say("Lá {number}: mã băm không khớp nội dung lá.", number=leaf.number))
    if event is None:
        told.find(
            "event_removed",
            say("Sự kiện {event} (lá {leaf}) đã bị xóa khỏi bảng sự kiện.", event=leaf.event_id, leaf=leaf.number),
        )
        return
    kept = loads(body)
    # A payload lawfully erased has lost its salt: its digest in the leaf is all that stays.
    digest = payload_digest(event, bytes(salt), stated) if salt is not None else str(kept.get("payload_sha256", ""))
    if leaf_body(event, digest) == body:
        return
    changed = sorted(name for name, value in loads(leaf_body(event, digest)).items() if kept.get(name) != value)
    told.find(
        "event_edited",
        say(
            "Sự kiện {event} ({tag}, lá {leaf}) đã bị sửa sau khi ghi, ở phần: {parts}.",
            event=event.id,
            tag=event.tag,
            leaf=leaf.number,
            parts=", ".join(changed),
        ),
    )


def _check_head(told: LogVerdict, each: _Head, tree: Frontier) -> None:
    if tree.root() != each.head.root:
        told.find(
            "root_differs",
            say(
                "Gốc của {size} sự kiện đầu khác {name}: có sự kiện bị sửa, chèn hoặc đổi chỗ trước đó.",
                size=tree.size,
                name=each.name,
            ),
        )


def _check_rows(told: LogVerdict) -> None:
    for row in _rows(_NO_LEAF):
        told.find(
            "event_inserted", say("Sự kiện {event} nằm ngoài nhật ký: được chèn mà không qua cổng.", event=row.id)
        )
    for row in _rows(_OTHER_STATE):
        told.find(
            "state_untold",
            say(
                "Danh sách {code} đang ở «{stands}» nhưng sự kiện cuối dẫn tới «{told}».",
                code=row.code,
                stands=row.stands,
                told=row.told,
            ),
        )
    for row in _rows(_OTHER_RECORD):
        told.find(
            "record_differs",
            say(
                "Biên bản {record}: mã SHA-256 của dữ liệu khác mã trong sự kiện ký.",
                record=record_number(row.number, row.symbol),
            ),
        )


def _rows(statement: str) -> Sequence[Row[Any]]:
    return db.session.execute(text(statement)).all()


def _check_files(told: LogVerdict) -> None:
    connection = db.session.connection().connection.driver_connection
    assert connection is not None  # noqa: S101  a session in use has its connection
    for digest, table in sorted(files_named(connection).items()):
        told.files += 1
        try:
            ground().store.get(digest)
        except StoredFileMissing:
            told.find(
                "file_missing",
                say(
                    "Tệp {digest}… ({table}) không còn trong kho. Khôi phục từ bản sao lưu.",
                    digest=digest[:12],
                    table=table,
                ),
            )
        except StoredFileDamaged:
            told.find(
                "file_swapped",
                say(
                    "Tệp {digest}… ({table}) trong kho đã bị thay bằng nội dung khác.",
                    digest=digest[:12],
                    table=table,
                ),
            )
