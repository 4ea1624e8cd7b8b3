"""What everyone may know of a record by its printed code: no citizen's data, no list, no person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.domain.stages import HandoverStatus, RecordKind
from portal.models import Handover, db


@dataclass(frozen=True)
class PublicRecord:
    """A record as its paper names it."""

    code: str
    kind: RecordKind
    status: HandoverStatus
    number: int
    symbol: str
    prepared_at: datetime
    decided_at: datetime | None
    giver: str
    receiver: str
    entries: int
    manifest_sha256: str


def by_code(code: str) -> PublicRecord | None:
    """The record with this printed code; a draft that was never signed does not exist for the public."""
    query = (
        select(Handover)
        .where(
            Handover.code == code,
            Handover.status.not_in((HandoverStatus.PREPARED.value, HandoverStatus.ABANDONED.value)),
        )
        .options(joinedload(Handover.giver), joinedload(Handover.receiver))
    )
    found = db.session.execute(query).scalar_one_or_none()
    if found is None or found.number is None:
        return None
    return PublicRecord(
        code=found.code,
        kind=RecordKind(found.kind),
        status=HandoverStatus(found.status),
        number=found.number,
        symbol=found.symbol,
        prepared_at=found.prepared_at,
        decided_at=found.decided_at,
        giver=found.giver.name,
        receiver=found.receiver.name if found.receiver else "",
        entries=found.entries,
        manifest_sha256=found.manifest_sha256,
    )
