"""A total is Σ of the latest accepted children plus who is missing, in whatever order the reports came."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import VIETNAM
from portal.domain.report_deadlines import Timeliness, as_of_day, due_moment, is_open, lock_moment, timeliness
from portal.domain.report_forms import read_form
from portal.domain.report_totals import Figures, roll_up
from tests.unit.domain.test_report_forms import SAID

FORM = read_form(SAID)
COUNTS = [each.key for each in FORM.fields if each.counts]
CHILDREN = tuple(f"xã {n}" for n in range(6))
figures = st.builds(
    Figures,
    st.sampled_from((*CHILDREN, "xã lạ")),
    st.integers(1, 4),
    st.fixed_dictionaries({key: st.none() | st.integers(0, 10**9) for key in COUNTS}),
)


@given(st.lists(figures, max_size=20, unique_by=lambda each: (each.child, each.version)), st.randoms())
def test_a_parent_is_the_sum_of_its_latest_children_in_any_order(sent: list[Figures], chance) -> None:  # type: ignore[no-untyped-def]
    total = roll_up(FORM, CHILDREN, sent)
    shuffled = list(sent)
    chance.shuffle(shuffled)
    assert roll_up(FORM, CHILDREN, shuffled) == total
    assert sorted((*total.included, *total.missing)) == sorted(CHILDREN)
    newest = {child: max((each for each in sent if each.child == child), key=lambda each: each.version)
              for child in total.included}  # fmt: skip
    for key in COUNTS:
        assert total.values[key] == sum(each.values[key] or 0 for each in newest.values())


@given(st.lists(figures, max_size=10, unique_by=lambda each: (each.child, each.version)), st.integers(0, 10**6))
def test_a_restated_child_changes_the_parent_by_exactly_the_difference(sent: list[Figures], more: int) -> None:
    before = roll_up(FORM, CHILDREN, sent)
    for child in before.included:
        old = max((each for each in sent if each.child == child), key=lambda each: each.version)
        new = {**old.values, "done": (old.values["done"] or 0) + more}
        after = roll_up(FORM, CHILDREN, [*sent, Figures(child, old.version + 1, new)])
        assert after.values == {**before.values, "done": before.values["done"] + more}


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
