"""How often a person looked: counters of searches and of whole numbers shown."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import db


class ReadingCount(db.Model):  # type: ignore[name-defined, misc]
    """How many times a person did one thing within a span (in seconds) that began at `since`."""

    __tablename__ = "reading_count"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    times: Mapped[int]
