# ruff: noqa: F811
"""The record's pages: preview, signing, taking, refusing, recalling; one effect for repeated posts."""

import re
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import Event, Handover, Signature, db
from tests.integration.scene import PASSPHRASE
from tests.integration.web.desk import Desk, Enter, as_user, desk, prepare, sign, sign_form  # noqa: F401


def test_a_list_goes_from_station_to_village_by_pages_alone(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    page = station.get(f"/lists/{list_id}").text
    assert "Lập biên bản bàn giao 2 người cho To Cong Tac A" in page
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    preview = station.get(address).text
    assert "Ký và bàn giao 2 người cho To Cong Tac A" in preview
    answer = sign(station, address)
    assert answer.status_code == 303, answer.text
    assert "Đang chờ To Cong Tac A ký nhận" in station.get(address).text
    village = as_user("village_head")
    incoming = village.get(address).text
    assert "Chữ ký hợp lệ" in incoming
    assert incoming.index("Chữ ký hợp lệ") < incoming.index("Ký nhận 2 người")
    receipt = village.follow(sign(village, address, "countersignature")).text
    assert desk.the_list(list_id).stage == "village_review"
    assert "Đã ký nhận 2 người từ Tram. Từ bây giờ To Cong Tac A giữ danh sách." in receipt
    assert "Đã ký nhận 2 người từ" not in village.get(address).text
    assert "Village Head" in receipt
    assert "Station Head" in receipt


def test_pictures_are_drawn_from_the_bytes_that_are_signed(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    page = station.get(address).text
    pictures = re.findall(r'src="([^"]+\.png\?v=[0-9a-f]{64})" width="(\d+)" height="(\d+)"', page)
    assert len(pictures) >= 2
    sha = sign_form(page)["shown"]
    assert all(source.endswith(sha) for source, _width, _height in pictures)
    first = station.get(pictures[0][0])
    assert (first.mimetype, first.data[:4]) == ("image/png", b"\x89PNG")
    assert station.get(pictures[0][0].partition("?")[0] + "?v=" + "0" * 64).status_code == 404
    assert as_user("village_head").get(pictures[0][0]).status_code == 404


def test_a_wrong_passphrase_keeps_the_page_and_changes_nothing(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    answer = sign(station, address, passphrase="sai mat khau roi")
    assert answer.status_code == 422
    assert "Ký và bàn giao" in answer.text
    assert desk.the_list(list_id).pending_leg is None


def test_a_stale_preview_says_what_changed_and_offers_to_draw_anew(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_head")
    with desk.world() as scene:
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
    address = prepare(village, list_id, Leg.VILLAGE_TO_POLICE)
    form = sign_form(village.get(address).text)
    with desk.world() as scene:
        scene.conclude_all("village_helper", list_id, Verdict.UNRESOLVED, reason="moved_away")
    page = village.get(address).text
    assert "Nội dung đã đổi 2 dòng" in page
    assert 'name="passphrase"' not in page
    answer = village.post(f"{address}/signature", {**form, "passphrase": PASSPHRASE})
    assert answer.status_code == 409
    assert "Lập lại" in answer.text
    again = village.post(f"{address}/redraw")
    assert again.headers["Location"] == address, "the number and the draft stay"
    assert sign(village, address).status_code == 303


def test_the_same_signature_sent_twice_has_one_effect(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    page = station.get(address).text
    form = {**sign_form(page), "passphrase": PASSPHRASE}
    answers = [station.post(f"{address}/signature", form) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    with desk.app.app_context():
        made = select(func.count()).select_from(Signature).where(Signature.handover_id == UUID(address[-36:]))
        assert db.session.execute(made).scalar_one() == 1


def test_a_receiver_refuses_with_a_signed_slip(desk: Desk, as_user: Enter) -> None:
    list_id, station, village = desk.make(), as_user("station_head"), as_user("village_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    sign(station, address)
    assert "Chọn một lý do" in village.post(f"{address}/refusal", {"reason": ""}).text
    village.get(f"{address}/refusal")
    answer = village.post(f"{address}/refusal", {"reason": "wrong_count"})
    slip = answer.headers["Location"]
    assert "Ký và từ chối tiếp nhận" in village.get(slip).text
    assert sign(village, slip).status_code == 303
    held = desk.the_list(list_id)
    assert (held.stage, held.pending_leg) == ("drafting", None)
    assert "Số người không khớp" in station.get(address).text


def test_a_recall_needs_a_reason_once_the_receiver_has_looked(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    sign(station, address)
    as_user("village_head").get(address)
    station.get(f"{address}/recall")
    assert station.post(f"{address}/recall", {"reason": ""}).status_code == 422
    assert station.post(f"{address}/recall", {"reason": "Gửi nhầm"}).status_code == 303
    assert desk.the_list(list_id).pending_leg is None


def test_going_back_to_the_work_gives_the_number_to_the_next_record(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    first = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    with desk.app.app_context():
        number = db.session.get_one(Handover, UUID(first[-36:])).number
    station.get(first)
    assert station.post(f"{first}/abandonment").status_code == 303
    second = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    with desk.app.app_context():
        assert db.session.get_one(Handover, UUID(second[-36:])).number == number


def test_one_without_the_right_to_sign_sees_who_must_sign(desk: Desk, as_user: Enter) -> None:
    list_id, clerk = desk.make(), as_user("station_clerk")
    address = prepare(clerk, list_id, Leg.STATION_TO_VILLAGE)
    page = clerk.get(address).text
    assert "Station Head" in page
    assert 'name="passphrase"' not in page
    assert clerk.post(f"{address}/signature", {"passphrase": PASSPHRASE}).status_code == 403


def test_the_downloaded_record_has_an_ascii_name_and_leaves_an_event(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    sign(station, address)
    answer = station.get(f"{address}/record.pdf")
    assert answer.data.startswith(b"%PDF-")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert disposition.isascii()
    assert "filename*=UTF-8''" in disposition
    with desk.app.app_context():
        seen = (
            select(func.count())
            .select_from(Event)
            .where(Event.handover_id == UUID(address[-36:]), Event.tag == "record:downloaded")
        )
        assert db.session.execute(seen).scalar_one() == 1


@pytest.mark.parametrize("stranger", ["foreign_station_head", "other_village_head", "police_head"])
def test_strangers_do_not_learn_that_a_record_exists(desk: Desk, as_user: Enter, stranger: str) -> None:
    list_id, station = desk.make(), as_user("station_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    sign(station, address)
    browser = as_user(stranger)
    for path in (address, f"{address}/record.pdf", f"{address}/recall", f"/lists/{list_id}"):
        assert browser.get(path).status_code == 404, path


def test_an_unknown_leg_is_refused_in_words(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    station.get(f"/lists/{list_id}")
    answer = station.post(f"/lists/{list_id}/handovers", {"leg": "to_the_moon"})
    assert answer.status_code == 422
    assert "Không rõ biên bản" in answer.text
