"""The append-only event log and the receipts that make repeated requests safe."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SerialId, db


class Event(db.Model):  # type: ignore[name-defined, misc]
    """One fact, written in the transaction of the act; carries ids and words, never an identity number."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_list_id_id", "list_id", "id"),
        Index("ix_event_batch_id_id", "batch_id", "id"),
        Index("ix_event_user_id_at", "user_id", "at"),
        # Found again by the mark on what was taken out.
        Index("ix_event_mark", text("(payload ->> 'mark')"), postgresql_where=text("tag = 'list:exported'")),
    )

    id: Mapped[SerialId]
    at: Mapped[datetime]
    tag: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    province_id: Mapped[int | None]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"))
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey("correction_list.id"))
    entry_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("entry.id"))
    handover_id: Mapped[UUID | None] = mapped_column(ForeignKey("handover.id"))
    from_state: Mapped[str] = mapped_column(default="")
    to_state: Mapped[str] = mapped_column(default="")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Receipt(db.Model):  # type: ignore[name-defined, misc]
    """The answer once given to a user's key: the same key again gives the same answer and does nothing."""

    __tablename__ = "receipt"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime]
