"""Which clock runs, when a step is due, when it is late to the second, which reminder is reached."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import VIETNAM, local
from portal.domain.deadlines import (
    REMIND_FROM,
    STEPS,
    ClockKind,
    Reminder,
    Run,
    check_days,
    clock_of,
    first_late,
    goes_on,
    is_late,
    late_from,
    reminder_on,
    reminders_before,
    step_due,
    step_of,
    times_held,
)
from portal.domain.errors import InvalidInput
from portal.domain.stages import FINAL_STAGES, HOLDER, LEGS, ListState, Party, Stage, all_states

EIGHT = datetime(2026, 5, 31, 20, 0, 0, tzinfo=VIETNAM)
moments = st.integers(-(10**8), 10**8).map(lambda seconds: EIGHT + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("at", "inclusive", "late"),
    [
        ("19:59:59", True, False),
        ("20:00:00", True, False),
        ("20:00:01", True, True),
        ("19:59:59", False, False),
        ("20:00:00", False, True),
        ("20:00:01", False, True),
    ],
)
def test_the_boundary_is_judged_to_the_second(at: str, inclusive: bool, late: bool) -> None:
    hour = time.fromisoformat(at)
    assert is_late(EIGHT, datetime.combine(EIGHT, hour, VIETNAM), inclusive=inclusive) is late


def test_a_part_of_the_due_second_is_still_that_second() -> None:
    assert not is_late(EIGHT, EIGHT + timedelta(microseconds=999_999))


def test_a_moment_is_judged_the_same_in_every_zone() -> None:
    assert is_late(EIGHT, (EIGHT + timedelta(seconds=1)).astimezone(UTC))
    assert not is_late(EIGHT.astimezone(UTC), EIGHT)


@given(moments, moments, st.booleans())
def test_late_from_is_exactly_where_late_begins(due: datetime, at: datetime, inclusive: bool) -> None:
    begins = late_from(due, inclusive=inclusive)
    assert is_late(due, at, inclusive=inclusive) == (at >= begins)
    assert not is_late(due, begins - timedelta(microseconds=1), inclusive=inclusive)


@given(st.lists(st.tuples(st.none() | moments, st.booleans())))
def test_the_first_late_moment_is_the_earliest_of_all(dues: list[tuple[datetime | None, bool]]) -> None:
    found = first_late(dues)
    assert found == min((late_from(due, inclusive=on) for due, on in dues if due), default=None)


def test_every_open_state_has_one_clock_and_ended_ones_none() -> None:
    for state in all_states():
        runs = clock_of(state)
        if state.stage in FINAL_STAGES:
            assert runs is None
        elif state.pending:
            assert runs is not None
            assert (runs.kind, runs.party) == (ClockKind.RECEIPT, LEGS[state.pending].receiver)
        else:
            assert runs is not None
            assert (runs.kind, runs.party) == (ClockKind.HOLDING, HOLDER[state.stage])


def test_only_a_refusal_or_recall_lets_the_givers_clock_go_on() -> None:
    for leg, shape in LEGS.items():
        pending = ListState(shape.giver_stage, leg)
        assert goes_on(pending, ListState(shape.giver_stage))
        assert not goes_on(pending, ListState(shape.receiver_stage))
        assert not goes_on(ListState(shape.giver_stage), pending)


def test_waiting_for_a_receipt_is_one_step_wherever_it_happens() -> None:
    assert {step_of(ClockKind.RECEIPT, stage) for stage in Stage} == {"receipt"}
    assert step_of(ClockKind.HOLDING, Stage.VILLAGE_REVIEW) in STEPS


def test_days_are_counted_over_the_end_of_a_month_at_the_lists_own_hour() -> None:
    started = datetime(2026, 1, 31, 9, 12, tzinfo=VIETNAM)
    assert step_due(started, 1, EIGHT) == datetime(2026, 2, 1, 20, 0, tzinfo=VIETNAM)
    assert step_due(datetime(2028, 2, 28, 23, 59, tzinfo=VIETNAM), 1, None) == datetime(
        2028, 2, 29, 17, 0, tzinfo=VIETNAM
    )


def test_a_step_begun_before_midnight_counts_from_vietnams_day() -> None:
    started = local(datetime(2026, 4, 30, 17, 30, tzinfo=UTC))  # 00:30 on 1 May in Vietnam
    assert step_due(started, 0, None) == datetime(2026, 5, 1, 17, 0, tzinfo=VIETNAM)


@given(moments, st.none() | st.integers(0, 365), st.none() | moments)
def test_a_step_is_never_due_after_its_list_while_the_lists_day_lies_ahead(started, days, overall) -> None:  # type: ignore[no-untyped-def]
    due = step_due(started, days, overall)
    if days is None:
        assert due == overall
        return
    assert due is not None
    assert due.date() <= started.date() + timedelta(days=days)
    if overall and overall > started:
        assert due <= overall
    else:
        assert due.date() == started.date() + timedelta(days=days)


@pytest.mark.parametrize(
    ("passed", "step"),
    [
        (-2, None),
        (-1, Reminder.BEFORE),
        (0, Reminder.ON_DAY),
        (1, Reminder.AFTER),
        (2, Reminder.TO_COORDINATOR),
        (3, Reminder.TO_COORDINATOR),
        (4, Reminder.TO_SUPERVISOR),
        (40, Reminder.TO_SUPERVISOR),
    ],
)
def test_each_day_has_its_reminder(passed: int, step: Reminder | None) -> None:
    due = date(2026, 2, 28)
    assert reminder_on(due, due + timedelta(days=passed)) is step


def test_reminders_stand_in_the_order_of_their_days() -> None:
    assert list(REMIND_FROM) == list(Reminder)
    assert sorted(REMIND_FROM.values()) == list(REMIND_FROM.values())
    assert reminders_before(Reminder.AFTER) == (Reminder.BEFORE, Reminder.ON_DAY)


@given(st.lists(st.tuples(st.sampled_from(Party), st.integers(0, 10**6)), min_size=1), st.integers(0, 10**6))
def test_times_held_add_up_to_the_time_that_passed(stretches: list[tuple[Party, int]], runs_for: int) -> None:
    at, runs = datetime(2026, 1, 1, tzinfo=VIETNAM), []
    for party, seconds in stretches:
        until = at + timedelta(seconds=seconds)
        runs.append(Run(party, "", ClockKind.HOLDING, Stage.DRAFTING, at, until, None, None))
        at = until
    runs[-1] = Run(runs[-1].party, "", ClockKind.HOLDING, Stage.DRAFTING, runs[-1].since, None, None, None)
    end = at + timedelta(seconds=runs_for)
    assert sum(times_held(runs, end).values(), timedelta()) == end - runs[0].since


def test_a_run_is_late_by_what_it_ran_over_and_stays_so_when_it_has_stopped() -> None:
    stopped = Run(
        Party.POLICE, "", ClockKind.HOLDING, Stage.POLICE_VERIFICATION,
        EIGHT - timedelta(days=2), EIGHT + timedelta(hours=3), EIGHT, EIGHT,
    )  # fmt: skip
    assert stopped.late_by(EIGHT + timedelta(days=9)) == timedelta(hours=3)
    in_time = Run(Party.POLICE, "", ClockKind.HOLDING, Stage.POLICE_VERIFICATION, EIGHT, EIGHT, EIGHT, EIGHT)
    assert in_time.late_by(EIGHT + timedelta(days=9)) == timedelta()


def test_days_outside_their_range_are_refused_by_step_and_empty_ones_left_out() -> None:
    assert check_days({"village_review": 5, "receipt": None}) == {"village_review": 5}
    with pytest.raises(InvalidInput) as refusal:
        check_days({"village_review": -1, "receipt": 366, "drafting": 2})
    assert set(refusal.value.fields) == {"village_review", "receipt"}
