"""When a report is due, in time, closed: to the second, to the end of a month, until a leave ends."""

from datetime import date, datetime, timedelta

import pytest

from portal.clock import VIETNAM
from portal.domain.report_deadlines import Timeliness, as_of_day, due_moment, is_open, lock_moment, timeliness
from portal.domain.report_forms import read_form
from tests.unit.domain.test_report_forms import SAID

FORM = read_form(SAID)
DUE = datetime(2026, 3, 31, 20, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("seconds", "inclusive", "stands"),
    [
        (-1, True, Timeliness.IN_TIME), (0, True, Timeliness.IN_TIME), (1, True, Timeliness.LATE),
        (-1, False, Timeliness.IN_TIME), (0, False, Timeliness.LATE),
    ],
)  # fmt: skip
def test_in_time_is_judged_to_the_second(seconds: int, inclusive: bool, stands: Timeliness) -> None:
    at = DUE + timedelta(seconds=seconds)
    assert timeliness(DUE, at, at, inclusive=inclusive) is stands
    unsent = Timeliness.OVERDUE if stands is Timeliness.LATE else Timeliness.AWAITED
    assert timeliness(DUE, None, at, inclusive=inclusive) is unsent


def test_a_fraction_of_the_due_second_is_still_that_second() -> None:
    at = DUE + timedelta(microseconds=999_999)
    assert timeliness(DUE, at, at, inclusive=True) is Timeliness.IN_TIME


def test_a_month_ends_on_its_last_day_and_is_due_so_many_days_after() -> None:
    monthly = read_form({**SAID, "period": {"kind": "month", "due_time": "17:00", "due_days": 5}})
    for day, last, due in (
        (date(2024, 2, 3), date(2024, 2, 29), date(2024, 3, 5)),
        (date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 5)),
        (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 5)),
        (date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 5)),
    ):
        assert as_of_day(monthly, day) == last
        assert due_moment(monthly, last, VIETNAM) == datetime(due.year, due.month, due.day, 17, tzinfo=VIETNAM)


def test_a_leave_ends_by_itself() -> None:
    locks = DUE + timedelta(hours=24)
    leave = locks + timedelta(hours=2)
    assert lock_moment(FORM, DUE) is None
    assert is_open(locks, locks, None)
    assert not is_open(locks + timedelta(seconds=1), locks, None)
    assert is_open(leave, locks, leave)
    assert not is_open(leave + timedelta(seconds=1), locks, leave)
    assert is_open(leave, None, None)
