"""Clocks as pages show them: whose step runs until when, what was asked for, and the whole route of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from portal.domain.deadlines import ClockKind, is_late
from portal.domain.extensions import ExtensionStatus
from portal.models import Clock, CorrectionList, Extension, User, db


@dataclass(frozen=True)
class StepDue:
    """The step that runs on a list: whose it is, since when, due when; `first_due_at` is what it was due at first."""

    unit_id: int
    kind: ClockKind
    started_at: datetime
    due_at: datetime | None
    first_due_at: datetime | None
    inclusive: bool

    @property
    def was_due_at(self) -> datetime | None:
        """The due moment it had before; None where it never changed."""
        return self.first_due_at if self.first_due_at != self.due_at else None

    def is_late(self, at: datetime) -> bool:
        """Whether the step is late at this moment."""
        return self.due_at is not None and is_late(self.due_at, at, inclusive=self.inclusive)


@dataclass(frozen=True)
class AskedExtension:
    """The newest request for more time for a list's step, with who asked and who answered."""

    status: ExtensionStatus
    unit_name: str
    asker: str
    asked_at: datetime
    reason: str
    old_due_at: datetime
    wished_due_at: datetime
    new_due_at: datetime | None
    decider: str
    decided_at: datetime | None
    document: str
    answer: str


DUE_COLUMNS = (
    func.least(Clock.due_at, CorrectionList.due_at).label("due_at"),
    func.nullif(Clock.first_due_at, Clock.due_at).label("was_due_at"),
)
"""What a table shows as due: the running step or the whole list, whichever is first; the step's first due moment.

The same moment decides whether the list is late (`CorrectionList.late_from`).
"""


@dataclass(frozen=True)
class ShownDue:
    """A due moment for a table, with the one before it."""

    at: datetime | None
    was: datetime | None


def dues_of(list_ids: Iterable[UUID]) -> dict[UUID, ShownDue]:
    """What each list shows as due, in one select. The lists are the reader's to see."""
    query = (
        select(CorrectionList.id, *DUE_COLUMNS)
        .outerjoin(Clock, running_clock())
        .where(CorrectionList.id.in_(list(list_ids)))
    )
    return {row.id: ShownDue(row.due_at, row.was_due_at) for row in db.session.execute(query)}


def steps_running(list_ids: Iterable[UUID]) -> dict[UUID, StepDue]:
    """The running step of each list, in one select; ended lists have none. The lists are the reader's to see."""
    wanted = list(list_ids)
    if not wanted:
        return {}
    query = select(
        Clock.list_id,
        Clock.unit_id,
        Clock.kind,
        Clock.started_at,
        Clock.due_at,
        Clock.first_due_at,
        Clock.due_inclusive,
    ).where(Clock.list_id.in_(wanted), Clock.stopped_at.is_(None))
    return {row.list_id: step_of_row(row) for row in db.session.execute(query)}


def running_clock() -> Any:  # noqa: ANN401  a condition for a join
    """Joins a list's running clock to CorrectionList."""
    return and_(Clock.list_id == CorrectionList.id, Clock.stopped_at.is_(None))


def step_of_row(row: Any) -> StepDue:  # noqa: ANN401  a row with the clock's columns
    """The step from a row that bears the clock's columns under their own names."""
    return StepDue(row.unit_id, ClockKind(row.kind), row.started_at, row.due_at, row.first_due_at, row.due_inclusive)


def newest_extension(list_id: UUID) -> AskedExtension | None:
    """The newest request for the step that runs now; None where nothing was asked for it."""
    asker = select(User.full_name).where(User.id == Extension.asked_by)
    decider = select(User.full_name).where(User.id == Extension.decided_by)
    query = (
        select(Extension, asker.scalar_subquery().label("asker"), decider.scalar_subquery().label("decider"))
        .join(Clock, Extension.clock_id == Clock.id)
        .where(Extension.list_id == list_id, Clock.stopped_at.is_(None))
        .options(joinedload(Extension.unit))
        .order_by(Extension.asked_at.desc())
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    found: Extension = row.Extension
    return AskedExtension(
        status=ExtensionStatus(found.status),
        unit_name=found.unit.name,
        asker=row.asker or "",
        asked_at=found.asked_at,
        reason=found.reason,
        old_due_at=found.old_due_at,
        wished_due_at=found.wished_due_at,
        new_due_at=found.new_due_at,
        decider=row.decider or "",
        decided_at=found.decided_at,
        document=found.document,
        answer=found.answer,
    )


def clocks_of(list_ids: Iterable[UUID]) -> Sequence[Clock]:
    """Every stretch of the lists' clocks in order of time, with its unit."""
    query = select(Clock).where(Clock.list_id.in_(list(list_ids))).options(joinedload(Clock.unit))
    return db.session.execute(query.order_by(Clock.started_at, Clock.id)).scalars().all()
