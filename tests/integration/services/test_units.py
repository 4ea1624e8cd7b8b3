"""Units: paths, kinds that fit, reach of the administrator."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.clock import now, today
from portal.documents.pictures import printed_text
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.stages import Leg
from portal.domain.units import SERVES, TERRITORIES, UnitKind
from portal.models import CorrectionList, Handover, Unit, db
from portal.queries import units as unit_queries
from portal.services.context import ground
from portal.services.units import UnitDetails, change_unit, create_unit
from tests.integration.scene import Scene


def create(scene: Scene, code: str, kind: UnitKind, anchor: str) -> Unit:
    made = create_unit(
        scene.actors["administrator"],
        code=code,
        kind=kind,
        details=UnitDetails(name=code),
        anchor_id=scene.units[anchor].id,
    )
    return db.session.get_one(Unit, made)


def test_a_village_lies_in_its_commune_and_an_office_stands_where_it_serves(scene: Scene) -> None:
    village = create(scene, "BAN-MOI", UnitKind.VILLAGE, "xa")
    assert village.territory_path == f"{scene.units['xa'].territory_path}{village.id}/"
    assert village.province_id == scene.units["tinh"].id
    office = create(scene, "CAX-2", UnitKind.COMMUNE_POLICE, "xa")
    assert office.territory_path == scene.units["xa"].territory_path
    assert office.serves_id == scene.units["xa"].id


@pytest.mark.parametrize(
    ("kind", "anchor"),
    [
        (UnitKind.VILLAGE, "tinh"), (UnitKind.COMMUNE, "xa"), (UnitKind.VILLAGE_TASK_FORCE, "xa"),
        (UnitKind.HEALTH_STATION, "ban_a"), (UnitKind.COMMUNE_POLICE, "tram"), (UnitKind.PROVINCE, "tinh"),
    ],
)  # fmt: skip
def test_a_kind_that_does_not_fit_its_place_is_refused(scene: Scene, kind: UnitKind, anchor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create(scene, f"S-{kind}"[:20], kind, anchor)
    assert "anchor" in refusal.value.fields


def test_a_code_is_given_once(scene: Scene) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create(scene, "TRAM", UnitKind.HEALTH_STATION, "xa")
    assert "code" in refusal.value.fields


def test_units_outside_the_own_tree_do_not_exist_for_an_administrator(scene: Scene) -> None:
    with pytest.raises(NotFound):
        change_unit(scene.actors["administrator"], 999_999, UnitDetails(name="X"), valid_to=None)
    with pytest.raises(NotPermitted):
        change_unit(scene.actors["supervisor"], scene.units["xa"].id, UnitDetails(name="X"), valid_to=None)


def test_a_unit_cannot_end_before_it_began(scene: Scene) -> None:
    unit = scene.units["ban_b"]
    with pytest.raises(InvalidInput) as refusal:
        change_unit(
            scene.actors["administrator"],
            unit.id,
            UnitDetails(name="Bản B"),
            valid_to=unit.valid_from - timedelta(days=1),
        )
    assert "valid_to" in refusal.value.fields
    change_unit(scene.actors["administrator"], unit.id, UnitDetails(name="Bản B"), valid_to=today())
    assert db.session.get_one(Unit, unit.id).valid_to == today()


@pytest.mark.parametrize("name", ["tram", "cong_an", "to_cong_tac_a", "ban_a", "xa"])
def test_a_unit_does_not_end_while_lists_under_way_would_have_nobody_responsible(scene: Scene, name: str) -> None:
    """Invariant 20: office or territory, every list under way has its units also on the day after."""
    list_id, unit = scene.make_list(1), scene.units[name]
    with pytest.raises(InvalidInput, match="danh sách chưa xong") as refusal:
        change_unit(scene.actors["administrator"], unit.id, UnitDetails(name=unit.name), valid_to=today())
    assert "valid_to" in refusal.value.fields
    assert db.session.get_one(Unit, unit.id).valid_to is None
    db.session.execute(update(CorrectionList).values(stage="closed", closed_at=now()))
    db.session.commit()
    change_unit(scene.actors["administrator"], unit.id, UnitDetails(name=unit.name), valid_to=today())
    change_unit(scene.actors["administrator"], unit.id, UnitDetails(name=unit.name), valid_to=None)
    assert db.session.get_one(CorrectionList, list_id).stage == "closed"


def test_w9_after_a_unit_is_renamed_old_papers_keep_the_old_name_byte_for_byte(scene: Scene) -> None:
    """Invariant 20: the list stays with the same unit under its new name; what was signed is not touched."""
    list_id, unit = scene.make_list(1), scene.units["tram"]
    record = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    before = db.session.get_one(Handover, record).pdf_sha256
    paper = ground().store.get(before)
    change_unit(scene.actors["administrator"], unit.id, UnitDetails("Trạm Y tế xã Mới", "TYT"), valid_to=None)
    scene.take("village_head", record)
    found = db.session.get_one(CorrectionList, list_id)
    assert (found.station.name, found.station_unit_id) == ("Trạm Y tế xã Mới", unit.id)
    after = db.session.get_one(Handover, record)
    signed = ground().store.get(after.pdf_sha256)
    assert signed.startswith(paper), "the receiver's signature only adds to the bytes the giver signed"
    assert ground().store.get(before) == paper
    assert "Tram" in printed_text(signed, most_pages=1)
    assert "Trạm Y tế xã Mới" not in printed_text(signed, most_pages=1).replace("\n", " ")


def test_the_tree_lists_each_office_under_what_it_serves(scene: Scene) -> None:
    lines = unit_queries.tree(scene.actors["administrator"])
    codes = [line.unit.code for line in lines]
    assert codes[0] == "TINH"
    assert lines[0].depth == 0
    assert codes.index("XA") < codes.index("TRAM") < codes.index("BAN_A") < codes.index("TO_CONG_TAC_A")
    depth = {line.unit.code: line.depth for line in lines}
    assert (depth["XA"], depth["TRAM"], depth["BAN_A"], depth["TO_CONG_TAC_A"]) == (1, 2, 2, 3)


def test_every_kind_is_a_territory_or_an_office() -> None:
    assert set(TERRITORIES) | set(SERVES) == set(UnitKind)
    assert not set(TERRITORIES) & set(SERVES)
