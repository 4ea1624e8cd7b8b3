"""A village without devices: ink, scan, two people; custody moves at the confirmation, never called a digital one."""

from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.fields import Field
from portal.domain.stages import Leg, Party
from portal.domain.transitions import Action
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, EntryValue, Event, Handover, PaperScan, db
from portal.services import entries, ink, signing
from portal.services.entries import Conclusion
from portal.services.ink import Upload
from portal.services.trails import list_trail
from portal.services.transitions import load_list, offers
from tests.integration.scene import PASSPHRASE, Scene, number_of, shown


def photo(colour: str = "white") -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 400), colour).save(out, "JPEG")
    return out.getvalue()


def printed(text: str) -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(50, 700, text)
    canvas.save()
    return out.getvalue()


def scan(data: bytes | None = None, name: str = "bien ban ky tay.jpg", signer: str = "Thào A Chu") -> Upload:
    return Upload(photo() if data is None else data, name, signer)


def the_list(list_id: UUID) -> CorrectionList:
    db.session.rollback()
    return db.session.get_one(CorrectionList, list_id)


def enter(scene: Scene, record_id: UUID, name: str = "coordinator", upload: Upload | None = None) -> str:
    ink.enter(scene.actors[name], record_id, upload or scan())
    db.session.rollback()
    waiting = ink.waiting_scan(db.session.get_one(Handover, record_id))
    assert waiting is not None
    return waiting.sha256


def sent(scene: Scene) -> tuple[UUID, UUID]:
    list_id = scene.make_list(2)
    return list_id, scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)


@pytest.fixture
def on_paper(scene: Scene) -> UUID:
    """A list that the village took in ink."""
    list_id, record_id = sent(scene)
    ink.confirm(scene.actors["station_clerk"], record_id, seen=enter(scene, record_id))
    return list_id


def type_all(scene: Scene, list_id: UUID) -> None:
    clerk = scene.actors["station_clerk"]
    ink.transcribe(clerk, list_id, 1, Conclusion(Verdict.FIXED, {Field.ID_NUMBER: number_of(901)}))
    ink.transcribe(clerk, list_id, 2, Conclusion(Verdict.ALREADY_RIGHT))


def test_custody_moves_at_the_confirmation_and_not_before(scene: Scene) -> None:
    list_id, record_id = sent(scene)
    seen = enter(scene, record_id)
    assert the_list(list_id).pending_leg == Leg.STATION_TO_VILLAGE.value
    ink.confirm(scene.actors["station_clerk"], record_id, seen=seen)
    of_list = the_list(list_id)
    assert (of_list.stage, of_list.pending_leg) == ("village_review", None)
    assert of_list.holder_unit_id == scene.units["to_cong_tac_a"].id
    kept = db.session.scalars(select(PaperScan).where(PaperScan.handover_id == record_id)).one()
    assert (kept.side, kept.signer_name, kept.entered_name, kept.confirmed_name) == (
        "receiver", "Thào A Chu", "Coordinator", "Station Clerk",
    )  # fmt: skip
    assert kept.file_name == "bien ban ky tay.jpg"


def test_who_entered_or_gave_does_not_confirm_and_oversight_never_does(scene: Scene) -> None:
    _list_id, record_id = sent(scene)
    seen = enter(scene, record_id, "station_clerk")
    with pytest.raises(WrongStage, match="không tự xác nhận"):
        ink.confirm(scene.actors["station_clerk"], record_id, seen=seen)
    with pytest.raises(WrongStage):
        ink.confirm(scene.actors["station_head"], record_id, seen=seen)
    for name in ("coordinator", "supervisor", "village_head", "auditor"):
        with pytest.raises(NotPermitted):
            ink.confirm(scene.actors[name], record_id, seen=seen)
    with pytest.raises(NotFound):
        ink.confirm(scene.actors["foreign_station_head"], record_id, seen=seen)


def test_nothing_is_confirmed_that_was_not_looked_at(scene: Scene) -> None:
    _list_id, record_id = sent(scene)
    first = enter(scene, record_id)
    second = enter(scene, record_id, upload=scan(photo("black")))
    assert first != second
    with pytest.raises(StaleVersion, match="đã được thay"):
        ink.confirm(scene.actors["station_clerk"], record_id, seen=first)
    kept = db.session.scalars(
        select(PaperScan).where(PaperScan.handover_id == record_id).order_by(PaperScan.id)
    ).all()
    assert [one.replaced_at is None for one in kept] == [False, True]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (scan(b"MZ\x90 not a scan"), "không phải PDF"),
        (scan(b"\xff\xd8\xff" + b"0" * (30 * 1024 * 1024)), "Tệp lớn 31 MB"),
        (scan(signer="  "), "Chưa ghi người ký"),
    ],
)
def test_wrong_files_are_refused_and_nothing_is_kept(scene: Scene, upload: Upload, words: str) -> None:
    _list_id, record_id = sent(scene)
    with pytest.raises(InvalidInput, match=words):
        ink.enter(scene.actors["station_clerk"], record_id, upload)
    db.session.rollback()
    assert db.session.scalars(select(PaperScan).where(PaperScan.handover_id == record_id)).all() == []


def test_the_scan_of_another_record_is_told_by_its_code(scene: Scene) -> None:
    _other, other_record = sent(scene)
    _list_id, record_id = sent(scene)
    code, own = (db.session.get_one(Handover, one).code for one in (other_record, record_id))
    with pytest.raises(InvalidInput, match="thuộc biên bản khác"):
        ink.enter(scene.actors["station_clerk"], record_id, scan(printed(f"Ma tra cuu: {code}"), "x.pdf"))
    enter(scene, record_id, "station_clerk", scan(printed(f"Ma tra cuu: {own}"), "x.pdf"))


def test_the_station_types_what_the_village_wrote_and_the_trail_says_from_where(scene: Scene, on_paper: UUID) -> None:
    type_all(scene, on_paper)
    entry = db.session.scalars(select(Entry).where(Entry.list_id == on_paper, Entry.number == 1)).one()
    assert (entry.village_verdict, entry.proposed) == ("fixed", {"id_number": number_of(901)})
    value = db.session.scalars(select(EntryValue).where(EntryValue.entry_id == entry.id)).one()
    assert (value.source, value.user_id) == ("paper", scene.actors["station_clerk"].user_id)
    with pytest.raises(NotPermitted):
        ink.transcribe(scene.actors["coordinator"], on_paper, 1, Conclusion(Verdict.ALREADY_RIGHT))


def test_a_village_with_a_device_is_not_typed_for(scene: Scene) -> None:
    list_id = scene.make_list(2)
    scene.bring_to(Party.VILLAGE, list_id)
    clerk = scene.actors["station_clerk"]
    with pytest.raises(WrongStage, match="tự làm trên máy"):
        ink.transcribe(clerk, list_id, 1, Conclusion(Verdict.ALREADY_RIGHT))
    offered = {offer.transition.action for offer in offers(clerk, load_list(clerk, list_id))}
    assert not offered & {Action.TRANSCRIBE, Action.PREPARE_INK, Action.ENTER_INK}


def test_the_village_gives_in_ink_and_the_police_sign_digitally(scene: Scene, on_paper: UUID) -> None:
    type_all(scene, on_paper)
    record_id = ink.prepare_by_hand(scene.actors["station_clerk"], on_paper)
    record = db.session.get_one(Handover, record_id)
    assert (record.giver_unit_id, record.by_hand) == (scene.units["to_cong_tac_a"].id, True)
    seen = enter(scene, record_id, "station_clerk")
    ink.confirm(scene.actors["station_head"], record_id, seen=seen)
    assert the_list(on_paper).pending_leg == Leg.VILLAGE_TO_POLICE.value
    signing.countersign(scene.actors["police_head"], record_id, PASSPHRASE, shown=shown(record_id))
    assert the_list(on_paper).stage == "police_verification"
    entries.conclude(scene.actors["police_officer"], on_paper, 1, Conclusion(Verdict.VERIFIED))
    trail = list_trail(scene.actors["auditor"], on_paper)
    told = {each.leg: each for each in trail.records}
    for leg in (Leg.STATION_TO_VILLAGE, Leg.VILLAGE_TO_POLICE):
        assert any("ký tay (bản quét)" in name for name, _at in told[leg].signed)
        assert "chưa đủ chữ ký số (1/2)" in told[leg].verdict.text
        assert "thôn ký tay (bản quét)" in told[leg].verdict.text
    tags = [event.tag for event in db.session.scalars(select(Event).where(Event.list_id == on_paper))]
    assert "handover:taken_by_hand" in tags
    assert "handover:sent_by_hand" in tags


def test_a_list_changed_after_printing_is_printed_and_signed_anew(scene: Scene, on_paper: UUID) -> None:
    type_all(scene, on_paper)
    clerk, head = scene.actors["station_clerk"], scene.actors["station_head"]
    record_id = ink.prepare_by_hand(clerk, on_paper)
    seen = enter(scene, record_id, "station_clerk")
    ink.transcribe(clerk, on_paper, 2, Conclusion(Verdict.UNRESOLVED, reason="moved_away"))
    with pytest.raises(StaleVersion, match="in lại"):
        ink.confirm(head, record_id, seen=seen)
    assert ink.prepare_by_hand(clerk, on_paper) == record_id, "the number stays"
    with pytest.raises(WrongStage, match="Chưa có bản quét"):
        ink.confirm(head, record_id, seen=seen)


def test_the_same_key_enters_and_confirms_once(scene: Scene) -> None:
    list_id, record_id = sent(scene)
    for _ in range(2):
        ink.enter(scene.actors["coordinator"], record_id, scan(), key="6d0f8f7e-0000-4000-8000-000000000001")
    db.session.rollback()
    seen = enter_once(record_id)
    for _ in range(2):
        ink.confirm(scene.actors["station_clerk"], record_id, seen=seen, key="6d0f8f7e-0000-4000-8000-000000000002")
    events = db.session.scalars(select(Event.tag).where(Event.list_id == list_id)).all()
    assert events.count("handover:ink_entered") == events.count("handover:taken_by_hand") == 1


def enter_once(record_id: UUID) -> str:
    return db.session.scalars(select(PaperScan.sha256).where(PaperScan.handover_id == record_id)).one()
