"""Reading leaves a trace: who looked at a list or its trail, written at most once a quarter of an hour."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select

from portal.clock import now
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.models import CorrectionList, Event, db
from portal.services.auditing import record
from portal.services.unit_of_work import transaction

ONCE_IN = timedelta(minutes=15)
"""A person who looks again within this time is not written down again."""


def log_read(
    actor: Actor, tag: EventTag, of_list: CorrectionList | None = None, *, batch_id: UUID | None = None
) -> bool:
    """Write that the actor looked at the list (or at the batch); False where that was written just before.

    Commits: call it before loading what the page shows.
    """
    list_id = of_list.id if of_list else None
    where = Event.list_id == list_id if list_id else (Event.batch_id == batch_id) & Event.list_id.is_(None)
    seen = exists().where(
        where,
        Event.tag == tag.value,
        Event.user_id == actor.user_id,
        Event.membership_id == actor.membership_id,
        Event.at > now() - ONCE_IN,
    )
    if db.session.execute(select(seen)).scalar_one():
        return False
    with transaction():
        record(tag, actor, of_list=of_list, batch_id=batch_id)
    return True
