"""Clocks of lists, requests for more time, a station's usual days per step, notices and how far they were read."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import PublicId, SerialId, db
from portal.models.correction_list import CorrectionList
from portal.models.event import Event
from portal.models.unit import Unit


class Clock(db.Model):  # type: ignore[name-defined, misc]
    """One stretch of time that one unit could act on a list; exactly one runs while the list is open.

    A clock that went on after a refusal or recall is a further stretch of the same: `origin_id` names its first one.
    `first_due_at` is what `due_at` was at the start; `reminded` is the last reminder sent for the present due moment.
    """

    __tablename__ = "clock"
    __table_args__ = (
        Index("uq_clock_running_list", "list_id", unique=True, postgresql_where="stopped_at IS NULL"),
        Index("ix_clock_list_id", "list_id", "id"),
        Index("ix_clock_running_due", "due_at", postgresql_where="stopped_at IS NULL"),
        Index("ix_clock_running_unit", "unit_id", postgresql_where="stopped_at IS NULL"),
        CheckConstraint("stopped_at >= started_at", name="stops_after_it_starts"),
    )

    id: Mapped[SerialId]
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    province_id: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    party: Mapped[str]
    kind: Mapped[str]
    stage: Mapped[str]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    first_due_at: Mapped[datetime | None]
    due_inclusive: Mapped[bool]
    stopped_at: Mapped[datetime | None]
    origin_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("clock.id"))
    handover_id: Mapped[UUID | None] = mapped_column(ForeignKey("handover.id"))
    reminded: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()
    correction_list: Mapped[CorrectionList] = relationship()


class Extension(db.Model):  # type: ignore[name-defined, misc]
    """A request for more time for one clock, and what became of it; the old due moment stays in it."""

    __tablename__ = "extension"
    __table_args__ = (
        Index("uq_extension_asked_list", "list_id", unique=True, postgresql_where="status = 'asked'"),
        Index("ix_extension_list_id", "list_id", "asked_at"),
    )

    id: Mapped[PublicId]
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    province_id: Mapped[int]
    clock_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("clock.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    status: Mapped[str]
    reason: Mapped[str]
    old_due_at: Mapped[datetime]
    wished_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime | None]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    asked_membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    decided_at: Mapped[datetime | None]
    document: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()


class StepDays(db.Model):  # type: ignore[name-defined, misc]
    """A station's usual days per step; each new batch takes a copy."""

    __tablename__ = "step_days"

    station_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    days: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class Notice(db.Model):  # type: ignore[name-defined, misc]
    """One event told to a unit, or to one person of it: a line of that day's digest."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_unit_id_id", "unit_id", "id"),)

    id: Mapped[SerialId]
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("event.id"))
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str]
    day: Mapped[date]

    event: Mapped[Event] = relationship()


class NoticeReading(db.Model):  # type: ignore[name-defined, misc]
    """How far the person of a membership has read the notices of its unit."""

    __tablename__ = "notice_reading"

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), primary_key=True)
    seen_until: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
