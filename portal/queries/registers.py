"""Registers an actor may see: the own unit's with their rows; of the territory without residents' names."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.permissions import Actor, Permission, Reach, reach_of
from portal.domain.registers import RegisterKind
from portal.models import Register, RegisterRow, Unit, db


def visible_registers(actor: Actor) -> ColumnElement[bool]:
    """A condition on Register: the own unit's, and for oversight those of the own territory."""
    reach = reach_of(actor.role, Permission.REGISTER_READ)
    own = Register.unit_id == actor.unit_id
    if reach is Reach.TERRITORY:
        return or_(own, Register.territory_path.startswith(actor.territory_path, autoescape=True))
    return own if reach is Reach.OWN else false()


def register_of(actor: Actor, register_id: UUID) -> Register | None:
    """The register if the actor may see it."""
    query = select(Register).where(Register.id == register_id, visible_registers(actor))
    return db.session.execute(query.options(joinedload(Register.unit))).scalar_one_or_none()


def shows_rows(actor: Actor, register: Register) -> bool:
    """Whether the rows may be read: residents' names stay with the unit that keeps them."""
    return register.kind != RegisterKind.RESIDENTS.value or register.unit_id == actor.unit_id


def registers(actor: Actor, kind: str, *, page: int, size: int) -> Sequence[Register]:
    """The visible registers (of one kind, or of all), the own unit's first, the newest on top."""
    query = (
        _of_kind(actor, kind)
        .options(joinedload(Register.unit))
        .order_by((Register.unit_id == actor.unit_id).desc(), Register.as_of.desc(), Register.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return db.session.scalars(query).all()


def count(actor: Actor, kind: str) -> int:
    """How many there are."""
    return db.session.execute(select(func.count()).select_from(_of_kind(actor, kind).subquery())).scalar_one()


def rows_of(register: Register, *, page: int = 1, size: int = 0) -> Sequence[RegisterRow]:
    """The register's rows by number; all of them where `size` is 0."""
    query = select(RegisterRow).where(RegisterRow.register_id == register.id).order_by(RegisterRow.number)
    if size:
        query = query.limit(size).offset((page - 1) * size)
    return db.session.scalars(query).all()


def latest(unit_id: int, kind: RegisterKind, before: date) -> Register | None:
    """The unit's newest register of the kind before the day."""
    query = select(Register).where(Register.unit_id == unit_id, Register.kind == kind.value, Register.as_of < before)
    return db.session.scalars(query.order_by(Register.as_of.desc()).limit(1)).one_or_none()


def contacts_on(actor: Actor, on: date) -> list[tuple[str, date, dict[str, Any]]]:
    """Every contact of each visible unit's newest register up to the day: unit, the register's day, the row.

    Đồng Nai 9/2021: the leader in charge and the advising section of each unit, with phones.
    """
    newest = (
        select(Register.unit_id, func.max(Register.as_of).label("as_of"))
        .where(visible_registers(actor), Register.kind == RegisterKind.CONTACTS.value, Register.as_of <= on)
        .group_by(Register.unit_id)
        .subquery()
    )
    query = (
        select(Unit.name, Register.as_of, RegisterRow.values)
        .join(Register, Register.id == RegisterRow.register_id)
        .join(newest, (newest.c.unit_id == Register.unit_id) & (newest.c.as_of == Register.as_of))
        .join(Unit, Unit.id == Register.unit_id)
        .where(Register.kind == RegisterKind.CONTACTS.value)
        .order_by(Unit.name, RegisterRow.number)
        .limit(2_000)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def _of_kind(actor: Actor, kind: str) -> Any:  # noqa: ANN401  a select of registers
    query = select(Register).where(visible_registers(actor))
    return query.where(Register.kind == kind) if kind else query
