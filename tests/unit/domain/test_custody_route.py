import itertools
from datetime import UTC, datetime, timedelta

from portal.domain.custody_route import Move, stays, times_held
from portal.domain.stages import Leg, Party, Stage

START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def move(hours: int, leg: Leg | None, ends_as: Stage | None = None) -> Move:
    return Move(START + timedelta(hours=hours), leg, "đơn vị", "05/BB-TYT", ends_as)


def test_a_list_that_never_moved_is_with_the_station() -> None:
    (only,) = stays("Trạm", START, [])
    assert (only.party, only.stage, only.until) == (Party.STATION, Stage.DRAFTING, None)


def test_stays_follow_each_other_without_gaps_whatever_order_the_moves_come_in() -> None:
    route = stays("Trạm", START, [move(5, Leg.VILLAGE_TO_POLICE), move(2, Leg.STATION_TO_VILLAGE)])
    assert [stay.stage for stay in route] == [Stage.DRAFTING, Stage.VILLAGE_REVIEW, Stage.POLICE_VERIFICATION]
    assert [before.until == after.since for before, after in itertools.pairwise(route)] == [True, True]


def test_a_return_brings_the_list_back_to_the_giver_before() -> None:
    there_and_back = [move(1, Leg.STATION_TO_VILLAGE), move(2, Leg.VILLAGE_TO_POLICE), move(3, Leg.POLICE_TO_VILLAGE)]
    assert stays("Trạm", START, there_and_back)[-1].party is Party.VILLAGE


def test_times_held_add_up_to_the_lists_age_and_stop_at_its_end() -> None:
    moves = [move(2, Leg.STATION_TO_VILLAGE), move(5, Leg.VILLAGE_TO_POLICE), move(9, Leg.POLICE_TO_STATION)]
    open_route = stays("Trạm", START, moves)
    held = times_held(open_route, START + timedelta(hours=20))
    assert held == {
        Party.STATION: timedelta(hours=13),
        Party.VILLAGE: timedelta(hours=3),
        Party.POLICE: timedelta(hours=4),
    }
    closed = stays("Trạm", START, [*moves, move(10, None)])
    assert closed[-1].stage is Stage.CLOSED
    assert sum(times_held(closed, START + timedelta(days=90)).values(), timedelta()) == timedelta(hours=10)


def test_a_cancelled_list_ends_as_cancelled() -> None:
    assert stays("Trạm", START, [move(1, None, Stage.CANCELLED)])[-1].stage is Stage.CANCELLED
