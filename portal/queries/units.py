"""Units within an administrator's territory, as a tree and by code."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from portal.domain.permissions import Actor
from portal.domain.units import TERRITORIES, UnitKind
from portal.models import Unit, db


@dataclass(frozen=True)
class UnitLine:
    """A unit with its depth below the reader's own territory, 0 for the topmost."""

    unit: Unit
    depth: int


def within(actor: Actor) -> ColumnElement[bool]:
    """A condition on Unit: it is or serves a territory inside the actor's."""
    return Unit.territory_path.startswith(actor.territory_path, autoescape=True)


def tree(actor: Actor) -> list[UnitLine]:
    """The actor's units in tree order: each territory, the offices that serve it, then what lies in it."""
    units = db.session.execute(select(Unit).where(within(actor))).scalars().all()
    names = {unit.id: unit.name for unit in units}
    base = actor.territory_path.count("/")

    def order(unit: Unit) -> tuple[object, ...]:
        steps = [int(step) for step in unit.territory_path.strip("/").split("/")]
        return ([names.get(step, "") + f"\0{step}" for step in steps], not _is_territory(unit), unit.kind, unit.name)

    return [
        UnitLine(unit, unit.territory_path.count("/") - base + (not _is_territory(unit)))
        for unit in sorted(units, key=order)
    ]


def territories(actor: Actor) -> Sequence[Unit]:
    """The territories of the actor's tree that still exist, by path: what a new unit may lie in or serve."""
    kinds = [kind.value for kind in TERRITORIES]
    query = select(Unit).where(within(actor), Unit.kind.in_(kinds), Unit.valid_to.is_(None))
    return db.session.execute(query.order_by(Unit.territory_path)).scalars().all()


def manageable_unit(actor: Actor, unit_id: int) -> Unit | None:
    """The unit if it lies in the actor's territory."""
    return db.session.execute(select(Unit).where(Unit.id == unit_id, within(actor))).scalar_one_or_none()


def by_code(code: str) -> Unit | None:
    """The newest unit that bears the code."""
    query = select(Unit).where(Unit.code == code).order_by(Unit.valid_from.desc()).limit(1)
    return db.session.execute(query).scalar_one_or_none()


def _is_territory(unit: Unit) -> bool:
    return UnitKind(unit.kind) in TERRITORIES
