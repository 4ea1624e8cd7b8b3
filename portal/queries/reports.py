"""Reports an actor may see: what the own unit owes, the periods of a territory, a total with who is in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, false, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload
from sqlalchemy.types import BigInteger

from portal.domain.permissions import Actor, Permission, Reach, reach_of
from portal.domain.report_deadlines import Timeliness, is_open, timeliness
from portal.domain.report_forms import Form
from portal.domain.report_states import ReportStatus
from portal.domain.report_totals import Total
from portal.models import Report, ReportDuty, ReportPeriod, Unit, db


@dataclass(frozen=True)
class DutyLine:
    """One duty as a table shows it: whose, how it stands, its latest version."""

    duty: ReportDuty
    unit_name: str
    report: Report | None
    stands: Timeliness

    @property
    def status(self) -> ReportStatus | None:
        """Where the latest version stands; None while nothing was begun."""
        return ReportStatus(self.report.status) if self.report else None


@dataclass(frozen=True)
class Tile:
    """One unit of a total in a picture: whose duty, how it stands."""

    duty_id: UUID
    unit_name: str
    stands: Timeliness


def visible_duties(actor: Actor) -> ColumnElement[bool]:
    """A condition on ReportDuty: the own unit's, and for oversight all of the own territory."""
    own = or_(ReportDuty.responsible_unit_id == actor.unit_id, ReportDuty.unit_id == actor.unit_id)
    reach = reach_of(actor.role, Permission.REPORT_READ)
    if reach is Reach.TERRITORY:
        return or_(own, ReportDuty.territory_path.startswith(actor.territory_path, autoescape=True))
    return own if reach is Reach.OWN else false()


def duty_of(actor: Actor, duty_id: UUID) -> ReportDuty | None:
    """The duty if the actor may see it."""
    query = select(ReportDuty).where(ReportDuty.id == duty_id, visible_duties(actor))
    return db.session.execute(
        query.options(joinedload(ReportDuty.period), joinedload(ReportDuty.unit), joinedload(ReportDuty.responsible))
    ).scalar_one_or_none()


def own_duties(actor: Actor, at: datetime, *, page: int, size: int) -> list[DutyLine]:
    """What the actor's unit owes, what is still to be sent first, the most urgent on top."""
    done = ReportDuty.sent_at.is_not(None)
    query = (
        select(ReportDuty)
        .where(ReportDuty.responsible_unit_id == actor.unit_id)
        .options(joinedload(ReportDuty.period), joinedload(ReportDuty.unit))
        .order_by(done, ReportDuty.due_at, ReportDuty.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return _lines(db.session.scalars(query).all(), at)


def count_own(actor: Actor, *, unsent: bool = False) -> int:
    """How many reports the actor's unit owes; `unsent` those that were not sent yet."""
    query = select(func.count()).where(ReportDuty.responsible_unit_id == actor.unit_id)
    return db.session.execute(query.where(ReportDuty.sent_at.is_(None)) if unsent else query).scalar_one()


def recent_periods(actor: Actor, *, page: int, size: int) -> list[tuple[ReportPeriod, ReportDuty]]:
    """Periods of the actor's territory with the duty that gathers it, the newest first."""
    query = (
        select(ReportPeriod, ReportDuty)
        .join(ReportDuty, ReportDuty.period_id == ReportPeriod.id)
        .where(_topmost(actor))
        .order_by(ReportPeriod.as_of.desc(), ReportPeriod.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def count_periods(actor: Actor) -> int:
    """How many periods the actor's territory has."""
    query = select(func.count()).select_from(ReportDuty).where(_topmost(actor))
    return db.session.execute(query).scalar_one()


def _topmost(actor: Actor) -> ColumnElement[bool]:
    return and_(ReportDuty.gathers, ReportDuty.territory_path == actor.territory_path, visible_duties(actor))


def children_of(actor: Actor, duty: ReportDuty, at: datetime, *, page: int, size: int) -> list[DutyLine]:
    """One page of the duties whose figures go into this one, by name, as far as the actor's rights go."""
    query = (
        select(ReportDuty)
        .join(Unit, Unit.id == ReportDuty.unit_id)
        .where(ReportDuty.parent_id == duty.id, visible_duties(actor))
        .options(joinedload(ReportDuty.unit), joinedload(ReportDuty.period), joinedload(ReportDuty.responsible))
        .order_by(Unit.name, ReportDuty.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return _lines(db.session.scalars(query).all(), at)


def count_children(actor: Actor, duty: ReportDuty) -> int:
    """How many of them there are."""
    query = select(func.count()).where(ReportDuty.parent_id == duty.id, visible_duties(actor))
    return db.session.execute(query).scalar_one()


def tiles_of(actor: Actor, duty: ReportDuty, at: datetime) -> list[Tile]:
    """Every child by name with how it stands, without its figures: what the picture of all units needs."""
    query = (
        select(ReportDuty.id, Unit.name, ReportDuty.due_at, ReportDuty.sent_at)
        .join(Unit, Unit.id == ReportDuty.unit_id)
        .where(ReportDuty.parent_id == duty.id, visible_duties(actor))
        .order_by(Unit.name, ReportDuty.id)
    )
    inclusive = duty.period.due_inclusive
    return [
        Tile(row.id, row.name, timeliness(row.due_at, row.sent_at, at, inclusive=inclusive))
        for row in db.session.execute(query)
    ]


def figures_below(actor: Actor, duty: ReportDuty) -> list[tuple[str, dict[str, Any] | None]]:
    """Every child by name with its accepted figures, None where it has none in the total."""
    query = (
        select(Unit.name, Report.values)
        .select_from(ReportDuty)
        .join(Unit, Unit.id == ReportDuty.unit_id)
        .outerjoin(Report, Report.id == ReportDuty.accepted_id)
        .where(ReportDuty.parent_id == duty.id, visible_duties(actor))
        .order_by(Unit.name, ReportDuty.id)
    )
    return [(row.name, row.values) for row in db.session.execute(query)]


def total_of(form: Form, duty_id: UUID) -> Total:
    """Σ of the children's latest accepted figures and who is missing, in one pass over the children's rows."""
    children = db.session.execute(
        select(ReportDuty.id, Unit.name, ReportDuty.accepted_id, Report.missing)
        .join(Unit, Unit.id == ReportDuty.unit_id)
        .outerjoin(Report, Report.id == ReportDuty.accepted_id)
        .where(ReportDuty.parent_id == duty_id)
        .order_by(Unit.name, ReportDuty.id)
    ).all()
    sums = {each.key: 0 for each in form.fields if each.counts}
    columns = [
        func.coalesce(func.sum(cast(Report.values[key].astext, BigInteger)), 0).label(f"c{place}")
        for place, key in enumerate(sums)
    ]
    taken = (
        select(*columns)
        .select_from(ReportDuty)
        .join(Report, Report.id == ReportDuty.accepted_id)
        .where(ReportDuty.parent_id == duty_id)
    )
    if columns:
        found = db.session.execute(taken).one()
        sums = {key: int(found[place]) for place, key in enumerate(sums)}
    return Total(
        sums,
        tuple(each.name for each in children if each.accepted_id),
        tuple(each.name for each in children if not each.accepted_id),
        tuple(f"{name} ({each.name})" for each in children for name in each.missing or ()),
    )


def sending(duty_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """By duty, in one pass: how many children owe a report, have sent one, and have one in the total."""
    counted = (
        select(ReportDuty.parent_id, func.count(), func.count(ReportDuty.sent_at), func.count(ReportDuty.accepted_id))
        .where(ReportDuty.parent_id.in_(list(duty_ids)))
        .group_by(ReportDuty.parent_id)
    )
    return {parent: (owed, sent, taken) for parent, owed, sent, taken in db.session.execute(counted) if parent}


def latest_of(duty_id: UUID) -> Report | None:
    """The newest version for a duty."""
    query = select(Report).where(Report.duty_id == duty_id).order_by(Report.version.desc()).limit(1)
    return db.session.execute(query).scalar_one_or_none()


def versions_of(actor: Actor, duty: ReportDuty) -> Sequence[Report]:
    """Every version for the duty, the newest first."""
    query = select(Report).join(ReportDuty, ReportDuty.id == Report.duty_id)
    query = query.where(Report.duty_id == duty.id, visible_duties(actor)).order_by(Report.version.desc())
    return db.session.scalars(query).all()


def accepted_of(duty: ReportDuty) -> Report | None:
    """The report whose figures stand in totals now."""
    return db.session.get(Report, duty.accepted_id) if duty.accepted_id else None


def previous_values(unit_id: int, form_key: str, before: date) -> dict[str, Any]:
    """The values the unit sent last for the form, of an earlier day; empty where there are none."""
    query = (
        select(Report.values)
        .join(ReportDuty, ReportDuty.id == Report.duty_id)
        .join(ReportPeriod, ReportPeriod.id == ReportDuty.period_id)
        .where(
            ReportDuty.unit_id == unit_id,
            ReportPeriod.form_key == form_key,
            ReportPeriod.as_of < before,
            Report.status.in_([ReportStatus.SENT.value, ReportStatus.ACCEPTED.value]),
        )
        .order_by(ReportPeriod.as_of.desc(), Report.version.desc())
        .limit(1)
    )
    return dict(db.session.execute(query).scalar_one_or_none() or {})


def parent_unit(duty: ReportDuty) -> Unit | None:
    """The unit above that takes the report; None at the top."""
    if duty.parent_id is None:
        return None
    query = select(Unit).join(ReportDuty, ReportDuty.responsible_unit_id == Unit.id)
    return db.session.execute(query.where(ReportDuty.id == duty.parent_id)).scalar_one_or_none()


def stands(duty: ReportDuty, at: datetime) -> Timeliness:
    """How the duty stands against its due moment now."""
    return timeliness(duty.due_at, duty.sent_at, at, inclusive=duty.period.due_inclusive)


def may_be_sent(duty: ReportDuty, at: datetime) -> bool:
    """Whether the period is open for this duty at the moment; at the top always: nobody above could open it again."""
    return duty.parent_id is None or is_open(at, duty.period.locks_at, duty.open_until)


def by_receipt(code: str) -> Report | None:
    """The report that a receipt's code stands for."""
    query = select(Report).where(Report.receipt_code == code) if code else None
    return None if query is None else db.session.execute(query).scalar_one_or_none()


def _lines(duties: Sequence[ReportDuty], at: datetime) -> list[DutyLine]:
    latest = _latest(each.id for each in duties)
    return [DutyLine(each, each.unit.name, latest.get(each.id), stands(each, at)) for each in duties]


def _latest(duty_ids: Iterable[UUID]) -> dict[UUID, Report]:
    wanted = list(duty_ids)
    if not wanted:
        return {}
    query = (
        select(Report)
        .where(Report.duty_id.in_(wanted))
        .ext(distinct_on(Report.duty_id))
        .order_by(Report.duty_id, Report.version.desc())
    )
    return {each.duty_id: each for each in db.session.scalars(query)}
