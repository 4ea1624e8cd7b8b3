# ruff: noqa: F811
"""Bulk acts as plain forms: ticks, all that match after a confirmation, results with a workbook, taking back."""

import io
import re
from uuid import UUID

import openpyxl
import pytest

from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, db
from tests.integration.scene import number_of
from tests.integration.web.desk import Desk, Enter, Worker, as_user, desk, words_of  # noqa: F401


def ticks(page: str) -> list[str]:
    return re.findall(r'name="tick" value="([^"]+)" data-tick', page)


def hidden(page: str, form: str) -> dict[str, str]:
    """The hidden fields of the form that goes to this address, its key among them."""
    found = re.search(rf'<form[^>]*action="([^"]*{form}[^"]*)".*?</form>', page, re.DOTALL)
    assert found, form
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found.group()))
    return {**fields, "action": found.group(1).replace("&amp;", "&")}


def send(worker: Worker, page: str, form: str, **fields: object):  # type: ignore[no-untyped-def]
    kept = hidden(page, form)
    return worker.post(kept.pop("action"), {**kept, **fields})


def put(desk: Desk, party: Party) -> UUID:
    with desk.world() as scene:
        return scene.put_before(party)


def verdicts(desk: Desk, list_id: UUID, party: str) -> list[str]:
    with desk.world():
        return [
            getattr(entry, f"{party}_verdict")
            for entry in db.session.query(Entry).filter_by(list_id=list_id).order_by(Entry.number)
        ]


def test_ticked_people_get_one_conclusion_and_it_is_taken_back(desk: Desk, as_user: Enter) -> None:
    list_id, village = put(desk, Party.VILLAGE), as_user("village_head")
    page = village.get(f"/lists/{list_id}").text
    answer = send(village, page, "bulk/correction", tick=ticks(page)[:1], verdict="already_right", scope="ticked")
    told = village.follow(answer).text
    assert "<output" in told
    assert "Đã làm 1 trong 1" in words_of(told)
    assert verdicts(desk, list_id, "village") == ["already_right", ""]
    told = village.follow(send(village, told, "/undo")).text
    assert "Hoàn tác: Ghi kết luận" in words_of(told)
    assert verdicts(desk, list_id, "village") == ["", ""]


def test_a_refused_form_keeps_ticks_and_words(desk: Desk, as_user: Enter) -> None:
    list_id, village = put(desk, Party.VILLAGE), as_user("village_head")
    page = village.get(f"/lists/{list_id}").text
    answer = send(
        village, page, "bulk/correction", tick=ticks(page)[:1], verdict="unresolved", note="vắng", scope="ticked"
    )
    assert answer.status_code == 422
    assert "Chọn lý do" in words_of(answer.text)
    assert f'value="{ticks(page)[0]}" data-tick checked' in answer.text
    assert "vắng" in answer.text
    assert send(village, page, "bulk/correction", verdict="already_right", scope="ticked").status_code == 422


def test_the_link_to_tick_the_whole_page_works_without_script(desk: Desk, as_user: Enter) -> None:
    list_id, village = put(desk, Party.VILLAGE), as_user("village_head")
    page = village.get(f"/lists/{list_id}").text
    link = re.search(r'href="([^"]+)" data-tick-all', page)
    assert link
    every = village.get(link.group(1).replace("&amp;", "&")).text
    assert len(re.findall(r"data-tick checked", every)) == len(ticks(page)) == 2


def test_all_who_match_are_concluded_after_the_count_was_confirmed(desk: Desk, as_user: Enter) -> None:
    with desk.world() as scene:
        list_id = scene.put_before(Party.VILLAGE, 60)
    village = as_user("village_head")
    page = village.get(f"/lists/{list_id}?part=left").text
    asked = send(village, page, "bulk/correction", verdict="already_right", scope="matching")
    assert asked.status_code == 200
    assert "Ghi cho cả 60 người?" in words_of(asked.text)
    assert verdicts(desk, list_id, "village").count("") == 60, "nothing before the confirmation"
    told = village.follow(send(village, asked.text, "bulk/correction")).text
    assert "Đã làm 60 trong 60" in words_of(told)


def test_the_police_tick_rows_and_are_offered_no_others(desk: Desk, as_user: Enter) -> None:
    list_id, police = put(desk, Party.POLICE), as_user("police_officer")
    page = police.get(f"/lists/{list_id}").text
    assert 'value="matching"' not in page
    forged = send(police, page, "bulk/verification", verdict="verified", scope="matching", expected="2")
    assert forged.status_code == 422
    assert "đã hiện trên trang" in words_of(forged.text)
    told = police.follow(
        send(police, page, "bulk/verification", verdict="verified", tick=ticks(page), scope="ticked")
    )
    assert "Đã làm 2 trong 2" in words_of(told.text)


def test_the_station_ends_people_in_one_go(desk: Desk, as_user: Enter) -> None:
    list_id, station = put(desk, Party.STATION), as_user("station_clerk")
    page = station.get(f"/lists/{list_id}?part=left").text
    answer = send(station, page, "bulk/update", verdict="ended", reason="deceased", tick=ticks(page), scope="ticked")
    assert "Đã làm 2 trong 2" in words_of(station.follow(answer).text)
    assert verdicts(desk, list_id, "station") == ["ended", "ended"]


def test_a_result_names_every_refusal_on_the_page_and_in_the_workbook_without_numbers(
    desk: Desk, as_user: Enter
) -> None:
    list_id, police = put(desk, Party.POLICE), as_user("police_officer")
    page = police.get(f"/lists/{list_id}").text
    answer = send(police, page, "bulk/verification", verdict="outcome_accepted", tick=ticks(page)[:1], scope="ticked")
    told = police.follow(answer)
    assert "không có kết luận để đồng ý" in words_of(told.text)
    where = answer.headers["Location"]
    book = openpyxl.load_workbook(io.BytesIO(police.get(f"{where}/result.xlsx").data))
    texts = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row if cell]
    assert any("không có kết luận để đồng ý" in text for text in texts)
    assert number_of(1) not in "".join(texts)
    assert as_user("police_head").get(where).status_code == 404, "another person's act"


def test_the_coordinator_reminds_and_changes_the_due_date_of_ticked_lists(desk: Desk, as_user: Enter) -> None:
    list_id, coordinator = put(desk, Party.VILLAGE), as_user("coordinator")
    page = coordinator.get("/lists").text
    kept = hidden(page, "bulk/reminder")
    kept.pop("action")
    fields = {**kept, "tick": str(list_id), "scope": "ticked"}
    told = coordinator.follow(coordinator.post("/lists/bulk/reminder", fields)).text
    assert "Đã làm 1 trong 1" in words_of(told)
    assert "Việc này không hoàn tác được" in words_of(told)
    fields["key"] = ""
    refused = coordinator.post("/lists/bulk/due", {**fields, "due_day": "hôm qua", "due_hour": "17:00"})
    assert refused.status_code == 422
    assert "không đọc được" in words_of(refused.text)
    assert f'value="{list_id}" data-tick checked' in refused.text
    due = coordinator.post("/lists/bulk/due", {**fields, "due_day": "27/3/2030", "due_hour": "17:00"})
    assert "Đã làm 1 trong 1" in words_of(coordinator.follow(due).text)
    with desk.world():
        assert db.session.get_one(CorrectionList, list_id).due_at.year == 2030


def test_all_lists_of_a_filter_are_confirmed_with_their_count(desk: Desk, as_user: Enter) -> None:
    put(desk, Party.VILLAGE)
    supervisor = as_user("supervisor")
    page = supervisor.get("/lists?state=village_review").text
    asked = send(supervisor, page, "bulk/reminder", scope="matching")
    count = re.search(r"Nhắc việc với cả (\d+) danh sách\?", words_of(asked.text))
    assert count
    told = supervisor.follow(send(supervisor, asked.text, "bulk/reminder")).text
    assert f"Đã làm {count.group(1)} trong {count.group(1)}" in words_of(told)


@pytest.mark.parametrize(
    ("who", "deeds"),
    [
        ("station_head", {"records", "due", "village", "person"}),
        ("coordinator", {"reminder", "due", "person"}),
        ("supervisor", {"reminder"}),
        ("village_head", {"person", "records"}),
        ("auditor", set()),
    ],
)
def test_each_role_is_offered_the_deeds_it_has_a_right_to(
    desk: Desk, as_user: Enter, who: str, deeds: set[str]
) -> None:
    put(desk, Party.VILLAGE)
    page = as_user(who).get("/lists?state=all").text
    assert set(re.findall(r'formaction="/lists/bulk/(\w+)', page)) == deeds


def test_the_station_prepares_the_records_of_its_drafted_lists(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    kept = hidden(station.get("/lists").text, "bulk/")
    kept.pop("action")
    told = station.follow(station.post("/lists/bulk/records", {**kept, "tick": str(list_id), "scope": "ticked"})).text
    assert "Đã làm 1 trong 1" in words_of(told)
    assert "Xem trước và ký biên bản" in words_of(station.get(f"/lists/{list_id}").text)


def test_odd_ticks_are_no_fault_of_the_server(desk: Desk, as_user: Enter) -> None:
    list_id, village = put(desk, Party.VILLAGE), as_user("village_head")
    page = village.get(f"/lists/{list_id}").text
    for odd in ("1", "1:x", "-1:1", "1:99999999999", "'--", "٣:1"):
        assert send(village, page, "bulk/correction", tick=odd, verdict="already_right").status_code == 422, odd
    assert send(village, page, "bulk/correction", tick="77:1", verdict="already_right", key="").status_code == 409
    assert as_user("station_head").post("/lists/bulk/records", {"tick": "abc"}).status_code == 422


def test_left_acts_are_found_again(desk: Desk, as_user: Enter) -> None:
    list_id, village = put(desk, Party.VILLAGE), as_user("village_head")
    page = village.get(f"/lists/{list_id}").text
    where = send(
        village, page, "bulk/correction", tick=ticks(page), verdict=Verdict.ALREADY_RIGHT.value, scope="ticked"
    )
    assert where.headers["Location"] in village.get("/bulk").text
