import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.clock import local, now
from portal.domain.stages import Leg, Party
from portal.models import Batch, CorrectionList, db
from tests.integration.scene import Scene
from tests.integration.web.visitor import LONG_NUMBER, words_of


@pytest.fixture(scope="module")
def lists(scene: Scene) -> dict[str, object]:
    """One list of the station's, one at the village, one that the village is asked to take."""
    made = {name: scene.make_list(2) for name in ("drafted", "held", "offered")}
    scene.bring_to(Party.VILLAGE, made["held"])
    scene.sign_over("station_head", made["offered"], Leg.STATION_TO_VILLAGE)
    return made


@pytest.mark.parametrize(
    "name", ["station_clerk", "village_head", "police_head", "coordinator", "supervisor", "auditor"]
)
def test_each_role_opens_every_tab_of_its_inbox_without_a_whole_number(lists, visit, name) -> None:
    visitor = visit(name)
    page = visitor.page("/inbox")
    tabs = re.findall(r'href="(/inbox\?tab=\w+)"', page)
    assert len(tabs) >= 4
    for address in tabs:
        text = visitor.page(address)
        assert not LONG_NUMBER.search(text)
        figure = int(re.search(r'aria-current="page">[^<]*<span class="tab-count">(\d+)', text)[1])
        assert len(re.findall(r'class="row-link"', text)) == figure


def test_the_first_tab_that_holds_something_opens_by_itself(lists, visit) -> None:
    page = words_of(visit("village_head").page("/inbox"))
    assert "Chờ nhận 1" in page
    assert "Xem và ký nhận" in page


def test_the_receiver_is_led_to_the_record_and_the_holder_to_the_list(lists, visit) -> None:
    village = visit("village_head")
    assert re.search(r'href="/handovers/[0-9a-f-]{36}">Xem và ký nhận', village.page("/inbox?tab=incoming"))
    assert f'href="/lists/{lists["held"]}">Rà soát' in village.page("/inbox?tab=working")


@pytest.mark.parametrize(
    "odd", ["page=abc", "page=-1", "page=999999999", "tab=drop", "tab=&q=%27", "overdue=x", "q=%25"]
)
def test_odd_addresses_never_break_the_inbox(lists, visit, odd) -> None:
    assert visit("station_clerk").get(f"/inbox?{odd}").status_code == 200


def test_an_empty_tab_says_why_and_what_next(lists, visit) -> None:
    foreign = visit("foreign_station_head")
    assert "Nhập danh sách mới" in words_of(foreign.page("/inbox"))
    assert "Chưa có danh sách nào kết thúc." in foreign.page("/inbox?tab=done")


def test_a_search_that_finds_nothing_offers_to_drop_the_filter(lists, visit) -> None:
    page = words_of(visit("station_clerk").page("/inbox?tab=drafting&q=kh%C3%B4ng+c%C3%B3"))
    assert "Không có danh sách nào khớp" in page
    assert "Bỏ lọc" in page


def test_an_administrator_has_no_inbox(visit) -> None:
    assert visit("administrator").get("/inbox").status_code == 403


def test_a_list_that_has_ended_is_never_called_overdue(scene: Scene, lists, visit) -> None:
    list_id = scene.make_list(2)
    ended = update(CorrectionList).where(CorrectionList.id == list_id).returning(CorrectionList.batch_id)
    long_ago = now() - timedelta(days=9)
    batch_id = db.session.execute(ended.values(stage="closed", closed_at=long_ago, due_at=long_ago)).scalar_one()
    db.session.execute(update(Batch).where(Batch.id == batch_id).values(due_at=long_ago))
    db.session.commit()
    clerk = visit("station_clerk")
    for address in ("/inbox?tab=done", f"/lists/{list_id}", f"/batches/{batch_id}", "/batches"):
        page = words_of(clerk.page(address))
        assert f"{local(long_ago):%d/%m/%Y}" in page
        assert "QUÁ HẠN" not in page
