# ruff: noqa: F811
"""Looking for people: posted so that no number reaches an address, masked, written down, filters kept and let go."""

import re

import pytest

from portal.domain.stages import Party
from portal.models import Event, db
from tests.integration.scene import number_of
from tests.integration.web.desk import Desk, Enter, as_user, desk, words_of  # noqa: F401

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#people-rows"}


def test_people_are_found_across_lists_with_masked_numbers_list_and_holder(desk: Desk, as_user: Enter) -> None:
    with desk.world() as scene:
        list_id = scene.put_before(Party.VILLAGE, 3)
    for who in ("station_clerk", "village_head", "coordinator", "auditor"):
        worker = as_user(who)
        worker.get("/people")
        page = worker.follow(worker.post("/people/search", {"q": "THU vang"})).text
        assert f"/lists/{list_id}/entries/1" in page, who
        assert "To Cong Tac A" in words_of(page)
        assert number_of(1) not in words_of(page).replace(" ", "")
        assert f"···{number_of(1)[-3:]}" in words_of(page)


@pytest.mark.parametrize("typed", [number_of(1), "015 185 990 001", "so 015.185.990.001"])
def test_of_a_number_only_the_last_three_digits_reach_the_address(desk: Desk, as_user: Enter, typed: str) -> None:
    worker = as_user("station_clerk")
    worker.get("/people")
    where = worker.post("/people/search", {"q": typed}).headers["Location"]
    assert not re.search(r"\d{4}", where)
    assert "001" in where
    shown = worker.client.post("/people/search", data={"csrf_token": worker.token, "q": typed}, headers=HTMX)
    assert shown.headers["HX-Replace-Url"] == where
    assert "<html" not in shown.text, "htmx gets the rows alone"
    for path in ("/people", f"/lists/{desk.make()}"):
        written = worker.get(f"{path}?q={typed}&page=2")
        assert (written.status_code, written.headers["Location"].endswith("001&page=2")) == (303, True)


def test_filters_stand_in_the_address_and_are_let_go_by_one_link(desk: Desk, as_user: Enter) -> None:
    with desk.world() as scene:
        scene.put_before(Party.POLICE, 2)
    worker = as_user("coordinator")
    worker.get("/people")
    answer = worker.post(
        "/people/search", {"q": "vang", "holder": "police", "class": "E2", "overdue": "1", "mine": "1"}
    )
    assert answer.headers["Location"] == "/people?q=vang&class=E2&holder=police&overdue=1&mine=1"
    page = worker.follow(answer).text
    assert "Không có người nào khớp" in words_of(page)
    assert '<a href="/people">Bỏ lọc</a>' in page
    for odd in ("holder=x", "class=drop", "page=-3", "q=%27%27%5C%26", "village=%00"):
        assert worker.get(f"/people?q=vang&{odd}").status_code == 200, odd


def test_searching_is_written_down_once_and_without_the_words(desk: Desk, as_user: Enter) -> None:
    auditor = as_user("auditor")
    for words in ("vang", "vang thi"):
        auditor.get(f"/people?q={words}")
    with desk.world() as scene:
        events = (
            db.session.query(Event).filter_by(tag="people:searched", user_id=scene.actors["auditor"].user_id).all()
        )
        assert [event.payload for event in events] == [{}]


def test_a_list_is_searched_within_and_its_filter_goes_into_the_bulk_act(desk: Desk, as_user: Enter) -> None:
    with desk.world() as scene:
        list_id = scene.put_before(Party.VILLAGE, 60)
    village = as_user("village_head")
    village.get(f"/lists/{list_id}")
    answer = village.post(f"/lists/{list_id}/people", {"q": "thử b", "part": "left"})
    assert answer.headers["Location"].startswith(f"/lists/{list_id}?part=left&q=")
    page = village.follow(answer).text
    assert "6 khớp (60 tổng)" in words_of(page)
    assert "Bỏ lọc" in words_of(page)
    assert re.search(r'action="/lists/[^"]+/bulk/correction\?part=left&amp;q=', page)
    assert village.post(f"/lists/{list_id}/people", {"q": number_of(7)}).headers["Location"].endswith("q=007#people")


def test_the_table_of_lists_is_filtered_by_words_holder_and_own_unit(desk: Desk, as_user: Enter) -> None:
    with desk.world() as scene:
        list_id = scene.put_before(Party.POLICE)
    coordinator = as_user("coordinator")
    for filters in ("village=ban+a&holder=police", "village=BẢN&holder=police"):
        assert str(list_id) in coordinator.get(f"/lists?{filters}").text
    assert str(list_id) not in coordinator.get("/lists?holder=village").text
    assert str(list_id) in as_user("police_officer").get("/lists?mine=1").text
    assert str(list_id) not in as_user("station_clerk").get("/lists?mine=1").text
    rows = coordinator.get("/lists?village=khong", headers={**HTMX, "HX-Target": "div#list-rows"}).text
    assert "Không danh sách nào khớp" in rows
    assert "<html" not in rows
