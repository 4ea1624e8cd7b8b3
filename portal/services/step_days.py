"""Days per step: set for a batch by its station or the commune's coordinators, or kept as usual."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.clock import now
from portal.domain.deadlines import check_days
from portal.domain.errors import NotFound
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, Place, require
from portal.domain.wording import say
from portal.models import Batch, StepDays, db
from portal.queries.scope import visible_batches
from portal.services.auditing import record
from portal.services.unit_of_work import once


def set_days(
    actor: Actor, batch_id: UUID, days: Mapping[str, int | None], *, usual: bool = False, key: str = ""
) -> None:
    """Give the batch's lists so many days per step, from the steps that begin from now on; running ones keep theirs.

    `usual` keeps them as the station's days for batches to come.
    """
    chosen = check_days(days)

    def act() -> dict[str, Any]:
        batch = db.session.execute(
            select(Batch).where(Batch.id == batch_id, visible_batches(actor)).with_for_update()
        ).scalar_one_or_none()
        if batch is None:
            raise NotFound(say("Không tìm thấy đợt rà soát này, hoặc đơn vị của bạn không được xem."))
        place = Place(batch.territory_path, frozenset({batch.station_unit_id}))
        require(actor, Permission.LIST_ARRANGE, place, Permission.BATCH_READ)
        batch.step_days = chosen
        if usual:
            db.session.merge(StepDays(station_unit_id=batch.station_unit_id, days=chosen, updated_at=now()))
        record(EventTag.STEP_DAYS_SET, actor, batch_id=batch.id, days=chosen)
        return {"ok": True}

    once(actor.user_id, key, f"step_days:{batch_id}", act)
