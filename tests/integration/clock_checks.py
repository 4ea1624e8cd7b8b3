"""Invariant 16 of reference/workflow.md §4, to be asserted of any list at any moment."""

from datetime import timedelta
from itertools import pairwise

from sqlalchemy import func, select

from portal.domain.deadlines import clock_of, first_late
from portal.domain.events import EventTag
from portal.domain.stages import Stage
from portal.models import Clock, CorrectionList, Event, db
from portal.queries.scope import unit_of
from portal.services.transitions import state_of


def assert_clocks(of_list: CorrectionList) -> None:
    """Exactly one clock runs while the list is open; stretches join without a gap; who could act is charged.

    Only while a list is closed does no time run: what was opened again begins anew.
    """
    clocks = db.session.scalars(select(Clock).where(Clock.list_id == of_list.id).order_by(Clock.id)).all()
    running = [clock for clock in clocks if clock.stopped_at is None]
    wanted = clock_of(state_of(of_list))
    assert len(running) == (wanted is not None)
    if wanted is not None:
        clock = running[0]
        assert (clock.kind, clock.party) == (wanted.kind, wanted.party)
        assert clock.unit_id == unit_of(of_list, wanted.party)
        assert of_list.late_from == first_late(
            [(clock.due_at, clock.due_inclusive), (of_list.due_at, clock.due_inclusive)]
        )
    else:
        assert of_list.late_from is None
    assert clocks[0].started_at == of_list.created_at
    closed, opened_again = timedelta(), EventTag.LIST_REOPENED.value
    for before, after in pairwise(clocks):
        gap = after.started_at - (before.stopped_at or after.started_at)
        if gap:
            assert (before.stage, after.stage) == (Stage.STATION_UPDATE.value, Stage.STATION_UPDATE.value)
            assert db.session.scalar(
                select(func.count()).where(Event.list_id == of_list.id, Event.tag == opened_again)
            )
        closed += gap
    end = clocks[-1].stopped_at or clocks[-1].started_at
    stretches = [(clock.stopped_at or end) - clock.started_at for clock in clocks]
    assert sum(stretches, timedelta()) == end - of_list.created_at - closed
    for clock in clocks:
        if clock.origin_id is not None:
            origin = db.session.get_one(Clock, clock.origin_id)
            assert (origin.unit_id, origin.kind, origin.stage) == (clock.unit_id, clock.kind, clock.stage)
            assert origin.first_due_at == clock.first_due_at
