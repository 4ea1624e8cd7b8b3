"""Uploaded workbooks, parked rows, remembered column mappings and the batches made of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import PublicId, SerialId, db
from portal.models.unit import Unit


class ImportFile(db.Model):  # type: ignore[name-defined, misc]
    """One uploaded platform export and what the check found; `batch_id` is set when it became a batch."""

    __tablename__ = "import_file"
    __table_args__ = (
        Index("ix_import_file_station_unit_id_created_at", "station_unit_id", "created_at"),
        Index(
            "uq_import_file_batch",
            "station_unit_id",
            "sha256",
            unique=True,
            postgresql_where="batch_id IS NOT NULL",
        ),
    )

    id: Mapped[PublicId]
    station_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    sha256: Mapped[str]
    filename: Mapped[str]
    sheet: Mapped[str] = mapped_column(default="")
    mapping: Mapped[dict[str, Any] | None]
    rows: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    parked: Mapped[int] = mapped_column(default=0)
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"), index=True)


class ParkedRow(db.Model):  # type: ignore[name-defined, misc]
    """A row that could not be taken: kept whole, never dropped, out of every list."""

    __tablename__ = "parked_row"

    id: Mapped[SerialId]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"), index=True)
    row: Mapped[int]
    raw: Mapped[dict[str, Any]]
    findings: Mapped[list[dict[str, Any]]]


class ColumnProfile(db.Model):  # type: ignore[name-defined, misc]
    """A station's corrected column mapping for one set of headings."""

    __tablename__ = "column_profile"

    station_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    headings_key: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class Batch(db.Model):  # type: ignore[name-defined, misc]
    """What a station imported at once; its number never changes. `step_days` are the days per step of its lists."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("uq_batch_station_unit_id_code", "station_unit_id", "code", unique=True),
        Index("ix_batch_territory_path", "territory_path", postgresql_ops={"territory_path": "text_pattern_ops"}),
    )

    id: Mapped[PublicId]
    code: Mapped[str]
    station_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    province_id: Mapped[int]
    territory_path: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None]
    step_days: Mapped[dict[str, Any]] = mapped_column(default=dict)
    entries: Mapped[int]
    parked: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))

    station: Mapped[Unit] = relationship()
