"""A merged commune: open lists move to the successor, signed papers keep the old name (LS-19, LS-20)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from portal.clock import today
from portal.domain.errors import InvalidInput, NotPermitted, StaleVersion
from portal.domain.permissions import Permission, Role
from portal.domain.stages import Leg, Party
from portal.domain.units import SuccessionKind, UnitKind, may_succeed
from portal.domain.verdicts import Verdict
from portal.models import Clock, CorrectionList, Handover, ReportDuty, ReportPeriod, Unit, UnitSuccession, db
from portal.queries import reports
from portal.queries.scope import visible_to
from portal.services import administration, report_periods, signing, successions
from portal.services.context import ground
from portal.services.report_periods import Opening
from tests.integration.scene import PASSPHRASE, Scene, shown

DECISION = "Nghị quyết 1681/NQ-UBTVQH15"


@pytest.fixture(scope="module")
def merged(scene: Scene) -> dict[str, UUID]:
    """The second commune is merged into the first while one list is drafted, one waits, one is closed."""
    foreign = scene.actors["foreign_station_head"]
    scene.person("village_c_head", "to_cong_tac_c", Role.VILLAGE, signs=True)
    db.session.commit()
    lists = {
        name: scene.make_list(2, village="to_cong_tac_c", station="tram_khac")
        for name in ("drafted", "waiting", "at_police", "closed")
    }
    lists["waiting_record"] = scene.sign_over("foreign_station_head", lists["waiting"], Leg.STATION_TO_VILLAGE)
    for name in ("at_police", "closed"):
        scene.take("village_c_head", scene.sign_over("foreign_station_head", lists[name], Leg.STATION_TO_VILLAGE))
        scene.conclude_all("village_c_head", lists[name], Verdict.ALREADY_RIGHT)
        lists[f"{name}_record"] = scene.sign_over("village_c_head", lists[name], Leg.VILLAGE_TO_POLICE)
    scene.take("foreign_police_head", lists["closed_record"])
    scene.conclude_all("foreign_police_head", lists["closed"], Verdict.NOT_IN_DATABASE)
    scene.take("foreign_station_head", scene.sign_over("foreign_police_head", lists["closed"], Leg.POLICE_TO_STATION))
    lists["completion"] = scene.sign_over("foreign_station_head", lists["closed"], None)
    assert foreign.unit_id == scene.units["tram_khac"].id
    before = {name: bytes_of(record) for name, record in lists.items() if name.endswith(("record", "completion"))}
    scene.moved = successions.succeed(  # type: ignore[attr-defined]
        scene.actors["administrator"], scene.units["xa_khac"].id, scene.units["xa"].id,
        effective_on=today(), decision=DECISION,
    )  # fmt: skip
    scene.before = before  # type: ignore[attr-defined]
    return lists


def bytes_of(record_id: UUID) -> bytes:
    return ground().store.path(db.session.get_one(Handover, record_id).pdf_sha256).read_bytes()


def found(list_id: UUID) -> CorrectionList:
    return db.session.get_one(CorrectionList, list_id, populate_existing=True)


def test_open_lists_have_exactly_one_responsible_unit_that_lives_on(scene: Scene, merged: dict[str, UUID]) -> None:
    moved = scene.moved  # type: ignore[attr-defined]
    assert (moved.lists, moved.offices) == (3, 2)
    for name in ("drafted", "waiting", "at_police"):
        of_list = found(merged[name])
        assert of_list.station_unit_id == scene.units["tram"].id
        assert of_list.police_unit_id == scene.units["cong_an"].id
        assert db.session.get_one(Unit, of_list.holder_unit_id).valid_to is None
        assert of_list.territory_path.startswith(scene.units["xa"].territory_path)
        running = select(Clock.unit_id).where(Clock.list_id == of_list.id, Clock.stopped_at.is_(None))
        assert db.session.get_one(Unit, db.session.execute(running).scalar_one()).valid_to is None
    village = db.session.get_one(Unit, scene.units["ban_c"].id, populate_existing=True)
    assert village.parent_id == scene.units["xa"].id
    seen = select(CorrectionList.id).where(visible_to(scene.actors["coordinator"], Permission.LIST_READ))
    assert {merged["drafted"], merged["waiting"], merged["at_police"]} <= set(db.session.scalars(seen))


def test_a_record_that_names_a_unit_gone_is_taken_back_and_made_anew(scene: Scene, merged: dict[str, UUID]) -> None:
    """Station to village names the old station, village to police the old police: nobody can sign for them any more."""
    for name in ("waiting", "at_police"):
        record = db.session.get_one(Handover, merged[f"{name}_record"], populate_existing=True)
        assert (record.status, "sáp nhập" in record.note) == ("recalled", True)
        assert found(merged[name]).pending_leg is None
    with_new_names = scene.sign_over("station_head", merged["waiting"], Leg.STATION_TO_VILLAGE)
    signing.countersign(scene.actors["village_c_head"], with_new_names, PASSPHRASE, shown=shown(with_new_names))
    assert found(merged["waiting"]).stage == "village_review"


def test_printed_records_and_ended_lists_stay_byte_for_byte(scene: Scene, merged: dict[str, UUID]) -> None:
    before = scene.before  # type: ignore[attr-defined]
    assert {name: bytes_of(merged[name]) for name in before} == before
    closed = found(merged["closed"])
    assert closed.station_unit_id == scene.units["tram_khac"].id
    assert closed.stage == "closed"


def test_the_succession_is_dated_and_bears_its_decision(scene: Scene, merged: dict[str, UUID]) -> None:
    rows = db.session.scalars(select(UnitSuccession).where(UnitSuccession.decision == DECISION)).all()
    assert {row.from_unit_id for row in rows} == {scene.units[n].id for n in ("xa_khac", "tram_khac", "cong_an_khac")}
    assert db.session.get_one(
        Unit, scene.units["tram_khac"].id, populate_existing=True
    ).valid_to == today() - timedelta(days=1)


def test_what_does_not_fit_is_refused_with_the_reason(scene: Scene, merged: dict[str, UUID]) -> None:
    admin, on = scene.actors["administrator"], today()
    units = {name: unit.id for name, unit in scene.units.items()}
    for old, new, decision in (("xa", "ban_a", DECISION), ("xa", "xa", DECISION), ("ban_a", "ban_b", " ")):
        with pytest.raises(InvalidInput):
            successions.succeed(admin, units[old], units[new], effective_on=on, decision=decision)
    with pytest.raises(NotPermitted):
        successions.succeed(
            scene.actors["station_head"], units["ban_a"], units["ban_b"], effective_on=on, decision="x"
        )


def test_a_village_goes_into_no_village_of_another_commune(scene: Scene, merged: dict[str, UUID]) -> None:
    admin = scene.actors["administrator"]
    scene.unit("xa_nam", "commune", "tinh")
    there = scene.unit("ban_nam", "village", "xa_nam")
    db.session.commit()
    assert there.name not in [name for _, name in administration.heirs(admin, scene.units["ban_a"].id)]
    with pytest.raises(InvalidInput, match="thôn cùng xã"):
        successions.succeed(admin, scene.units["ban_a"].id, there.id, effective_on=today(), decision="x")
    db.session.rollback()


def test_villages_merge_and_what_stays_without_an_heir_is_refused(scene: Scene, merged: dict[str, UUID]) -> None:
    admin, on = scene.actors["administrator"], today()
    scene.unit("ban_moi", "village", "xa")
    held = scene.put_before(Party.VILLAGE)
    db.session.commit()
    with pytest.raises(InvalidInput, match="chưa có đơn vị cùng loại"):
        successions.succeed(admin, scene.units["ban_a"].id, scene.units["ban_moi"].id, effective_on=on, decision="x")
    db.session.rollback()
    successions.succeed(admin, scene.units["ban_a"].id, scene.units["ban_b"].id, effective_on=on, decision="x")
    assert found(held).holder_unit_id == scene.units["to_cong_tac_b"].id


def test_a_district_goes_into_its_province_with_its_communes_and_their_lists(scene: Scene) -> None:
    """LS-20: the level is removed on 30/6/2025; the communes' lists stay where they are, a step nearer the province."""
    scene.unit("huyen", "district", "tinh")
    scene.unit("xa_ba", "commune", "huyen")
    scene.unit("tram_ba", "health_station", "xa_ba", "xa_ba", "TYT")
    scene.units["cong_an_ba"] = scene.unit("cong_an_ba", "commune_police", "xa_ba", "xa_ba", "CAX")
    db.session.commit()
    of_list = scene.make_list(1, village=None, station="tram_ba")
    successions.succeed(
        scene.actors["administrator"], scene.units["huyen"].id, scene.units["tinh"].id,
        effective_on=today(), decision="x",
    )  # fmt: skip
    commune = db.session.get_one(Unit, scene.units["xa_ba"].id, populate_existing=True)
    assert commune.territory_path == f"{scene.units['tinh'].territory_path}{commune.id}/"
    assert found(of_list).territory_path == commune.territory_path
    assert found(of_list).station_unit_id == scene.units["tram_ba"].id


def test_a_day_that_has_not_come_moves_nothing(scene: Scene) -> None:
    """All lists move at once: before the day the old unit still answers for them."""
    scene.unit("ban_cu", "village", "xa")
    scene.unit("ban_den", "village", "xa")
    db.session.commit()
    old, new = scene.units["ban_cu"].id, scene.units["ban_den"].id
    with pytest.raises(InvalidInput) as refused:
        successions.succeed(
            scene.actors["administrator"], old, new, effective_on=today() + timedelta(days=1), decision="x"
        )
    assert "effective_on" in refused.value.fields
    assert db.session.get_one(Unit, old, populate_existing=True).valid_to is None


def test_two_successions_of_one_unit_follow_each_other(scene: Scene) -> None:
    """Both units are locked before anything is read of them, so that none moves into one that is just ending."""
    admin = scene.actors["administrator"]
    scene.unit("ban_bay", "village", "xa")
    scene.unit("ban_tam", "village", "xa")
    db.session.commit()
    old, heir = (db.session.get_one(Unit, scene.units[name].id) for name in ("ban_bay", "ban_tam"))
    with db.engine.begin() as another:
        another.execute(select(Unit.id).where(Unit.id == heir.id).with_for_update(key_share=True))
        db.session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(StaleVersion):
            successions.succeed(admin, old.id, heir.id, effective_on=today(), decision="x")
    assert heir.valid_to is None
    with db.engine.begin() as another:
        another.execute(update(Unit).where(Unit.id == heir.id).values(valid_to=today() - timedelta(days=1)))
    with pytest.raises(InvalidInput, match="đang hoạt động"):
        successions.succeed(admin, old.id, heir.id, effective_on=today(), decision="x")


def test_reports_that_are_owed_go_with_the_territory_and_the_districts_own_total_stays_its_own(scene: Scene) -> None:
    """The unit above must go on seeing who owes; a second total over its territory it must not get."""
    scene.unit("huyen_hai", "district", "tinh")
    scene.unit("xa_bon", "commune", "huyen_hai")
    scene.unit("tram_bon", "health_station", "xa_bon", "xa_bon", "TYT")
    scene.unit("phong_y_te", "supervisor_office", "huyen_hai", "huyen_hai", "PYT")
    db.session.commit()
    supervisor, due = scene.actors["supervisor"], today() + timedelta(days=400)
    [period] = report_periods.open_periods(supervisor, "cleaning_progress", Opening(due))
    district, commune = scene.units["huyen_hai"].territory_path, scene.units["xa_bon"]
    before = reports.count_periods(supervisor)
    own = select(ReportPeriod).where(ReportPeriod.id == period)
    db.session.execute(update(ReportPeriod).where(ReportPeriod.id == period).values(territory_path=district))
    db.session.commit()
    successions.succeed(
        scene.actors["administrator"], scene.units["huyen_hai"].id, scene.units["tinh"].id,
        effective_on=today(), decision="x",
    )  # fmt: skip
    province = scene.units["tinh"].territory_path
    paths = {
        row.unit_id: row.territory_path
        for row in db.session.execute(
            select(ReportDuty.unit_id, ReportDuty.territory_path).where(ReportDuty.period_id == period)
        )
    }
    assert paths[scene.units["tram_bon"].id] == f"{province}{commune.id}/"
    assert paths[scene.units["phong_y_te"].id] == district
    assert db.session.execute(own).scalar_one().territory_path == province
    assert reports.count_periods(supervisor) == before


def test_only_whole_units_of_one_level_succeed() -> None:
    kinds = {(old, new): may_succeed(old, new) for old in UnitKind for new in UnitKind}
    assert {pair: kind for pair, kind in kinds.items() if kind} == {
        (UnitKind.COMMUNE, UnitKind.COMMUNE): SuccessionKind.MERGED,
        (UnitKind.VILLAGE, UnitKind.VILLAGE): SuccessionKind.MERGED,
        (UnitKind.DISTRICT, UnitKind.PROVINCE): SuccessionKind.LEVEL_REMOVED,
    }
