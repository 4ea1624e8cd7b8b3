"""When a report is due, when it is closed, and whether it came in time: to the second, at +07:00.

Moments are local (Vietnam); the as-of date of the figures and the due moment are two things (Bắc Giang 3/2023).
"""

import calendar
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.domain.deadlines import is_late
from portal.domain.report_forms import MONTH, Form


class Timeliness(StrEnum):
    """How a duty stands against its due moment; computed, never typed."""

    IN_TIME = "in_time"
    LATE = "late"
    AWAITED = "awaited"
    OVERDUE = "overdue"


def as_of_day(form: Form, day: date) -> date:
    """The day the figures tell of: the day itself, for a monthly form the month's last."""
    if form.period != MONTH:
        return day
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def due_moment(form: Form, as_of: date, zone: object) -> datetime:
    """When a form is due that tells of that day: its hour, so many days after."""
    return datetime.combine(as_of + timedelta(days=form.due_days), form.due_time, zone)  # type: ignore[arg-type]


def lock_moment(form: Form, due: datetime) -> datetime | None:
    """When nothing more is taken without a leave of its own; None where the form never closes."""
    return None if form.locks_after_hours is None else due + timedelta(hours=form.locks_after_hours)


def is_open(at: datetime, locks_at: datetime | None, open_until: datetime | None) -> bool:
    """Whether a report may still be sent: before the lock, or under a leave, which ends by itself."""
    return locks_at is None or at <= locks_at or (open_until is not None and at <= open_until)


def timeliness(due: datetime, sent_at: datetime | None, at: datetime, *, inclusive: bool) -> Timeliness:
    """In time, late, still awaited or overdue; the boundary itself is in time where `inclusive`."""
    if sent_at is not None:
        return Timeliness.LATE if is_late(due, sent_at, inclusive=inclusive) else Timeliness.IN_TIME
    return Timeliness.OVERDUE if is_late(due, at, inclusive=inclusive) else Timeliness.AWAITED
