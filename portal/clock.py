"""The only reader of time. Below the services time is an argument; here it is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""Vietnamese time, +07:00 all year; the zone's data come with the tzdata package."""

_standing_at: ContextVar[datetime | None] = ContextVar("standing_at", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _standing_at.get() or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as Vietnam's clocks show it. Refuses a moment without a zone (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(VIETNAM)


def today() -> date:
    """Today's date in Vietnam, which is tomorrow's in UTC from 17:00 on."""
    return local(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock of this context stand at `moment`: only to build a demonstration's past, and in tests.

    Refuses a moment without a zone (ValueError). Nothing a user can reach calls this.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    token = _standing_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing_at.reset(token)
