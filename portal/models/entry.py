"""One person on a list, the append-only values and verdicts, and their newest state for the screen."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Computed, ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SerialId, db


class Entry(db.Model):  # type: ignore[name-defined, misc]
    """An entry. `recorded` never changes; proposed, verified and final repeat the newest of `entry_value`.

    A party's verdict columns repeat its newest `entry_verdict` of the present round. `outcome` is empty while open,
    `done` when the platform shows it right, else the reason it ended with.
    """

    __tablename__ = "entry"
    __table_args__ = (
        Index("uq_entry_list_id_number", "list_id", "number", unique=True),
        Index("ix_entry_search", "search", postgresql_using="gin"),
        Index("ix_entry_batch_id", "batch_id"),
    )

    id: Mapped[SerialId]
    province_id: Mapped[int]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    number: Mapped[int]
    source_row: Mapped[int]
    recorded: Mapped[dict[str, str]]
    raw: Mapped[dict[str, Any]]
    classes: Mapped[list[str]]
    findings: Mapped[list[dict[str, Any]]]
    suggestions: Mapped[dict[str, str]]
    folded_name: Mapped[str]
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "search_words(folded_name, coalesce(recorded ->> 'full_name'::text, ''::text), "
            "'#'::text || right(coalesce(recorded ->> 'id_number'::text, ''::text), 3))",
            persisted=True,
        ),
        deferred=True,
    )
    sort_key: Mapped[str]
    proposed: Mapped[dict[str, str]] = mapped_column(default=dict)
    verified: Mapped[dict[str, str]] = mapped_column(default=dict)
    final: Mapped[dict[str, str]] = mapped_column(default=dict)
    village_verdict: Mapped[str] = mapped_column(default="")
    village_reason: Mapped[str] = mapped_column(default="")
    village_note: Mapped[str] = mapped_column(default="")
    police_verdict: Mapped[str] = mapped_column(default="")
    police_reason: Mapped[str] = mapped_column(default="")
    police_note: Mapped[str] = mapped_column(default="")
    station_verdict: Mapped[str] = mapped_column(default="")
    station_reason: Mapped[str] = mapped_column(default="")
    station_note: Mapped[str] = mapped_column(default="")
    marks: Mapped[list[str]] = mapped_column(default=list)
    lane: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    rev: Mapped[int] = mapped_column(default=1)


class EntryValue(db.Model):  # type: ignore[name-defined, misc]
    """A value of one field with its origin, source, person, membership and round; append-only."""

    __tablename__ = "entry_value"

    id: Mapped[SerialId]
    province_id: Mapped[int]
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id"), index=True)
    field: Mapped[str]
    origin: Mapped[str]
    value: Mapped[str]
    previous: Mapped[str]
    source: Mapped[str]
    round: Mapped[int]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    at: Mapped[datetime]


class EntryVerdict(db.Model):  # type: ignore[name-defined, misc]
    """One party's verdict on an entry in one round; append-only, earlier ones stay.

    `shown_at` is when the row was last put before its author (the police's grid only), so that auditors see the time
    taken. `undoes` names the verdict that this one takes back; it then repeats what stood before, perhaps nothing.
    """

    __tablename__ = "entry_verdict"

    id: Mapped[SerialId]
    province_id: Mapped[int]
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id"), index=True)
    party: Mapped[str]
    verdict: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str]
    round: Mapped[int]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    undoes: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("entry_verdict.id"))


class EntrySight(db.Model):  # type: ignore[name-defined, misc]
    """What an officer has seen of an entry: the version shown last and when.

    `changed` stays true from the moment somebody else changed a row this officer had seen until the officer
    concludes it anew: such a row counts as not viewed.
    """

    __tablename__ = "entry_sight"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id"), primary_key=True, index=True)
    rev: Mapped[int]
    at: Mapped[datetime]
    changed: Mapped[bool] = mapped_column(default=False)
