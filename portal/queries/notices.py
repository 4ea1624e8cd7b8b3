"""A person's daily digests: what was told to the unit, by day, and how many lines are new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select

from portal.domain.notices import NoticeKind
from portal.domain.permissions import Actor, Permission
from portal.models import CorrectionList, Event, Notice, NoticeReading, db
from portal.queries.scope import visible_to
from portal.queries.trail import EventRow, events_of

MOST_SHOWN = 99
"""The header counts up to here and says «99+» beyond."""


@dataclass(frozen=True)
class Line:
    """One line of a digest: an event about one list."""

    id: int
    kind: NoticeKind
    list_id: UUID
    list_name: str
    list_code: str
    is_new: bool
    event: EventRow


@dataclass(frozen=True)
class Day:
    """One day's digest: how many lines of each kind it has in all, and the lines of this page."""

    day: date
    counts: tuple[tuple[NoticeKind, int], ...]
    lines: tuple[Line, ...]


def unread(actor: Actor) -> int:
    """How many lines the person has not read yet; MOST_SHOWN + 1 stands for more."""
    new = _mine(actor).where(Notice.id > _seen_until(actor)).limit(MOST_SHOWN + 1).subquery()
    return db.session.execute(select(func.count()).select_from(new)).scalar_one()


def digests(actor: Actor, *, page: int, size: int) -> tuple[list[Day], int]:
    """One page of lines, the newest first, gathered by day; and how many lines there are in all."""
    total = db.session.execute(select(func.count()).select_from(_mine(actor).subquery())).scalar_one()
    query = (
        _mine(actor)
        .add_columns(
            Notice.event_id,
            Notice.kind,
            Notice.day,
            Notice.list_id,
            CorrectionList.name,
            CorrectionList.code,
            (Notice.id > _seen_until(actor)).label("is_new"),
        )
        .order_by(Notice.day.desc(), Notice.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    rows = db.session.execute(query).all()
    events = (
        {event.id: event for event in events_of(Event.id.in_([row.event_id for row in rows]), reads=True)}
        if rows
        else {}
    )
    counts = _counts(actor, {row.day for row in rows})
    found: dict[date, list[Line]] = {}
    for row in rows:
        line = Line(row.id, NoticeKind(row.kind), row.list_id, row.name, row.code, row.is_new, events[row.event_id])
        found.setdefault(row.day, []).append(line)
    return [Day(day, counts[day], tuple(lines)) for day, lines in found.items()], total


def _counts(actor: Actor, days: Sequence[date] | set[date]) -> dict[date, tuple[tuple[NoticeKind, int], ...]]:
    query = (
        select(Notice.day, Notice.kind, func.count().label("lines"))
        .join(CorrectionList, Notice.list_id == CorrectionList.id)
        .where(*_conditions(actor), Notice.day.in_(days))
        .group_by(Notice.day, Notice.kind)
    )
    found: dict[date, dict[NoticeKind, int]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.day, {})[NoticeKind(row.kind)] = row.lines
    return {day: tuple((kind, kinds[kind]) for kind in NoticeKind if kind in kinds) for day, kinds in found.items()}


def _mine(actor: Actor) -> Any:  # noqa: ANN401  a select with its columns
    return select(Notice.id).join(CorrectionList, Notice.list_id == CorrectionList.id).where(*_conditions(actor))


def _conditions(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Told to the unit or to this person, about a list that the person may still see."""
    return (
        Notice.unit_id == actor.unit_id,
        or_(Notice.user_id.is_(None), Notice.user_id == actor.user_id),
        visible_to(actor, Permission.LIST_READ),
    )


def _seen_until(actor: Actor) -> ScalarSelect[int]:
    seen = select(func.max(NoticeReading.seen_until)).where(NoticeReading.membership_id == actor.membership_id)
    return select(func.coalesce(seen.scalar_subquery(), 0)).scalar_subquery()
