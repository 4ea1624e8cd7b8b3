"""The bars of the hours add up to what was sent, and the boundary stands on the side that the rule says."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.clock import VIETNAM
from portal.domain.report_charts import HOURS_AFTER, HOURS_BEFORE, hour_bars

DUE = datetime(2026, 3, 31, 20, 0, tzinfo=VIETNAM)


@given(st.lists(st.integers(-200_000, 200_000)), st.booleans())
def test_bars_add_up_and_late_ones_stand_after_the_line(seconds: list[int], inclusive: bool) -> None:
    bars = hour_bars(DUE, (DUE + timedelta(seconds=each) for each in seconds), inclusive=inclusive)
    assert len(bars) == HOURS_BEFORE + HOURS_AFTER
    late = sum(each > 0 if inclusive else each >= 0 for each in seconds)
    assert sum(bar.count for bar in bars if bar.late) == late
    assert sum(bar.count for bar in bars) == len(seconds)


def test_a_report_at_twenty_sharp_stands_before_the_line() -> None:
    bars = hour_bars(DUE, [DUE, DUE + timedelta(seconds=1), DUE - timedelta(minutes=90)], inclusive=True)
    assert [(bar.since.hour, bar.count) for bar in bars if bar.count] == [(18, 1), (19, 1), (20, 1)]
