"""Who was late with a report, by how much, and who headed the unit on that day (Đồng Nai 9/2021)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from portal.clock import local
from portal.domain.permissions import Actor
from portal.models import ReportDuty, ReportPeriod, db
from portal.queries.contacts import NOBODY, Contact, contacts
from portal.queries.reports import visible_duties

LOOKED_BACK = timedelta(days=31)


@dataclass(frozen=True)
class LateLine:
    """One late report: how late it was (is), who headed the unit on the due day, how often the unit was late."""

    duty: ReportDuty
    late_by: timedelta
    head: Contact
    times: int


def late_lines(actor: Actor, at: datetime, *, page: int, size: int) -> list[LateLine]:
    """Late and overdue reports of the last month that the actor may see, the most often late units first."""
    times = func.count().over(partition_by=ReportDuty.responsible_unit_id)
    query = (
        select(ReportDuty, times)
        .join(ReportPeriod, ReportPeriod.id == ReportDuty.period_id)
        .where(_late(actor, at))
        .options(joinedload(ReportDuty.period), joinedload(ReportDuty.unit), joinedload(ReportDuty.responsible))
        .order_by(times.desc(), ReportDuty.responsible_unit_id, ReportDuty.due_at.desc(), ReportDuty.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    rows = db.session.execute(query).all()
    heads = _heads([row[0] for row in rows])
    return [
        LateLine(
            duty,
            (duty.sent_at or at) - duty.due_at,
            heads.get((duty.responsible_unit_id, local(duty.due_at).date()), NOBODY),
            count,
        )
        for duty, count in rows
    ]


def count_late(actor: Actor, at: datetime) -> int:
    """How many late and overdue reports of the last month the actor may see."""
    query = select(func.count()).select_from(ReportDuty)
    query = query.join(ReportPeriod, ReportPeriod.id == ReportDuty.period_id).where(_late(actor, at))
    return db.session.execute(query).scalar_one()


def sending_times(duty: ReportDuty) -> Sequence[datetime]:
    """When the children of a gathering duty sent, as far as they have."""
    query = select(ReportDuty.sent_at).where(ReportDuty.parent_id == duty.id, ReportDuty.sent_at.is_not(None))
    return [moment for moment in db.session.scalars(query) if moment is not None]


def _late(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """`domain.deadlines.is_late` said in SQL: whole seconds, the boundary as the period keeps it."""
    end = func.coalesce(ReportDuty.sent_at, at)
    from_ = ReportDuty.due_at + case((ReportPeriod.due_inclusive, timedelta(seconds=1)), else_=timedelta())
    recent = or_(ReportDuty.due_at >= at - LOOKED_BACK, ReportDuty.sent_at.is_(None))
    return and_(end >= func.date_trunc("second", from_), recent, visible_duties(actor))


def _heads(duties: Sequence[ReportDuty]) -> dict[tuple[int, object], Contact]:
    """The head of each unit on each due day; one select a day."""
    days = {local(each.due_at).date() for each in duties}
    found: dict[tuple[int, object], Contact] = {}
    for day in days:
        units = [each.responsible_unit_id for each in duties if local(each.due_at).date() == day]
        found |= {(unit, day): contact for unit, contact in contacts(units, day).items()}
    return found
