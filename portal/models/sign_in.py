"""Ways to sign in besides the password: security keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SerialId, db


class SecurityKey(db.Model):  # type: ignore[name-defined, misc]
    """A person's WebAuthn credential: token, phone or computer. `credential` is its id and public key (CTAP2 form).

    `counter` is what the device counted at its last use; devices that do not count say 0 for ever.
    """

    __tablename__ = "security_key"

    id: Mapped[SerialId]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
