"""`visible_to` in SQL finds exactly the lists that `covers` allows, on trees that nobody thought of."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from portal.clock import now
from portal.domain.permissions import ASKED, GRANTS, Actor, Permission, Place, Reach, Role, covers, reach_of
from portal.models import Batch, CorrectionList, Unit, db
from portal.queries.scope import place_of, visible_batches, visible_to
from tests.integration.scene import Scene

SINCE = date(2025, 7, 1)


@st.composite
def trees(draw: st.DrawFn) -> list[int | None]:
    """A forest as each territory's parent: two provinces at least, two to five levels, any width."""
    parents: list[int | None] = [None, None]
    depth = [1, 1]
    for _ in range(draw(st.integers(3, 16))):
        above = draw(st.sampled_from([place for place, level in enumerate(depth) if level < 5]))
        parents.append(above)
        depth.append(depth[above] + 1)
    return parents


def unit(name: str, kind: str, path: str, province: int) -> dict[str, Any]:
    return {"code": f"{name}-{uuid4().hex[:8]}", "kind": kind, "name": name, "territory_path": path,
            "province_id": province, "valid_from": SINCE}  # fmt: skip


def plant(parents: list[int | None]) -> list[tuple[int, str]]:
    """The territories in the database: id and path each."""
    made: list[tuple[int, str]] = []
    for above in parents:
        row = db.session.scalars(insert(Unit).values(unit("đất", "village", "/", 0)).returning(Unit)).one()
        row.territory_path = f"{made[above][1] if above is not None else '/'}{row.id}/"
        row.province_id = int(row.territory_path.split("/")[1])
        made.append((row.id, row.territory_path))
    db.session.flush()
    return made


def offices(places: list[tuple[int, str]]) -> list[int]:
    """An office at every place."""
    rows = [unit("cơ quan", "health_station", path, int(path.split("/")[1])) for _, path in places]
    return list(db.session.scalars(insert(Unit).returning(Unit.id, sort_by_parameter_order=True), rows))


@settings(max_examples=8, deadline=None)
@given(parents=trees(), data=st.data())
def test_the_database_shows_exactly_what_the_rules_allow(scene: Scene, parents: list[int | None], data: Any) -> None:
    try:
        places = plant(parents)
        units = offices(places)
        somewhere = st.integers(0, len(places) - 1)
        creator = scene.actors["station_head"].user_id
        batches, lists = [], []
        for number in range(data.draw(st.integers(1, 12))):
            where, station, village, police = (data.draw(somewhere) for _ in range(4))
            path = places[where][1]
            batches.append({"id": uuid4(), "code": f"b{number}", "station_unit_id": units[station], "entries": 1,
                            "province_id": int(path.split("/")[1]), "territory_path": path, "parked": 0,
                            "created_at": now(), "created_by": creator})  # fmt: skip
            lists.append({"id": uuid4(), "batch_id": batches[-1]["id"], "number": 1, "code": "l", "name": "l",
                          "province_id": int(path.split("/")[1]), "territory_path": path, "entries": 1,
                          "station_unit_id": units[station], "holder_unit_id": units[station],
                          "village_unit_id": data.draw(st.sampled_from([None, units[village]])),
                          "police_unit_id": data.draw(st.sampled_from([None, units[police]])),
                          "offered_to_unit_id": data.draw(st.sampled_from([None, *units])),
                          "known_to_village": data.draw(st.booleans()), "known_to_police": data.draw(st.booleans()),
                          "stage": "drafting", "held_since": now(), "created_at": now()})  # fmt: skip
        db.session.execute(insert(Batch), batches)
        db.session.execute(insert(CorrectionList), lists)
        for seat in {data.draw(somewhere) for _ in range(4)}:
            for role in Role:
                actor = Actor(uuid4(), "A", 1, role, units[seat], "B", "C", places[seat][1],
                              int(places[seat][1].split("/")[1]), can_sign=True)  # fmt: skip
                compare(actor, [row["id"] for row in lists])
    finally:
        db.session.rollback()


def compare(actor: Actor, ids: list[Any]) -> None:
    every = db.session.scalars(select(CorrectionList).where(CorrectionList.id.in_(ids))).all()
    for permission in {(reach_of(actor.role, each), each in ASKED): each for each in Permission}.values():
        wanted = {each.id for each in every if covers(actor, permission, place_of(each))}
        seen = db.session.scalars(
            select(CorrectionList.id).where(CorrectionList.id.in_(ids), visible_to(actor, permission))
        )
        assert set(seen) == wanted, (actor.role, permission)
    batches = {each.batch_id: Place(each.territory_path, frozenset({each.station_unit_id})) for each in every}
    seen = db.session.scalars(select(Batch.id).where(Batch.id.in_(batches), visible_batches(actor)))
    assert set(seen) == {key for key, place in batches.items() if covers(actor, Permission.BATCH_READ, place)}


def test_both_ways_to_see_a_whole_province_see_the_same(scene: Scene) -> None:
    """A province is found by its column, anything smaller by its path: the two must not drift apart."""
    made = scene.make_list(1)
    supervisor = scene.actors["supervisor"]
    assert GRANTS[Role.SUPERVISOR][Permission.LIST_READ] is Reach.TERRITORY
    for actor in (supervisor, replace(supervisor, territory_path=scene.units["xa"].territory_path)):
        assert reach_of(actor.role, Permission.LIST_READ) is Reach.TERRITORY
        seen = db.session.scalars(select(CorrectionList.id).where(visible_to(actor, Permission.LIST_READ))).all()
        assert made in seen
