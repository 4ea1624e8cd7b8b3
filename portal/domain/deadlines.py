"""Clocks and due dates: which clock runs in which state, when a step is due, when it is late.

Moments here are local (Vietnam, +07:00 all year); callers turn them with `portal.clock.local`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.domain.errors import InvalidInput
from portal.domain.stages import FINAL_STAGES, HOLDER, LEGS, OPEN_STAGES, ListState, Party, Stage
from portal.domain.wording import say


class ClockKind(StrEnum):
    """What the running time is: the holder's work, or the receiver's answer to a sent handover."""

    HOLDING = "holding"
    RECEIPT = "receipt"


RECEIPT = ClockKind.RECEIPT.value
STEPS: tuple[str, ...] = (*(stage.value for stage in OPEN_STAGES), RECEIPT)
"""The steps that may have days of their own: each open stage, and taking over what was sent."""
MOST_DAYS = 365
EVENING = time(17, 0)
"""The hour at which a step is due where the list itself has no due moment."""
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class RunningClock:
    """The clock that a state lets run: its kind and the party that can act."""

    kind: ClockKind
    party: Party


def clock_of(state: ListState) -> RunningClock | None:
    """The one clock that runs in the state; an ended list has none.

    Waiting for a countersignature is the receiver's time, never the giver's (reference/workflow.md §4, clock).
    """
    if state.stage in FINAL_STAGES:
        return None
    if state.pending is not None:
        return RunningClock(ClockKind.RECEIPT, LEGS[state.pending].receiver)
    return RunningClock(ClockKind.HOLDING, HOLDER[state.stage])


def goes_on(before: ListState, after: ListState) -> bool:
    """Whether the giver's clock goes on after a refusal or recall, due as before, rather than a new one starts."""
    return before.pending is not None and after.pending is None and after.stage is before.stage


def step_of(kind: ClockKind, stage: Stage) -> str:
    """The step whose days a clock is given."""
    return RECEIPT if kind is ClockKind.RECEIPT else stage.value


def step_due(started: datetime, days: int | None, overall: datetime | None) -> datetime | None:
    """When a step is due: so many calendar days after it began, at the hour the whole list is due.

    Never after the list's own due moment while that lies ahead; without days the list's own due moment.
    """
    if days is None:
        return overall
    hour = overall.timetz() if overall else EVENING.replace(tzinfo=started.tzinfo)
    due = datetime.combine(started.date() + timedelta(days=days), hour)
    return min(due, overall) if overall and overall > started else due


def late_from(due: datetime, *, inclusive: bool = True) -> datetime:
    """The first moment that is late: with the boundary included 20:00:00 is in time, 20:00:01 is late."""
    whole = due.replace(microsecond=0)
    return whole + _SECOND if inclusive else whole


def is_late(due: datetime, at: datetime, *, inclusive: bool = True) -> bool:
    """Whether `at` is late, to the second (Đồng Nai 9/2021 says «trước 20 giờ» and «vào lúc 20 giờ»: a setting)."""
    return at >= late_from(due, inclusive=inclusive)


def first_late(moments: Iterable[tuple[datetime | None, bool]]) -> datetime | None:
    """The earliest first late moment of several due moments with their boundaries; None where none is set."""
    return min((late_from(due, inclusive=inclusive) for due, inclusive in moments if due), default=None)


class Reminder(StrEnum):
    """A reminder that goes out by itself, in the order in which a clock passes them."""

    BEFORE = "before"
    ON_DAY = "on_day"
    AFTER = "after"
    TO_COORDINATOR = "to_coordinator"
    TO_SUPERVISOR = "to_supervisor"


REMIND_FROM: dict[Reminder, int] = {
    Reminder.BEFORE: -1,
    Reminder.ON_DAY: 0,
    Reminder.AFTER: 1,
    Reminder.TO_COORDINATOR: 2,
    Reminder.TO_SUPERVISOR: 4,
}
"""From how many days after the due day each reminder is due (reference/workflow.md §1 G1, G2)."""


def reminder_on(due: date, today: date) -> Reminder | None:
    """The reminder that a clock due on that day has reached; what was missed meanwhile is not made up."""
    passed = (today - due).days
    return next((step for step, day in reversed(REMIND_FROM.items()) if passed >= day), None)


def reminders_before(step: Reminder) -> tuple[Reminder, ...]:
    """The reminders that come earlier than this one."""
    order = tuple(Reminder)
    return order[: order.index(step)]


def check_days(days: Mapping[str, int | None]) -> dict[str, int]:
    """The days per step that were given, those left empty taken out. Raises InvalidInput by step."""
    wrong: dict[str, str] = {
        step: say("Ghi một số ngày từ 0 đến {most}, hoặc để trống.", most=MOST_DAYS)
        for step, count in days.items()
        if step not in STEPS or (count is not None and not 0 <= count <= MOST_DAYS)
    }
    if wrong:
        raise InvalidInput(say("Số ngày của một bước chưa đúng."), fields=wrong)
    return {step: count for step, count in days.items() if count is not None}


@dataclass(frozen=True)
class Run:
    """One stretch of a clock: whose time it is, in which step, from when to when, due when."""

    party: Party
    unit_name: str
    kind: ClockKind
    stage: Stage
    since: datetime
    until: datetime | None
    due: datetime | None
    first_due: datetime | None
    inclusive: bool = True
    note: str = ""

    def late_by(self, at: datetime) -> timedelta:
        """How much it ran over its due moment by its end (by `at` while it runs); zero where it was in time."""
        end = self.until or at
        if self.due is None or not is_late(self.due, end, inclusive=self.inclusive):
            return timedelta()
        return end - self.due


def times_held(runs: Iterable[Run], at: datetime) -> dict[Party, timedelta]:
    """How long each party could act, in all; the parts add up to the time since the list was made."""
    held = dict.fromkeys(Party, timedelta())
    for run in runs:
        held[run.party] += (run.until or at) - run.since
    return held
