"""Accounts, their dated memberships, sessions, keys and kept drafts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import PublicId, SerialId, db
from portal.models.unit import Unit


class User(db.Model):  # type: ignore[name-defined, misc]
    """One person's account; rights come from memberships alone. `language` is empty until the person chooses one.

    `known_failures` are wrong passwords from the person's own browsers, `failed_attempts` those from elsewhere.
    `woken_at` is the last sign-in, or when an administrator woke the account.
    """

    __tablename__ = "user_account"

    id: Mapped[PublicId]
    username: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    slowed_until: Mapped[datetime | None]
    known_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    known_slowed_until: Mapped[datetime | None]
    woken_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    signature_picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", order_by="Membership.id")


class Membership(db.Model):  # type: ignore[name-defined, misc]
    """A person's dated place in a unit, with a role and, where appointed, the right to sign for it."""

    __tablename__ = "membership"

    id: Mapped[SerialId]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str]
    position: Mapped[str]
    can_sign: Mapped[bool] = mapped_column(default=False)
    appointment_document: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="memberships")
    unit: Mapped[Unit] = relationship()


class SignInSession(db.Model):  # type: ignore[name-defined, misc]
    """A signed-in browser; the cookie holds a random token, the table only its SHA-256.

    `proved_at` is when the person last proved who he is; `awaits_factor` while only the password was right;
    `challenge` is what a security key was asked to sign last, empty once it has been answered.
    """

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(default="")
    proved_at: Mapped[datetime]
    awaits_factor: Mapped[bool] = mapped_column(default=False, server_default="false")
    challenge: Mapped[str] = mapped_column(default="", server_default="")


class TotpFactor(db.Model):  # type: ignore[name-defined, misc]
    """A person's authenticator app; it counts from `confirmed_at`. `secret` is encrypted; no step serves twice."""

    __tablename__ = "totp_factor"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(db.Model):  # type: ignore[name-defined, misc]
    """A code on paper that stands in for the authenticator app once; only its salted scrypt hash is kept."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    used_at: Mapped[datetime | None]


class SigningKey(db.Model):  # type: ignore[name-defined, misc]
    """A membership's PKCS#12 from the internal CA; the passphrase is never stored."""

    __tablename__ = "signing_key"
    __table_args__ = (
        Index(
            "uq_signing_key_active_membership",
            "membership_id",
            unique=True,
            postgresql_where="revoked_at IS NULL",
        ),
    )

    id: Mapped[SerialId]
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    p12: Mapped[bytes] = mapped_column(LargeBinary)
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    membership: Mapped[Membership] = relationship()


class SignerCertificate(db.Model):  # type: ignore[name-defined, misc]
    """A certificate of another authority for one appointment: proposed by one person, confirmed by another.

    It counts from `confirmed_at` until `ended_at`; `fingerprint` is the certificate's SHA-256 in hexadecimal.
    """

    __tablename__ = "signer_certificate"
    __table_args__ = (
        Index("uq_signer_certificate_fingerprint", "fingerprint", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_signer_certificate_membership_id", "membership_id"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
    )

    id: Mapped[SerialId]
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    serial: Mapped[str]
    fingerprint: Mapped[str]
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    subject: Mapped[str]
    issuer: Mapped[str]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")

    membership: Mapped[Membership] = relationship()


class SigningTicket(db.Model):  # type: ignore[name-defined, misc]
    """A signature prepared for a hash to be signed elsewhere: single use, ten minutes, bound to person and pages."""

    __tablename__ = "signing_ticket"

    id: Mapped[PublicId]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handover.id"), index=True)
    side: Mapped[str]
    shown: Mapped[str]
    certificate_id: Mapped[int] = mapped_column(ForeignKey("signer_certificate.id"))
    prepared: Mapped[bytes] = mapped_column(LargeBinary)
    attributes: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Draft(db.Model):  # type: ignore[name-defined, misc]
    """A form that could not be taken (session ended, version moved), kept for its author."""

    __tablename__ = "draft"
    __table_args__ = (Index("uq_draft_user_id_path", "user_id", "path", unique=True),)

    id: Mapped[SerialId]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    path: Mapped[str]
    fields: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
