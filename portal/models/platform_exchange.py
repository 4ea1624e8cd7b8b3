"""Files that went to the platform and lists that came back from it, per correction list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SerialId, db


class PlatformExchange(db.Model):  # type: ignore[name-defined, misc]
    """An import file made (`import`), the platform's answer (`answer`), its verification list (`verification`)."""

    __tablename__ = "platform_exchange"

    id: Mapped[SerialId]
    list_id: Mapped[UUID] = mapped_column(ForeignKey("correction_list.id"), index=True)
    kind: Mapped[str]
    sha256: Mapped[str]
    entries: Mapped[int]
    summary: Mapped[dict[str, Any]]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
