"""Who works on a list, by pages alone and without JavaScript: claim, take over, the loser told and his text kept, bulk."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from portal.domain.stages import Party
from portal.models import CorrectionList, db
from portal.services import claims, delegations
from tests.integration.web.conftest import Portal
from tests.integration.web.visitor import Visitor, words_of


@pytest.fixture
def police_list(portal: Portal) -> UUID:
    with portal.app.app_context():
        list_id = portal.scene.make_list(2)
        portal.scene.bring_to(Party.POLICE, list_id)
        return list_id


def test_claiming_asks_the_colleague_to_take_over_and_tells_the_loser(
    portal: Portal, visit: Callable[[str], Visitor], police_list: UUID
) -> None:
    """U8: nothing is lost, the loser is told on the next page and finds what he typed."""
    officer, head = visit("police_officer"), visit("police_head")
    page = f"/lists/{police_list}"
    assert "Chưa có ai nhận làm" in officer.page(page)
    assert officer.post(f"{page}/claim").status_code == 303
    assert "Bạn đang nhận làm danh sách này" in officer.page(page)
    seen = head.page(page)
    assert "Police Officer đang nhận làm" in seen
    assert "row-1" not in seen, "the grid is not the head's until he takes over"
    assert "Ghi lý do tiếp quản" in head.post(f"{page}/take-over", {"reason": " "}).text
    assert head.post(f"{page}/take-over", {"reason": "Cần xong hôm nay"}).status_code == 303

    refused = officer.post(
        f"{page}/entries/1/verification", {"verdict": "not_in_database", "note": "đã gõ dở", "rev": "1"}
    )
    assert refused.status_code == 409
    assert "Police Head đang nhận làm danh sách này" in refused.text
    assert "Police Head đã tiếp quản danh sách" in refused.text
    assert "Cần xong hôm nay" in refused.text
    kept = re.search(r'href="(/account/kept-forms/\d+[^"]*)"', refused.text)
    assert kept, "the text is kept with a link to it"
    assert "đã gõ dở" in officer.page(kept.group(1).replace("&amp;", "&"))

    lost = re.search(r'action="(/lists/claims/\d+/seen)"', officer.page("/inbox"))
    assert lost
    assert officer.post(lost.group(1)).status_code == 303
    assert "đã tiếp quản danh sách" not in officer.page("/inbox")


def test_the_inbox_shows_who_works_and_filters_my_own(
    portal: Portal, visit: Callable[[str], Visitor], police_list: UUID
) -> None:
    with portal.app.app_context():
        claims.claim(portal.scene.actors["police_officer"], police_list)
        code = db.session.get_one(CorrectionList, police_list).code
    officer, head = visit("police_officer"), visit("police_head")
    assert "đang làm: Police Officer" in words_of(head.page("/inbox?tab=working"))
    assert code in officer.page("/inbox?tab=working&mine=1")
    assert code not in head.page("/inbox?tab=working&mine=1")
    assert "đang làm: Police Officer" in words_of(head.page("/lists"))


def test_the_coordinator_gives_many_lists_by_ticks(portal: Portal, visit: Callable[[str], Visitor]) -> None:
    with portal.app.app_context():
        first, second, elsewhere = (portal.scene.make_list(1) for _ in range(3))
        portal.scene.bring_to(Party.POLICE, elsewhere)
        clerk = portal.scene.actors["station_clerk"].user_id
        officer = portal.scene.actors["police_officer"].user_id
    coordinator = visit("coordinator")
    assert "Giao việc cho một người" in coordinator.page("/lists")
    asked = coordinator.post("/lists/bulk/person", {"scope": "ticked", "tick": [str(first), str(second)]})
    assert "Station Clerk" in asked.text
    assert "Police Officer" not in asked.text
    mixed = coordinator.post("/lists/bulk/person", {"scope": "ticked", "tick": [str(first), str(elsewhere)]})
    assert "Không ai có quyền làm trên mọi danh sách đã chọn" in mixed.text
    forged = {"scope": "ticked", "tick": [str(first), str(elsewhere)], "person": str(officer)}
    assert coordinator.post("/lists/bulk/person", forged).status_code == 422
    done = {"scope": "ticked", "tick": [str(first), str(second)], "person": str(clerk)}
    answer = coordinator.post("/lists/bulk/person", done)
    assert answer.status_code == 303
    assert "Đã làm 2 trong 2" in words_of(coordinator.page(answer.location))
    assert "Bạn đang nhận làm" in visit("station_clerk").page(f"/lists/{first}")


def test_nobody_of_another_unit_claims_by_address(visit: Callable[[str], Visitor], police_list: UUID) -> None:
    for name, status in (("station_head", 403), ("foreign_police_head", 404), ("auditor", 403)):
        stranger = visit(name)
        stranger.page("/inbox")
        assert stranger.post(f"/lists/{police_list}/claim").status_code == status


def test_the_administrator_gives_and_ends_a_delegation(portal: Portal, visit: Callable[[str], Visitor]) -> None:
    unit = portal.scene.units["to_cong_tac_a"].id
    head, helper = (portal.scene.actors[name].membership_id for name in ("village_head", "village_helper"))
    administrator = visit("administrator")
    page = f"/administration/units/{unit}/delegations"
    assert "Chưa có ủy quyền nào" in administrator.page(page)
    fields = {"from_membership": head, "to_membership": helper, "valid_from": "1/1/2026", "valid_to": "1/1/2020"}
    assert "Ngày kết thúc" in administrator.post(page, fields).text
    with portal.app.app_context():
        from portal.clock import today

        fields |= {"valid_from": f"{today():%d/%m/%Y}", "valid_to": f"{today():%d/%m/%Y}"}
    assert administrator.post(page, fields).status_code == 303
    assert "Đang có hiệu lực" in administrator.page(page)
    helper_page = visit("village_helper").page("/switch-membership")
    assert "Làm thay Village Head" in helper_page
    end = re.search(rf'action="({page}/\d+/end)"', administrator.page(page))
    assert end
    assert administrator.post(end.group(1)).status_code == 303
    assert "Thu lại" in administrator.page(page)


def test_what_is_typed_while_a_delegation_ends_is_kept(portal: Portal, visit: Callable[[str], Visitor]) -> None:
    """W8: the deputy stops at the next request; what he sent is not done in another right, and not lost."""
    with portal.app.app_context():
        list_id = portal.scene.make_list(1)
        portal.scene.bring_to(Party.VILLAGE, list_id)
        acting = portal.scene.delegate("acting", "village_head", "village_helper", signs=False)
    helper = visit("village_helper")
    helper.page("/switch-membership")
    assert helper.post("/switch-membership", {"place": f"d{acting.delegation_id}"}).status_code == 303
    assert "làm thay Village Head" in helper.page("/inbox")
    with portal.app.app_context():
        delegations.end(portal.scene.actors["village_head"], acting.delegation_id or 0)
    sent = helper.post(f"/lists/{list_id}/entries/1/correction", {"verdict": "already_right"})
    assert sent.status_code == 303
    choose = helper.page(sent.location)
    assert "Ủy quyền bạn đang dùng đã kết thúc" in choose
    unsent = re.search(r'name="unsent" value="(\d+)"', choose)
    assert unsent
    own = {"place": f"m{portal.scene.actors['village_helper'].membership_id}", "unsent": unsent.group(1)}
    back = helper.post("/switch-membership", own)
    assert back.location == f"/lists/{list_id}/entries/1/correction?kept={unsent.group(1)}"
    with portal.app.app_context():
        assert db.session.get_one(CorrectionList, list_id).decided == 0
