"""Work that needs an event loop, done from wherever it is called."""

from datetime import UTC, datetime

from portal import clock
from portal.signatures.appending import run_to_end

MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


async def what_the_clock_says() -> datetime:
    return clock.now()


def test_the_callers_clock_is_seen_also_where_a_loop_is_running_already() -> None:
    async def inside() -> datetime:
        return run_to_end(what_the_clock_says())

    with clock.at(MOMENT):
        assert run_to_end(what_the_clock_says()) == MOMENT
        # By `run_to_end` again: other tests may have left a loop running in this thread.
        assert run_to_end(inside()) == MOMENT
