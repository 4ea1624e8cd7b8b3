"""Who looked at data inside a territory: counts by person, and one person's looks one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from portal.domain.events import READING_TAGS, EventTag
from portal.domain.permissions import Actor, Permission, Reach, reach_of
from portal.models import Event, Membership, Unit, User, db
from portal.queries.trail import EventRow, events_of

_OPENS = (EventTag.LIST_OPENED, EventTag.TRAIL_READ)
MOST_EXPORTS = 200
"""Lists named of one export."""
_EXPORTS = (EventTag.LIST_EXPORTED, EventTag.RECORD_DOWNLOADED)


@dataclass(frozen=True)
class Reader:
    """One person's looks in one unit within the time asked for."""

    user_id: UUID
    full_name: str
    unit_name: str
    opens: int
    searches: int
    reveals: int
    exports: int
    over: int


def readers_page(actor: Actor, since: datetime, page: int, size: int) -> tuple[list[Reader], int]:
    """One page of the people who looked since then, in units of the actor's territory: over a limit first."""
    of = _looks(actor, since)
    people = (
        select(
            Event.user_id,
            User.full_name,
            Unit.name,
            _count(*_OPENS).label("opens"),
            _count(EventTag.PEOPLE_SEARCHED).label("searches"),
            _count(EventTag.NUMBER_REVEALED).label("reveals"),
            _count(*_EXPORTS).label("exports"),
            _count(EventTag.READING_LIMITED).label("over"),
        )
        .join(User, User.id == Event.user_id)
        .join(Unit, Unit.id == Event.unit_id)
        .where(of)
        .group_by(Event.user_id, User.full_name, Unit.id, Unit.name)
    ).subquery()
    total = db.session.execute(select(func.count()).select_from(people)).scalar_one()
    rows = db.session.execute(
        select(people)
        .order_by(people.c.over.desc(), people.c.reveals.desc(), people.c.exports.desc(), people.c.user_id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Reader(*row) for row in rows], total


def reader(actor: Actor, user_id: UUID) -> User | None:
    """The person, if he ever had a place in the actor's territory."""
    query = select(User).where(User.id == user_id, User.id.in_(_people(actor)))
    return db.session.execute(query).scalar_one_or_none()


def looks_page(actor: Actor, user_id: UUID, since: datetime, page: int, size: int) -> tuple[list[EventRow], int]:
    """One page of a person's looks inside the actor's territory, the newest first, and how many there are."""
    of = _looks(actor, since) & (Event.user_id == user_id)
    total = db.session.execute(select(func.count()).select_from(Event).where(of)).scalar_one()
    rows: Sequence[EventRow] = events_of(of, reads=True, newest_first=True, limit=size, offset=(page - 1) * size)
    return list(rows), total


def exports_of(actor: Actor, mark: str) -> list[EventRow]:
    """The exports inside the actor's territory that bear this mark, one for each list taken out with it."""
    of = _looks(actor, datetime.fromtimestamp(0, tz=UTC)) & (Event.payload["mark"].astext == mark)
    return events_of(of & (Event.tag == EventTag.LIST_EXPORTED.value), reads=True, limit=MOST_EXPORTS)


def _count(*tags: EventTag) -> Any:  # noqa: ANN401  a labelled aggregate
    return func.count().filter(Event.tag.in_([tag.value for tag in tags]))


def _units(actor: Actor) -> Select[int]:
    """The units of the actor's territory; none without the right to review."""
    inside = Unit.territory_path.startswith(actor.territory_path, autoescape=True)
    may = reach_of(actor.role, Permission.READING_REVIEW) is Reach.TERRITORY
    return select(Unit.id).where(inside if may else inside & Unit.id.is_(None))


def _people(actor: Actor) -> Select[UUID]:
    return select(Membership.user_id).where(Membership.unit_id.in_(_units(actor)))


def _looks(actor: Actor, since: datetime) -> ColumnElement[bool]:
    """A condition on Event; by person first, so that the index over person and time serves it."""
    return (
        Event.user_id.in_(_people(actor))
        & (Event.at > since)
        & Event.unit_id.in_(_units(actor))
        & Event.tag.in_([tag.value for tag in READING_TAGS])
    )
