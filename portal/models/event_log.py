"""The event log as a tree: leaves in the order of commits, complete subtrees, signed heads; all append-only."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import db


class UnsequencedEvent(db.Model):  # type: ignore[name-defined, misc]
    """An event that has no leaf yet; a trigger on `event` adds the row in the same transaction."""

    __tablename__ = "unsequenced_event"

    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("event.id"), primary_key=True, autoincrement=False)


class EventSalt(db.Model):  # type: ignore[name-defined, misc]
    """The salt of an event's payload digest; without it the digest tells nothing of the payload."""

    __tablename__ = "event_salt"

    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("event.id"), primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)


class LogLeaf(db.Model):  # type: ignore[name-defined, misc]
    """One leaf: its place, the event it stands for, its canonical bytes and their leaf hash (RFC 6962)."""

    __tablename__ = "log_leaf"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("event.id"), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class LogSubtree(db.Model):  # type: ignore[name-defined, misc]
    """The hash of a complete subtree of 2^height leaves (heights 8 and 16), so that proofs need not read them all."""

    __tablename__ = "log_subtree"

    height: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class LogCheckpoint(db.Model):  # type: ignore[name-defined, misc]
    """A signed head of the log: its note (C2SP) and, where an authority answered, a time-stamp token over it."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str]
    token: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]
