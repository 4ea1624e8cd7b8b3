"""What a trail is made of: the list or batch, its records and its events with what they changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.domain.events import READING_TAGS
from portal.domain.permissions import Actor, Permission
from portal.models import (
    Batch,
    CorrectionList,
    Delegation,
    Entry,
    EntryValue,
    Event,
    Handover,
    Membership,
    Unit,
    User,
    db,
)
from portal.queries.scope import known_records, visible_batches, visible_to

_Principal, _Absent = aliased(Membership), aliased(User)


@dataclass(frozen=True)
class EventRow:
    """One event with the names that tell it; `value_ids` name the entry values it wrote."""

    id: int
    at: datetime
    tag: str
    person_name: str
    position: str
    unit_name: str
    on_behalf: str
    list_code: str
    entry_number: int | None
    entry_name: str
    handover_id: UUID | None
    handover_leg: str | None
    handover_number: int | None
    handover_symbol: str
    from_state: str
    to_state: str
    payload: dict[str, Any]

    @property
    def value_ids(self) -> list[int]:
        """The entry values the event wrote."""
        return list(self.payload.get("values") or ())


def trail_list(actor: Actor, list_id: UUID) -> CorrectionList | None:
    """The list, if its trail is the actor's to read."""
    query = select(CorrectionList).where(CorrectionList.id == list_id, visible_to(actor, Permission.TRAIL_READ))
    return db.session.execute(query.options(*_parties())).scalar_one_or_none()


def trail_batch(actor: Actor, batch_id: UUID) -> Batch | None:
    """The batch, if its trail is the actor's to read."""
    query = select(Batch).where(Batch.id == batch_id, visible_batches(actor)).options(joinedload(Batch.station))
    return db.session.execute(query).scalar_one_or_none()


def lists_of_batch(actor: Actor, batch_id: UUID) -> Sequence[CorrectionList]:
    """The batch's lists that the actor may see, by number."""
    query = select(CorrectionList).where(
        CorrectionList.batch_id == batch_id, visible_to(actor, Permission.TRAIL_READ)
    )
    return db.session.execute(query.options(*_parties()).order_by(CorrectionList.number)).scalars().all()


def records_of(actor: Actor, list_ids: Iterable[UUID]) -> Sequence[Handover]:
    """The records of the lists in order of time; a draft only for the unit that prepares it."""
    query = (
        select(Handover)
        .where(
            Handover.list_id.in_(list(list_ids)),
            known_records(actor),
        )
        .options(
            joinedload(Handover.giver),
            joinedload(Handover.receiver),
            selectinload(Handover.signatures),
        )
        .order_by(func.coalesce(Handover.sent_at, Handover.prepared_at), Handover.id)
    )
    return db.session.execute(query).scalars().all()


def signed_records(ids: Iterable[UUID]) -> Sequence[Handover]:
    """Of these records, which the caller has found through a trail, the signed ones in order of time."""
    query = (
        select(Handover)
        .where(Handover.id.in_(list(ids)), Handover.signatures.any())
        .options(joinedload(Handover.giver), joinedload(Handover.receiver))
        .order_by(func.coalesce(Handover.sent_at, Handover.prepared_at), Handover.id)
    )
    return db.session.execute(query).scalars().all()


def count_events(subject: ColumnElement[bool]) -> tuple[int, int]:
    """How many events tell what happened, and how many only who looked."""
    reading = Event.tag.in_(READING_TAGS)
    query = select(func.count().filter(~reading), func.count().filter(reading)).where(subject)
    told, read = db.session.execute(query).one()
    return told, read


def events_of(
    subject: ColumnElement[bool],
    *,
    reads: bool = False,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[EventRow]:
    """The events of a list or batch in order of time, with names joined in one select."""
    query = _named_events().where(subject).order_by(Event.id.desc() if newest_first else Event.id)
    if not reads:
        query = query.where(Event.tag.not_in(READING_TAGS))
    if limit is not None:
        query = query.limit(limit).offset(offset)
    return [_event_row(row) for row in db.session.execute(query)]


def values_by_id(ids: Sequence[int]) -> dict[int, EntryValue]:
    """The entry values of these ids."""
    if not ids:
        return {}
    wanted = bindparam("ids", list(ids), type_=ARRAY(BigInteger))
    found = db.session.execute(select(EntryValue).where(EntryValue.id == any_(wanted))).scalars()
    return {value.id: value for value in found}


def unit_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these units."""
    wanted = {unit_id for unit_id in ids if unit_id is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(wanted)))}


def member_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of the people behind these memberships."""
    wanted = {membership_id for membership_id in ids if membership_id is not None}
    if not wanted:
        return {}
    query = select(Membership.id, User.full_name).join(Membership.user).where(Membership.id.in_(wanted))
    return {row.id: row.full_name for row in db.session.execute(query)}


def ancestors_of(actor: Actor, of: CorrectionList) -> list[CorrectionList]:
    """The lists this one was split off from, the nearest first, as far as the actor may see them."""
    found: list[CorrectionList] = []
    above = of.parent_list_id
    while above is not None:
        parent = trail_list(actor, above)
        if parent is None:
            break
        found.append(parent)
        above = parent.parent_list_id
    return found


def merged_into(list_id: UUID) -> Sequence[CorrectionList]:
    """The parts whose people came to this list by merging."""
    return db.session.scalars(select(CorrectionList).where(CorrectionList.merged_into_id == list_id)).all()


def of_list(
    of: CorrectionList, ancestors: Sequence[CorrectionList] = (), merged: Sequence[CorrectionList] = ()
) -> ColumnElement[bool]:
    """A condition on Event: it belongs to the list, or to what its people went through on the lists before.

    Of a list it was split off from count the events until then; on every such list those about its own people.
    """
    people = Event.entry_id.in_(select(Entry.id).where(Entry.list_id == of.id))
    conditions: list[ColumnElement[bool]] = [Event.list_id == of.id]
    younger = of
    for each in ancestors:
        before = and_(Event.entry_id.is_(None), Event.at <= younger.created_at)
        conditions.append(and_(Event.list_id == each.id, or_(people, before)))
        younger = each
    conditions += [and_(Event.list_id == each.id, people) for each in merged]
    return or_(*conditions)


def of_batch(actor: Actor, batch_id: UUID) -> ColumnElement[bool]:
    """A condition on Event: it belongs to the batch, and to a list of it that the actor may see."""
    visible = select(CorrectionList.id).where(
        CorrectionList.batch_id == batch_id, visible_to(actor, Permission.TRAIL_READ)
    )
    return (Event.batch_id == batch_id) & or_(Event.list_id.is_(None), Event.list_id.in_(visible))


def _named_events() -> Any:  # noqa: ANN401  a select with its columns
    return (
        select(
            Event.id, Event.at, Event.tag, Event.payload, Event.from_state, Event.to_state, Event.handover_id,
            _Absent.full_name.label("absent_name"), _Principal.position.label("absent_position"),
            User.full_name, Membership.position, Unit.name.label("unit_name"), CorrectionList.code,
            Entry.number.label("entry_number"), Entry.recorded["full_name"].astext.label("entry_name"),
            Handover.leg, Handover.number, Handover.symbol,
        )
        .outerjoin(User, Event.user_id == User.id)
        .outerjoin(Membership, Event.membership_id == Membership.id)
        .outerjoin(Delegation, Event.delegation_id == Delegation.id)
        .outerjoin(_Principal, Delegation.from_membership_id == _Principal.id)
        .outerjoin(_Absent, _Principal.user_id == _Absent.id)
        .outerjoin(Unit, Event.unit_id == Unit.id)
        .outerjoin(CorrectionList, Event.list_id == CorrectionList.id)
        .outerjoin(Entry, Event.entry_id == Entry.id)
        .outerjoin(Handover, Event.handover_id == Handover.id)
    )  # fmt: skip


def _event_row(row: Any) -> EventRow:  # noqa: ANN401  a row of `_named_events`
    return EventRow(
        id=row.id,
        at=row.at,
        tag=row.tag,
        person_name=row.full_name or "",
        position=row.position or "",
        unit_name=row.unit_name or "",
        on_behalf=f"{row.absent_name}, {row.absent_position}" if row.absent_name else "",
        list_code=row.code or "",
        entry_number=row.entry_number,
        entry_name=row.entry_name or "",
        handover_id=row.handover_id,
        handover_leg=row.leg,
        handover_number=row.number if row.number is not None else row.payload.get("number"),
        handover_symbol=row.symbol or "",
        from_state=row.from_state,
        to_state=row.to_state,
        payload=row.payload,
    )


def _parties() -> tuple[Any, ...]:
    return (
        joinedload(CorrectionList.batch),
        joinedload(CorrectionList.holder),
        joinedload(CorrectionList.station),
        joinedload(CorrectionList.village),
        joinedload(CorrectionList.police),
    )
