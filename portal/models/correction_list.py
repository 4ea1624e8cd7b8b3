"""The unit of custody: one village's share of a batch."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Dialect, ForeignKey, Index, Text, TypeDecorator, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.units import UNKNOWN_VILLAGE
from portal.models.base import PublicId, db
from portal.models.batch import Batch
from portal.models.unit import Unit


class ListName(TypeDecorator[str]):
    """The village's name; where none is known the portal's own words, which readers of any language understand."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  SQLAlchemy's
        """The stored name, or the sentence it is."""
        return UNKNOWN_VILLAGE if value == UNKNOWN_VILLAGE else value


class CorrectionList(db.Model):  # type: ignore[name-defined, misc]
    """A correction list; `pending_leg` is set while a sent handover waits for the receiver.

    The parts of a list share its batch and `number` and are told apart by `part` (0: the list as imported); an entry
    keeps its own number through every split and merge, so numbers are unique over all parts.

    `decided` counts the entries the holder has concluded in this round (ended ones at the station); `rev` rises at
    every change of the list or its entries and voids an older preview. `late_from` is the first moment at which its
    running clock or the list itself is late.
    """

    __tablename__ = "correction_list"
    __table_args__ = (
        Index("uq_correction_list_batch_id_number_part", "batch_id", "number", "part", unique=True),
        Index(
            "ix_correction_list_territory_path",
            "territory_path",
            "stage",
            postgresql_ops={"territory_path": "text_pattern_ops"},
        ),
        Index("ix_correction_list_station_unit_id_stage", "station_unit_id", "stage", "id"),
        Index("ix_correction_list_village_unit_id_stage", "village_unit_id", "stage", "id"),
        Index("ix_correction_list_police_unit_id_stage", "police_unit_id", "stage", "id"),
        Index("ix_correction_list_late_from", "late_from", "id"),
        Index("ix_correction_list_stage_late_from", "stage", "late_from", "id"),
        Index("ix_correction_list_closed_at", text("closed_at DESC NULLS LAST")),
        Index(
            "ix_correction_list_reopening_asked_at",
            "late_from",
            "id",
            postgresql_where="reopening_asked_at IS NOT NULL",
        ),
        Index("ix_correction_list_search", "search", postgresql_using="gin"),
        CheckConstraint("decided >= 0 AND decided <= entries", name="decided_within_entries"),
        CheckConstraint("round >= 1", name="round_from_one"),
    )

    id: Mapped[PublicId]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    number: Mapped[int]
    part: Mapped[int] = mapped_column(default=0)
    code: Mapped[str]
    name: Mapped[str] = mapped_column(ListName)
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "search_words(folded_text(name), name, "
            "folded_text(code || ' '::text || translate(code, '-/'::text, '  '::text)))",
            persisted=True,
        ),
        deferred=True,
    )
    province_id: Mapped[int]
    territory_path: Mapped[str]
    station_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    village_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    police_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    holder_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    known_to_village: Mapped[bool] = mapped_column(default=False)
    known_to_police: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[str]
    pending_leg: Mapped[str | None]
    round: Mapped[int] = mapped_column(default=1)
    rev: Mapped[int] = mapped_column(default=1)
    entries: Mapped[int]
    decided: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    late_from: Mapped[datetime | None]
    held_since: Mapped[datetime]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    parent_list_id: Mapped[UUID | None] = mapped_column(ForeignKey("correction_list.id"), index=True)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("correction_list.id"), index=True)
    offered_to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    offered_at: Mapped[datetime | None]
    offer_note: Mapped[str] = mapped_column(default="")
    reopening_asked_at: Mapped[datetime | None]
    reopening_asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reopening_note: Mapped[str] = mapped_column(default="")

    batch: Mapped[Batch] = relationship()
    station: Mapped[Unit] = relationship(foreign_keys=[station_unit_id])
    village: Mapped[Unit | None] = relationship(foreign_keys=[village_unit_id])
    police: Mapped[Unit | None] = relationship(foreign_keys=[police_unit_id])
    holder: Mapped[Unit] = relationship(foreign_keys=[holder_unit_id])
    offered_to: Mapped[Unit | None] = relationship(foreign_keys=[offered_to_unit_id])
