"""People across all lists that the actor may see: found by name or by the last three digits, numbers never whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Integer, Select, case, func, literal, select, union_all

from portal.domain.permissions import Actor, Permission, Reach, reach_of
from portal.domain.stages import Stage
from portal.models import CorrectionList, Entry, db
from portal.queries.contacts import NOBODY, Contact, contacts, stations_beside_codes
from portal.queries.lists import ListFilter, list_conditions
from portal.queries.scope import has_whole_province, visible_to
from portal.queries.searching import is_marked, matches, matches_as_written

SIZE = 50
EVERYWHERE = ListFilter(state="all")
COUNTED_UP_TO = 1000
"""Who searches for a name that more people bear is asked for another word: nobody reads on."""


@dataclass(frozen=True)
class PersonRow:
    """One person found, with the list that holds the entry and who holds the list."""

    list_id: UUID
    list_code: str
    list_name: str
    stage: Stage
    pending: bool
    number: int
    recorded: dict[str, str]
    classes: tuple[str, ...]
    outcome: str
    holder: Contact
    station: str = ""


@dataclass(frozen=True)
class PeoplePage:
    """A page of people; `matching` is None beyond COUNTED_UP_TO."""

    rows: tuple[PersonRow, ...]
    matching: int | None


def people_page(
    actor: Actor, words: str, lists: ListFilter, *, error_class: str = "", at: datetime, on: date, page: int = 1
) -> PeoplePage:
    """Fifty people with all these words in their names, those with the same marks first, then by name.

    Where whole words find less than a page, the last word may be only begun. Three digits are the end of a number.
    `lists` narrows by the lists they are on.
    """
    within = [*_reach(actor, lists, at)]
    if error_class:
        within.append(Entry.classes.contains([error_class]))
    rows, count = _found(actor, words, within, page, begun=False)
    if count < SIZE:
        # Not asked at once: for a word only begun the index gathers every place of every word that begins so.
        rows, count = _found(actor, words, within, page, begun=True)
    stations = stations_beside_codes(actor, (row.station_unit_id for row in rows))
    people = contacts({row.holder_unit_id for row in rows} | stations, on)
    return PeoplePage(tuple(_row(row, people, stations) for row in rows), count if count <= COUNTED_UP_TO else None)


def _found(
    actor: Actor, words: str, within: list[ColumnElement[bool]], page: int, *, begun: bool
) -> tuple[Sequence[Any], int]:
    rows, count = _cut(actor, _hits(words, within, begun=begun), page)
    if count > COUNTED_UP_TO and is_marked(words):
        return _cut(actor, _exact_hits_first(words, within, begun=begun), page)
    return rows, count


def _hits(words: str, within: list[ColumnElement[bool]], *, begun: bool) -> CTE:
    """The first thousand and one ids, with rank 0 where the marks are the same too.

    Materialised and without an order inside, so that the planner cannot walk the whole table by its key.
    """
    rank: ColumnElement[int] = literal(0, Integer)
    if is_marked(words):
        rank = case((matches_as_written(Entry.search, words, tails=True, begun=begun), 0), else_=1)
    found = (
        _ranked(rank).where(matches(Entry.search, words, tails=True, begun=begun), *within).limit(COUNTED_UP_TO + 1)
    )
    return found.cte("hits").prefix_with("MATERIALIZED")


def _exact_hits_first(words: str, within: list[ColumnElement[bool]], *, begun: bool) -> CTE:
    """As `_hits` where more match than are looked at: those with the same marks must not be among the others."""
    plain, written = (match(Entry.search, words, tails=True, begun=begun) for match in (matches, matches_as_written))
    exact = _ranked(literal(0, Integer)).where(written, *within).limit(COUNTED_UP_TO + 1)
    other = _ranked(literal(1, Integer)).where(plain, ~written, *within).limit(COUNTED_UP_TO + 1)
    both = union_all(exact.subquery().select(), other.subquery().select())
    return select(both.subquery()).limit(COUNTED_UP_TO + 1).cte("hits").prefix_with("MATERIALIZED")


def _ranked(rank: ColumnElement[int]) -> Select[int, str, int]:
    return select(Entry.id, Entry.sort_key, rank.label("rank"))


def _cut(actor: Actor, hits: CTE, page: int) -> tuple[Sequence[Any], int]:
    """One page of the hits, and how many there are, by one statement: the search itself is what costs."""
    counted = select(func.count()).select_from(hits).scalar_subquery()
    order = (hits.c.rank, hits.c.sort_key, hits.c.id)
    # Cut before anything is joined: a thousand candidates are ranked, fifty are looked at.
    cut = select(hits, counted.label("found")).order_by(*order).limit(SIZE).offset((page - 1) * SIZE).subquery()
    query = (
        select(
            CorrectionList.id, CorrectionList.code, CorrectionList.name, CorrectionList.stage,
            CorrectionList.pending_leg, CorrectionList.holder_unit_id, CorrectionList.station_unit_id,
            Entry.number, Entry.recorded, Entry.classes,
            Entry.outcome, cut.c.found,
        )
        .join(cut, cut.c.id == Entry.id)
        .join(CorrectionList, Entry.list_id == CorrectionList.id)
        .where(visible_to(actor, Permission.LIST_READ))
        .order_by(cut.c.rank, cut.c.sort_key, cut.c.id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    if rows:
        return rows, int(rows[0].found)
    return rows, db.session.execute(select(func.count()).select_from(hits)).scalar_one() if page > 1 else 0


def _reach(actor: Actor, lists: ListFilter, at: datetime) -> list[ColumnElement[bool]]:
    """Where to look: a whole province by its own column, anything smaller by its lists (a commune has hundreds)."""
    whole = reach_of(actor.role, Permission.LIST_READ) is Reach.TERRITORY and has_whole_province(actor)
    if lists == EVERYWHERE and whole:
        return [Entry.province_id == actor.province_id]
    seen = select(CorrectionList.id).where(
        visible_to(actor, Permission.LIST_READ), *list_conditions(actor, lists, at)
    )
    return [Entry.list_id.in_(seen)]


def _row(row: Any, people: dict[int, Contact], stations: set[int]) -> PersonRow:  # noqa: ANN401  a row of the select above
    return PersonRow(
        list_id=row.id,
        list_code=row.code,
        list_name=row.name,
        stage=Stage(row.stage),
        pending=row.pending_leg is not None,
        number=row.number,
        recorded=row.recorded,
        classes=tuple(row.classes),
        outcome=row.outcome,
        holder=people.get(row.holder_unit_id, NOBODY),
        station=people[row.station_unit_id].unit_name if row.station_unit_id in stations else "",
    )
