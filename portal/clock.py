"""The only reader of time. Below the services time is an argument; here it is read."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""Vietnamese time, +07:00 all year; the zone's data come with the tzdata package."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as Vietnam's clocks show it. Refuses a moment without a zone (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(VIETNAM)


def today() -> date:
    """Today's date in Vietnam, which is tomorrow's in UTC from 17:00 on."""
    return local(now()).date()
