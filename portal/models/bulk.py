"""A bulk act with one row for each of its items: chosen in one transaction, done in it or by a job, then kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import PublicId, SerialId, db


class BulkAct(db.Model):  # type: ignore[name-defined, misc]
    """What one person asked to be done to many items. `undoes_id` names the bulk act that this one takes back.

    `list_id` is set where the items are entries of one list. `what` holds the single act's arguments.
    """

    __tablename__ = "bulk_act"
    __table_args__ = (
        Index("ix_bulk_act_user_id_created_at", "user_id", "created_at"),
        Index("uq_bulk_act_undoes_id", "undoes_id", unique=True),
    )

    id: Mapped[PublicId]
    kind: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey("correction_list.id"))
    undoes_id: Mapped[UUID | None] = mapped_column(ForeignKey("bulk_act.id"))
    what: Mapped[dict[str, Any]]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class BulkItem(db.Model):  # type: ignore[name-defined, misc]
    """One item: a list, or an entry of the act's list. `before` and `rev` serve taking the act back.

    `words` is the refusal as `domain.wording.stored` keeps it.
    `seen_rev` is the version that was shown when the item was ticked; None where a filter chose it.
    """

    __tablename__ = "bulk_item"
    __table_args__ = (Index("uq_bulk_item_act_id_place", "act_id", "place", unique=True),)

    id: Mapped[SerialId]
    act_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_act.id"))
    place: Mapped[int]
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    entry_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("entry.id"))
    seen_rev: Mapped[int | None]
    state: Mapped[str]
    words: Mapped[Any] = mapped_column(JSONB, default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rev: Mapped[int | None]
