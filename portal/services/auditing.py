"""The only writer of the event log."""

from typing import Any
from uuid import UUID

from portal.clock import now
from portal.domain.events import EventTag, check_payload
from portal.domain.permissions import Actor
from portal.models import CorrectionList, Event, db
from portal.services import notices


def record(
    tag: EventTag,
    actor: Actor | None,
    *,
    of_list: CorrectionList | None = None,
    batch_id: UUID | None = None,
    entry_id: int | None = None,
    handover_id: UUID | None = None,
    from_state: str = "",
    to_state: str = "",
    **payload: Any,  # noqa: ANN401  the payload's keys are checked against the tag
) -> Event:
    """Add one event to the running transaction; the payload must have exactly the tag's keys.

    Whom it concerns reads it in the day's digest (`domain.notices`).
    """
    check_payload(tag, frozenset(payload))
    event = Event(
        at=now(),
        tag=tag.value,
        user_id=actor.user_id if actor else None,
        membership_id=actor.membership_id if actor else None,
        delegation_id=actor.delegation_id if actor else None,
        unit_id=actor.unit_id if actor else None,
        province_id=of_list.province_id if of_list else (actor.province_id if actor else None),
        batch_id=of_list.batch_id if of_list else batch_id,
        list_id=of_list.id if of_list else None,
        entry_id=entry_id,
        handover_id=handover_id,
        from_state=from_state,
        to_state=to_state,
        payload=payload,
    )
    db.session.add(event)
    if of_list is not None:
        notices.tell(event, of_list)
    return event
