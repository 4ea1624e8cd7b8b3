"""Sheets printed for a village that writes on paper: what stood on them, who typed what from them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import SerialId, db
from portal.models.entry import Entry
from portal.models.user import User


class SheetPrint(db.Model):  # type: ignore[name-defined, misc]
    """One printing of a list's sheets; `typed_twice`: two people enter each row, independently of each other."""

    __tablename__ = "sheet_print"
    __table_args__ = (Index("uq_sheet_print_list_id_number", "list_id", "number", unique=True),)

    id: Mapped[SerialId]
    province_id: Mapped[int]
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    number: Mapped[int]
    list_rev: Mapped[int]
    round: Mapped[int]
    sheets: Mapped[int]
    entries: Mapped[int]
    typed_twice: Mapped[bool]
    printed_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    printed_at: Mapped[datetime]

    printer: Mapped[User] = relationship()


class PaperSheet(db.Model):  # type: ignore[name-defined, misc]
    """One sheet of a printing, found by its code; `hamlet` is named on it where its list has several."""

    __tablename__ = "paper_sheet"
    __table_args__ = (
        Index("uq_paper_sheet_code", "code", unique=True),
        Index("uq_paper_sheet_print_id_number", "print_id", "number", unique=True),
        Index("ix_paper_sheet_list_id", "list_id"),
    )

    id: Mapped[SerialId]
    province_id: Mapped[int]
    print_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sheet_print.id"))
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    number: Mapped[int]
    code: Mapped[str]
    hamlet: Mapped[str]

    printing: Mapped[SheetPrint] = relationship()


class SheetRow(db.Model):  # type: ignore[name-defined, misc]
    """One line of a sheet: whose it is, what was printed, what the sheet last knew of the person.

    `known` is the person's standing at the printing, and after the row was taken the standing it led to: what differs
    from it today was changed elsewhere.
    """

    __tablename__ = "sheet_row"
    __table_args__ = (
        Index("uq_sheet_row_sheet_id_number", "sheet_id", "number", unique=True),
        Index("ix_sheet_row_entry_id", "entry_id"),
    )

    id: Mapped[SerialId]
    province_id: Mapped[int]
    sheet_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("paper_sheet.id"))
    number: Mapped[int]
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("entry.id"))
    entry_rev: Mapped[int]
    printed: Mapped[dict[str, Any]]
    known: Mapped[dict[str, Any]]
    state: Mapped[str]

    entry: Mapped[Entry] = relationship()


class SheetTyping(db.Model):  # type: ignore[name-defined, misc]
    """What one person typed from a row; typing it anew adds another (`replaced_at` on the one before)."""

    __tablename__ = "sheet_typing"
    __table_args__ = (
        Index(
            "uq_sheet_typing_row_id_user_id",
            "row_id",
            "user_id",
            unique=True,
            postgresql_where="replaced_at IS NULL",
        ),
    )

    id: Mapped[SerialId]
    province_id: Mapped[int]
    row_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sheet_row.id"))
    said: Mapped[dict[str, str]]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    typist: Mapped[User] = relationship()
