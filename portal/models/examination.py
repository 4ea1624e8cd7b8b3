"""An auditor's examination of all records of a territory: one row for each record, filled in by the worker."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import PublicId, db
from portal.models.handover import Handover


class Examination(db.Model):  # type: ignore[name-defined, misc]
    """What was asked to be examined, by whom, and how far it is."""

    __tablename__ = "examination"
    __table_args__ = (Index("ix_examination_user_id_created_at", "user_id", "created_at"),)

    id: Mapped[PublicId]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    territory_path: Mapped[str]
    total: Mapped[int]
    genuine: Mapped[int] = mapped_column(default=0)
    undecided: Mapped[int] = mapped_column(default=0)
    not_genuine: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ExaminedRecord(db.Model):  # type: ignore[name-defined, misc]
    """One record of an examination; `word` is empty until it was looked at, `text` is kept as `wording.stored`."""

    __tablename__ = "examined_record"
    __table_args__ = (Index("ix_examined_record_examination_id_word", "examination_id", "word"),)

    examination_id: Mapped[UUID] = mapped_column(ForeignKey("examination.id"), primary_key=True)
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handover.id"), primary_key=True)
    word: Mapped[str] = mapped_column(default="")
    text: Mapped[Any] = mapped_column(JSONB, default="")

    handover: Mapped[Handover] = relationship()
