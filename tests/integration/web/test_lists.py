# ruff: noqa: F811
"""The list pages: the table, each party's screen, the deeds offered, what readers are not shown."""

import io
import re
from uuid import UUID, uuid4

import openpyxl
import pytest

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, db
from tests.integration.scene import number_of
from tests.integration.web.desk import Desk, Enter, as_user, desk, prepare, sign, words_of  # noqa: F401

LONG_NUMBER = re.compile(r"(?<!\d)\d{9,12}(?!\d)")


def test_the_table_shows_each_list_with_holder_and_phone(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make()
    page = as_user("station_head").get("/lists").text
    assert str(list_id) in page
    assert "tel:0911111111" in page


def test_filters_stand_in_the_address_and_odd_values_are_no_fault(desk: Desk, as_user: Enter) -> None:
    desk.make()
    station = as_user("station_head")
    assert "Không danh sách nào khớp" in station.get("/lists?village=khong-co-thon-nay").text
    for odd in ("state=drop", "after=abc", f"after={uuid4()}", "page=-1", "overdue=x", "village='--"):
        assert station.get(f"/lists?{odd}").status_code == 200, odd


def test_every_page_of_the_table_goes_on_where_the_one_before_ended(desk: Desk, as_user: Enter) -> None:
    with desk.world() as scene:
        made = {str(scene.make_list(1)) for _ in range(60)}
    station, seen, address = as_user("station_head"), [], "/lists?state=all"
    while address:
        page = station.get(address).text
        seen += re.findall(r'class="row-link" href="/lists/([0-9a-f-]{36})"', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found.group(1).replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


@pytest.mark.parametrize("reader", ["coordinator", "supervisor", "auditor", "station_head", "village_head"])
def test_readers_never_see_a_whole_number(desk: Desk, as_user: Enter, reader: str) -> None:
    list_id, browser = desk.make(Party.POLICE), as_user(reader)
    for path in (f"/lists/{list_id}", f"/lists/{list_id}/entries/1", "/lists"):
        words = words_of(browser.get(path).text).replace(" ", "")
        numbers = [text for text in LONG_NUMBER.findall(words) if text not in {"0911111111", "0900000000"}]
        assert not numbers, (path, numbers)
        assert number_of(1) not in words


def test_the_police_see_the_whole_number_that_they_compare(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make(Party.POLICE)
    assert number_of(1) in words_of(as_user("police_officer").get(f"/lists/{list_id}").text).replace(" ", "")


def test_a_blocked_deed_is_disabled_and_names_its_rule(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make(Party.VILLAGE)
    page = as_user("village_head").get(f"/lists/{list_id}").text
    assert re.search(r"<button[^>]*disabled[^>]*>Lập biên bản bàn giao 2 người cho Cong An<", page)
    assert "Còn 2 người chưa có kết luận" in page


def test_a_pending_list_offers_no_work_to_its_giver(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    sign(station, prepare(station, list_id, Leg.STATION_TO_VILLAGE))
    page = station.get(f"/lists/{list_id}").text
    assert "không ai sửa được" in page
    assert "/village" not in page
    assert "Thu hồi" in page


def test_a_list_without_village_waits_until_one_is_chosen(desk: Desk, as_user: Enter) -> None:
    with desk.world() as scene:
        list_id = scene.make_list(1, village=None)
        village = scene.units["to_cong_tac_b"].id
        foreign = scene.units["to_cong_tac_c"].id
    station = as_user("station_clerk")
    page = station.get(f"/lists/{list_id}").text
    assert "chưa rõ thôn" in page
    rev = str(desk.the_list(list_id).rev)
    assert station.post(f"/lists/{list_id}/village", {"village": "abc"}).status_code == 422
    assert station.post(f"/lists/{list_id}/village", {"village": foreign, "rev": rev}).status_code == 422
    assert station.post(f"/lists/{list_id}/village", {"village": village, "rev": "99"}).status_code == 409
    assert station.post(f"/lists/{list_id}/village", {"village": village, "rev": rev}).status_code == 303
    assert desk.the_list(list_id).village_unit_id == village


def test_a_due_date_is_read_as_vietnamese_time_and_a_past_one_refused(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_clerk")
    station.get(f"/lists/{list_id}")
    wrong = station.post(f"/lists/{list_id}/due", {"due_day": "32/1/2030", "due_hour": "25:00"})
    assert wrong.status_code == 422
    assert "32/1/2030" in wrong.text
    assert station.post(f"/lists/{list_id}/due", {"due_day": "1/2/2020", "due_hour": "17:00"}).status_code == 422
    assert station.post(f"/lists/{list_id}/due", {"due_day": "27/3/2030", "due_hour": "17:00"}).status_code == 303
    assert desk.the_list(list_id).due_at.isoformat().startswith("2030-03-27T")
    assert "17:00 27/03/2030" in station.get(f"/lists/{list_id}").text


def test_a_drafted_list_is_cancelled_with_words_why(desk: Desk, as_user: Enter) -> None:
    list_id, station = desk.make(), as_user("station_head")
    station.get(f"/lists/{list_id}/cancellation")
    assert station.post(f"/lists/{list_id}/cancellation", {"note": ""}).status_code == 422
    assert station.post(f"/lists/{list_id}/cancellation", {"note": "Nhập nhầm tệp"}).status_code == 303
    assert desk.the_list(list_id).stage == "cancelled"


def brought_home(desk: Desk) -> UUID:
    """A list at the station: the first person with a corrected name (edit lane), the second E1 (import lane)."""
    from portal.domain.fields import Field
    from portal.services import entries
    from portal.services.entries import Conclusion

    with desk.world() as scene:
        list_id = scene.make_list(2)
        second = db.session.query(Entry).filter_by(list_id=list_id, number=2).one()
        second_id = second.id
        db.session.rollback()
        db.session.execute(db.update(Entry).where(Entry.id == second_id).values(classes=["E2"]))
        db.session.commit()
        scene.take("village_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE))
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
        scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
        police = scene.actors["police_officer"]
        entries.conclude(police, list_id, 1, Conclusion(Verdict.CORRECTED, values={Field.FULL_NAME: "Vàng Thị Sửa"}))
        entries.conclude(police, list_id, 2, Conclusion(Verdict.CORRECTED, values={Field.ID_NUMBER: number_of(77)}))
        scene.take("station_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION))
        return list_id


def verification_list(desk: Desk, list_id: UUID, said: str = "Đúng") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Kết quả"])
    for number in (1, 2):
        values = desk.entry(list_id, number).verified
        sheet.append([number, values["full_name"], values["birth_date"], values["sex"], values["id_number"], said])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_station_works_both_lanes_rechecks_and_completes(desk: Desk, as_user: Enter) -> None:
    list_id, station = brought_home(desk), as_user("station_head")
    page = station.get(f"/lists/{list_id}").text
    assert "1 người chờ nhập" in words_of(page)
    assert "1 người chờ sửa" in words_of(page)
    assert re.search(r"<button[^>]*disabled[^>]*>Đánh dấu đã nhập 1 người<", page)
    file = station.post(f"/lists/{list_id}/import-file")
    assert file.data.startswith(b"PK")
    station.get(f"/lists/{list_id}")
    unclear = {"file": (io.BytesIO(verification_list(desk, list_id, "Đang xử lý")), "ket qua.xlsx")}
    assert station.post(f"/lists/{list_id}/import-answer", unclear).status_code == 303
    told = "đã nhập 0, không nhận 0, chưa rõ 1, không có trong tệp 0"
    assert told in words_of(station.get(f"/lists/{list_id}").text)
    assert station.post(f"/lists/{list_id}/imported", {"key": str(uuid4())}).status_code == 303
    mark = {"field": "full_name", "done": "1", "rev": str(desk.entry(list_id).rev), "key": str(uuid4())}
    station.get(f"/lists/{list_id}?part=edit")
    assert station.post(f"/lists/{list_id}/entries/1/marks", mark).status_code == 303
    station.get(f"/lists/{list_id}")
    upload = {"file": (io.BytesIO(verification_list(desk, list_id)), "danh sach xac minh.xlsx")}
    answer = station.post(f"/lists/{list_id}/verification-list", upload)
    assert answer.status_code == 303, answer.text
    assert "2 người đúng" in words_of(station.get(f"/lists/{list_id}").text)
    address = prepare(station, list_id, "")
    assert sign(station, address).status_code == 303
    assert desk.the_list(list_id).stage == "closed"


def test_a_missing_or_broken_verification_list_is_refused_on_the_page(desk: Desk, as_user: Enter) -> None:
    list_id, station = brought_home(desk), as_user("station_head")
    station.get(f"/lists/{list_id}")
    assert "Chưa chọn tệp" in station.post(f"/lists/{list_id}/verification-list").text
    broken = {"file": (io.BytesIO(b"day khong phai Excel"), "x.xlsx")}
    assert station.post(f"/lists/{list_id}/verification-list", broken).status_code == 422


def test_marking_before_the_import_file_was_made_says_what_to_do(desk: Desk, as_user: Enter) -> None:
    list_id, station = brought_home(desk), as_user("station_head")
    station.get(f"/lists/{list_id}")
    answer = station.follow(station.post(f"/lists/{list_id}/imported"))
    assert "Hãy tải tệp" in answer.text


def test_counts_of_the_tabs_equal_what_they_list(desk: Desk, as_user: Enter) -> None:
    list_id, station = brought_home(desk), as_user("station_head")
    page = station.get(f"/lists/{list_id}").text
    tabs = re.findall(r'href="(/lists/[^"]+\?part=(\w+))"[^>]*>\s*[^<]*<span class="tab-count">(\d+)<', page)
    assert len(tabs) == 6
    for address, part, count in tabs:
        shown = station.get(address.replace("&amp;", "&")).text
        people = (
            len(re.findall(r'class="edit-card"', shown))
            if part == "edit"
            else len(re.findall(r'/entries/\d+">', shown))
        )
        assert people == int(count), part


def test_a_list_that_does_not_exist_is_not_found(as_user: Enter) -> None:
    browser = as_user("station_head")
    assert browser.get(f"/lists/{uuid4()}").status_code == 404
    assert browser.get(f"/lists/{uuid4()}/entries/1").status_code == 404


def test_lists_are_counted_where_they_are_open(desk: Desk, as_user: Enter) -> None:
    with desk.world() as scene:
        total = (
            db.session.query(CorrectionList)
            .filter(
                CorrectionList.station_unit_id == scene.units["tram"].id,
                CorrectionList.stage.not_in(("closed", "cancelled")),
            )
            .count()
        )
    assert f"{total} danh sách khớp" in as_user("station_head").get("/lists").text


def test_each_partys_time_stands_on_a_line_of_its_own(desk: Desk, as_user: Enter) -> None:
    """Three parties in one line that may not break were wider than a phone."""
    page = as_user("station_head").get(f"/lists/{desk.make(Party.POLICE)}").text
    held = page.partition('class="plain-list times-held"')[2].partition("</ul>")[0]
    assert held.count("<li>") == 3
    assert "nowrap" not in held
