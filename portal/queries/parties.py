"""The units and people on the sides of a list: village task forces, police, signers."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.domain.permissions import Actor, Permission, Reach, reach_of
from portal.domain.units import UnitKind
from portal.models import Membership, Unit, User, db
from portal.queries.accounts import in_force


def village_task_forces(station: Unit, on: date) -> Sequence[Unit]:
    """The village task forces of the station's commune that exist on the day, by name."""
    village = aliased(Unit)
    query = (
        select(Unit)
        .join(village, Unit.serves_id == village.id)
        .where(
            Unit.kind == UnitKind.VILLAGE_TASK_FORCE.value,
            Unit.territory_path.startswith(station.territory_path, autoescape=True),
            _exists_on(on),
        )
        .options(joinedload(Unit.serves))
        .order_by(village.name)
    )
    return db.session.execute(query).scalars().all()


def commune_police(station: Unit, on: date) -> Unit | None:
    """The police unit that serves the station's commune on the day."""
    query = select(Unit).where(
        Unit.kind == UnitKind.COMMUNE_POLICE.value, Unit.territory_path == station.territory_path, _exists_on(on)
    )
    return db.session.execute(query.order_by(Unit.id).limit(1)).scalar_one_or_none()


def neighbour_stations(station: Unit, on: date) -> Sequence[Unit]:
    """The health stations of the other communes of the station's province on the day, by name."""
    query = select(Unit).where(
        Unit.kind == UnitKind.HEALTH_STATION.value,
        Unit.province_id == station.province_id,
        Unit.id != station.id,
        _exists_on(on),
    )
    return db.session.execute(query.order_by(Unit.name)).scalars().all()


def overseeing_unit(station: Unit, on: date) -> Unit | None:
    """The unit above the station's work: the commune's task force, else the nearest supervising office."""
    kinds = (UnitKind.COMMUNE_TASK_FORCE.value, UnitKind.SUPERVISOR_OFFICE.value)
    above = literal(station.territory_path).startswith(Unit.territory_path, autoescape=False)
    query = select(Unit).where(Unit.kind.in_(kinds), above, _exists_on(on))
    return db.session.execute(query.order_by(func.length(Unit.territory_path).desc(), Unit.id).limit(1)).scalar()


def commune_leads(station: Unit, on: date) -> Sequence[Unit]:
    """The commune's coordinating units (tổ công tác Đề án 06 cấp xã) of the station's commune on the day."""
    query = select(Unit).where(
        Unit.kind == UnitKind.COMMUNE_TASK_FORCE.value, Unit.territory_path == station.territory_path, _exists_on(on)
    )
    return db.session.execute(query.order_by(Unit.id)).scalars().all()


def supervisors(station: Unit, on: date) -> Sequence[Unit]:
    """The supervising offices nearest above the station: of its commune, else district, else province."""
    query = select(Unit).where(
        Unit.kind == UnitKind.SUPERVISOR_OFFICE.value,
        literal(station.territory_path).startswith(Unit.territory_path),
        _exists_on(on),
    )
    found = db.session.execute(query.order_by(Unit.id)).scalars().all()
    nearest = max((len(unit.territory_path) for unit in found), default=0)
    return [unit for unit in found if len(unit.territory_path) == nearest]


def signers(unit_id: int, on: date) -> Sequence[Membership]:
    """The memberships appointed to sign for the unit on the day, oldest first."""
    query = (
        select(Membership)
        .join(User, Membership.user_id == User.id)
        .where(
            Membership.unit_id == unit_id,
            Membership.can_sign,
            in_force(on),
            User.disabled_at.is_(None),
        )
        .options(joinedload(Membership.user), joinedload(Membership.unit))
        .order_by(Membership.id)
    )
    return db.session.execute(query).scalars().all()


def _exists_on(on: date) -> ColumnElement[bool]:
    return (Unit.valid_from <= on) & or_(Unit.valid_to.is_(None), Unit.valid_to >= on)


def villages_served_by(actor: Actor, on: date) -> list[tuple[int, str]]:
    """The villages of the actor's own station with their names; none for whoever arranges more than one station."""
    if reach_of(actor.role, Permission.LIST_ARRANGE) is not Reach.OWN:
        return []
    station = db.session.get_one(Unit, actor.unit_id)
    return [(unit.id, unit.serves.name if unit.serves else unit.name) for unit in village_task_forces(station, on)]
