"""Telling units what happened to their lists: each event becomes lines of the day's digest, in its transaction."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.clock import local, now
from portal.domain.deadlines import Reminder
from portal.domain.events import EventTag
from portal.domain.notices import TOLD_TAGS, Addressee, told_of
from portal.domain.permissions import Actor
from portal.domain.stages import LEGS, Leg
from portal.models import Clock, CorrectionList, Event, Handover, Notice, NoticeReading, Unit, db
from portal.queries import notices as queries
from portal.queries.notices import Day
from portal.queries.parties import commune_leads, supervisors
from portal.services.unit_of_work import transaction


def tell(event: Event, of_list: CorrectionList) -> None:
    """Add the event to the digests of those it concerns, in the running transaction; one line a unit."""
    if EventTag(event.tag) not in TOLD_TAGS:
        return
    handover = db.session.get(Handover, event.handover_id) if event.handover_id else None
    is_return = bool(handover and handover.leg and LEGS[Leg(handover.leg)].is_return)
    told = told_of(EventTag(event.tag), is_return=is_return, step=event.payload.get("step", ""))
    kinds: dict[int, str] = {}
    for addressee, kind in told:
        for unit_id in _units(addressee, event, of_list, handover):
            kinds.setdefault(unit_id, kind.value)
    day = local(event.at).date()
    db.session.add_all(
        Notice(event=event, list_id=of_list.id, unit_id=unit_id, kind=kind, day=day)
        for unit_id, kind in kinds.items()
    )


def addressed_by(step: Reminder, clock: Clock, of_list: CorrectionList) -> list[int]:
    """The units a reminder goes to: who must act, later the commune's coordinators, then the supervisor.

    Where a commune has no coordinators their reminder goes to the supervisor.
    """
    if step in {Reminder.BEFORE, Reminder.ON_DAY, Reminder.AFTER}:
        return [clock.unit_id]
    station, on = db.session.get_one(Unit, of_list.station_unit_id), local(now()).date()
    leads = commune_leads(station, on) if step is Reminder.TO_COORDINATOR else []
    return [unit.id for unit in leads or supervisors(station, on)]


def read(actor: Actor, *, page: int, size: int) -> tuple[list[Day], int]:
    """One page of the actor's digests, the newest day first, and how many lines there are; what is shown is read.

    Lines not read before are marked in this answer for the last time.
    """
    days, total = queries.digests(actor, page=page, size=size)
    newest = max((line.id for day in days for line in day.lines), default=0)
    if any(line.is_new for day in days for line in day.lines):
        row = {"membership_id": actor.membership_id, "seen_until": newest, "at": now()}
        reading = insert(NoticeReading).values(row)
        later = {"seen_until": reading.excluded.seen_until, "at": reading.excluded.at}
        with transaction():
            db.session.execute(
                reading.on_conflict_do_update(
                    index_elements=["membership_id"],
                    set_=later,
                    where=NoticeReading.seen_until < reading.excluded.seen_until,
                )
            )
    return days, total


def _units(addressee: Addressee, event: Event, of_list: CorrectionList, handover: Handover | None) -> Sequence[int]:
    if addressee is Addressee.LEAD:
        station = db.session.get_one(Unit, of_list.station_unit_id)
        return [unit.id for unit in commune_leads(station, local(event.at).date())]
    if addressee is Addressee.ACTING:
        acting = select(Clock.unit_id).where(Clock.list_id == of_list.id, Clock.stopped_at.is_(None))
        return list(db.session.scalars(acting))
    found = {
        Addressee.GIVER: handover.giver_unit_id if handover else None,
        Addressee.RECEIVER: handover.receiver_unit_id if handover else None,
        Addressee.NAMED: event.payload.get("unit"),
    }[addressee]
    return [found] if found else []
