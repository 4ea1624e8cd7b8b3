# ruff: noqa: F811
"""Splitting, withdrawing, merging, taking in part and opening again on the pages: what is ticked, what is refused."""

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, db
from portal.services import transfers
from tests.integration.web.desk import Desk, Enter, as_user, desk, inputs, prepare, sign, words_of  # noqa: F401


def test_ticks_and_numbers_together_choose_who_is_split_off(desk: Desk, as_user: Enter) -> None:
    list_id, head = desk.make(people=5), as_user("station_head")
    page = head.get(f"/lists/{list_id}/split").text
    fields = {"key": inputs(page)["key"], "rev": inputs(page)["rev"], "person": ["2"], "numbers": "4-5"}
    answer = head.post(f"/lists/{list_id}/split", fields)
    assert answer.status_code == 303, answer.text
    child = head.follow(answer)
    assert "Đã tách thành danh sách mới" in child.text
    assert desk.the_list(list_id).entries == 2
    assert "Các phần của danh sách này" in child.text


def test_a_refused_choice_keeps_the_ticks_and_says_what_to_do(desk: Desk, as_user: Enter) -> None:
    list_id, head = desk.make(people=3), as_user("station_head")
    rev = inputs(head.get(f"/lists/{list_id}/split").text)["rev"]
    answer = head.post(f"/lists/{list_id}/split", {"rev": rev, "person": ["1"], "numbers": "7, x"})
    assert answer.status_code == 422
    assert 'value="1" checked' in answer.text
    assert 'value="7, x"' in answer.text
    assert "ví dụ 1-20, 35" in answer.text
    stale = head.post(f"/lists/{list_id}/split", {"rev": "99", "person": ["1"]})
    assert stale.status_code == 409


def test_those_marked_as_returned_are_ticked_beforehand(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make(Party.VILLAGE, people=3)
    with desk.world() as scene:
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
        scene.conclude_one("village_head", list_id, 3, Verdict.RETURNED, reason="wrong_village")
    head = as_user("village_head")
    listed = words_of(head.get(f"/lists/{list_id}").text)
    assert "Tách 1 người trả lại thành danh sách riêng" in listed
    page = head.get(f"/lists/{list_id}/split?part=returned").text
    assert 'value="3" checked' in page
    assert 'value="1" checked' not in page


def test_withdrawing_says_why_on_the_part_that_holds_the_people(desk: Desk, as_user: Enter) -> None:
    list_id, head = desk.make(people=3), as_user("station_head")
    rev = inputs(head.get(f"/lists/{list_id}/withdrawal").text)["rev"]
    missing = head.post(f"/lists/{list_id}/withdrawal", {"rev": rev, "person": ["1"], "note": " "})
    assert missing.status_code == 422
    done = head.post(f"/lists/{list_id}/withdrawal", {"rev": rev, "person": ["1"], "note": "Đã nhập ở đợt trước"})
    assert done.status_code == 303, done.text
    with desk.app.app_context():
        part = db.session.query(CorrectionList).filter_by(parent_list_id=list_id).one()
        part_id = part.id
    assert "Đã nhập ở đợt trước" in head.get(f"/lists/{part_id}").text


def test_nobody_else_finds_the_page_that_divides(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make(people=2)
    for name, status in (("station_clerk", 403), ("coordinator", 403), ("foreign_station_head", 404)):
        assert as_user(name).get(f"/lists/{list_id}/split").status_code == status, name
    assert as_user("station_clerk").get(f"/lists/{list_id}/withdrawal").status_code == 403


def test_a_closed_button_names_the_rule_and_whom_to_call(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make(Party.VILLAGE)
    words = words_of(as_user("station_head").get(f"/lists/{list_id}").text)
    assert words.count("Danh sách ở bước «Thôn đang rà soát», do To Cong Tac A giữ.") == 1
    assert "Hỏi: To Cong Tac A , Village Head , 0911111111" in words.replace(
        "A, Village Head, ", "A , Village Head , "
    )
    helper = words_of(as_user("station_clerk").get(f"/lists/{desk.make()}").text)
    assert "Bạn chưa được phân công ký thay đơn vị" in helper
    assert "Station Head" in helper


def test_one_reason_is_said_once_for_all_buttons_it_closes_and_nobody_is_told_to_call_himself(
    desk: Desk, as_user: Enter
) -> None:
    list_id = desk.make()
    page = as_user("station_clerk").get(f"/lists/{list_id}").text
    reason = "Bạn chưa được phân công ký thay đơn vị"
    assert page.count("aria-describedby=") > 1
    assert words_of(page).count(reason) == 1
    with desk.world() as scene:
        scene.bring_to(Party.VILLAGE, list_id)
    unfinished = words_of(as_user("village_head").get(f"/lists/{list_id}").text)
    assert "Còn 2 người chưa có kết luận" in unfinished
    assert "Hỏi: To Cong Tac A" not in unfinished


def test_the_preview_says_counts_parties_next_holder_and_due_date(desk: Desk, as_user: Enter) -> None:
    list_id, head = desk.make(people=2), as_user("station_head")
    preview = words_of(head.get(prepare(head, list_id, Leg.STATION_TO_VILLAGE)).text)
    for words in ("Bên giao Tram", "Bên nhận To Cong Tac A", "Số người 2", "Người giữ tiếp theo", "Hạn xử lý"):
        assert words in preview, words


def test_what_the_receiver_does_not_take_needs_a_reason_beside_the_person(desk: Desk, as_user: Enter) -> None:
    list_id, station, village = desk.make(people=3), as_user("station_head"), as_user("village_head")
    address = prepare(station, list_id, Leg.STATION_TO_VILLAGE)
    sign(station, address)
    page = village.get(f"{address}/exceptions").text
    key = inputs(page)["key"]
    missing = village.post(
        f"{address}/exceptions", {"key": key, "person": ["2"], "reason-2": "", "note-2": "hẹn lại"}
    )
    assert missing.status_code == 422
    assert 'value="hẹn lại"' in missing.text
    assert "dòng 2" in missing.text
    made = village.post(
        f"{address}/exceptions",
        {"person": ["2"], "reason-2": "card_needed", "numbers": "3", "reason": "wrong_village"},
    )
    assert made.status_code == 303, made.text
    preview = village.get(made.headers["Location"]).text
    assert "Số thứ tự 2: Cần xem lại thẻ căn cước" in words_of(preview)
    assert "Số thứ tự 3: Không thuộc thôn này" in words_of(preview)
    assert 'name="shown_answered"' in preview


def test_who_is_asked_sees_the_first_three_hundred_and_is_told_so_and_no_way_to_papers(
    desk: Desk, as_user: Enter
) -> None:
    with desk.world() as scene:
        list_id = scene.make_list(301)
        to = scene.units["tram_khac"].id
        transfers.offer(scene.actors["station_head"], list_id, range(1, 302), to, "đã chuyển khẩu")
    foreign = as_user("foreign_station_head")
    page = words_of(foreign.get(f"/lists/{list_id}/offer/answer").text)
    assert "Trang này chỉ ghi 300 người đầu trong 301 người" in page
    whole = foreign.get(f"/lists/{list_id}")
    assert whole.status_code == 200
    assert "/trail" not in whole.text
    assert "/review-sheets" not in whole.text
    assert "/trail" in as_user("station_head").get(f"/lists/{list_id}").text


def test_a_request_to_open_again_is_answered_once(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make(people=1)
    with desk.app.app_context():
        found = db.session.get_one(CorrectionList, list_id)
        found.stage, found.closed_at, found.decided = "closed", found.created_at, 1
        db.session.commit()
    station, above = as_user("station_head"), as_user("coordinator")
    asked = station.post(f"/lists/{list_id}/reopening-request", {"note": "Sai một người"})
    assert asked.status_code == 303, asked.text
    page = above.get(f"/lists/{list_id}/reopening").text
    assert "Sai một người" in page
    silent = above.post(f"/lists/{list_id}/reopening", {"answer": "decline", "note": ""})
    assert silent.status_code == 422
    assert above.post(f"/lists/{list_id}/reopening", {"answer": "consent"}).status_code == 303
    assert above.post(f"/lists/{list_id}/reopening", {"answer": "consent"}).status_code == 409
    assert desk.the_list(list_id).stage == "station_update"
