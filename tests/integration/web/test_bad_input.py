# ruff: noqa: F811
"""The bad-input catalogue through the pages (numbers as in the issue): words in Vietnamese, nothing half done."""

import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.embedded import DatabaseUrls
from portal.models import Batch, Entry, Event, Handover, ImportFile, Signature, User, db
from portal.services import imports
from portal.services.context import ground
from tests.excel_files import workbook
from tests.integration.scene import PASSPHRASE
from tests.integration.web.desk import Desk, Enter, as_user, desk, inputs, prepare, sign, sign_form, words_of  # noqa: F401


def counted(desk: Desk, what: type) -> int:
    with desk.app.app_context():
        return db.session.scalar(select(func.count()).select_from(what)) or 0


# --- forms ---------------------------------------------------------------------------------------


def test_f6_a_name_of_a_million_letters_is_refused_in_words_and_saves_nothing(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_head")
    address = f"/lists/{list_id}/entries/1"
    form = inputs(village.get(address).text)
    answer = village.post(f"{address}/correction", {**form, "full_name": "Á" * 1_000_000, "verdict": "fixed"})
    assert answer.status_code == 413
    assert "quá lớn" in answer.text
    assert desk.entry(list_id).village_verdict == ""
    long = village.post(
        f"{address}/correction",
        {**form, "full_name_choice": "fix", "full_name": "Á" * 300, "verdict": "fixed", "note": "còn nguyên"},
    )
    assert long.status_code == 422
    assert "còn nguyên" in long.text


def test_f6_five_thousand_fields_are_refused_in_words(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_head")
    village.get(f"/lists/{list_id}/entries/1")
    answer = village.post(f"/lists/{list_id}/entries/1/correction", {f"field{n}": "x" for n in range(5000)})
    assert answer.status_code in {413, 422}
    assert 'lang="vi"' in answer.text


def test_f8_another_units_list_in_the_address_does_not_exist(desk: Desk, as_user: Enter) -> None:
    list_id, stranger = desk.make(Party.VILLAGE), as_user("other_village_head")
    before = counted(desk, Event)
    stranger.get("/account")
    for path, fields in (
        ("entries/1/correction", {"verdict": "already_right"}),
        ("handovers", {"leg": Leg.VILLAGE_TO_POLICE.value}),
    ):
        assert stranger.post(f"/lists/{list_id}/{path}", fields).status_code == 404
    assert desk.entry(list_id).village_verdict == ""
    assert counted(desk, Event) == before


def test_f8_another_partys_act_is_refused(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_head")
    village.get(f"/lists/{list_id}")
    assert village.post(f"/lists/{list_id}/entries/1/verification", {"verdict": "verified"}).status_code == 403
    assert desk.entry(list_id).police_verdict == ""


def test_f8_a_changed_hash_of_the_pages_shown_signs_nothing(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    form = sign_form(station.get(address).text)
    answer = station.post(f"{address}/signature", {**form, "shown": "0" * 64, "passphrase": PASSPHRASE})
    assert answer.status_code == 409
    assert desk.the_list(list_id).pending_leg is None


@pytest.mark.parametrize("verdict", ["king", "", "verified", "applied"])
def test_f10_an_unknown_conclusion_is_refused_beside_its_field(desk: Desk, as_user: Enter, verdict: str) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_head")
    address = f"/lists/{list_id}/entries/1"
    form = inputs(village.get(address).text)
    answer = village.post(f"{address}/correction", {**form, "verdict": verdict})
    assert answer.status_code == 422
    assert "Chọn một kết luận" in answer.text


def test_f10_repeated_and_nested_parameters_do_one_thing_or_nothing(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    station.get(f"/lists/{list_id}")
    legs = {"leg": ["station_to_village", "police_to_station"], "id[]": ["1", "2"], "key": ["", ""]}
    answer = station.post(f"/lists/{list_id}/handovers", legs)
    assert answer.status_code == 303
    assert counted_records(desk, list_id) == 1


def counted_records(desk: Desk, list_id: UUID) -> int:
    with desk.app.app_context():
        return db.session.scalar(select(func.count()).where(Handover.list_id == list_id)) or 0


# --- work out of turn ----------------------------------------------------------------------------


def test_w2_of_two_who_take_a_list_one_wins_and_the_other_sees_it(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    sign(station, address)
    first, second = as_user("village_head"), as_user("village_head")
    late = sign_form(second.get(address).text)
    assert sign(first, address, "countersignature").status_code == 303
    answer = second.post(f"{address}/countersignature", {**late, "passphrase": PASSPHRASE})
    assert answer.status_code == 409
    assert "Village Head" in second.get(address).text
    with desk.app.app_context():
        signed = db.session.scalar(select(func.count()).where(Signature.handover_id == UUID(address[-36:])))
    assert signed == 2


def test_w4_no_return_after_the_police_have_signed(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE), as_user("police_head")
    with desk.world() as scene:
        scene.conclude_all("police_head", list_id, Verdict.VERIFIED)
    sign(police, prepare(police, list_id, Leg.POLICE_TO_STATION))
    police.get(f"/lists/{list_id}")
    answer = police.post(f"/lists/{list_id}/handovers", {"leg": Leg.POLICE_TO_VILLAGE.value})
    assert answer.status_code == 409
    assert desk.the_list(list_id).pending_leg == Leg.POLICE_TO_STATION.value


def test_w5_undecided_people_are_counted_and_stand_one_click_away(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE, people=3), as_user("village_head")
    page = village.get(f"/lists/{list_id}").text
    assert "Còn 3 người chưa có kết luận" in words_of(page)
    assert f"/lists/{list_id}/entries/1" in page
    answer = village.post(f"/lists/{list_id}/handovers", {"leg": Leg.VILLAGE_TO_POLICE.value})
    assert answer.status_code == 409
    assert "3 người chưa có kết luận" in answer.text
    assert desk.the_list(list_id).stage == "village_review"


def test_w6_a_step_skipped_by_address_says_what_is_missing(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    station.get(f"/lists/{list_id}")
    answer = station.post(f"/lists/{list_id}/handovers", {"leg": ""})
    assert answer.status_code == 409
    assert len(words_of(answer.text)) > 40
    assert counted_records(desk, list_id) == 0


def test_w8_a_disabled_signer_stops_at_the_next_request_and_the_work_stays(desk: Desk, as_user: Enter) -> None:
    list_id, helper = desk.make(Party.VILLAGE), as_user("village_helper")
    with desk.app.app_context():
        user = db.session.execute(select(User).where(User.username == "village_helper")).scalar_one()
        user.disabled_at = db.session.scalar(select(func.now()))
        db.session.commit()
    try:
        answer = helper.post(f"/lists/{list_id}/entries/1/correction", {"verdict": "already_right"})
        assert answer.headers["Location"].startswith("/sign-in")
        assert desk.entry(list_id).village_verdict == ""
    finally:
        with desk.app.app_context():
            db.session.execute(select(User).where(User.username == "village_helper")).scalar_one().disabled_at = None
            db.session.commit()
    assert as_user("village_head").get(f"/lists/{list_id}/entries/1").status_code == 200


def test_w12_the_station_refuses_what_it_receives_with_a_signed_slip(desk: Desk, as_user: Enter) -> None:
    list_id, police, station = desk.make(Party.POLICE), as_user("police_head"), as_user("station_head")
    with desk.world() as scene:
        scene.conclude_all("police_head", list_id, Verdict.VERIFIED)
    address = prepare(police, list_id, Leg.POLICE_TO_STATION)
    sign(police, address)
    station.get(f"{address}/refusal")
    slip = station.post(f"{address}/refusal", {"reason": "other_refusal", "note": "Thiếu trang 3"}).headers[
        "Location"
    ]
    assert sign(station, slip).status_code == 303
    held = desk.the_list(list_id)
    assert (held.stage, held.pending_leg) == ("police_verification", None)
    page = police.get(f"/lists/{list_id}").text
    assert "Bị từ chối" in page
    assert "Thiếu trang 3" in police.get(address).text


# --- network, disk, power ------------------------------------------------------------------------


def test_n1_an_upload_cut_off_half_way_leaves_nothing(desk: Desk, as_user: Enter) -> None:
    station, before = as_user("station_head"), counted(desk, ImportFile)
    station.get("/batches/new")
    whole = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{station.token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    ).encode() + b"PK" * 5000
    answer = station.client.post(
        "/batches/new",
        input_stream=BytesIO(whole),
        content_length=len(whole) * 2,
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code in {303, 400, 422}
    assert counted(desk, ImportFile) == before


def test_n2_n6_the_same_form_sent_again_gets_the_same_receipt(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    page = station.get(f"/lists/{list_id}").text
    form = inputs(page[page.index(f"/lists/{list_id}/handovers") :])
    answers = [
        station.post(f"/lists/{list_id}/handovers", {"key": form["key"], "leg": "station_to_village"})
        for _ in range(2)
    ]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert counted_records(desk, list_id) == 1


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """As on a full disk, this process cannot write a file beyond the size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_l1_a_full_disk_signs_nothing_and_says_so(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    form = sign_form(station.get(address).text)
    with files_no_larger_than(4096):
        answer = station.post(f"{address}/signature", {**form, "passphrase": PASSPHRASE})
    assert answer.status_code == 507
    assert "hết chỗ" in answer.text
    assert "còn nguyên" in answer.text
    assert desk.the_list(list_id).pending_leg is None
    assert not list(ground().store.folder.glob("??/.*")), "no half-written file stays"
    assert sign(station, address).status_code == 303, "with room again the same page signs"


_CONFIRM = """
import json, sys
from pathlib import Path
from uuid import UUID
from portal.domain.permissions import Role
from portal.services.sign_in import actor_for
from portal.services.standalone import standalone_app
from portal.services import imports
from portal.settings import Settings
told = json.loads(sys.argv[1])
settings = Settings(home=Path(told["home"])).with_databases(told["url"], told["url"])
with standalone_app(settings).app_context():
    print("ready", flush=True)
    imports.confirm_import(actor_for(told["membership"]), UUID(told["upload"]), due_at=None)
"""


def test_x33_a_server_killed_while_taking_the_rows_leaves_all_or_nothing(
    desk: Desk, as_user: Enter, module_database: DatabaseUrls, tmp_path: Path
) -> None:
    rows = [(str(n), f"Lò Văn Thử {n}", "01/02/1990", "Nam", "", "", "Bản A") for n in range(300)]
    data = workbook(tmp_path / "x33.xlsx", *rows).read_bytes()
    with desk.world() as scene:
        station = scene.actors["station_head"]
        upload = imports.upload_workbook(station, "x33.xlsx", data)
    before = counted(desk, Batch), counted(desk, Entry)
    settings = ground().settings
    told = {
        "home": str(settings.home), "url": module_database.app, "membership": station.membership_id, "upload": str(upload),
    }  # fmt: skip
    with psycopg.connect(module_database.owner) as blocker:
        # The import's last rows wait behind this lock, so that the kill comes with the transaction half done.
        blocker.execute("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE")
        child = subprocess.Popen(
            [sys.executable, "-c", _CONFIRM, json.dumps(told)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        _wait_until_it_waits(module_database)
        child.kill()
        child.wait()
        child.stdout.close()
        blocker.rollback()
    assert (counted(desk, Batch), counted(desk, Entry)) == before
    worker = as_user("station_head")
    address = f"/batches/uploads/{upload}"
    form = inputs(worker.get(address).text)
    answer = worker.post(address, {"due_day": form["due_day"], "due_hour": form["due_hour"], "title": ""})
    assert answer.status_code == 303
    assert (counted(desk, Batch), counted(desk, Entry)) == (before[0] + 1, before[1] + 300)


def _wait_until_it_waits(urls: DatabaseUrls) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with psycopg.connect(urls.owner, autocommit=True) as watcher:
        for _ in range(200):
            if watcher.execute(waiting).fetchone() != (0,):
                return
            time.sleep(0.05)
    pytest.fail("the import never came to the lock")
