"""Progress over a territory: people by who holds them, per commune or village, and the lists behind the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, case, cast, func, select

from portal.domain.permissions import Actor, Permission, is_within
from portal.domain.stages import DISSOLVED_STAGES, HOLDER, OPEN_STAGES, Party, Stage
from portal.domain.units import TERRITORIES, UNKNOWN_VILLAGE, UnitKind
from portal.models import CorrectionList, Unit, db
from portal.queries.inbox_tabs import is_overdue
from portal.queries.scope import visible_to

_OUTSIDE = tuple(stage.value for stage in (Stage.CANCELLED, *DISSOLVED_STAGES))
"""Cancelled people are nobody's work; a dissolved list's people are counted where they are now."""
_OPEN = tuple(stage.value for stage in OPEN_STAGES)


@dataclass(frozen=True)
class ProgressRow:
    """People of one territory by who holds them; station + village + police + done = total."""

    unit_id: int | None
    name: str
    total: int
    station: int
    village: int
    police: int
    done: int
    lists: int
    overdue: int

    @property
    def percent(self) -> int:
        """Finished people of all, rounded down, so that 100 % means all."""
        return self.done * 100 // self.total if self.total else 0


@dataclass(frozen=True)
class Territory:
    """A province, district, commune or village."""

    id: int
    name: str
    territory_path: str


def territory(actor: Actor, unit_id: int | None) -> Territory | None:
    """The territory to look at: the actor's own, or one within it; None where it is not the actor's to see."""
    own = int(actor.territory_path.strip("/").rpartition("/")[2])
    found = db.session.get(Unit, unit_id if unit_id is not None else own)
    if (
        found is None
        or UnitKind(found.kind) not in TERRITORIES
        or not is_within(found.territory_path, actor.territory_path)
    ):
        return None
    return Territory(found.id, found.name, found.territory_path)


def ancestors(actor: Actor, of: Territory) -> list[tuple[int, str]]:
    """The territories above `of`, the actor's own first, as id and name."""
    steps = [int(step) for step in of.territory_path.strip("/").split("/")]
    first = len(actor.territory_path.strip("/").split("/")) - 1
    wanted = steps[first:-1]
    if not wanted:
        return []
    names = {row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(wanted)))}
    return [(step, names[step]) for step in wanted]


def progress(actor: Actor, of: Territory, at: datetime) -> list[ProgressRow]:
    """One row per territory below `of` that has lists, by name; lists without a village stand last."""
    depth = of.territory_path.count("/") + 1
    step = func.nullif(func.split_part(CorrectionList.territory_path, "/", depth), "")
    child = cast(step, BigInteger).label("child")
    figures = (
        select(child, *_figures(at))
        .where(in_territory(actor, of), CorrectionList.stage.not_in(_OUTSIDE))
        .group_by(child)
        .subquery()
    )
    query = select(figures, Unit.name).outerjoin(Unit, Unit.id == figures.c.child)
    rows = [_progress_row(row, row.child, row.name or UNKNOWN_VILLAGE) for row in db.session.execute(query)]
    return sorted(rows, key=lambda row: (row.unit_id is None, row.name))


def total_of(rows: Sequence[ProgressRow], name: str) -> ProgressRow:
    """The sum of the rows."""
    columns = ("total", "station", "village", "police", "done", "lists", "overdue")
    return ProgressRow(None, name, *(sum(getattr(row, column) for row in rows) for column in columns))


def lists_in(actor: Actor, of: Territory, *, page: int, size: int) -> Sequence[CorrectionList]:
    """One page of the territory's lists, the open and most urgent first."""
    final = case((CorrectionList.stage.in_(_OPEN), 0), else_=1)
    query = (
        select(CorrectionList)
        .where(in_territory(actor, of))
        .order_by(final, CorrectionList.late_from.asc().nulls_last(), CorrectionList.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return db.session.execute(query).scalars().all()


def count_lists(actor: Actor, of: Territory) -> int:
    """How many lists the territory has, cancelled ones included."""
    return db.session.execute(select(func.count()).where(in_territory(actor, of))).scalar_one()


def in_territory(actor: Actor, of: Territory) -> ColumnElement[bool]:
    """A condition on CorrectionList: in the territory, and in the actor's reach."""
    return and_(
        visible_to(actor, Permission.PROGRESS_READ),
        CorrectionList.territory_path.startswith(of.territory_path, autoescape=True),
    )


def _figures(at: datetime) -> list[Any]:
    def people_at(stages: list[Stage], name: str) -> Any:  # noqa: ANN401  a labelled column
        here = CorrectionList.stage.in_([stage.value for stage in stages])
        return cast(func.coalesce(func.sum(CorrectionList.entries).filter(here), 0), Integer).label(name)

    return [
        cast(func.sum(CorrectionList.entries), Integer).label("total"),
        *(people_at([stage for stage in OPEN_STAGES if HOLDER[stage] is party], party.value) for party in Party),
        people_at([Stage.CLOSED], "done"),
        func.count().label("lists"),
        func.count().filter(is_overdue(at)).label("overdue"),
    ]


def _progress_row(row: Any, unit_id: int | None, name: str) -> ProgressRow:  # noqa: ANN401  a row of figures
    return ProgressRow(
        unit_id, name, row.total, row.station, row.village, row.police, row.done, row.lists, row.overdue
    )
