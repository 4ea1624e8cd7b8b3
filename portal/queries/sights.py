"""Rows that changed after an officer had seen them, and how long verdicts took."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import extract, func, or_, select

from portal.domain.permissions import Actor, Permission
from portal.domain.stages import Party
from portal.models import CorrectionList, Entry, EntrySight, EntryVerdict, Membership, Unit, User, db
from portal.queries.scope import visible_to


@dataclass(frozen=True)
class LaterChange:
    """Who changed a row, and when, after the officer had seen it."""

    by: str
    at: datetime | None


def changed_after_seen(actor: Actor, entry_ids: Collection[int]) -> dict[int, LaterChange]:
    """Of these entries those that somebody changed since the actor saw them; the actor's own changes do not count."""
    query = (
        select(Entry.id, Entry.changed_at, User.full_name)
        .join(EntrySight, EntrySight.entry_id == Entry.id)
        .outerjoin(User, User.id == Entry.changed_by)
        .where(
            EntrySight.user_id == actor.user_id,
            Entry.id.in_(entry_ids),
            or_(EntrySight.changed, EntrySight.rev < Entry.rev),
        )
    )
    return {row.id: LaterChange(row.full_name or "", row.changed_at) for row in db.session.execute(query)}


def last_concluded(actor: Actor, list_id: UUID) -> int:
    """The number of the row this officer concluded last on the list, on whatever machine; 0 where none yet."""
    query = (
        select(Entry.number)
        .join(EntryVerdict, EntryVerdict.entry_id == Entry.id)
        .where(
            Entry.list_id == list_id,
            EntryVerdict.user_id == actor.user_id,
            EntryVerdict.party == Party.POLICE.value,
            EntryVerdict.verdict != "",
        )
        .order_by(EntryVerdict.id.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none() or 0


@dataclass(frozen=True)
class TimedVerdict:
    """One verdict of one officer and how long it took; None where the row was not shown on a page before."""

    user_id: UUID
    full_name: str
    unit_name: str
    took: timedelta | None


def timed_verdicts(actor: Actor, list_id: UUID) -> list[TimedVerdict]:
    """The police's verdicts on a list the actor may read the trail of, each with the time it took.

    A verdict's time runs from the moment its row was last shown, or from the same officer's verdict before it, if
    that came later: fifty rows appear at once, but are looked at one by one.
    """
    before = func.lag(EntryVerdict.at).over(partition_by=EntryVerdict.user_id, order_by=EntryVerdict.id)
    took = EntryVerdict.at - func.greatest(EntryVerdict.shown_at, before)
    measured = (
        select(
            EntryVerdict.id,
            EntryVerdict.user_id,
            EntryVerdict.membership_id,
            EntryVerdict.undoes,
            EntryVerdict.shown_at,
            extract("epoch", took).label("took"),
        )
        .join(Entry, Entry.id == EntryVerdict.entry_id)
        .join(CorrectionList, CorrectionList.id == Entry.list_id)
        .where(
            Entry.list_id == list_id,
            EntryVerdict.party == Party.POLICE.value,
            visible_to(actor, Permission.TRAIL_READ),
        )
        .subquery()
    )
    query = (
        select(measured.c.user_id, measured.c.shown_at, measured.c.took, User.full_name, Unit.name)
        .join(User, User.id == measured.c.user_id)
        .join(Membership, Membership.id == measured.c.membership_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(measured.c.undoes.is_(None))
        .order_by(measured.c.id)
    )
    return [
        TimedVerdict(
            row.user_id, row.full_name, row.name, None if row.shown_at is None else timedelta(seconds=float(row.took))
        )
        for row in db.session.execute(query)
    ]
