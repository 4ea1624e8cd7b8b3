"""What a paper says, as plain frozen values: the drawing functions take these and nothing else."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

RecordKind = Literal["handover", "return", "refusal", "completion", "exceptions", "adjustment"]
"""handover, return, adjustment: two parties sign. refusal, completion, exceptions: one party (the giver) signs."""


@dataclass(frozen=True)
class Party:
    """One side of a record: the unit, the unit above it, and the person who signs for it.

    `authority` are the lines above the position (`KT. Trưởng trạm`), `authority_document` what gives the right.
    """

    unit_name: str
    parent_name: str
    person_name: str
    position: str
    unit_short: str = ""
    authority: tuple[str, ...] = ()
    authority_document: str = ""


@dataclass(frozen=True)
class RecordEntry:
    """One line of the Phụ lục, every field as the words to be printed.

    `birth_date`, `sex`, `id_number` are what the platform records now. `classes` are the error classes in words.
    `after` is what is proposed or verified; `before` the value it replaces ("" where the row's own columns show it).
    `verdict` is the outcome in words, `note` the reason.
    """

    number: int
    full_name: str
    birth_date: str
    sex: str
    id_number: str
    village: str
    classes: str
    before: str
    after: str
    verdict: str
    note: str


@dataclass(frozen=True)
class RecordContent:
    """All of one record (biên bản). Two equal contents give the same bytes.

    `symbol` is the part after the slash ("BB-TYT"). `held_at` and `prepared_at` know their time zone.
    `subject` is the trích yếu. `paragraphs` go under Nội dung. `counts` are outcomes with their numbers of persons.
    `manifest` is the canonical JSON to attach and `manifest_sha256` its digest in hexadecimal. `checkpoint` names the
    newest signed head of the event log, so that every later record witnesses what went before it.
    """

    kind: RecordKind
    number: int
    symbol: str
    year: int
    title: str
    subject: str
    place: str
    held_at: datetime
    prepared_at: datetime
    giver: Party
    receiver: Party | None
    basis: tuple[str, ...]
    paragraphs: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    total: int
    batch_code: str
    list_name: str
    round: int
    due_text: str
    recipients: tuple[str, ...]
    entries: tuple[RecordEntry, ...]
    manifest: bytes = field(repr=False)
    manifest_sha256: str
    code: str
    verify_url: str
    checkpoint: str = ""
    test_data: bool = False


@dataclass(frozen=True)
class FieldBox:
    """Where a visible signature goes: page counted from 0, corners in PDF points from the lower left."""

    page: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class DrawnRecord:
    """A drawn record before its first signature. `boxes` has the key 'giver', and 'receiver' where two sign."""

    pdf: bytes = field(repr=False)
    pages: int
    boxes: dict[str, FieldBox]


@dataclass(frozen=True)
class RouteStep:
    """One step of the list: who could act, from when to when (None: still), how it came there, when it was due."""

    party: str
    stage: str
    since: datetime
    until: datetime | None
    note: str = ""
    due_text: str = ""


@dataclass(frozen=True)
class RecordLine:
    """One record of the list: its number text, what it is, its parties, and the verdict on its signatures."""

    number_text: str
    title: str
    parties: str
    signed_at: datetime | None
    verdict: str


@dataclass(frozen=True)
class Change:
    """One value changed by an event, in words; `before` or `after` may be empty."""

    subject: str
    before: str
    after: str


@dataclass(frozen=True)
class TrailEvent:
    """One event: when, who (with position and unit at that time), the act in words, what it changed."""

    at: datetime
    person_name: str
    position: str
    unit_name: str
    act: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class TrailContent:
    """All of one trail (hồ sơ danh sách). `facts` are label and value pairs; events are in their order in time.

    `mark` says at every page's foot who took it out, when, under which mark.
    """

    title: str
    subject: str
    unit_name: str
    parent_name: str
    facts: tuple[tuple[str, str], ...]
    route: tuple[RouteStep, ...]
    records: tuple[RecordLine, ...]
    events: tuple[TrailEvent, ...]
    printed_at: datetime
    mark: str
    test_data: bool = False
