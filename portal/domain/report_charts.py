"""Figures behind the pictures of reports: when children sent, hour by hour before and after the due moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.deadlines import is_late

HOURS_BEFORE, HOURS_AFTER = 12, 3
"""What lies further away is gathered in the first and the last bar."""


@dataclass(frozen=True)
class HourBar:
    """Reports sent in one hour: from which moment on, how many, whether that is after the due moment."""

    since: datetime
    count: int
    late: bool
    open_ended: bool


def hour_bars(due: datetime, sent: Iterable[datetime], *, inclusive: bool) -> list[HourBar]:
    """Bars that add up to all that was sent; a report at the boundary counts on the side that the rule says."""
    counts = dict.fromkeys(range(-HOURS_BEFORE, HOURS_AFTER), 0)
    for moment in sent:
        late = is_late(due, moment, inclusive=inclusive)
        hours = (moment - due) // timedelta(hours=1)
        place = max(hours, 0) if late else min(hours, -1)
        counts[min(max(place, -HOURS_BEFORE), HOURS_AFTER - 1)] += 1
    ends = {-HOURS_BEFORE, HOURS_AFTER - 1}
    return [HourBar(due + timedelta(hours=each), count, each >= 0, each in ends) for each, count in counts.items()]
