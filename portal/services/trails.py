"""The trail of a list or batch, for the page and for the paper; opening it is written down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from portal.clock import local, now
from portal.documents.content import Change, RecordLine, RouteStep, TrailContent, TrailEvent
from portal.documents.trail import draw_trail
from portal.domain.errors import NotFound
from portal.domain.events import EventTag
from portal.domain.labels import label
from portal.domain.paces import Pace, pace_of
from portal.domain.permissions import Actor, Permission, Reach, reach_of
from portal.domain.phrases import record_number, record_status_words
from portal.domain.stages import SLIPS, HandoverStatus, Leg, RecordKind, Stage
from portal.domain.wording import say, together
from portal.languages import VIETNAMESE
from portal.models import Batch, CorrectionList, Handover, Unit, db
from portal.queries import trail
from portal.queries.deadlines import clocks_of
from portal.queries.sights import timed_verdicts
from portal.services.context import ground
from portal.services.event_words import SYSTEM, ToldChange, ToldEvent, tell
from portal.services.exporting import log_export
from portal.services.reading import log_read
from portal.services.record_verdicts import RecordVerdict, verdict_of
from portal.services.routes import ToldRoute, due_words, route_of, run_words
from portal.services.unit_of_work import transaction

NOT_FOUND = say("Không tìm thấy hồ sơ này, hoặc đơn vị của bạn không được xem.")
TRAIL = "trail"
"""The kind of export that a trail on paper is."""
VERIFIED_AT_ONCE = 12
"""How many records one page verifies anew; more are left to the pages of their lists."""


@dataclass(frozen=True)
class ToldRecord:
    """One record of the trail with the verdict on its signatures."""

    id: UUID
    list_code: str
    number_text: str
    kind: RecordKind
    leg: Leg | None
    status: HandoverStatus
    giver: str
    receiver: str
    signed: tuple[tuple[str, datetime], ...]
    ended_at: datetime | None
    verdict: RecordVerdict


@dataclass(frozen=True)
class ToldPace:
    """How long one officer took per row of a list, for the auditor."""

    person_name: str
    unit_name: str
    pace: Pace


@dataclass(frozen=True)
class Trail:
    """Everything but the events of a trail; `subject` selects those."""

    batch: Batch
    of_list: CorrectionList | None
    routes: tuple[ToldRoute, ...]
    records: tuple[ToldRecord, ...]
    subject: ColumnElement[bool]
    events: int
    reads: int
    drawn_at: datetime


def list_trail(actor: Actor, list_id: UUID) -> Trail:
    """The trail of one list; the reading is written down. Raises NotFound."""
    found = trail.trail_list(actor, list_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    log_read(actor, EventTag.TRAIL_READ, found)
    found = trail.trail_list(actor, list_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    ancestors = trail.ancestors_of(actor, found)
    return _trail(actor, found.batch, found, [found], trail.of_list(found, ancestors, trail.merged_into(found.id)))


def batch_trail(actor: Actor, batch_id: UUID) -> Trail:
    """The trail of a batch over all its lists; the reading is written down. Raises NotFound."""
    if trail.trail_batch(actor, batch_id) is None:
        raise NotFound(NOT_FOUND)
    log_read(actor, EventTag.TRAIL_READ, batch_id=batch_id)
    batch = trail.trail_batch(actor, batch_id)
    if batch is None:
        raise NotFound(NOT_FOUND)
    lists = trail.lists_of_batch(actor, batch_id)
    return _trail(actor, batch, None, lists, trail.of_batch(actor, batch_id))


def events_page(of: Trail, *, reads: bool, newest_first: bool, page: int, size: int) -> list[ToldEvent]:
    """One page of a trail's events in words; `reads` shows also who only looked."""
    rows = trail.events_of(of.subject, reads=reads, newest_first=newest_first, limit=size, offset=(page - 1) * size)
    return tell(rows)


def paces_of(actor: Actor, of: Trail) -> list[ToldPace]:
    """The time each officer took per row of the list; only for whoever judges papers across a territory.

    It is a figure, not a judgement: nobody else's page shows it.
    """
    if of.of_list is None or reach_of(actor.role, Permission.RECORD_READ) is not Reach.TERRITORY:
        return []
    people: dict[tuple[UUID, str, str], list[float | None]] = {}
    for one in timed_verdicts(actor, of.of_list.id):
        took = one.took.total_seconds() if one.took is not None else None
        people.setdefault((one.user_id, one.full_name, one.unit_name), []).append(took)
    return [ToldPace(name, unit, pace_of(times)) for (_, name, unit), times in people.items()]


def trail_pdf(actor: Actor, list_id: UUID, language: str = VIETNAMESE) -> tuple[str, bytes]:
    """The whole trail of a list on paper: file name and bytes. Raises NotFound."""
    found = trail.trail_list(actor, list_id)
    if found is not None:
        with transaction():
            mark = log_export(actor, TRAIL, found)
    of = list_trail(actor, list_id)
    assert of.of_list is not None  # noqa: S101  a list's trail has its list
    name = f"ho-so-{of.of_list.code.replace('/', '-')}.pdf"
    return name, draw_trail(paper_of(actor, of, mark), language)


def batch_trail_pdf(actor: Actor, batch_id: UUID, language: str = VIETNAMESE) -> tuple[str, bytes]:
    """The whole trail of a batch on paper: file name and bytes. Raises NotFound."""
    if trail.trail_batch(actor, batch_id) is not None:
        with transaction():
            mark = log_export(actor, TRAIL, batch_id=batch_id)
    of = batch_trail(actor, batch_id)
    return f"ho-so-dot-{of.batch.code.replace('/', '-')}.pdf", draw_trail(paper_of(actor, of, mark), language)


def _trail(
    actor: Actor,
    batch: Batch,
    of_list: CorrectionList | None,
    lists: Sequence[CorrectionList],
    subject: ColumnElement[bool],
) -> Trail:
    at = now()
    older = [each for one in lists for each in trail.ancestors_of(actor, one)] if of_list is not None else []
    known = {each.id: each for each in (*lists, *older)}
    found = trail.records_of(actor, known)
    codes = {each.id: each.code for each in known.values()}
    clocks = clocks_of(known)
    at = now()
    events, reads = trail.count_events(subject)
    return Trail(
        batch=batch,
        of_list=of_list,
        routes=tuple(route_of(each, known, found, clocks, at) for each in lists),
        records=tuple(_told_record(each, codes, number) for number, each in enumerate(found)),
        subject=subject,
        events=events,
        reads=reads,
        drawn_at=at,
    )


def _number(record: Handover) -> str:
    return record_number(record.number, record.symbol) if record.number is not None else ""


def _told_record(record: Handover, codes: dict[UUID, str], place: int) -> ToldRecord:
    return ToldRecord(
        id=record.id,
        list_code=codes[record.list_id],
        number_text=_number(record),
        kind=RecordKind(record.kind),
        leg=Leg(record.leg) if record.leg else None,
        status=HandoverStatus(record.status),
        giver=record.giver.name,
        receiver=record.receiver.name if record.receiver else "",
        signed=(
            *((f"{each.signer_name}, {each.unit_name}", each.at) for each in record.signatures),
            *(
                (
                    say("{name}, {unit}, ký tay (bản quét)", name=each.signer_name, unit=each.unit_name),
                    each.confirmed_at,
                )
                for each in record.scans
                if each.confirmed_at
            ),
        ),
        ended_at=record.decided_at,
        verdict=verdict_of(record, at_most_known=place >= VERIFIED_AT_ONCE),
    )


def paper_of(actor: Actor, of: Trail, mark: str) -> TrailContent:
    """The trail as its paper says it, with the export's line at the foot."""
    unit = db.session.get_one(Unit, actor.unit_id)
    what = f"{of.of_list.code} – {of.of_list.name}" if of.of_list else of.batch.code
    return TrailContent(
        title=say("HỒ SƠ DANH SÁCH") if of.of_list else say("HỒ SƠ ĐỢT RÀ SOÁT"),
        subject=say("Danh sách cần làm sạch {what}", what=what)
        if of.of_list
        else say("Đợt rà soát {what}", what=what),
        unit_name=unit.name,
        parent_name=unit.superior_name,
        facts=facts_of(of),
        route=tuple(step for route in of.routes for step in _steps(route, of.drawn_at, several=of.of_list is None)),
        records=tuple(_line(record) for record in of.records),
        events=tuple(_event(event) for event in tell(trail.events_of(of.subject))),
        printed_at=local(of.drawn_at),
        mark=mark,
        test_data=ground().settings.demo,
    )


def facts_of(of: Trail) -> tuple[tuple[str, str], ...]:
    """The facts that head a trail, as label and value."""
    batch = of.batch
    facts = [(say("Đợt rà soát"), batch.code), (say("Trạm Y tế"), batch.station.name)]
    if of.of_list is None:
        facts += [(say("Số người"), str(batch.entries)), (say("Số danh sách"), str(len(of.routes)))]
    else:
        each = of.of_list
        facts += [
            (say("Danh sách"), f"{each.code} – {each.name}"),
            (say("Số người"), str(each.entries)),
            (say("Vòng"), str(each.round)),
            (
                say("Tình trạng"),
                say("{leg}, chờ ký nhận", leg=label(Leg(each.pending_leg)))
                if each.pending_leg
                else label(Stage(each.stage)),
            ),
            (say("Đang giữ"), each.holder.name),
            (say("Hạn xử lý"), f"{local(each.due_at):%H:%M %d/%m/%Y}" if each.due_at else say("chưa đặt")),
        ]
    return (*facts, (say("Lượt xem"), say("{reads} lượt xem và tải (không liệt kê)", reads=of.reads)))


def _steps(route: ToldRoute, at: datetime, *, several: bool) -> Iterator[RouteStep]:
    code = route.of_list.code if several else ""
    for run in route.runs:
        until = local(run.until) if run.until else None
        note = together(code, run.note, by=". ")
        yield RouteStep(run.unit_name, run_words(run), local(run.since), until, note, due_words(run, at))
    if route.ended:
        stage, ended_at = route.ended
        yield RouteStep(route.of_list.holder.name, label(stage), local(ended_at), local(ended_at), code)


def _line(record: ToldRecord) -> RecordLine:
    kind = label(record.kind)
    if record.leg and record.kind in SLIPS:
        title = say("{kind}, trả lời lượt «{leg}»", kind=kind, leg=label(record.leg))
    else:
        title = together(kind, label(record.leg), by=": ") if record.leg else kind
    return RecordLine(
        number_text=record.number_text,
        title=say("{title} ({status:lower})", title=title, status=record_status_words(record.kind, record.status)),
        parties=f"{record.giver} → {record.receiver}" if record.receiver else record.giver,
        signed_at=local(record.ended_at) if record.ended_at else None,
        verdict=record.verdict.text,
    )


def _event(event: ToldEvent) -> TrailEvent:
    return TrailEvent(
        at=local(event.at),
        person_name=event.person_name or SYSTEM,
        position=event.position,
        unit_name=event.unit_name,
        act=together(event.title, *event.lines, by="\n"),
        changes=tuple(_change(change) for change in event.changes),
    )


def _change(change: ToldChange) -> Change:
    return Change(together(change.subject, change.kind, by=", "), change.before, change.after)
