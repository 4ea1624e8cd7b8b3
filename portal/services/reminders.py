"""Reminders by the clock: the day before, on the day, the day after, then to the units above. Nobody's act."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from portal.clock import VIETNAM, local, now, today
from portal.domain.deadlines import REMIND_FROM, Reminder, reminder_on, reminders_before
from portal.domain.events import EventTag
from portal.models import Clock, CorrectionList, db
from portal.services.auditing import record
from portal.services.notices import addressed_by
from portal.services.unit_of_work import transaction

AT_ONCE = 200
"""How many clocks one transaction reminds of."""


def send_due() -> int:
    """Send every reminder that has come due, each once for its clock and due moment; returns how many clocks.

    May run twice at the same time and again after a crash: a clock remembers its last reminder in the transaction
    that writes it.
    """
    sent = 0
    while count := _send_some():
        sent += count
    return sent


def _send_some() -> int:
    with transaction():
        reached = (
            select(Clock)
            .where(Clock.stopped_at.is_(None), Clock.started_at <= now(), or_(*_windows()))
            .order_by(Clock.id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        clocks = db.session.scalars(reached).all()
        for clock in clocks:
            _remind(clock)
        return len(clocks)


def _windows() -> list[ColumnElement[bool]]:
    """For each reminder the due days that have reached it now, and that it was not sent yet."""
    on, steps, found = today(), list(Reminder), []
    for place, step in enumerate(steps):
        last = on - timedelta(days=REMIND_FROM[step])
        window = [Clock.due_at < _midnight_after(last), Clock.reminded.in_(["", *reminders_before(step)])]
        if place + 1 < len(steps):
            window.append(Clock.due_at >= _midnight_after(on - timedelta(days=REMIND_FROM[steps[place + 1]])))
        found.append(and_(*window))
    return found


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM) + timedelta(days=1)


def _remind(clock: Clock) -> None:
    assert clock.due_at is not None  # noqa: S101  selected by its due moment
    step = reminder_on(local(clock.due_at).date(), today())
    assert step is not None  # noqa: S101  selected as reached
    of_list = db.session.get_one(CorrectionList, clock.list_id)
    for unit_id in addressed_by(step, clock, of_list):
        record(
            EventTag.CLOCK_REMINDED,
            None,
            of_list=of_list,
            unit=unit_id,
            step=step.value,
            due=clock.due_at.isoformat(),
        )
    clock.reminded = step.value
