# ruff: noqa: F811
"""The forms' part of the bad-input catalogue (F2–F15) and text typed too late (W1, W3): words, nothing lost, nothing twice."""

import unicodedata
from io import BytesIO
from pathlib import Path

import pytest

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import ImportFile
from portal.services import entries, signing
from portal.services.entries import Conclusion
from tests.excel_files import workbook
from tests.integration.web.desk import Desk, Enter, as_user, desk, inputs, words_of  # noqa: F401
from tests.integration.web.test_bad_input import counted
from tests.integration.web.test_entries import typed, verdicts


def test_f2_f3_a_save_sent_again_later_gets_the_same_answer_and_writes_nothing(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_helper")
    address = f"/lists/{list_id}/entries/1"
    form = typed(village.get(address).text, verdict="already_right")
    first = village.post(f"{address}/correction", form)
    # The browser's way back, and the old form pressed once more with another choice: the first one stands.
    second = village.post(f"{address}/correction", {**form, "verdict": "unresolved", "reason": "deceased"})
    assert first.headers["Location"] == second.headers["Location"]
    assert verdicts(desk, list_id) == 1
    assert desk.entry(list_id).village_verdict == "already_right"


def test_f4_of_two_tabs_the_later_one_chooses_item_by_item_without_javascript(desk: Desk, as_user: Enter) -> None:
    list_id, one, two = desk.make(Party.VILLAGE, 1), as_user("village_helper"), as_user("village_head")
    address = f"/lists/{list_id}/entries/1"
    mine = typed(one.get(address).text, full_name="Vàng Thị Một", full_name_choice="fix", verdict="fixed")
    theirs = typed(two.get(address).text, sex="nam", sex_choice="fix", verdict="unresolved", reason="moved_away")
    two.post(f"{address}/correction", theirs)
    refused = one.post(f"{address}/correction", mine)
    assert refused.status_code == 409
    words = words_of(refused.text)
    for said in ("Village Head", "Không làm được: Đã đi khỏi địa phương", "Vàng Thị Một"):
        assert said in words
    choices = typed(refused.text)
    assert (choices["take_full_name"], choices["take_verdict"]) == ("mine", "mine")
    taken = one.post(f"{address}/correction", {**choices, "take_verdict": "theirs"})
    assert taken.status_code == 303, taken.text
    entry = desk.entry(list_id, 1)
    assert (entry.village_verdict, entry.village_reason, entry.proposed) == ("unresolved", "moved_away", {})


def test_f4_a_choice_names_one_of_the_two_and_changes_nothing_else(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    address = f"/lists/{list_id}/entries/1"
    form = typed(village.get(address).text, full_name="Vàng Thị Một", full_name_choice="fix", verdict="fixed")
    hostile = {"take_full_name": "other", "take_rev": "theirs", "take_id_number": "<b>", "take_list_id": "theirs"}
    assert village.post(f"{address}/correction", {**form, **hostile}).status_code == 303
    assert desk.entry(list_id, 1).proposed == {"full_name": "Vàng Thị Một"}


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_f9_where_to_go_on_is_only_ever_this_site(desk: Desk, as_user: Enter, target: str) -> None:
    worker = as_user("village_helper")
    worker.post("/sign-out")
    worker.get("/sign-in")
    answer = worker.post("/sign-in", {"demo_user": "village_helper", "next": target})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_f11_a_file_once_sent_need_not_be_chosen_again(desk: Desk, as_user: Enter, tmp_path: Path) -> None:
    station, before = as_user("station_head"), counted(desk, ImportFile)
    data = workbook(
        tmp_path / "f11.xlsx", ("1", "Lò Văn Mười Một", "01/02/1990", "Nam", "", "", "Bản A")
    ).read_bytes()
    station.get("/batches/new")
    sent = station.post("/batches/new", {"file": (BytesIO(data), "f11.xlsx")})
    assert sent.status_code == 303
    address = sent.headers["Location"]
    form = inputs(station.get(address).text)
    wrong = station.post(address, {**{k: v for k, v in form.items() if k != "csrf_token"}, "due_day": "32/13/2026"})
    assert wrong.status_code == 422
    assert 'type="file"' not in wrong.text[: wrong.text.index("</form>")]
    assert "32/13/2026" in wrong.text
    assert counted(desk, ImportFile) == before + 1


@pytest.mark.parametrize(
    "name", ["Hoà Thị Mỹ", "Hòa Thị Mỹ", "Giàng A Chùu", unicodedata.normalize("NFD", "Hòa Thị Mỹ")]
)
def test_f12_a_name_is_taken_as_it_was_typed(desk: Desk, as_user: Enter, name: str) -> None:
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    address = f"/lists/{list_id}/entries/1"
    form = typed(village.get(address).text, full_name=name, full_name_choice="fix", verdict="fixed")
    assert village.post(f"{address}/correction", form).status_code == 303
    assert desk.entry(list_id, 1).proposed["full_name"] == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("method", ["GET", "HEAD", "TRACE", "PUT", "DELETE"])
def test_f13_another_method_than_the_forms_is_refused_with_a_way_back(
    desk: Desk, as_user: Enter, method: str
) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_helper")
    answer = village.client.open(f"/lists/{list_id}/handovers", method=method)
    assert answer.status_code in {405, 400}
    assert desk.the_list(list_id).pending_leg is None
    if method == "GET":
        assert "Về trang đầu" in answer.text


def test_f14_a_forged_or_missing_htmx_header_changes_the_shape_never_the_rights(desk: Desk, as_user: Enter) -> None:
    list_id, station, village = desk.make(Party.VILLAGE), as_user("station_head"), as_user("village_helper")
    forged = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "tr#row-1", "X-Outbox": "1"}
    for headers in ({}, forged):
        station.get(f"/lists/{list_id}")
        answer = station.post(f"/lists/{list_id}/entries/1/correction", {"verdict": "already_right"}, headers)
        assert answer.status_code == 403
        assert "015185" not in answer.text
    whole = village.get("/inbox", {"HX-Request": "true", "HX-Request-Type": "full"})
    assert "<html" in whole.text
    assert "<html" in village.get("/inbox").text


def test_f15_a_form_drawn_by_an_older_release_is_shown_beside_what_stands_now(desk: Desk, as_user: Enter) -> None:
    """An older page knows other field names and an older version: nothing of it is taken in silence."""
    list_id, village = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    address = f"/lists/{list_id}/entries/1"
    old = typed(village.get(address).text, full_name="Tên Từ Trang Cũ", full_name_choice="fix", verdict="fixed")
    with desk.world() as scene:
        said = Conclusion(Verdict.FIXED, values={"full_name": "Tên Đang Có"})
        entries.conclude(scene.actors["village_head"], list_id, 1, said)
    answer = village.post(f"{address}/correction", {**old, "old_field": "x", "sex_state": "1"})
    assert answer.status_code == 409
    assert "Tên Từ Trang Cũ" in answer.text
    assert "Tên Đang Có" in answer.text
    assert desk.entry(list_id, 1).proposed == {"full_name": "Tên Đang Có"}


def test_w1_w3_what_is_typed_after_the_list_went_comes_back_as_a_draft_on_the_version_that_returns(
    desk: Desk, as_user: Enter
) -> None:
    list_id, helper = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    address = f"/lists/{list_id}/entries/1"
    form = typed(helper.get(address).text, full_name="Gõ Khi Đã Giao", full_name_choice="fix", verdict="fixed")
    with desk.world() as scene:
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
        scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    late = helper.post(f"{address}/correction", form)
    assert late.status_code == 409
    assert "Cong An giữ danh sách từ" in words_of(late.text)
    assert "bản nháp" in late.text

    with desk.world() as scene:
        scene.conclude_all("police_head", list_id, Verdict.RETURNED, reason="card_needed")
        scene.take("village_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_VILLAGE))
    page = helper.get(address).text
    assert "Có bản nháp bạn gõ lúc" in page
    assert "Có bản nháp" not in as_user("village_head").get(address).text, "a draft is its author's alone"
    kept = page[page.index("?kept=") :].split('"')[0]
    opened = helper.get(f"{address}/correction{kept}")
    assert "Gõ Khi Đã Giao" in opened.text
    saved = helper.post(f"{address}/correction", typed(opened.text, verdict="fixed"))
    assert saved.status_code == 303, words_of(saved.text)
    assert desk.entry(list_id, 1).proposed == {"full_name": "Gõ Khi Đã Giao"}
    assert "Có bản nháp" not in helper.get(address).text, "what was sent is no draft any more"


def test_a_draft_can_be_dropped_by_its_author(desk: Desk, as_user: Enter) -> None:
    list_id, helper = desk.make(Party.VILLAGE, 1), as_user("village_helper")
    address = f"/lists/{list_id}/entries/1"
    form = typed(helper.get(address).text, verdict="already_right", note="để lại")
    with desk.world() as scene:
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
        record = scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE)
    helper.post(f"{address}/correction", form)
    with desk.world() as scene:
        signing.recall(scene.actors["village_head"], record)
    page = helper.get(address).text
    drop = page[: page.index("/drop")].rpartition('"')[2] + "/drop"
    other = as_user("village_head")
    other.post(drop, {"next": address})
    assert "Có bản nháp" in helper.get(address).text
    assert helper.post(drop, {"next": address}).headers["Location"] == address
    assert "Có bản nháp" not in helper.get(address).text
