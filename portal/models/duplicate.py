"""Pairs of entries that may be one person, what reviewers said of them, numbers a person bore before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import PublicId, SerialId, db


class EntryBlock(db.Model):  # type: ignore[name-defined, misc]
    """A blocking key of an entry, hashed: entries that share one are compared."""

    __tablename__ = "entry_block"
    __table_args__ = (Index("ix_entry_block_entry_id", "entry_id"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id"), primary_key=True, autoincrement=False)


class DuplicatePair(db.Model):  # type: ignore[name-defined, misc]
    """Two entries, the older one first. `evidence` holds each field's weight; `memory` is a digest of both persons.

    The digest lets a decision «khác người» stand when the same two come again in a later batch.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        Index("uq_duplicate_pair_entries", "one_entry_id", "other_entry_id", unique=True),
        Index("ix_duplicate_pair_province_id_state", "province_id", "state", "weight"),
        Index("ix_duplicate_pair_other_entry_id", "other_entry_id"),
        Index("ix_duplicate_pair_memory", "memory", postgresql_where="decision = 'different'"),
        CheckConstraint("one_entry_id < other_entry_id", name="older_first"),
        CheckConstraint("(state = 'decided') = (decision <> '')", name="decided_has_decision"),
    )

    id: Mapped[PublicId]
    province_id: Mapped[int]
    one_entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id"))
    other_entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id"))
    kind: Mapped[str]
    weight: Mapped[float]
    is_hard: Mapped[bool]
    evidence: Mapped[dict[str, Any]]
    memory: Mapped[str]
    state: Mapped[str]
    decision: Mapped[str] = mapped_column(default="")
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class DuplicateOpinion(db.Model):  # type: ignore[name-defined, misc]
    """What one reviewer said of a pair, without having seen what others said; append-only.

    `memory` is the pair's digest when it was said: an opinion counts for the values it was formed on.
    """

    __tablename__ = "duplicate_opinion"
    __table_args__ = (
        Index("uq_duplicate_opinion_pair_id_user_id_memory", "pair_id", "user_id", "memory", unique=True),
    )

    id: Mapped[SerialId]
    pair_id: Mapped[UUID] = mapped_column(ForeignKey("duplicate_pair.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    memory: Mapped[str]
    verdict: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]


class EarlierNumber(db.Model):  # type: ignore[name-defined, misc]
    """Another number that a person bears or bore (issued anew, or the old CMND), known by a decision; append-only."""

    __tablename__ = "earlier_number"
    __table_args__ = (Index("uq_earlier_number_entry_id_number", "entry_id", "number", unique=True),)

    id: Mapped[SerialId]
    province_id: Mapped[int]
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id"))
    number: Mapped[str]
    pair_id: Mapped[UUID] = mapped_column(ForeignKey("duplicate_pair.id"))
    at: Mapped[datetime]
