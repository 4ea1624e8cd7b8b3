"""Correction lists as tables show them: one page by keyset, a capped count, the villages to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.domain.bulk import LIMIT
from portal.domain.permissions import Actor, Permission
from portal.domain.stages import FINAL_STAGES, HOLDER, OPEN_STAGES, HandoverStatus, Party, Stage
from portal.models import Clock, CorrectionList, Handover, PlatformExchange, Unit, db
from portal.queries.claims import workers
from portal.queries.contacts import NOBODY, Contact, contacts, stations_beside_codes
from portal.queries.deadlines import DUE_COLUMNS, running_clock
from portal.queries.inbox_tabs import is_overdue
from portal.queries.scope import visible_to
from portal.queries.searching import matches

SIZE = 50
COUNTED_UP_TO = 1000
"""Counting stops here: a page says «hơn 1.000» rather than walk through a nation."""
_FINAL = tuple(stage.value for stage in FINAL_STAGES)


@dataclass(frozen=True)
class ListFilter:
    """What the address asks for. `state` is a stage, `pending` (waits for a receiver) or empty for all open lists.

    `village` are words of a village's name or a list's code; `holder` is a party; `mine` are the own unit's.
    """

    state: str = ""
    village: str = ""
    overdue: bool = False
    holder: str = ""
    mine: bool = False

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered away that could be shown again."""
        return bool(self.state or self.village or self.overdue or self.holder or self.mine)


@dataclass(frozen=True)
class ListRow:
    """One list in a table, with who holds it since when and whom to call."""

    id: UUID
    code: str
    name: str
    stage: Stage
    pending: bool
    round: int
    entries: int
    decided: int
    due_at: datetime | None
    was_due_at: datetime | None
    held_since: datetime
    holder: Contact
    worker: str = ""
    station: str = ""


@dataclass(frozen=True)
class ListPage:
    """A page of lists. `after` continues it; `matching` and `total` (all) are None beyond COUNTED_UP_TO."""

    rows: tuple[ListRow, ...]
    matching: int | None
    total: int | None
    after: UUID | None


def lists_page(actor: Actor, wanted: ListFilter, *, at: datetime, on: date, after: UUID | None = None) -> ListPage:
    """Fifty lists that the actor may see, the most urgent first; `after` is the last list of the page before."""
    seen = visible_to(actor, Permission.LIST_READ)
    conditions = [seen, *list_conditions(actor, wanted, at)]
    query = _select().where(*conditions, *_beyond(actor, after))
    query = query.order_by(CorrectionList.late_from.asc(), CorrectionList.id.asc()).limit(SIZE + 1)
    found = db.session.execute(query).all()
    stations = stations_beside_codes(actor, (row.station_unit_id for row in found))
    people = contacts({row.holder_unit_id for row in found} | stations, on)
    working = workers(((row.id, row.holder_unit_id) for row in found), on)
    rows = tuple(_row(row, people, working, stations) for row in found[:SIZE])
    matching = capped_count(conditions)
    total = capped_count([seen]) if wanted.is_set else matching
    return ListPage(rows, matching, total, rows[-1].id if len(found) > SIZE else None)


def matching(actor: Actor, wanted: ListFilter, at: datetime) -> Sequence[UUID]:
    """The ids of all lists that match, one more than a bulk act takes at most."""
    conditions = [visible_to(actor, Permission.LIST_READ), *list_conditions(actor, wanted, at)]
    return db.session.scalars(select(CorrectionList.id).where(*conditions).limit(LIMIT + 1)).all()


def latest_exchange(actor: Actor, list_id: UUID, kind: str) -> PlatformExchange | None:
    """The newest import file made (`import`), answer to it (`answer`) or list verified (`verification`)."""
    query = (
        select(PlatformExchange)
        .join(CorrectionList, PlatformExchange.list_id == CorrectionList.id)
        .where(
            visible_to(actor, Permission.LIST_READ),
            PlatformExchange.list_id == list_id,
            PlatformExchange.kind == kind,
        )
        .order_by(PlatformExchange.id.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def awaited_receiver(actor: Actor, list_id: UUID) -> Unit | None:
    """The unit whose countersignature a list waits for; None where nothing is pending."""
    query = (
        select(Unit)
        .join(Handover, Handover.receiver_unit_id == Unit.id)
        .join(CorrectionList, Handover.list_id == CorrectionList.id)
        .where(
            visible_to(actor, Permission.LIST_READ),
            Handover.list_id == list_id,
            Handover.status == HandoverStatus.SENT.value,
        )
    )
    return db.session.execute(query).scalar_one_or_none()


def _select() -> Any:  # noqa: ANN401  a select of named columns
    return select(
        CorrectionList.id,
        CorrectionList.code,
        CorrectionList.name,
        CorrectionList.stage,
        CorrectionList.pending_leg,
        CorrectionList.round,
        CorrectionList.entries,
        CorrectionList.decided,
        *DUE_COLUMNS,
        CorrectionList.held_since,
        CorrectionList.holder_unit_id,
        CorrectionList.station_unit_id,
    ).outerjoin(Clock, running_clock())


def list_conditions(actor: Actor, wanted: ListFilter, at: datetime) -> list[ColumnElement[bool]]:
    """The filter as conditions on CorrectionList."""
    found: list[ColumnElement[bool]] = []
    if wanted.state in {stage.value for stage in Stage}:
        found.append(CorrectionList.stage == wanted.state)
        if wanted.state not in _FINAL:
            found.append(CorrectionList.pending_leg.is_(None))
    elif wanted.state == "pending":
        found.append(CorrectionList.pending_leg.is_not(None))
    elif wanted.state != "all":
        found.append(CorrectionList.stage.not_in(_FINAL))
    if wanted.village:
        found.append(matches(CorrectionList.search, wanted.village))
    if wanted.overdue:
        found.append(is_overdue(at))
    if wanted.holder in set(Party):
        found.append(
            CorrectionList.stage.in_([stage.value for stage in OPEN_STAGES if HOLDER[stage] == wanted.holder])
        )
    if wanted.mine:
        found.append(CorrectionList.holder_unit_id == actor.unit_id)
    return found


def _beyond(actor: Actor, after: UUID | None) -> list[ColumnElement[bool]]:
    """The keyset: what comes behind the last list shown. Lists without a due date come last."""
    if after is None:
        return []
    last = db.session.execute(
        select(CorrectionList.late_from).where(CorrectionList.id == after, visible_to(actor, Permission.LIST_READ))
    ).one_or_none()
    if last is None:
        return []
    if last.late_from is None:
        return [CorrectionList.late_from.is_(None), CorrectionList.id > after]
    return [
        or_(
            CorrectionList.late_from > last.late_from,
            and_(CorrectionList.late_from == last.late_from, CorrectionList.id > after),
            CorrectionList.late_from.is_(None),
        )
    ]


def capped_count(conditions: Sequence[ColumnElement[bool]]) -> int | None:
    """How many lists meet the conditions; None beyond COUNTED_UP_TO."""
    some = select(CorrectionList.id).where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
    count = db.session.execute(select(func.count()).select_from(some)).scalar_one()
    return count if count <= COUNTED_UP_TO else None


def _row(
    row: Any,  # noqa: ANN401  a row of `_select`
    people: dict[int, Contact],
    working: dict[UUID, str],
    stations: set[int],
) -> ListRow:
    return ListRow(
        id=row.id,
        code=row.code,
        name=row.name,
        stage=Stage(row.stage),
        pending=row.pending_leg is not None,
        round=row.round,
        entries=row.entries,
        decided=row.decided,
        due_at=row.due_at,
        was_due_at=row.was_due_at,
        held_since=row.held_since,
        holder=people.get(row.holder_unit_id, NOBODY),
        worker=working.get(row.id, ""),
        station=people[row.station_unit_id].unit_name if row.station_unit_id in stations else "",
    )
