"""The inbox: named queries per role with their counts, and one page of one of them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select
from sqlalchemy.orm import aliased

from portal.domain.next_acts import NextAct, next_act
from portal.domain.permissions import Actor, Permission, Place, covers
from portal.domain.stages import HandoverStatus, Leg, ListState, Stage
from portal.domain.transitions import Side
from portal.models import Clock, CorrectionList, Handover, Unit, db
from portal.queries.claims import is_mine, workers
from portal.queries.contacts import NOBODY, Contact, contacts, stations_beside_codes
from portal.queries.deadlines import DUE_COLUMNS, running_clock
from portal.queries.inbox_tabs import Tab, is_overdue, tabs_of
from portal.queries.scope import visible_to
from portal.queries.searching import matches

COUNTED_UP_TO = 1000
"""Counting stops here: who oversees thousands of lists reads their number on the page of progress."""


_Holder, _Pending = aliased(Unit), aliased(Handover)


@dataclass(frozen=True)
class InboxRow:
    """One list in the inbox: where it stands, who holds it, whom it waits for, what to do next."""

    id: UUID
    code: str
    name: str
    stage: Stage
    pending: Leg | None
    round: int
    entries: int
    decided: int
    due_at: datetime | None
    was_due_at: datetime | None
    held_since: datetime
    holder: Contact
    awaited: Contact | None
    act: NextAct | None
    record_id: UUID | None
    worker: str = ""
    station: str = ""

    @property
    def address(self) -> str:
        """Where the next act is done: the pending record, else the list."""
        if self.act and self.act.on_record and self.record_id:
            return f"/handovers/{self.record_id}"
        return f"/lists/{self.id}"


def counts(actor: Actor, at: datetime) -> dict[str, int]:
    """How many lists are in each of the actor's tabs, in one select; counted to one more than COUNTED_UP_TO."""
    tabs = tabs_of(actor)
    columns = [_counted(_conditions(actor, tab, at, "", overdue=False, mine=False)).label(tab.key) for tab in tabs]
    row = db.session.execute(select(*columns)).one()
    return dict(zip((tab.key for tab in tabs), row, strict=True))


def matching(
    actor: Actor, tab: Tab, at: datetime, *, search: str = "", overdue: bool = False, mine: bool = False
) -> int:
    """How many lists of the tab fit the filters, counted as far as `counts` does."""
    counted = _counted(_conditions(actor, tab, at, search, overdue=overdue, mine=mine))
    return db.session.execute(select(counted)).scalar_one()


def inbox_page(
    actor: Actor,
    tab: Tab,
    *,
    at: datetime,
    on: date,
    search: str = "",
    overdue: bool = False,
    mine: bool = False,
    page: int = 1,
    size: int = 50,
) -> list[InboxRow]:
    """One page of a tab, the most urgent first; finished lists the newest first."""
    urgent = (CorrectionList.late_from.asc().nulls_last(), CorrectionList.id)
    order = (CorrectionList.closed_at.desc().nulls_last(), *urgent) if tab.ended else urgent
    # Fifty ids first: joined before the page is cut, every list of the tab would be joined.
    ids = select(CorrectionList.id).where(*_conditions(actor, tab, at, search, overdue=overdue, mine=mine))
    ids = ids.order_by(*order).limit(size).offset((page - 1) * size)
    rows = db.session.execute(_columns().where(CorrectionList.id.in_(ids.subquery().select())).order_by(*order)).all()
    units = {unit for row in rows for unit in (row.holder_unit_id, row.receiver_unit_id, row.offered_to_unit_id)}
    stations = stations_beside_codes(actor, (row.station_unit_id for row in rows))
    people = contacts(units | stations, on)
    working = workers(((row.id, row.holder_unit_id) for row in rows), on)
    return [
        replace(
            _row(actor, row, people),
            worker=working.get(row.id, ""),
            station=people[row.station_unit_id].unit_name if row.station_unit_id in stations else "",
        )
        for row in rows
    ]


def _counted(conditions: list[ColumnElement[bool]]) -> ScalarSelect[int]:
    some = select(CorrectionList.id).where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _columns() -> Any:  # noqa: ANN401  a select with its columns
    each, holder, pending = CorrectionList, _Holder, _Pending
    return (
        select(
            each.id, each.code, each.name, each.stage, each.pending_leg, each.round, each.entries, each.decided,
            each.held_since, each.holder_unit_id, each.station_unit_id, each.village_unit_id,
            each.police_unit_id, each.territory_path, each.reopening_asked_at, each.offered_to_unit_id,
            holder.name.label("holder_name"), pending.id.label("record_id"), pending.receiver_unit_id, *DUE_COLUMNS,
        )
        .join(holder, each.holder_unit_id == holder.id)
        .outerjoin(Clock, running_clock())
        .outerjoin(pending, and_(pending.list_id == each.id, pending.status == HandoverStatus.SENT.value))
    )  # fmt: skip


def _conditions(
    actor: Actor, tab: Tab, at: datetime, search: str, *, overdue: bool, mine: bool
) -> list[ColumnElement[bool]]:
    found = [visible_to(actor, Permission.LIST_READ), tab.holds(at)]
    if overdue:
        found.append(is_overdue(at))
    if mine:
        found.append(is_mine(actor))
    if search:
        found.append(matches(CorrectionList.search, search))
    return found


def _row(actor: Actor, row: Any, people: dict[int, Contact]) -> InboxRow:  # noqa: ANN401  a row of `_columns`
    state = ListState(Stage(row.stage), Leg(row.pending_leg) if row.pending_leg else None)
    return InboxRow(
        id=row.id,
        code=row.code,
        name=row.name,
        stage=state.stage,
        pending=state.pending,
        round=row.round,
        entries=row.entries,
        decided=row.decided,
        due_at=row.due_at,
        was_due_at=row.was_due_at,
        held_since=row.held_since,
        holder=people.get(row.holder_unit_id, NOBODY),
        awaited=people.get(row.receiver_unit_id or row.offered_to_unit_id),
        act=next_act(actor, state, _sides(actor, row, state), ready=_is_ready(row, state)),
        record_id=row.record_id,
    )


def _sides(actor: Actor, row: Any, state: ListState) -> set[Side]:  # noqa: ANN401  a row of `_columns`
    """The batched twin of `services.transitions.sides_of`, as far as it leads to a next act."""
    sides = set()
    # What another commune is asked to take stands still here until it has answered.
    if row.offered_to_unit_id is not None:
        return {Side.NEIGHBOUR} if row.offered_to_unit_id == actor.unit_id else set()
    if state.pending is None and row.holder_unit_id == actor.unit_id:
        sides.add(Side.HOLDER)
    if state.pending is not None and row.receiver_unit_id == actor.unit_id:
        sides.add(Side.RECEIVER)
    place = Place(row.territory_path, frozenset({row.station_unit_id}))
    if covers(actor, Permission.LIST_ARRANGE, place):
        sides.add(Side.ARRANGER)
    if row.reopening_asked_at is not None and covers(actor, Permission.LIST_CONSENT, place):
        sides.add(Side.PARENT)
    return sides


def _is_ready(row: Any, state: ListState) -> bool:  # noqa: ANN401  a row of `_columns`
    if state.stage is Stage.DRAFTING:
        return row.village_unit_id is not None
    return bool(row.entries) and row.decided == row.entries
