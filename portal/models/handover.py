"""Handovers, the yearly number series of each unit, the stored revisions of a record and its signatures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import PublicId, SerialId, db
from portal.models.correction_list import CorrectionList
from portal.models.unit import Unit


class NumberSeries(db.Model):  # type: ignore[name-defined, misc]
    """The next number of a unit's records in a year; its row is locked while a number is taken."""

    __tablename__ = "number_series"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    next_number: Mapped[int] = mapped_column(default=1)


class FreedNumber(db.Model):  # type: ignore[name-defined, misc]
    """A number given back by an abandoned draft; the unit's next record takes the smallest."""

    __tablename__ = "freed_number"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)


class Handover(db.Model):  # type: ignore[name-defined, misc]
    """A numbered record: a handover, a return, a completion, or a slip or adjustment that answers one (`answers_id`).

    `number` is empty only for an abandoned draft. `list_rev` is the list's version the record was drawn from. `items`
    are the persons it concerns where these are not the whole list: exceptions with their reasons, values to adjust.
    `level` is the lowest level among its signatures (B-B … B-LTA); `unstamped_since` the moment of the first
    signature that no time-stamp proves yet; `renew_at` when an archived record needs its next time-stamp.
    """

    __tablename__ = "handover"
    __table_args__ = (
        Index("uq_handover_number", "giver_unit_id", "year", "number", unique=True),
        Index("uq_handover_code", "code", unique=True),
        Index("ix_handover_list_id", "list_id", "prepared_at"),
        Index(
            "uq_handover_prepared_list",
            "list_id",
            unique=True,
            postgresql_where="status = 'prepared' AND kind IN ('handover', 'return', 'completion')",
        ),
        Index(
            "uq_handover_adjusting",
            "answers_id",
            unique=True,
            postgresql_where="kind = 'adjustment' AND status IN ('prepared', 'proposed')",
        ),
        Index("uq_handover_sent_list", "list_id", unique=True, postgresql_where="status = 'sent'"),
        Index("ix_handover_receiver_sent", "receiver_unit_id", postgresql_where="status = 'sent'"),
        Index("ix_handover_unstamped", "list_id", postgresql_where="unstamped_since IS NOT NULL"),
        Index(
            "ix_handover_unarchived",
            "decided_at",
            postgresql_where="archived_at IS NULL"
            " AND status IN ('countersigned', 'countersigned_except', 'refused', 'recalled')",
        ),
        Index("ix_handover_renew_at", "renew_at"),
        Index("ix_handover_receiver_proposed", "receiver_unit_id", postgresql_where="status = 'proposed'"),
        CheckConstraint("status = 'abandoned' OR number IS NOT NULL", name="number_kept"),
    )

    id: Mapped[PublicId]
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    province_id: Mapped[int]
    kind: Mapped[str]
    leg: Mapped[str | None]
    status: Mapped[str]
    year: Mapped[int]
    number: Mapped[int | None]
    symbol: Mapped[str]
    code: Mapped[str]
    round: Mapped[int]
    list_rev: Mapped[int]
    giver_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    receiver_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    manifest_sha256: Mapped[str]
    pdf_sha256: Mapped[str]
    pages: Mapped[int]
    entries: Mapped[int]
    counts: Mapped[list[dict[str, Any]]]
    boxes: Mapped[dict[str, Any]]
    signer_membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    signer_delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    answers_id: Mapped[UUID | None] = mapped_column(ForeignKey("handover.id"), index=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    level: Mapped[str] = mapped_column(default="", server_default="")
    by_hand: Mapped[bool] = mapped_column(default=False, server_default="false")
    unstamped_since: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    renew_at: Mapped[datetime | None]

    correction_list: Mapped[CorrectionList] = relationship()
    giver: Mapped[Unit] = relationship(foreign_keys=[giver_unit_id])
    receiver: Mapped[Unit | None] = relationship(foreign_keys=[receiver_unit_id])
    signatures: Mapped[list["Signature"]] = relationship(order_by="Signature.id")
    scans: Mapped[list["PaperScan"]] = relationship(order_by="PaperScan.id", lazy="selectin")


class RecordRevision(db.Model):  # type: ignore[name-defined, misc]
    """One stored revision of a record: each is a byte prefix of the next; append-only."""

    __tablename__ = "record_revision"
    __table_args__ = (Index("ix_record_revision_handover_id", "handover_id", "id"),)

    id: Mapped[SerialId]
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handover.id"))
    step: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    at: Mapped[datetime]


class Signature(db.Model):  # type: ignore[name-defined, misc]
    """Who signed which side of a record, in which capacity; append-only, one per side."""

    __tablename__ = "signature"
    __table_args__ = (Index("uq_signature_handover_id_side", "handover_id", "side", unique=True),)

    id: Mapped[SerialId]
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handover.id"))
    side: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    signer_name: Mapped[str]
    position: Mapped[str]
    unit_name: Mapped[str]
    grade: Mapped[str]
    certificate_serial: Mapped[str]
    revision_sha256: Mapped[str]
    at: Mapped[datetime]


class PaperScan(db.Model):  # type: ignore[name-defined, misc]
    """The scan of a record that one side signed in ink: entered by one person, in force once another confirmed it.

    A scan entered anew takes the place of one not yet confirmed (`replaced_at`); its file stays in the store.
    """

    __tablename__ = "paper_scan"
    __table_args__ = (
        Index(
            "uq_paper_scan_handover_id_side",
            "handover_id",
            "side",
            unique=True,
            postgresql_where="replaced_at IS NULL",
        ),
    )

    id: Mapped[SerialId]
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handover.id"), index=True)
    side: Mapped[str]
    signer_name: Mapped[str]
    unit_name: Mapped[str]
    sha256: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int]
    file_name: Mapped[str]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    entered_name: Mapped[str]
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_name: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
