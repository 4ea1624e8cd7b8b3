"""Pairs of entries as an actor may see them: own people whole, another commune's person as a claim only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.domain.errors import NotFound
from portal.domain.fields import Field
from portal.domain.pair_decisions import OPEN_PAIRS, PairState, PairVerdict
from portal.domain.permissions import Actor, Permission
from portal.domain.wording import say
from portal.models import (
    CorrectionList,
    DuplicateOpinion,
    DuplicatePair,
    EarlierNumber,
    Entry,
    Membership,
    Unit,
    User,
    db,
)
from portal.queries.contacts import NOBODY, Contact, contacts
from portal.queries.scope import has_whole_province, visible_to

SIZE = 50


@dataclass(frozen=True)
class PairSide:
    """One person of a pair. Of a list that the actor may not see only the commune and whom to ask there are known."""

    is_seen: bool
    is_held: bool
    holder: Contact
    station: Contact
    list_id: UUID | None = None
    list_code: str = ""
    list_name: str = ""
    number: int = 0
    values: dict[str, str] | None = None
    earlier_numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class PairRow:
    """A pair with both sides; `mine_said` is what the actor said of it."""

    pair: DuplicatePair
    one: PairSide
    other: PairSide
    mine_said: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether both persons may be seen, so that the pair can be judged."""
        return self.one.is_seen and self.other.is_seen


@dataclass(frozen=True)
class Opinion:
    """What one reviewer said; told only once the pair is decided."""

    who: str
    unit: str
    verdict: str
    note: str
    at: datetime


def newest(row: Any) -> dict[str, str]:  # noqa: ANN401  an Entry or a row with its value columns
    """The person's fields as they stand: final before verified before proposed before recorded."""
    sides = (row.final, row.verified, row.proposed, row.recorded)
    return {each.value: next((side[each.value] for side in sides if side.get(each.value)), "") for each in Field}


def pairs_page(actor: Actor, state: str, page: int, on: date) -> tuple[list[PairRow], int]:
    """Fifty pairs of which at least one person may be seen, the likest first, and how many there are."""
    within = [_touches(actor), _in_state(actor, state)]
    found = db.session.scalars(
        select(DuplicatePair)
        .where(*within)
        .order_by(DuplicatePair.weight.desc(), DuplicatePair.id)
        .limit(SIZE)
        .offset((page - 1) * SIZE)
    ).all()
    count = db.session.execute(select(func.count()).select_from(DuplicatePair).where(*within)).scalar_one()
    return _rows(actor, found, on), count


def counts(actor: Actor) -> dict[str, int]:
    """How many pairs each tab of `pairs_page` holds."""
    return {
        state: db.session.execute(
            select(func.count()).select_from(DuplicatePair).where(_touches(actor), _in_state(actor, state))
        ).scalar_one()
        for state in TABS
    }


TABS = ("waiting", "reviewed", "decided")


def pair_row(actor: Actor, pair_id: UUID, on: date) -> PairRow:
    """One pair, or NotFound where neither person may be seen."""
    return _rows(actor, [find_pair(actor, pair_id)], on)[0]


def find_pair(actor: Actor, pair_id: UUID, *, lock: bool = False) -> DuplicatePair:
    """The pair if at least one of its persons may be seen, else NotFound."""
    query = select(DuplicatePair).where(DuplicatePair.id == pair_id, _touches(actor))
    found = db.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound(say("Không tìm thấy cặp này, hoặc đơn vị của bạn không được xem."))
    return found


def sees_both(actor: Actor, pair: DuplicatePair) -> bool:
    """Whether the actor may see both persons."""
    both = select(func.count()).where(
        Entry.id.in_((pair.one_entry_id, pair.other_entry_id)), Entry.list_id.in_(_seen_lists(actor))
    )
    return db.session.execute(both).scalar_one() == 2


def pairs_of_entry(actor: Actor, entry_id: int, on: date) -> list[PairRow]:
    """The pairs of one entry that the actor may see, for its page; those told apart are left out."""
    found = db.session.scalars(
        select(DuplicatePair)
        .where(
            or_(DuplicatePair.one_entry_id == entry_id, DuplicatePair.other_entry_id == entry_id),
            DuplicatePair.state != PairState.GONE.value,
            DuplicatePair.decision != PairVerdict.DIFFERENT.value,
            _touches(actor),
        )
        .order_by(DuplicatePair.weight.desc(), DuplicatePair.id)
        .limit(_OF_ONE)
    ).all()
    return _rows(actor, found, on)


_OF_ONE = 5


def said_of(pair: DuplicatePair | type[DuplicatePair]) -> ColumnElement[bool]:
    """A condition on DuplicateOpinion: said of the pair as its two persons are written now."""
    return and_(DuplicateOpinion.pair_id == pair.id, DuplicateOpinion.memory == pair.memory)


def opinions(pair: DuplicatePair) -> list[Opinion]:
    """What the reviewers said, oldest first; nothing before the pair is decided."""
    if pair.state != PairState.DECIDED.value:
        return []
    query = (
        select(User.full_name, Unit.name, DuplicateOpinion.verdict, DuplicateOpinion.note, DuplicateOpinion.at)
        .join(User, User.id == DuplicateOpinion.user_id)
        .join(Membership, Membership.id == DuplicateOpinion.membership_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(said_of(pair))
        .order_by(DuplicateOpinion.id)
    )
    return [Opinion(*row) for row in db.session.execute(query)]


def _in_state(actor: Actor, state: str) -> ColumnElement[bool]:
    """The tabs: what waits for the actor's look, what waits for somebody else's, what is decided."""
    if state == "decided":
        return DuplicatePair.state == PairState.DECIDED.value
    mine = exists().where(said_of(DuplicatePair), DuplicateOpinion.user_id.in_(actor.persons))
    is_open = DuplicatePair.state.in_(OPEN_PAIRS)
    return is_open & mine if state == "reviewed" else is_open & ~mine


def _seen_lists(actor: Actor) -> Any:  # noqa: ANN401  a select of ids
    return select(CorrectionList.id).where(visible_to(actor, Permission.LIST_READ))


def _touches(actor: Actor) -> ColumnElement[bool]:
    """A condition on DuplicatePair: at least one of the two stands on a list that the actor may see."""
    if has_whole_province(actor):
        return DuplicatePair.province_id == actor.province_id

    def seen(end: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        entry = aliased(Entry)
        return exists().where(entry.id == end, entry.list_id.in_(_seen_lists(actor)))

    near = DuplicatePair.province_id == actor.province_id
    return near & or_(seen(DuplicatePair.one_entry_id), seen(DuplicatePair.other_entry_id))


def _rows(actor: Actor, found: Sequence[DuplicatePair], on: date) -> list[PairRow]:
    """Both sides of each pair, in a handful of selects for all of them."""
    ids = {end for pair in found for end in (pair.one_entry_id, pair.other_entry_id)}
    if not ids:
        return []
    people = db.session.execute(
        select(Entry, CorrectionList, CorrectionList.id.in_(_seen_lists(actor)).label("seen"))
        .join(CorrectionList, CorrectionList.id == Entry.list_id)
        .where(Entry.id.in_(ids))
    ).all()
    units = {unit for row in people for unit in (row[1].holder_unit_id, row[1].station_unit_id)}
    whom = contacts(units, on)
    numbers = _numbers_before(ids)
    sides = {row[0].id: _side(actor, row, whom, numbers) for row in people}
    said = dict(
        db.session.execute(
            select(DuplicateOpinion.pair_id, DuplicateOpinion.verdict)
            .join(DuplicatePair, said_of(DuplicatePair))
            .where(DuplicatePair.id.in_([pair.id for pair in found]), DuplicateOpinion.user_id == actor.user_id)
        ).all()
    )
    return [
        PairRow(each, sides[each.one_entry_id], sides[each.other_entry_id], said.get(each.id, "")) for each in found
    ]


def _numbers_before(ids: set[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = select(EarlierNumber.entry_id, EarlierNumber.number).where(EarlierNumber.entry_id.in_(ids))
    for row in db.session.execute(query.order_by(EarlierNumber.id)):
        found[row.entry_id] = (*found.get(row.entry_id, ()), row.number)
    return found


def _side(actor: Actor, row: Any, whom: dict[int, Contact], numbers: dict[int, tuple[str, ...]]) -> PairSide:  # noqa: ANN401
    entry, of_list, seen = row
    station, holder = (whom.get(each, NOBODY) for each in (of_list.station_unit_id, of_list.holder_unit_id))
    if not seen:
        return PairSide(is_seen=False, is_held=False, holder=NOBODY, station=station)
    return PairSide(
        is_seen=True,
        is_held=of_list.holder_unit_id == actor.unit_id,
        holder=holder,
        station=station,
        list_id=of_list.id,
        list_code=of_list.code,
        list_name=of_list.name,
        number=entry.number,
        values=newest(entry),
        earlier_numbers=numbers.get(entry.id, ()),
    )
