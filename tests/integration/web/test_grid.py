# ruff: noqa: F811
"""The police's grid without JavaScript: search, undo, rows seen, where work goes on, the auditor's figure."""

import re
from uuid import UUID, uuid4

from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.services import entries
from portal.services.entries import Conclusion
from tests.integration.scene import number_of
from tests.integration.web.desk import Desk, Enter, Worker, as_user, desk, words_of  # noqa: F401


def verdict_on(worker: Worker, desk: Desk, list_id: UUID, number: int, verdict: str = "verified") -> int:
    sent = {"verdict": verdict, "rev": str(desk.entry(list_id, number).rev), "key": str(uuid4())}
    return worker.post(f"/lists/{list_id}/entries/{number}/verification", sent).status_code


def rows_of(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', page)]


def test_a_verdict_on_a_row_that_was_never_shown_is_refused(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE), as_user("police_officer")
    assert verdict_on(police, desk, list_id, 1) == 403
    assert desk.entry(list_id).police_verdict == ""
    police.get(f"/lists/{list_id}")
    assert verdict_on(police, desk, list_id, 1) == 303


def test_a_verdict_that_does_not_say_which_version_was_seen_is_refused(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE), as_user("police_officer")
    police.get(f"/lists/{list_id}")
    answer = police.post(f"/lists/{list_id}/entries/1/verification", {"verdict": "verified"})
    assert answer.status_code == 409
    assert desk.entry(list_id).police_verdict == ""


def test_a_person_is_found_without_marks_in_any_word_order_or_by_the_last_digits(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE, 12), as_user("police_officer")
    police.get(f"/lists/{list_id}")
    for text, found in (
        ("thu b vang", [1, 11]),
        ("THỬ C", [2, 12]),
        (number_of(7)[-3:], [7]),
        ("12", [12]),
        ("khong ai", []),
    ):
        page = police.follow(police.post(f"/lists/{list_id}/search", {"q": text})).text
        assert rows_of(page) == found, text
    assert "Không dòng nào khớp «khong ai»" in page
    assert "Bỏ lọc" in page


def test_a_whole_number_leads_to_its_row_and_never_stands_in_an_address(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE, 5), as_user("police_officer")
    police.get(f"/lists/{list_id}")
    answer = police.post(f"/lists/{list_id}/search", {"q": number_of(4)})
    assert answer.headers["Location"].endswith("#row-4")
    assert number_of(4) not in answer.headers["Location"]
    missing = police.post(f"/lists/{list_id}/search", {"q": number_of(777)})
    assert number_of(777) not in missing.headers["Location"]
    assert "Không có ai trong danh sách mang số này" in police.follow(missing).text
    typed = police.get(f"/lists/{list_id}?q={number_of(4)}")
    assert typed.status_code in {302, 303}, "a number typed into the address is led to an address without it"
    assert number_of(4) not in typed.headers["Location"]


def test_undo_opens_the_grid_at_the_row_and_says_so(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE, 3), as_user("police_officer")
    police.get(f"/lists/{list_id}")
    verdict_on(police, desk, list_id, 2)
    answer = police.post(f"/lists/{list_id}/undo", {"key": str(uuid4())})
    assert answer.headers["Location"].endswith("#row-2")
    assert "Đã hoàn tác kết luận dòng 2" in police.follow(answer).text
    assert desk.entry(list_id, 2).police_verdict == ""
    again = police.post(f"/lists/{list_id}/undo", {"key": str(uuid4())})
    assert "Không còn kết luận nào của bạn" in police.follow(again).text


def test_work_goes_on_at_the_row_behind_the_last_one_also_on_another_machine(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE, 53), as_user("police_officer")
    police.get(f"/lists/{list_id}?page=2")
    verdict_on(police, desk, list_id, 51)
    elsewhere = as_user("police_officer").get(f"/lists/{list_id}").text
    assert rows_of(elsewhere) == [51, 52, 53]
    assert 'data-first="52"' in elsewhere
    verdict_on(police, desk, list_id, 52)
    verdict_on(police, desk, list_id, 53)
    assert 'data-first="1"' in police.get(f"/lists/{list_id}").text


def test_a_row_changed_after_it_was_seen_says_by_whom(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE, 3), as_user("police_officer")
    assert "sau khi bạn xem" not in words_of(police.get(f"/lists/{list_id}").text).replace("đổi sau khi bạn xem»", "")
    with desk.world() as scene:
        entries.conclude(scene.actors["police_head"], list_id, 2, Conclusion(Verdict.NOT_IN_DATABASE))
    page = words_of(police.get(f"/lists/{list_id}").text)
    assert "1 dòng trên trang này đã đổi sau khi bạn xem" in page
    assert "Đổi sau khi bạn xem: Police Head" in page
    verdict_on(police, desk, list_id, 2)
    assert "Đổi sau khi bạn xem: Police Head" not in words_of(police.get(f"/lists/{list_id}").text)


def test_old_and_new_are_marked_letter_by_letter_with_words_for_readers(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make(Party.POLICE, 1)
    with desk.app.app_context():
        from portal.models import Entry, db

        found = db.session.query(Entry).filter_by(list_id=list_id).one()
        found.proposed = {"id_number": "015185909001"}
        db.session.commit()
    page = as_user("police_officer").get(f"/lists/{list_id}").text
    assert re.search(r"<ins[^>]*>015 185 9<b>09</b> 001</ins>", page)
    assert re.search(r"<del[^>]*>015 185 9<b>90</b> 001</del>", page)
    assert "đảo hai chữ số" in page
    assert 'class="visually-hidden">trước đó' in page


def test_only_the_auditor_sees_the_time_per_row(desk: Desk, as_user: Enter) -> None:
    list_id, police = desk.make(Party.POLICE, 2), as_user("police_officer")
    police.get(f"/lists/{list_id}")
    verdict_on(police, desk, list_id, 1)
    verdict_on(police, desk, list_id, 2)
    words = words_of(as_user("auditor").get(f"/lists/{list_id}/trail").text)
    assert "Thời gian đối chiếu mỗi dòng" in words
    assert "không phải đánh giá" in words
    assert re.search(r"Police Officer Cong An 2 0 \d+,\d giây", words)
    for name in ("police_head", "station_head", "supervisor", "coordinator"):
        assert "Thời gian đối chiếu mỗi dòng" not in as_user(name).get(f"/lists/{list_id}/trail").text


def test_strangers_neither_search_nor_undo(desk: Desk, as_user: Enter) -> None:
    list_id = desk.make(Party.POLICE, 1)
    for name, status in (("foreign_police_head", 404), ("village_head", 403), ("auditor", 403)):
        worker = as_user(name)
        assert worker.post(f"/lists/{list_id}/search", {"q": "thu"}).status_code == status
        assert worker.post(f"/lists/{list_id}/undo", {"key": str(uuid4())}).status_code == status
