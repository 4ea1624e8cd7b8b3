"""The clocks of a list: one runs at a time, whose unit could act; started and stopped where custody moves.

Called by `transitions.move` for every change of state, by the import for a fresh list and by whoever parts a list.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.clock import local, now
from portal.domain.deadlines import ClockKind, RunningClock, clock_of, first_late, goes_on, step_due, step_of
from portal.domain.extensions import ExtensionStatus
from portal.domain.stages import Leg, ListState, Stage
from portal.models import Batch, Clock, CorrectionList, Extension, Handover, StepDays, db
from portal.queries.scope import unit_of
from portal.services.context import ground


def usual_days(station_unit_id: int) -> dict[str, Any]:
    """The station's usual days per step; empty where it has set none."""
    usual = db.session.get(StepDays, station_unit_id)
    return dict(usual.days) if usual else {}


def begin(of_list: CorrectionList, *, parted_from: CorrectionList | None = None) -> Clock:
    """Start the clock of a list just made; a part is due when the list it comes from was, in the same hands."""
    state = ListState(Stage(of_list.stage), Leg(of_list.pending_leg) if of_list.pending_leg else None)
    runs = clock_of(state)
    assert runs is not None  # noqa: S101  a list begins open
    like = _last(parted_from or of_list, runs, state)
    return _start(of_list, state, runs, of_list.created_at, like=like)


def pass_on(of_list: CorrectionList, before: ListState, after: ListState, by: Handover | None) -> None:
    """Stop the clock that ran before and start the one of the state after; `of_list` stands there already.

    After a refusal or recall the giver's own clock goes on, due as before.
    """
    at = _stop(of_list)
    runs = clock_of(after)
    if runs is None:
        of_list.late_from = None
        return
    like = _last(of_list, runs, after) if goes_on(before, after) else None
    _start(of_list, after, runs, at, like=like, by=by, same=like is not None)


def running(of_list: CorrectionList, *, lock: bool = False) -> Clock | None:
    """The clock that runs on the list now; None when it has ended. `lock` keeps its row locked."""
    query = select(Clock).where(Clock.list_id == of_list.id, Clock.stopped_at.is_(None))
    if lock:
        query = query.with_for_update()
    return db.session.execute(query).scalar_one_or_none()


def set_due(of_list: CorrectionList, clock: Clock, due_at: datetime | None) -> None:
    """Give a running clock another due moment; its reminders begin anew. The first one stays in `first_due_at`."""
    if due_at != clock.due_at:
        clock.due_at, clock.reminded = due_at, ""
        clock.due_inclusive = ground().settings.due_inclusive
    judge(of_list, clock)


def follow_list(of_list: CorrectionList, old: datetime | None) -> None:
    """After the list's own due moment changed: a step that was due with it, or would be due after it, follows."""
    clock = running(of_list, lock=True)
    if clock is None:
        return
    follows = clock.due_at is None or clock.due_at == old
    if of_list.due_at and (follows or (clock.due_at and clock.due_at > of_list.due_at)):
        set_due(of_list, clock, of_list.due_at)
    judge(of_list, clock)


def judge(of_list: CorrectionList, clock: Clock) -> None:
    """Set the first moment at which the list counts as late: its running step or the list itself."""
    inclusive = ground().settings.due_inclusive
    of_list.late_from = first_late([(clock.due_at, clock.due_inclusive), (of_list.due_at, inclusive)])


def _stop(of_list: CorrectionList) -> datetime:
    at, clock = now(), running(of_list, lock=True)
    if clock is None:
        return at
    clock.stopped_at = max(at, clock.started_at)
    # What was asked for a clock that has stopped needs no answer any more.
    db.session.execute(
        update(Extension)
        .where(Extension.clock_id == clock.id, Extension.status == ExtensionStatus.ASKED.value)
        .values(status=ExtensionStatus.LAPSED.value, decided_at=at)
    )
    db.session.flush()
    return clock.stopped_at


def _start(
    of_list: CorrectionList,
    state: ListState,
    runs: RunningClock,
    at: datetime,
    *,
    like: Clock | None = None,
    by: Handover | None = None,
    same: bool = False,
) -> Clock:
    unit_id = unit_of(of_list, runs.party)
    assert unit_id is not None  # noqa: S101  a list is only sent to a known unit
    due = like.due_at if like else _due(of_list, step_of(runs.kind, state.stage), at)
    clock = Clock(
        list_id=of_list.id,
        province_id=of_list.province_id,
        unit_id=unit_id,
        party=runs.party.value,
        kind=runs.kind.value,
        stage=state.stage.value,
        started_at=at,
        due_at=due,
        first_due_at=like.first_due_at if like else due,
        due_inclusive=like.due_inclusive if like else ground().settings.due_inclusive,
        stopped_at=None,
        origin_id=(like.origin_id or like.id) if like and same else None,
        handover_id=by.id if by else None,
        reminded=like.reminded if like else "",
    )
    db.session.add(clock)
    judge(of_list, clock)
    return clock


def _due(of_list: CorrectionList, step: str, at: datetime) -> datetime | None:
    days = db.session.get_one(Batch, of_list.batch_id).step_days.get(step)
    return step_due(local(at), days, local(of_list.due_at) if of_list.due_at else None)


def _last(of_list: CorrectionList, runs: RunningClock, state: ListState) -> Clock | None:
    """The newest stretch of such a clock on the list: what goes on after a refusal, what a part takes over."""
    if runs.kind is not ClockKind.HOLDING:
        return None
    query = select(Clock).where(
        Clock.list_id == of_list.id, Clock.kind == runs.kind.value, Clock.stage == state.stage.value
    )
    return db.session.execute(query.order_by(Clock.id.desc()).limit(1)).scalar_one_or_none()
