"""Who keeps lists waiting, and why people could not be settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.domain.deadlines import ClockKind
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.stages import OPEN_STAGES
from portal.domain.verdicts import REASON_GROUP, Reason
from portal.models import Clock, CorrectionList, Entry, Event, db
from portal.queries.contacts import NOBODY, Contact, contacts
from portal.queries.deadlines import running_clock
from portal.queries.progress import Territory, in_territory

_OPEN = tuple(stage.value for stage in OPEN_STAGES)


@dataclass(frozen=True)
class Bottleneck:
    """A unit others wait for: how many lists (how many of them late) and people, since when, whom to call.

    `oldest_id` is the list to remind of.
    """

    contact: Contact
    lists: int
    entries: int
    since: datetime
    oldest_id: UUID
    oldest_code: str
    oldest_name: str
    waits_to_receive: int
    late: int
    reminded_at: datetime | None


@dataclass(frozen=True)
class ReasonGroup:
    """One of the groups 1–7 with its reasons and their people."""

    number: int
    people: int
    reasons: tuple[tuple[Reason, int], ...]


def bottlenecks(actor: Actor, of: Territory, *, at: datetime, on: date, limit: int = 10) -> list[Bottleneck]:
    """The units whose clocks run, the one that has kept a list waiting longest first."""
    late = CorrectionList.late_from <= at
    oldest = func.array_agg(aggregate_order_by(Clock.list_id, Clock.started_at, Clock.list_id))[1]
    receiving = Clock.kind == ClockKind.RECEIPT.value
    query = (
        select(
            Clock.unit_id,
            func.count().label("lists"),
            func.sum(CorrectionList.entries).label("entries"),
            func.min(Clock.started_at).label("since"),
            func.count().filter(receiving).label("pending"),
            func.count().filter(late).label("late"),
            oldest.label("oldest"),
        )
        .join(CorrectionList, running_clock())
        .where(in_territory(actor, of))
        .group_by(Clock.unit_id)
        .order_by(func.min(Clock.started_at))
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    people = contacts((row.unit_id for row in rows), on)
    names = _names([row.oldest for row in rows])
    reminded = _reminded([row.oldest for row in rows])
    return [
        Bottleneck(
            contact=people.get(row.unit_id, NOBODY),
            lists=row.lists,
            entries=row.entries,
            since=row.since,
            oldest_id=row.oldest,
            oldest_code=names[row.oldest][0],
            oldest_name=names[row.oldest][1],
            waits_to_receive=row.pending,
            late=row.late,
            reminded_at=reminded.get(row.oldest),
        )
        for row in rows
    ]


def reasons(actor: Actor, of: Territory) -> list[tuple[int, Reason, int]]:
    """Entries that ended without being settled: group 1–7, reason, people; every reason, also with none."""
    query = (
        select(Entry.outcome, func.count().label("people"))
        .join(CorrectionList, Entry.list_id == CorrectionList.id)
        .where(in_territory(actor, of), Entry.outcome.in_([reason.value for reason in Reason]))
        .group_by(Entry.outcome)
    )
    counted = {row.outcome: row.people for row in db.session.execute(query)}
    return [(REASON_GROUP[reason], reason, counted.get(reason.value, 0)) for reason in Reason]


def groups_of(found: Sequence[tuple[int, Reason, int]]) -> list[ReasonGroup]:
    """The groups of the report form, each the sum of its reasons."""
    numbers = sorted({number for number, _reason, _people in found})
    return [
        ReasonGroup(
            number,
            sum(people for group, _reason, people in found if group == number),
            tuple((reason, people) for group, reason, people in found if group == number),
        )
        for number in numbers
    ]


def _names(list_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    query = select(CorrectionList.id, CorrectionList.code, CorrectionList.name).where(CorrectionList.id.in_(list_ids))
    return {row.id: (row.code, row.name) for row in db.session.execute(query)}


def _reminded(list_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    query = (
        select(Event.list_id, func.max(Event.at).label("at"))
        .where(Event.list_id.in_(list_ids), Event.tag == EventTag.LIST_REMINDED.value)
        .group_by(Event.list_id)
    )
    return {row.list_id: row.at for row in db.session.execute(query)}
