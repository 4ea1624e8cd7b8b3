"""The route of a list: who held it from when to when, folded from its signed handovers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.domain.stages import DISSOLVED_STAGES, FINAL_STAGES, HOLDER, LEGS, Leg, Party, Stage


@dataclass(frozen=True)
class Move:
    """A countersigned handover, a completion (`leg` None), a cancellation or a re-opening: custody passes at `at`.

    Where `ends_as` says that the list was dissolved, the last stay ends and no other begins.
    """

    at: datetime
    leg: Leg | None
    unit_name: str
    note: str
    ends_as: Stage | None = None


@dataclass(frozen=True)
class Stay:
    """One stay with a party; `until` None means that it still holds the list."""

    party: Party
    unit_name: str
    stage: Stage
    since: datetime
    until: datetime | None
    note: str


def stays(station_name: str, created_at: datetime, moves: Sequence[Move]) -> tuple[Stay, ...]:
    """The stays in order of time, without gaps: the first begins where the list was made."""
    found = [Stay(Party.STATION, station_name, Stage.DRAFTING, created_at, None, "")]
    for move in sorted(moves, key=lambda each: each.at):
        found[-1] = replace(found[-1], until=move.at)
        if move.ends_as in DISSOLVED_STAGES:
            break
        stage = LEGS[move.leg].receiver_stage if move.leg else (move.ends_as or Stage.CLOSED)
        until = move.at if stage in FINAL_STAGES else None
        found.append(Stay(HOLDER[stage], move.unit_name, stage, move.at, until, move.note))
    return tuple(found)


def times_held(route: Sequence[Stay], at: datetime) -> dict[Party, timedelta]:
    """How long each party held the list in all; the parts add up to the time in which the list was open."""
    held = dict.fromkeys(Party, timedelta())
    for stay in route:
        if stay.stage in FINAL_STAGES:
            continue
        held[stay.party] += (stay.until or at) - stay.since
    return held
