"""Registers of units with their rows: vaccination sites, staff, residents, contacts, each as of one day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import PublicId, SerialId, db
from portal.models.unit import Unit


class Register(db.Model):  # type: ignore[name-defined, misc]
    """A unit's register of one kind as of one day; a later day is a register of its own."""

    __tablename__ = "register"
    __table_args__ = (
        Index("uq_register_unit_kind_day", "unit_id", "kind", "as_of", unique=True),
        Index("ix_register_territory_path", "territory_path", postgresql_ops={"territory_path": "text_pattern_ops"}),
    )

    id: Mapped[PublicId]
    province_id: Mapped[int]
    territory_path: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str]
    as_of: Mapped[date]
    rows: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    rev: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()


class RegisterRow(db.Model):  # type: ignore[name-defined, misc]
    """One row; `number` is never used again within its register."""

    __tablename__ = "register_row"
    __table_args__ = (Index("uq_register_row_number", "register_id", "number", unique=True),)

    id: Mapped[SerialId]
    register_id: Mapped[UUID] = mapped_column(ForeignKey("register.id"))
    number: Mapped[int]
    values: Mapped[dict[str, Any]]
