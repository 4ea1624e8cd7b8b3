"""The people on a list: pages of fifty, what is left to do, the next one; only of lists that the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from portal.domain.lanes import Lane
from portal.domain.names import folding_key
from portal.domain.permissions import Actor, Permission
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, User, db
from portal.queries.scope import visible_to
from portal.queries.searching import is_marked, matches, matches_as_written

SIZE = 50


class Part(StrEnum):
    """The named parts of a list that a worker looks at."""

    ALL = "all"
    LEFT = "left"
    DONE = "done"
    HARD = "hard"
    RETURNED = "returned"
    IMPORT = "import"
    EDIT = "edit"
    CHECK = "check"


@dataclass(frozen=True)
class PeopleFilter:
    """Which people of a list a page shows and a bulk act takes."""

    part: Part = Part.ALL
    words: str = ""
    error_class: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anybody of the part is filtered away."""
        return bool(self.words or self.error_class)


@dataclass(frozen=True)
class LaneCounts:
    """Where the station's people stand: open ones per lane, those that wait for the re-check, and the ended ones."""

    to_import: int
    imported: int
    to_edit: int
    edited: int
    unchanged: int
    failed: int
    returned: int
    confirmed: int
    ended: int


def entries_page(
    actor: Actor, list_id: UUID, party: Party | None, wanted: PeopleFilter, page: int
) -> Sequence[Entry]:
    """One page of the list's people who match the filter, in their order; the same marks as typed come first."""
    query = select(Entry).where(*_within(actor, list_id), *conditions(party, wanted))
    if wanted.words and is_marked(wanted.words):
        query = query.order_by(matches_as_written(Entry.search, wanted.words, tails=True).desc())
    query = query.order_by(Entry.number).limit(SIZE).offset((page - 1) * SIZE)
    return db.session.execute(query).scalars().all()


def found_by(text: str) -> ColumnElement[bool]:
    """A condition on Entry: every word of the text in the name, in any order and without marks, or the number's end.

    Digits alone mean the last digits of the number, as recorded, proposed or verified, or the row's own number.
    """
    words = folding_key(text).split()
    digits = "".join(words)
    if digits.isascii() and digits.isdecimal():
        ends = [
            getattr(Entry, side)["id_number"].astext.endswith(digits) for side in ("recorded", "proposed", "verified")
        ]
        return or_(*ends, Entry.number == int(digits)) if len(digits) < _ROW_DIGITS else or_(*ends)
    return matches(Entry.search, text, tails=True)


_ROW_DIGITS = 7
"""Fewer digits may also be a row's number within its list."""


def first_of(actor: Actor, list_id: UUID, condition: ColumnElement[bool]) -> int | None:
    """The number of the first person that meets the condition."""
    query = select(func.min(Entry.number)).where(*_within(actor, list_id), condition)
    return db.session.execute(query).scalar_one()


def conditions(party: Party | None, wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on Entry; parts other than everybody need the party that works on the list."""
    found = []
    in_part = part(party, wanted.part) if party else None
    if in_part is not None:
        found.append(in_part)
    if wanted.words:
        found.append(found_by(wanted.words))
    if wanted.error_class:
        found.append(Entry.classes.contains([wanted.error_class]))
    return found


def count_matching(actor: Actor, list_id: UUID, party: Party | None, wanted: PeopleFilter) -> int:
    """How many people `entries_page` lists on all its pages together."""
    query = select(func.count()).select_from(Entry).where(*_within(actor, list_id), *conditions(party, wanted))
    return db.session.execute(query).scalar_one()


def find(actor: Actor, list_id: UUID, number: int) -> Entry | None:
    """One person by the number within the list."""
    if number > 2_000_000_000:
        return None
    query = (
        select(Entry)
        .where(*_within(actor, list_id), Entry.number == number)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalar_one_or_none()


def part(party: Party, name: Part) -> ColumnElement[bool] | None:
    """The condition of a named part for the party that works on the list; None where it is everybody."""
    verdict = getattr(Entry, f"{party}_verdict")
    is_settled = settled(party)
    hard = verdict.in_((Verdict.UNRESOLVED.value, Verdict.NOT_IN_DATABASE.value))
    returned = verdict == Verdict.RETURNED.value
    conditions: dict[Part, ColumnElement[bool] | None] = {
        Part.ALL: None,
        Part.LEFT: ~is_settled,
        Part.DONE: is_settled & ~hard & ~returned,
        Part.HARD: hard,
        Part.RETURNED: returned,
        Part.IMPORT: _lane(Lane.IMPORT),
        Part.EDIT: _lane(Lane.EDIT),
        Part.CHECK: _open() & or_(Entry.lane == Lane.NONE.value, Entry.station_verdict == Verdict.APPLIED.value),
    }
    return conditions[name]


def matching(actor: Actor, list_id: UUID, party: Party, wanted: PeopleFilter) -> Sequence[int]:
    """The ids of everybody on the list who matches the filter, in the list's order."""
    query = select(Entry.id).where(*_within(actor, list_id), *conditions(party, wanted)).order_by(Entry.number)
    return db.session.scalars(query).all()


def counts(actor: Actor, list_id: UUID, party: Party, parts: Sequence[Part]) -> dict[Part, int]:
    """How many people each part holds, in one query; equals what `entries_page` lists."""
    columns = []
    for name in parts:
        condition = part(party, name)
        columns.append(func.count() if condition is None else func.count().filter(condition))
    row = db.session.execute(select(*columns).select_from(Entry).where(*_within(actor, list_id))).one()
    return dict(zip(parts, row, strict=True))


def lane_counts(actor: Actor, list_id: UUID) -> LaneCounts:
    """The station's counts over both lanes, in one query."""
    verdict = Entry.station_verdict
    applied, returned = verdict == Verdict.APPLIED.value, verdict == Verdict.RETURNED.value
    importing, editing = _lane(Lane.IMPORT), _lane(Lane.EDIT)
    wanted = {
        "to_import": importing & ~applied,
        "imported": importing & applied,
        "to_edit": editing & ~applied,
        "edited": editing & applied,
        "unchanged": _open() & (Entry.lane == Lane.NONE.value),
        "failed": _open() & (verdict == Verdict.APPLY_FAILED.value),
        "returned": (Entry.outcome == "") & returned,
        "confirmed": Entry.outcome == "done",
        "ended": Entry.outcome.not_in(("", "done")),
    }
    columns = [func.count().filter(condition).label(name) for name, condition in wanted.items()]
    row = db.session.execute(select(*columns).select_from(Entry).where(*_within(actor, list_id))).one()
    return LaneCounts(**row._mapping)


def next_left(actor: Actor, list_id: UUID, party: Party, after: int = 0) -> int | None:
    """The number of the first person without a conclusion behind `after`, then from the start; None when all are."""
    query = select(Entry.number).where(*_within(actor, list_id), ~settled(party))
    query = query.order_by((Entry.number <= after).asc(), Entry.number.asc()).limit(1)
    return db.session.execute(query).scalar_one_or_none()


def next_people(actor: Actor, list_id: UUID, party: Party, after: int = 0) -> Sequence[Entry]:
    """One page of the people without a conclusion: those behind `after`, then from the start."""
    query = select(Entry).where(*_within(actor, list_id), ~settled(party))
    query = query.order_by((Entry.number <= after).asc(), Entry.number.asc()).limit(SIZE)
    return db.session.execute(query).scalars().all()


def position(actor: Actor, list_id: UUID, number: int) -> int:
    """The page of `entries_page` over everybody on which the person with this number stands."""
    before = select(func.count()).select_from(Entry).where(*_within(actor, list_id), Entry.number < number)
    return int(db.session.execute(before).scalar_one()) // SIZE + 1


def neighbours(actor: Actor, list_id: UUID, number: int) -> tuple[int | None, int | None]:
    """The numbers before and after this one on the list."""
    row = db.session.execute(
        select(
            func.max(Entry.number).filter(Entry.number < number), func.min(Entry.number).filter(Entry.number > number)
        )
        .select_from(Entry)
        .where(*_within(actor, list_id))
    ).one()
    return row[0], row[1]


def changed_since(actor: Actor, list_id: UUID, moment: datetime) -> int:
    """How many people were changed after the moment, e.g. after a preview was drawn."""
    query = select(func.count()).select_from(Entry).where(*_within(actor, list_id), Entry.changed_at > moment)
    return db.session.execute(query).scalar_one()


def changed_by(entry: Entry) -> str:
    """The name of the person who last changed the entry; empty where nobody has."""
    if entry.changed_by is None:
        return ""
    return db.session.execute(select(User.full_name).where(User.id == entry.changed_by)).scalar_one()


def settled(party: Party) -> ColumnElement[bool]:
    """A condition on Entry: the party is done with it; at the station that means the entry has ended."""
    if party is Party.STATION:
        return Entry.outcome != ""
    verdict: ColumnElement[str] = getattr(Entry, f"{party}_verdict")
    return verdict != ""


def _open() -> ColumnElement[bool]:
    return (Entry.outcome == "") & (Entry.station_verdict != Verdict.RETURNED.value)


def _lane(lane: Lane) -> ColumnElement[bool]:
    return _open() & (Entry.lane == lane.value)


def _within(actor: Actor, list_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The list's people, if the actor may see the list."""
    seen = exists().where(CorrectionList.id == list_id, visible_to(actor, Permission.LIST_READ))
    return Entry.list_id == list_id, seen
