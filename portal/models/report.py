"""Reports to the units above: forms as they stood, periods, who owes a report, its versions, leaves to send later."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import PublicId, db
from portal.models.unit import Unit


class ReportForm(db.Model):  # type: ignore[name-defined, misc]
    """One version of a form's definition as it stood when a period was first opened with it; never changed."""

    __tablename__ = "report_form"

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    kept_at: Mapped[datetime]


class ReportPeriod(db.Model):  # type: ignore[name-defined, misc]
    """One period of one form over a territory: the day its figures tell of, its due moment, when it closes."""

    __tablename__ = "report_period"
    __table_args__ = (
        Index("uq_report_period_form_day", "unit_id", "form_key", "as_of", unique=True),
        Index("ix_report_period_due_at", "due_at"),
    )

    id: Mapped[PublicId]
    form_key: Mapped[str]
    form_version: Mapped[int]
    province_id: Mapped[int]
    territory_path: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    as_of: Mapped[date]
    due_at: Mapped[datetime]
    due_inclusive: Mapped[bool]
    locks_at: Mapped[datetime | None]
    document: Mapped[str] = mapped_column(default="")
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    opened_membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    opened_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()


class ReportDuty(db.Model):  # type: ignore[name-defined, misc]
    """That a unit owes a report for a period; made when it opens. `parent_id` is whose total it goes into.

    `unit_id` is whose figures they are, `responsible_unit_id` who answers for them today (a merged unit's successor).
    `due_at` may be moved by a leave, `first_due_at` stays; `open_until` lets send after the lock and ends by itself.
    `sent_at` is the sending that counts for timeliness; `accepted_id` the report whose figures go into totals.
    """

    __tablename__ = "report_duty"
    __table_args__ = (
        Index("uq_report_duty_period_unit", "period_id", "unit_id", unique=True),
        Index("ix_report_duty_parent_id", "parent_id"),
        Index("ix_report_duty_responsible", "responsible_unit_id", "due_at"),
        Index(
            "ix_report_duty_awaited",
            "due_at",
            postgresql_where="sent_at IS NULL",
        ),
    )

    id: Mapped[PublicId]
    period_id: Mapped[UUID] = mapped_column(ForeignKey("report_period.id"))
    province_id: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    responsible_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    territory_path: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("report_duty.id"))
    gathers: Mapped[bool]
    due_at: Mapped[datetime]
    first_due_at: Mapped[datetime]
    open_until: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    answerer: Mapped[str] = mapped_column(default="")
    accepted_id: Mapped[UUID | None]
    accepted_version: Mapped[int] = mapped_column(default=0)
    reminded: Mapped[str] = mapped_column(default="")

    period: Mapped[ReportPeriod] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    responsible: Mapped[Unit] = relationship(foreign_keys=[responsible_unit_id])


class Report(db.Model):  # type: ignore[name-defined, misc]
    """One version of what a unit says for a duty. A restatement is a new version; the old one stays.

    `counted` are the portal's own figures when it was begun, `reasons` explanations by rule. A gathered report keeps
    the sums and the names of who was missing as they were signed; `outdated_at` tells that a child has changed since.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index("uq_report_duty_version", "duty_id", "version", unique=True),
        Index("uq_report_receipt_code", "receipt_code", unique=True, postgresql_where="receipt_code <> ''"),
        CheckConstraint("version > 0", name="version_counts_from_one"),
    )

    id: Mapped[PublicId]
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("report_duty.id"))
    province_id: Mapped[int]
    version: Mapped[int]
    status: Mapped[str]
    values: Mapped[dict[str, Any]]
    counted: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, str]]
    missing: Mapped[list[str]]
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    prepared_membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    begun_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    signed_membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    signed_delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    signer_name: Mapped[str] = mapped_column(default="")
    signer_position: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    values_sha256: Mapped[str] = mapped_column(default="")
    receipt_code: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(default="")
    outdated_at: Mapped[datetime | None]
    rev: Mapped[int] = mapped_column(default=1)

    duty: Mapped[ReportDuty] = relationship(foreign_keys=[duty_id])


class ReportPaper(db.Model):  # type: ignore[name-defined, misc]
    """The PDF of one report: drawn and sealed, then signed by the leader in the place made for it."""

    __tablename__ = "report_paper"
    __table_args__ = (Index("uq_report_paper_number", "unit_id", "year", "number", unique=True),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    values_sha256: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int]
    number: Mapped[int]
    symbol: Mapped[str]
    pdf_sha256: Mapped[str]
    pages: Mapped[int]
    signer_membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    signer_delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    drawn_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    certificate_serial: Mapped[str] = mapped_column(default="")


class ReportLeave(db.Model):  # type: ignore[name-defined, misc]
    """A wish to send later, and what became of it: before the due moment it moves, after it only the lock opens."""

    __tablename__ = "report_leave"
    __table_args__ = (
        Index("uq_report_leave_asked", "duty_id", unique=True, postgresql_where="status = 'asked'"),
        Index("ix_report_leave_duty_id", "duty_id", "asked_at"),
    )

    id: Mapped[PublicId]
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("report_duty.id"))
    province_id: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str]
    wished_until: Mapped[datetime]
    until: Mapped[datetime | None]
    moved_due: Mapped[bool]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    asked_membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    decided_at: Mapped[datetime | None]
    document: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
