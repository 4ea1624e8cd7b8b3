"""The demonstration: built once by the command, in one transaction, with lists at every stage."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal import embedded
from portal.clock import now, today
from portal.domain.classification import classify
from portal.domain.stages import HandoverStatus, RecordKind, Stage
from portal.models import CorrectionList, Entry, Event, Handover, ListClaim, ParkedRow, Unit, UnitSuccession, db
from portal.queries.parties import village_task_forces
from portal.services.demonstration.accounts import ACCOUNTS, PASSPHRASE, PASSWORD, accounts_text, actor
from portal.services.demonstration.damage import DAMAGES, damaged
from portal.services.demonstration.files import demo_file, demo_files
from portal.services.demonstration.people import PersonMaker
from portal.services.demonstration.units import unit_of
from portal.services.imports import see_upload, upload_workbook
from portal.services.keys import key_state
from portal.services.log_verification import verify_log
from portal.services.own_account import places
from portal.services.sign_in import actor_for, sign_in
from portal.services.standalone import standalone_app
from portal.settings import Settings
from portal.signatures.authority import Authority
from portal.storage import FileStore
from portal.verification.files import verify_pdf
from portal.verification.verdicts import Word
from tests import database

pytestmark = pytest.mark.timeout(300)


def _command(home: Path, urls: embedded.DatabaseUrls, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "BANGIAO_HOME": str(home),
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
    }
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def home(module_database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "home"
    built = _command(folder, module_database, "demo")
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module")
def demo(home, module_database):
    settings = replace(database.settings_on(module_database, home), mode="demo")
    with standalone_app(settings).app_context():
        yield settings
        db.session.remove()
        db.engine.dispose()


def test_lists_stand_at_every_stage_with_one_refused_one_recalled_one_overdue_one_closed(demo):
    lists = db.session.scalars(select(CorrectionList)).all()
    states = Counter((each.stage, each.pending_leg is not None) for each in lists)
    for stage in (Stage.DRAFTING, Stage.VILLAGE_REVIEW, Stage.POLICE_VERIFICATION, Stage.STATION_UPDATE):
        assert states[stage.value, False], stage
    for stage in (Stage.DRAFTING, Stage.VILLAGE_REVIEW, Stage.POLICE_VERIFICATION):
        assert states[stage.value, True], f"nothing pending at {stage}"
    assert states[Stage.CLOSED.value, False] == 1
    assert [each for each in lists if each.round == 2]
    assert [each for each in lists if each.village_unit_id is None]
    overdue = [each for each in lists if each.due_at < now() and each.stage != Stage.CLOSED.value]
    assert [each.name for each in overdue] == ["Thôn Hát 2"]
    statuses = set(db.session.scalars(select(Handover.status)))
    assert {HandoverStatus.REFUSED.value, HandoverStatus.RECALLED.value, HandoverStatus.SENT.value} <= statuses


def test_about_a_thousand_persons_and_some_parked_rows(demo):
    assert 900 <= db.session.scalar(select(func.count()).select_from(Entry)) <= 1_100
    assert db.session.scalar(select(func.count()).select_from(ParkedRow)) >= 12


def test_work_is_half_done_where_the_story_says_so(demo):
    half = [
        each
        for each in db.session.scalars(select(CorrectionList))
        if 0 < each.decided < each.entries and each.pending_leg is None
    ]
    assert {each.stage for each in half} >= {
        Stage.VILLAGE_REVIEW.value,
        Stage.POLICE_VERIFICATION.value,
        Stage.STATION_UPDATE.value,
    }


def test_events_of_a_list_lie_in_the_past_and_in_order(demo):
    for list_id in db.session.scalars(select(CorrectionList.id)):
        moments = db.session.scalars(select(Event.at).where(Event.list_id == list_id).order_by(Event.id)).all()
        assert moments == sorted(moments)
        assert moments[-1] <= now()


def test_every_signed_record_verifies_with_the_demonstrations_own_root(demo):
    authority = Authority.load(demo.authority_folder)
    store = FileStore(demo.files_folder)
    signed = db.session.scalars(select(Handover).where(Handover.sent_at.is_not(None))).all()
    assert {record.kind for record in signed} == {kind.value for kind in RecordKind}
    for record in signed:
        verdict = verify_pdf(store.get(record.pdf_sha256), [authority.certificate], now=now())
        assert verdict.verdict is Word.GENUINE, (record.kind, record.leg, verdict.lines)


@pytest.mark.usefixtures("demo")
def test_log_rows_and_files_of_a_whole_portal_fit_each_other():
    assert [each.text for each in verify_log().findings] == []


def test_former_units_have_ended_and_have_successors(demo):
    former = db.session.scalars(select(Unit).where(Unit.valid_to.is_not(None))).all()
    assert "Huyện Trạm Tấu" in {unit.name for unit in former}
    succeeded = set(db.session.scalars(select(UnitSuccession.from_unit_id)))
    assert {unit.id for unit in former} == succeeded
    assert len(village_task_forces(unit_of("tyt", "tramtau"), today())) == 3


def test_one_list_is_claimed_and_one_deputy_can_sign_at_once(demo):
    claim = db.session.scalars(select(ListClaim)).one()
    assert claim.membership_id == actor("tyt.hanhphuc.nv").membership_id
    (place,) = [p for p in places(actor("cax.tramtau.cb").user_id) if p.delegation_id]
    assert place.may_sign
    assert key_state(actor_for(place.membership_id, place.delegation_id)) is not None


def test_every_account_signs_in_with_the_printed_password(demo):
    text = accounts_text()
    assert PASSWORD in text
    assert PASSPHRASE in text
    for account in ACCOUNTS:
        assert account.username in text
        assert actor(account.username).role is account.role
        assert sign_in(account.username, PASSWORD).full_name == account.full_name


def test_offered_workbooks_can_be_tried_in_the_import(demo):
    names = [workbook.name for workbook in demo_files()]
    assert "tramtau-chua-nhap.xlsx" in names
    station = actor("tyt.tramtau")
    workbook = demo_file("tramtau-chua-nhap.xlsx")
    seen = see_upload(station, upload_workbook(station, workbook.name, workbook.path.read_bytes()))
    assert seen.already is None
    assert (seen.result.rows, seen.result.parked) == (64, 3)


def test_a_second_demo_changes_nothing(demo, home, module_database):
    before = db.session.scalar(select(func.count()).select_from(Event))
    db.session.rollback()
    again = _command(home, module_database, "demo")
    assert (again.returncode, "không đổi gì" in again.stdout) == (0, True)
    assert db.session.scalar(select(func.count()).select_from(Event)) == before


def test_a_real_portal_is_refused(tmp_path, module_database):
    (tmp_path / "portal.toml").write_text('mode = "real"\n')
    refused = _command(tmp_path, module_database, "demo")
    assert refused.returncode == 2
    assert "cổng thật" in refused.stderr


def test_a_failing_build_leaves_an_empty_database(own_database, tmp_path, monkeypatch):
    from portal.services.demonstration import build

    settings = replace(database.settings_on(own_database, tmp_path), mode="demo")

    def interrupted(_maker, _say):
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "tell_story", interrupted)
    with standalone_app(settings).app_context():
        with pytest.raises(KeyboardInterrupt):
            build.build_demonstration(lambda _words: None)
        assert db.session.scalar(select(func.count()).select_from(Unit)) == 0
        db.session.remove()
        db.engine.dispose()


def test_invented_persons_are_without_fault_and_their_numbers_marked():
    maker = PersonMaker(5)
    for _ in range(200):
        truth = maker.make().truth
        found = classify(truth, today=today())
        assert found.cleaned == truth
        assert not [finding for finding in found.findings if finding.severity != "note"]
        assert truth.id_number[6:8] == "99"


def test_every_kind_of_damage_comes_up_and_is_known():
    import random

    maker, chance = PersonMaker(6), random.Random(6)
    kinds = Counter(damaged(maker.make().truth, chance)[0] for _ in range(1_000))
    assert set(kinds) == {kind.name for kind in DAMAGES}


def test_the_demonstration_is_the_settings_word(home):
    assert Settings.from_environment({"BANGIAO_HOME": str(home)}).demo
