"""What an attacker tried on the first release and must not get; each test failed on the code of its day."""

import io
import logging
from threading import Timer
from uuid import UUID

import pytest
from pikepdf import Pdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from sqlalchemy import func, select, update

from portal.domain.permissions import Role
from portal.domain.stages import Leg, Party
from portal.models import Entry, Event, Handover, Membership, SigningKey, User, db
from portal.services import public_verification
from portal.services.context import ground
from portal.services.passwords import hash_password
from portal.signatures.keys import open_key
from tests.integration.scene import PASSPHRASE, Scene, number_of, shown
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import Portal
from tests.integration.web.visitor import Visitor

PASSWORD = "ruong bac thang mua lua"
WHOLE = number_of(1)


@pytest.fixture(scope="module")
def sent(scene: Scene) -> Handover:
    """A record that the station has signed and sent to the village."""
    record_id = scene.sign_over("station_head", scene.make_list(2), Leg.STATION_TO_VILLAGE)
    db.session.expire_all()
    return db.session.get_one(Handover, record_id)


@pytest.fixture(scope="module")
def taken(scene: Scene) -> UUID:
    """A list that the police hold: the village has given it away."""
    list_id = scene.make_list(2)
    scene.bring_to(Party.POLICE, list_id)
    return list_id


def give_password(username: str) -> None:
    """Let an account of the scene sign in with a password."""
    db.session.execute(update(User).where(User.username == username).values(password_hash=hash_password(PASSWORD)))
    db.session.commit()


def upload(browser: Browser, data: bytes) -> str:
    browser.get("/verify")
    return browser.post("/verify", {"file": (io.BytesIO(data), "bien-ban.pdf")}).text


def thicket(levels: int) -> bytes:
    """A PDF of two kilobytes whose form fields double at every level."""
    objects = [b"<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>"]
    objects += [b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (at + 1, at + 1) for at in range(2, levels)] + [b"<</T(z)>>"]
    pdf, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(
        b"%010d 00000 n \n" % at for at in places
    )
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(pdf))
    return pdf + table + trailer


# A8, an outsider -------------------------------------------------------------------------------------------------


def test_a_small_pdf_that_never_ends_is_given_up_and_others_are_served(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_verification, "STRANGER_SECONDS", (1, 60.0))
    page = upload(visitor, thicket(60))
    assert "Chưa xác định được" in page
    assert "cấu trúc bất thường" in page
    assert "portal verify" in page


def test_strangers_do_not_take_every_thread_for_verification(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/verify")
    with public_verification._places, public_verification._places:
        with public_verification._waiting:
            answer = visitor.post("/verify", {"file": (io.BytesIO(thicket(3)), "bien-ban.pdf")})
            assert (answer.status_code, "gửi lại tệp" in answer.text) == (429, True)
        monkeypatch.setattr(public_verification, "WAITING_SECONDS", 0.05)
        assert visitor.post("/verify", {"file": (io.BytesIO(thicket(3)), "a.pdf")}).status_code == 429


def test_who_finds_the_places_taken_waits_a_little_for_one(visitor: Browser) -> None:
    visitor.get("/verify")
    with public_verification._places:
        public_verification._places.acquire()
        freed = Timer(0.2, public_verification._places.release)
        freed.start()
        answer = visitor.post("/verify", {"file": (io.BytesIO(thicket(3)), "bien-ban.pdf")})
        freed.join()
    assert answer.status_code == 200


def test_people_signed_in_have_more_time_for_a_heavy_file(
    visitor: Browser, scene: Scene, monkeypatch: pytest.MonkeyPatch, portal: Portal
) -> None:
    monkeypatch.setattr(public_verification, "STRANGER_SECONDS", (8, 0.01))
    assert "Máy chủ đang bận" in upload(visitor, thicket(3))
    with portal.app.app_context():
        told = public_verification.examine(thicket(3), scene.actors["station_head"])
    assert "Máy chủ đang bận" not in told.verdict.reason


def test_odd_headers_and_numbers_are_no_fault(visitor: Browser, portal: Portal) -> None:
    token = {"HX-Current-URL": "http://[", "HX-Request": "true"}
    assert visitor.post("/lists/00000000-0000-0000-0000-000000000000/due", {}, headers=token).status_code < 500
    signed_in = Visitor(portal.app, "station_head")
    assert signed_in.get(f"/account/password?kept={'9' * 5000}").status_code < 500


def test_a_record_that_only_one_side_signed_is_not_headed_as_a_valid_record(visitor: Browser, sent: Handover) -> None:
    page = upload(visitor, ground().store.get(sent.pdf_sha256))
    assert "Chưa đủ chữ ký (1/2)" in page
    assert "Biên bản hợp lệ" not in page


def test_any_paper_signed_with_a_person_s_key_is_not_headed_as_a_record(
    visitor: Browser, scene: Scene, sent: Handover
) -> None:
    stored = db.session.execute(select(SigningKey.p12).limit(1)).scalar_one()
    own = Pdf.new()
    own.add_blank_page()
    plain = io.BytesIO()
    own.save(plain)
    signed = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(plain.getvalue())),
        signers.PdfSignatureMetadata(
            field_name="Signature1", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
        ),
        signer=open_key(stored, PASSPHRASE).signer,
    )
    page = upload(visitor, signed.getvalue())
    assert "không phải biên bản của cổng" in page
    assert "Biên bản hợp lệ" not in page


# A9, who took over a signed-in browser ----------------------------------------------------------------------------


def test_a_stolen_session_cannot_make_itself_a_signing_key(portal: Portal, scene: Scene) -> None:
    give_password("foreign_police_head")
    thief = Visitor(portal.app, "foreign_police_head")
    query = select(func.count(SigningKey.id)).join(Membership, SigningKey.membership_id == Membership.id)
    query = query.join(User).where(User.username == "foreign_police_head")
    before = db.session.execute(query).scalar_one()
    thief.get("/account/signing-key")
    chosen = {"passphrase": "khoa cua ke trom", "passphrase_again": "khoa cua ke trom"}
    assert thief.post("/account/signing-key", chosen).status_code == 422
    wrong = thief.post("/account/signing-key", {**chosen, "password": "doan mo mat khau"})
    assert wrong.status_code == 422
    assert "chưa đúng" in wrong.text
    db.session.rollback()
    assert db.session.execute(query).scalar_one() == before
    assert thief.post("/account/signing-key", {**chosen, "password": PASSWORD}).status_code == 303


def test_guessing_the_password_inside_a_session_is_slowed_too(portal: Portal, scene: Scene) -> None:
    give_password("foreign_station_head")
    thief = Visitor(portal.app, "foreign_station_head")
    thief.get("/account/password")
    form = {
        "old_password": "doan mo mat khau",
        "password": "mot cau moi that dai",
        "password_again": "mot cau moi that dai",
    }
    for _ in range(6):
        answer = thief.post("/account/password", form)
    assert answer.status_code == 429


def test_guessing_the_passphrase_inside_a_session_leaves_its_trace_and_ends(portal: Portal, scene: Scene) -> None:
    list_id = scene.make_list(1, village="to_cong_tac_b")
    record_id = scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    thief = Visitor(portal.app, "other_village_head")
    thief.page(f"/handovers/{record_id}")
    place = f"/handovers/{record_id}/countersignature"
    form = {"passphrase": "doan mo mat khau", "shown": shown(record_id)}
    for _ in range(5):
        assert "không đúng" in thief.post(place, form).text
    told = thief.post(place, {**form, "passphrase": PASSPHRASE})
    assert told.status_code in {409, 429}
    assert "sai 5 lần" in told.text
    traces = select(func.count(Event.id)).join(User, Event.user_id == User.id)
    wrong = traces.where(User.username == "other_village_head", Event.payload["cause"].astext == "wrong_passphrase")
    db.session.rollback()
    assert db.session.execute(wrong).scalar_one() == 5


# A1–A6, insiders --------------------------------------------------------------------------------------------------


def test_who_gave_a_list_away_gets_no_whole_number_by_asking_for_the_suggestion(
    portal: Portal, scene: Scene, taken: UUID
) -> None:
    suggested = number_of(77)
    db.session.execute(update(Entry).where(Entry.list_id == taken).values(suggestions={"id_number": suggested}))
    db.session.commit()
    helper = Visitor(portal.app, "village_helper")
    helper.get(f"/lists/{taken}/entries/1")
    answer = helper.post(f"/lists/{taken}/entries/1/correction", {"use": "id_number"})
    assert suggested not in answer.text


def test_a_note_with_a_number_is_masked_for_readers(portal: Portal, scene: Scene, taken: UUID) -> None:
    words = {"police_note": f"đúng là {WHOLE}", "police_verdict": "returned", "police_reason": "other"}
    db.session.execute(update(Entry).where(Entry.list_id == taken, Entry.number == 2).values(**words))
    db.session.commit()
    for name in ("auditor", "supervisor", "coordinator", "village_helper"):
        for place in (f"/lists/{taken}", f"/lists/{taken}/entries/2"):
            page = Visitor(portal.app, name).page(place)
            assert WHOLE not in page, (name, place)
            assert "đúng là ···" in page


@pytest.mark.parametrize(("name", "place"), [("supervisor", ""), ("auditor", "/pages/1.png?v={digest}")])
def test_oversights_look_at_a_record_is_written_down(
    portal: Portal, scene: Scene, sent: Handover, name: str, place: str
) -> None:
    reads = select(func.count(Event.id)).join(User, Event.user_id == User.id)
    reads = reads.where(Event.list_id == sent.list_id, User.username == name, Event.tag == "list:opened")
    address = f"/handovers/{sent.id}{place.format(digest=sent.pdf_sha256)}"
    assert Visitor(portal.app, name).get(address).status_code == 200
    db.session.rollback()
    assert db.session.execute(reads).scalar_one() == 1


@pytest.mark.parametrize("name", ["coordinator", "supervisor"])
def test_who_only_oversees_progress_gets_no_paper_with_whole_numbers(
    portal: Portal, sent: Handover, name: str
) -> None:
    reader = Visitor(portal.app, name)
    page = reader.page(f"/handovers/{sent.id}")
    assert "record.pdf" not in page + reader.page(f"/lists/{sent.list_id}/trail")
    assert ".png" not in page
    for file in ("record.pdf", f"pages/1.png?v={sent.pdf_sha256}"):
        assert reader.get(f"/handovers/{sent.id}/{file}").status_code == 403


def test_an_administrator_does_not_appoint_himself_to_citizens_data(portal: Portal, scene: Scene) -> None:
    who = scene.actors["administrator"]
    browser = Visitor(portal.app, "administrator")
    browser.get(f"/administration/accounts/{who.user_id}")
    form = {"unit": scene.units["cong_an"].id, "role": Role.POLICE.value, "position": "Cán bộ"}
    answer = browser.post(f"/administration/accounts/{who.user_id}/memberships", form)
    assert answer.status_code == 403
    held = select(func.count(Membership.id)).where(Membership.user_id == who.user_id)
    db.session.rollback()
    assert db.session.execute(held).scalar_one() == 1


@pytest.mark.parametrize("name", ["..", "/", "<img src=x onerror=1>.xlsx", 'a"; filename="b.exe', "x" * 5000])
def test_a_refused_file_has_no_workbook_of_faults_whatever_its_name(portal: Portal, name: str) -> None:
    clerk = Visitor(portal.app, "station_clerk")
    clerk.get("/batches/new")
    answer = clerk.post("/batches/new", {"file": (io.BytesIO(b"PK\x03\x04" + name.encode()), name)})
    place = answer.headers["Location"]
    assert "<img src=x" not in clerk.page(place)
    assert clerk.get(f"{place}/faults.xlsx").status_code == 422


# What the portal leaves behind -------------------------------------------------------------------------------------


def test_a_fault_leaves_no_value_in_the_log(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    from sqlalchemy.exc import IntegrityError

    from portal.web import errors

    orig = ValueError(f"DETAIL: Failing row contains ({WHOLE})")
    with portal.app.test_request_context("/verify"), caplog.at_level(logging.INFO):
        errors.fault(IntegrityError("INSERT INTO entry", {"recorded": WHOLE}, orig))
    assert "IntegrityError" in caplog.text
    assert WHOLE not in caplog.text
