"""Units (territories and the offices that serve them) and their successions."""

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import SerialId, db


class Unit(db.Model):  # type: ignore[name-defined, misc]
    """A territory (province, district, commune, village) or an office; neither code nor name is a key alone.

    `territory_path` is the path of the territory the unit is or serves, ids joined by slashes: `/1/15/154/`.
    """

    __tablename__ = "unit"
    __table_args__ = (
        Index("uq_unit_code_valid_from", "code", "valid_from", unique=True),
        Index("ix_unit_territory_path", "territory_path", postgresql_ops={"territory_path": "text_pattern_ops"}),
    )

    id: Mapped[SerialId]
    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    abbreviation: Mapped[str] = mapped_column(default="")
    superior_name: Mapped[str] = mapped_column(default="")
    place_name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    seal_picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    serves_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    territory_path: Mapped[str]
    province_id: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id", foreign_keys=[parent_id])
    serves: Mapped["Unit | None"] = relationship(remote_side="Unit.id", foreign_keys=[serves_id])


class UnitSuccession(db.Model):  # type: ignore[name-defined, misc]
    """One unit's work passing to another on a date (rename, merge, split, level removed)."""

    __tablename__ = "unit_succession"

    id: Mapped[SerialId]
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    decision: Mapped[str] = mapped_column(default="")
