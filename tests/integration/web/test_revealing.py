"""A whole number where nobody compares or signs: with a reason, counted, written down, seen from above."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from portal.clock import now
from portal.domain.reading_limits import LIMITS, Limited, RevealReason
from portal.domain.stages import Party
from portal.models import Event, ReadingCount, db
from tests.integration.scene import number_of
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import Portal

GROUPED = " ".join(number_of(1)[at : at + 3] for at in range(0, 12, 3))


@pytest.fixture(scope="module")
def list_id(portal: Portal) -> UUID:
    """A list that the village has handed on: the station reads it, masked."""
    with portal.app.app_context():
        return portal.scene.put_before(Party.POLICE)


def _events(portal: Portal, tag: str) -> list[Event]:
    with portal.app.app_context():
        return list(db.session.query(Event).filter_by(tag=tag).order_by(Event.id))


def _spend(portal: Portal, browser_name: str, what: Limited) -> None:
    """Let the person have used up every span of the limit."""
    user_id = portal.scene.actors[browser_name].user_id
    with portal.app.app_context():
        for limit in LIMITS[what]:
            seconds = int(limit.span.total_seconds())
            since = now().timestamp() // seconds * seconds
            db.session.merge(
                ReadingCount(user_id=user_id, what=what.value, seconds=seconds, times=limit.most,
                             since=datetime.fromtimestamp(since, tz=UTC))
            )  # fmt: skip
        db.session.commit()


def test_a_number_is_masked_until_a_reason_is_given(
    portal: Portal, as_user: Callable[[str], Browser], list_id: UUID
) -> None:
    station, address = as_user("station_head"), f"/lists/{list_id}/entries/1"
    assert GROUPED not in station.get(address).text
    refused = station.post(f"{address}/number", {"why": ""})
    assert refused.status_code == 422
    assert "Chọn một lý do." in refused.text
    assert _events(portal, "number:revealed") == []
    told = station.post(f"{address}/number", {"why": RevealReason.PAPERS.value})
    assert told.status_code == 200
    assert GROUPED in told.text
    assert told.headers["Cache-Control"] == "no-store"
    written = _events(portal, "number:revealed")[-1]
    assert written.payload == {"why": "papers"}
    assert (written.list_id, written.user_id) == (list_id, portal.scene.actors["station_head"].user_id)
    assert GROUPED not in station.get(address).text


def test_who_only_oversees_may_not_have_a_number_shown(as_user: Callable[[str], Browser], list_id: UUID) -> None:
    coordinator = as_user("coordinator")
    page = coordinator.get(f"/lists/{list_id}/entries/1").text
    assert "Cần xem đủ số" not in page
    assert coordinator.post(f"/lists/{list_id}/entries/1/number", {"why": "papers"}).status_code == 403


def test_beyond_the_limit_nothing_is_shown_and_those_above_see_it(
    portal: Portal, as_user: Callable[[str], Browser], list_id: UUID
) -> None:
    clerk = as_user("station_clerk")
    _spend(portal, "station_clerk", Limited.REVEAL)
    answer = clerk.post(f"/lists/{list_id}/entries/1/number", {"why": "citizen"})
    assert answer.status_code == 429
    assert GROUPED not in answer.text
    assert "báo cho điều phối cấp xã" in answer.text
    again = clerk.post(f"/lists/{list_id}/entries/1/number", {"why": "citizen"})
    assert again.status_code == 429
    limited = _events(portal, "reading:limited")
    assert [each.payload["what"] for each in limited] == ["reveal", "reveal"], "once for the hour, once for the day"
    assert as_user("station_head").post(f"/lists/{list_id}/entries/1/number", {"why": "citizen"}).status_code == 200
    coordinator = as_user("coordinator")
    assert "Có người chạm mức giới hạn xem số định danh" in coordinator.get("/notices").text
    page = coordinator.get("/readings").text
    assert "Station Clerk" in page
    person = coordinator.get(f"/readings/{portal.scene.actors['station_clerk'].user_id}").text
    assert "Hiện đủ số định danh: quá 60 lượt" in person


def test_the_page_finds_an_export_by_the_code_on_it(
    portal: Portal, as_user: Callable[[str], Browser], list_id: UUID
) -> None:
    assert as_user("station_head").get(f"/lists/{list_id}/trail.pdf").status_code == 200
    mark = _events(portal, "list:exported")[-1].payload["mark"]
    found = as_user("coordinator").get(f"/readings?mark={mark.lower()}").text
    assert "Station Head" in found.partition('role="status"')[2].partition("</section>")[0]
    assert "hồ sơ danh sách" in found
    wrong = mark[:-1] + ("3" if mark[-1] != "3" else "4")
    assert "Mã này chưa đúng" in as_user("coordinator").get(f"/readings?mark={wrong}").text


def test_another_province_s_readers_are_unknown(portal: Portal, as_user: Callable[[str], Browser]) -> None:
    foreign = portal.scene.actors["foreign_station_head"].user_id
    assert as_user("coordinator").get(f"/readings/{foreign}").status_code == 404


def test_searching_without_end_is_stopped_for_this_person_alone(
    portal: Portal, as_user: Callable[[str], Browser], list_id: UUID
) -> None:
    village, police = as_user("village_head"), as_user("police_head")
    assert village.get("/people?q=vang").status_code == 200
    _spend(portal, "village_head", Limited.SEARCH)
    refused = village.get("/people?q=vang")
    assert refused.status_code == 429
    assert "tệp Excel của danh sách" in refused.text
    assert village.get(f"/lists/{list_id}?q=vang").status_code == 429, "a list's own search counts too"
    assert village.get(f"/lists/{list_id}").status_code == 200
    assert police.get("/people?q=vang").status_code == 200


def test_opening_a_list_and_searching_in_it_are_written_down_for_everybody(
    portal: Portal, as_user: Callable[[str], Browser], list_id: UUID
) -> None:
    as_user("police_officer").get(f"/lists/{list_id}?q=thu")
    who = portal.scene.actors["police_officer"].user_id
    with portal.app.app_context():
        mine = db.session.query(Event).filter_by(user_id=who, list_id=list_id)
        found = {(each.tag, str(each.payload)) for each in mine}
    assert found >= {("list:opened", "{}"), ("people:searched", "{}")}
