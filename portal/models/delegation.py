"""Delegations of an absent person's right, and who of the holding unit works on a list."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import SerialId, db
from portal.models.user import Membership


class Delegation(db.Model):  # type: ignore[name-defined, misc]
    """One membership acting for another of the same unit, from day to day; only its end is ever written later.

    `may_sign` needs the capacity (KT., TL., TUQ.) and the document that authorises.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("from_membership_id <> to_membership_id", name="two_people"),
        CheckConstraint("valid_from <= valid_to", name="days_in_order"),
        CheckConstraint(
            "NOT may_sign OR (capacity IS NOT NULL AND document_number <> '' AND document_date IS NOT NULL)",
            name="signing_needs_document",
        ),
    )

    id: Mapped[SerialId]
    from_membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    to_membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    may_sign: Mapped[bool]
    capacity: Mapped[str | None]
    document_number: Mapped[str] = mapped_column(default="")
    document_date: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    principal: Mapped[Membership] = relationship(foreign_keys=[from_membership_id])
    deputy: Mapped[Membership] = relationship(foreign_keys=[to_membership_id])


class ListClaim(db.Model):  # type: ignore[name-defined, misc]
    """Who of a unit works on a list, from when to when; at most one at a time for a list and unit.

    It survives the list's stay elsewhere: what returns to the unit is back with the same person. `seen_at` is when
    the person last worked there; `told_at` when the loser was shown who took over.
    """

    __tablename__ = "list_claim"
    __table_args__ = (
        Index("uq_list_claim_live", "list_id", "unit_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_list_claim_member_live", "membership_id", "list_id", postgresql_where="ended_at IS NULL"),
        Index(
            "ix_list_claim_untold",
            "membership_id",
            postgresql_where="told_at IS NULL AND end_kind IN ('taken_over', 'assigned')",
        ),
        CheckConstraint("(ended_at IS NULL) = (end_kind = '')", name="end_has_its_kind"),
    )

    id: Mapped[SerialId]
    province_id: Mapped[int]
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_kind: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    told_at: Mapped[datetime | None]

    member: Mapped[Membership] = relationship(foreign_keys=[membership_id])
