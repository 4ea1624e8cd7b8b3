"""The route of a list: whose time it was from when to when, in which step, in time or late; told from its clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from portal.clock import local
from portal.domain.deadlines import ClockKind, Run, times_held
from portal.domain.labels import label
from portal.domain.phrases import held_words, record_number
from portal.domain.stages import FINAL_STAGES, TWO_SIDED, Party, RecordKind, Stage
from portal.domain.wording import say, together
from portal.models import Clock, CorrectionList, Handover


@dataclass(frozen=True)
class Held:
    """How long a party could act in all, and how much of that it only had to countersign."""

    party: Party
    time: timedelta
    waiting: timedelta


@dataclass(frozen=True)
class ToldRoute:
    """The route of one list, the time each party could act, and how it ended."""

    of_list: CorrectionList
    runs: tuple[Run, ...]
    held: tuple[Held, ...]
    ended: tuple[Stage, datetime] | None


def route_of(
    of_list: CorrectionList,
    known: Mapping[UUID, CorrectionList],
    records: Sequence[Handover],
    clocks: Sequence[Clock],
    at: datetime,
) -> ToldRoute:
    """The list's route since its people were imported: a part's begins on the lists it was split off from."""
    named = {record.id: record for record in records}
    runs = _own_runs(of_list, named, clocks)
    oldest = of_list
    while oldest.parent_list_id is not None and (parent := known.get(oldest.parent_list_id)) is not None:
        born = oldest.created_at
        runs = [*_until(born, _own_runs(parent, named, clocks)), *runs]
        oldest = parent
    whole, waiting = times_held(runs, at), times_held([r for r in runs if r.kind is ClockKind.RECEIPT], at)
    stage = Stage(of_list.stage)
    return ToldRoute(
        of_list,
        tuple(runs),
        tuple(Held(party, time, waiting[party]) for party, time in whole.items() if time),
        (stage, of_list.closed_at) if stage in FINAL_STAGES and of_list.closed_at else None,
    )


def run_words(run: Run) -> str:
    """What the step is called: the stage, or that a handover waits for its receiver."""
    return label(run.kind) if run.kind is ClockKind.RECEIPT else label(run.stage)


def due_words(run: Run, at: datetime) -> str:
    """`17:00 01/06/2026 → 17:00 05/06/2026, trễ 2 giờ 5 phút`: the old due moment stays, lateness is said."""
    if run.due is None:
        return ""
    moments = [run.first_due, run.due] if run.first_due and run.first_due != run.due else [run.due]
    words = " → ".join(f"{local(moment):%H:%M %d/%m/%Y}" for moment in moments)
    late = run.late_by(at)
    if not late:
        return words
    return together(words, say("trễ {time}", time=held_words(run.due, run.due + late)), by=", ")


def _own_runs(of_list: CorrectionList, named: Mapping[UUID, Handover], clocks: Sequence[Clock]) -> list[Run]:
    own = [clock for clock in clocks if clock.list_id == of_list.id]
    return [
        Run(
            party=Party(clock.party),
            unit_name=clock.unit.name,
            kind=ClockKind(clock.kind),
            stage=Stage(clock.stage),
            since=clock.started_at,
            until=clock.stopped_at,
            due=clock.due_at,
            first_due=clock.first_due_at,
            inclusive=clock.due_inclusive,
            note=_note(of_list, clock, named, is_first=place == 0),
        )
        for place, clock in enumerate(own)
    ]


def _until(moment: datetime, runs: Sequence[Run]) -> list[Run]:
    """The runs before the moment, the one in which it falls cut off there."""
    found = [run for run in runs if run.since < moment]
    return [replace(run, until=min(run.until or moment, moment)) for run in found]


def _note(of_list: CorrectionList, clock: Clock, named: Mapping[UUID, Handover], *, is_first: bool) -> str:
    record = named.get(clock.handover_id) if clock.handover_id else None
    if record is not None:
        kind = RecordKind(record.kind)
        number = record_number(record.number, record.symbol) if record.number is not None else ""
        words = together(label(kind), number)
        recalled = clock.origin_id is not None and kind in TWO_SIDED
        return say("Thu hồi {record}", record=words) if recalled else words
    if not is_first:
        return say("Cấp trên cho mở lại")
    return say("Tách từ danh sách khác") if of_list.parent_list_id else ""
