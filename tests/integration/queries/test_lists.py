# ruff: noqa: F811
"""The queries of the list pages see what the rights allow, no more and no less, and count what they list."""

from datetime import timedelta

import pytest

from portal.clock import now, today
from portal.domain.permissions import Permission, can
from portal.domain.stages import Leg, Party
from portal.models import CorrectionList, db
from portal.queries import entries, handovers, lists
from portal.queries.entries import Part
from portal.queries.lists import ListFilter
from portal.queries.scope import place_of
from tests.integration.web.desk import Desk, desk  # noqa: F401

PEOPLE = ("station_head", "village_head", "other_village_head", "police_head", "foreign_station_head", "coordinator", "auditor", "administrator")  # fmt: skip


@pytest.fixture(scope="module")
def made(desk: Desk) -> list:
    """A list at each party."""
    found = [desk.make(party) for party in (None, Party.VILLAGE, Party.POLICE, Party.STATION)]
    with desk.world() as scene:
        found.append(scene.make_list(1, station="tram_khac", village="to_cong_tac_c"))
    return found


def page(actor, **wanted):
    return lists.lists_page(actor, ListFilter(**wanted), at=now(), on=today())


@pytest.mark.parametrize("name", PEOPLE)
def test_a_person_sees_exactly_the_lists_that_the_rights_cover(desk: Desk, made: list, name: str) -> None:
    with desk.world() as scene:
        actor = scene.actors[name]
        seen = {row.id for row in page(actor, state="all").rows}
        every = db.session.query(CorrectionList).all()
        assert seen == {one.id for one in every if can(actor, Permission.LIST_READ, place_of(one))}


def test_the_count_equals_the_rows_for_every_filter(desk: Desk, made: list) -> None:
    with desk.world() as scene:
        actor = scene.actors["station_head"]
        for state in ("", "all", "pending", "drafting", "village_review", "police_verification", "closed"):
            shown = page(actor, state=state)
            assert shown.matching == len(shown.rows), state
        assert page(actor, overdue=True).rows == ()
        later = lists.lists_page(actor, ListFilter(overdue=True), at=now() + timedelta(days=30), on=today())
        assert len(later.rows) == page(actor).matching


def test_people_of_a_list_are_hidden_from_those_who_may_not_see_it(desk: Desk, made: list) -> None:
    with desk.world() as scene:
        drafted, stranger = made[0], scene.actors["village_head"]
        assert entries.entries_page(stranger, drafted, None, entries.PeopleFilter(), 1) == []
        assert entries.find(stranger, drafted, 1) is None
        assert entries.counts(stranger, drafted, Party.VILLAGE, (Part.ALL,)) == {Part.ALL: 0}
        assert entries.next_left(stranger, drafted, Party.VILLAGE) is None


def test_a_draft_is_its_own_units_business_until_it_is_sent(desk: Desk) -> None:
    list_id = desk.make(Party.VILLAGE)
    with desk.world() as scene:
        from portal.domain.verdicts import Verdict
        from portal.services.handovers import prepare_record

        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
        prepare_record(scene.actors["village_head"], list_id, Leg.VILLAGE_TO_POLICE)
        assert len(handovers.records_of(scene.actors["village_head"], list_id)) == 2
        assert len(handovers.records_of(scene.actors["station_head"], list_id)) == 1


def test_codes_that_two_stations_may_share_stand_beside_their_station_for_who_oversees(
    desk: Desk,
) -> None:
    with desk.world() as scene:
        scene.make_list(1)
        scene.make_list(1, station="tram_khac", village="to_cong_tac_c")

        def stations(name: str) -> set[str]:
            page = lists.lists_page(scene.actors[name], ListFilter(), at=now(), on=today())
            return {row.station for row in page.rows}

        assert {scene.units["tram"].name, scene.units["tram_khac"].name} <= stations("supervisor")
        assert stations("station_head") == {""}
