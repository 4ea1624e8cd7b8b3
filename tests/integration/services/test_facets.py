"""Many alike on one list: counted by kind, fixed by one act, undone as one act, and only where it puts all in order."""

import pytest
from sqlalchemy import select, update

from portal.domain.errors import StaleVersion
from portal.domain.fields import Field
from portal.domain.verdicts import Verdict
from portal.models import BulkAct, CorrectionList, Entry, db
from portal.queries import facets as queries
from portal.services.bulk import acts
from portal.services.bulk.suggesting import take_suggestions
from tests.integration.scene import Scene, number_of

LOST = {"code": "id_lost_zero", "field": "id_number", "message": "Số thiếu số 0 ở đầu", "severity": "error",
        "evidence": ""}  # fmt: skip


@pytest.fixture
def at_village(scene: Scene):  # type: ignore[no-untyped-def]
    """Four people without their zero: one of them has no birth date a person could be, one is concluded already."""
    persons = [{"id_number": number_of(n)[1:], "raw": {"Thôn": "Bản A" if n % 2 else "BAN A"}} for n in range(1, 5)]
    persons[2]["sex"] = "nam"
    list_id = scene.make_list(persons=persons)
    at = {"stage": "village_review", "known_to_village": True, "holder_unit_id": scene.units["to_cong_tac_a"].id}
    db.session.execute(update(CorrectionList).where(CorrectionList.id == list_id).values(at))
    for n in range(1, 5):
        row = update(Entry).where(Entry.list_id == list_id, Entry.number == n)
        db.session.execute(
            row.values(findings=[LOST], suggestions={"id_number": number_of(n)}, classes=["E2"])
        )  # fmt: skip
    db.session.commit()
    scene.conclude_one("village_head", list_id, 4, Verdict.UNRESOLVED, reason="not_found")
    return list_id


def verdicts(list_id):  # type: ignore[no-untyped-def]
    rows = select(Entry.number, Entry.village_verdict).where(Entry.list_id == list_id).order_by(Entry.number)
    return {row.number: row.village_verdict for row in db.session.execute(rows)}


def test_one_fix_for_all_alike_and_its_undo(scene: Scene, at_village) -> None:  # type: ignore[no-untyped-def]
    village = scene.actors["village_head"]
    [facet] = queries.facets(village, at_village)
    assert (facet.code, facet.count, facet.fixable) == ("id_lost_zero", 4, 2)
    act = take_suggestions(village, at_village, facet.code, Field.ID_NUMBER, expected=2)
    assert db.session.get_one(BulkAct, act).done == 2
    assert verdicts(at_village) == {1: "fixed", 2: "fixed", 3: "", 4: "unresolved"}
    proposed = db.session.scalars(select(Entry.proposed).where(Entry.list_id == at_village, Entry.number == 1)).one()
    assert proposed["id_number"] == number_of(1)
    acts.undo(village, act)
    assert verdicts(at_village) == {1: "", 2: "", 3: "", 4: "unresolved"}


def test_a_count_that_changed_meanwhile_does_nothing(scene: Scene, at_village) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StaleVersion):
        take_suggestions(scene.actors["village_head"], at_village, "id_lost_zero", Field.ID_NUMBER, expected=3)
    assert verdicts(at_village)[1] == ""


def test_a_fix_that_no_verdict_can_carry_is_not_offered(scene: Scene) -> None:
    """A phone is not one of the four items that «sửa» carries: the act would be refused for every person."""
    list_id, station = scene.make_list(persons=[{"phone": "912345678"}]), scene.actors["station_head"]
    phone = {**LOST, "code": "phone_lost_zero", "field": "phone"}
    told = update(Entry).where(Entry.list_id == list_id).values(findings=[phone], suggestions={"phone": "0912345678"})
    db.session.execute(told)
    db.session.commit()
    [facet] = queries.facets(station, list_id)
    assert (facet.code, facet.count, facet.fixable) == ("phone_lost_zero", 1, 0)
    assert queries.fixable(station, list_id, "phone_lost_zero", Field.PHONE) == []


def test_spellings_of_one_value_stand_together(scene: Scene, at_village) -> None:  # type: ignore[no-untyped-def]
    [cluster] = queries.clusters(scene.actors["village_head"], at_village)
    assert cluster.spellings == (("Bản A", 2), ("BAN A", 2))
    assert queries.facets(scene.actors["other_village_head"], at_village) == []
