"""Who works on a list: soft inside the unit, told to the loser, bound to the membership, the same in bulk as one by one."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.clock import now, today
from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, WrongStage
from portal.domain.events import EventTag
from portal.domain.permissions import Role
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.domain.wording import restored
from portal.models import BulkItem, CorrectionList, Entry, Event, ListClaim, Membership, db
from portal.queries import claims as queries
from portal.services import accounts, claims, entries
from portal.services.bulk import acts
from portal.services.bulk import lists as bulk_lists
from portal.services.bulk.lists import Chosen
from portal.services.entries import Conclusion
from portal.services.transitions import load_list, offers
from tests.integration.scene import Scene


@pytest.fixture(scope="module")
def police_list(scene: Scene) -> UUID:
    list_id = scene.make_list(2)
    scene.bring_to(Party.POLICE, list_id)
    return list_id


@pytest.fixture(autouse=True)
def _nobody_works(scene: Scene) -> None:
    """Every test begins with no claim at all; the event log stays."""
    db.session.rollback()
    for each in db.session.scalars(select(ListClaim).where(ListClaim.told_at.is_(None))):
        each.ended_at, each.end_kind, each.told_at = each.ended_at or now(), each.end_kind or "released", now()
    db.session.commit()


def worker(list_id: UUID) -> str:
    of_list = db.session.get_one(CorrectionList, list_id)
    return queries.workers([(list_id, of_list.holder_unit_id)], today()).get(list_id, "")


def work(scene: Scene, name: str, list_id: UUID) -> None:
    entries.conclude(scene.actors[name], list_id, 1, Conclusion(Verdict.VERIFIED))


def test_a_free_list_is_open_to_the_whole_unit(scene: Scene, police_list: UUID) -> None:
    work(scene, "police_officer", police_list)
    work(scene, "police_head", police_list)


def test_a_claim_asks_colleagues_to_take_over_first(scene: Scene, police_list: UUID) -> None:
    claims.claim(scene.actors["police_officer"], police_list)
    assert worker(police_list) == "Police Officer"
    work(scene, "police_officer", police_list)
    with pytest.raises(WrongStage, match=r"Police Officer đang nhận làm.*Tiếp quản") as refused:
        work(scene, "police_head", police_list)
    assert refused.value.code == "not_anothers"
    claims.take_over(scene.actors["police_head"], police_list, "Cần xong trong ngày")
    work(scene, "police_head", police_list)


def test_a_claim_never_stands_in_the_way_of_handing_over(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.VILLAGE, list_id)
    claims.claim(scene.actors["village_helper"], list_id)
    entries.conclude(scene.actors["village_helper"], list_id, 1, Conclusion(Verdict.ALREADY_RIGHT))
    record = scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE)
    scene.take("police_head", record)
    assert worker(list_id) == "", "the village's claim is nothing to the police"


def test_what_comes_back_is_with_the_same_person(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.VILLAGE, list_id)
    claims.claim(scene.actors["village_helper"], list_id)
    entries.conclude(scene.actors["village_helper"], list_id, 1, Conclusion(Verdict.ALREADY_RIGHT))
    scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    entries.conclude(scene.actors["police_head"], list_id, 1, Conclusion(Verdict.RETURNED, reason="card_needed"))
    scene.take("village_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_VILLAGE))
    assert worker(list_id) == "Village Helper"


def test_claiming_touches_neither_version_nor_preview(scene: Scene, police_list: UUID) -> None:
    before = db.session.get_one(CorrectionList, police_list).rev
    claims.claim(scene.actors["police_officer"], police_list)
    claims.release(scene.actors["police_officer"], police_list)
    db.session.rollback()
    assert db.session.get_one(CorrectionList, police_list).rev == before


def test_a_take_over_needs_words_and_the_loser_is_told_once(scene: Scene, police_list: UUID) -> None:
    officer, head = scene.actors["police_officer"], scene.actors["police_head"]
    claims.claim(officer, police_list)
    with pytest.raises(InvalidInput, match="lý do"):
        claims.take_over(head, police_list, "  ")
    claims.take_over(head, police_list, "Đồng chí đi họp")
    ((lost, of_list, by),) = queries.untold_losses(officer)
    assert (lost.end_reason, of_list.id, by) == ("Đồng chí đi họp", police_list, "Police Head")
    assert not queries.untold_losses(head)
    with pytest.raises(NotFound):
        claims.acknowledge(head, lost.id)
    assert queries.untold_losses(officer), "only the loser can say that he knows"
    claims.acknowledge(officer, lost.id)
    assert not queries.untold_losses(officer)


@pytest.mark.parametrize("name", ["station_head", "village_head", "foreign_police_head", "coordinator", "auditor"])
def test_nobody_outside_the_holding_unit_claims(scene: Scene, police_list: UUID, name: str) -> None:
    with pytest.raises((NotFound, NotPermitted)):
        claims.claim(scene.actors[name], police_list)
    assert worker(police_list) == ""


def test_every_act_leaves_its_event(scene: Scene, police_list: UUID) -> None:
    last = db.session.scalars(select(Event.id).order_by(Event.id.desc()).limit(1)).one()
    officer, head = scene.actors["police_officer"], scene.actors["police_head"]
    claims.claim(officer, police_list)
    claims.take_over(head, police_list, "Họp")
    claims.release(head, police_list)
    claims.assign(head, police_list, officer.user_id)
    tags = db.session.scalars(select(Event.tag).where(Event.id > last).order_by(Event.id)).all()
    assert tags == [EventTag.LIST_CLAIMED, EventTag.LIST_TAKEN_OVER, EventTag.LIST_RELEASED, EventTag.LIST_ASSIGNED]


def test_the_lead_assigns_inside_the_unit_and_the_coordinator_everywhere_in_the_commune(
    scene: Scene, police_list: UUID
) -> None:
    drafted = scene.make_list(1)
    officer, clerk = scene.actors["police_officer"], scene.actors["station_clerk"]
    with pytest.raises(NotPermitted, match="phụ trách"):
        claims.assign(clerk, drafted, clerk.user_id)
    coordinator = scene.actors["coordinator"]
    claims.assign(coordinator, police_list, officer.user_id)
    assert worker(police_list) == "Police Officer"
    claims.assign(coordinator, drafted, clerk.user_id)
    assert worker(drafted) == "Station Clerk"
    for stranger in ("police_officer", "coordinator"):
        with pytest.raises(InvalidInput, match="không thuộc đơn vị"):
            claims.assign(coordinator, drafted, scene.actors[stranger].user_id)
    with pytest.raises(NotFound):
        claims.assign(scene.actors["foreign_police_head"], police_list, officer.user_id)


def test_bulk_goes_only_to_people_with_the_right_on_every_list(scene: Scene, police_list: UUID) -> None:
    drafted, coordinator = scene.make_list(1), scene.actors["coordinator"]
    both = Chosen([police_list, drafted])
    assert bulk_lists.people_for(coordinator, both) == (2, [])
    scene.second_place("clerk_at_police", "station_clerk", "cong_an", Role.POLICE)
    assert [one.name for one in bulk_lists.people_for(coordinator, both)[1]] == ["Station Clerk"]
    with pytest.raises(InvalidInput, match="quyền trên mọi"):
        bulk_lists.assign_person(coordinator, both, scene.actors["police_officer"].user_id)
    assert worker(police_list) == "", "refused as a whole: nothing was given"
    act = bulk_lists.assign_person(coordinator, both, scene.actors["station_clerk"].user_id)
    assert refusals(act) == {police_list: "", drafted: ""}
    assert worker(police_list) == worker(drafted) == "Station Clerk"


def refusals(act_id: UUID) -> dict[UUID, str]:
    items = db.session.scalars(select(BulkItem).where(BulkItem.act_id == act_id))
    return {item.list_id: str(restored(item.words)) if item.words else "" for item in items}


def test_bulk_is_so_many_single_acts_with_an_answer_for_each(scene: Scene) -> None:
    held, sent, taken = (scene.make_list(1) for _ in range(3))
    scene.sign_over("station_head", sent, Leg.STATION_TO_VILLAGE)
    head, clerk = scene.actors["station_head"], scene.actors["station_clerk"]
    claims.assign(head, taken, clerk.user_id)
    act = bulk_lists.assign_person(head, Chosen([held, sent, taken]), clerk.user_id)
    told = refusals(act)
    assert told[held] == ""
    for list_id, words in ((sent, "chờ ký nhận"), (taken, "đang làm")):
        with pytest.raises(DomainError, match=words) as alone:
            claims.assign(head, list_id, clerk.user_id)
        assert told[list_id] == alone.value.message
    acts.undo(head, act)
    assert worker(held) == "", "nobody had it before"
    assert worker(taken) == "Station Clerk", "what was not given is not taken back"


def test_an_officer_who_is_moved_leaves_the_work_to_the_unit(scene: Scene) -> None:
    """W8, LS-22: the membership ends in mid-task; rows stay, the claim falls free, the trail says so."""
    list_id = scene.make_list(2)
    scene.bring_to(Party.POLICE, list_id)
    moved = scene.second_place("moved_officer", "coordinator", "cong_an", Role.POLICE)
    claims.claim(moved, list_id)
    entries.conclude(moved, list_id, 1, Conclusion(Verdict.VERIFIED))
    accounts.end_membership(scene.actors["administrator"], moved.membership_id)
    assert worker(list_id) == ""
    first = db.session.scalars(select(Entry).where(Entry.list_id == list_id, Entry.number == 1)).one()
    assert first.police_verdict == Verdict.VERIFIED
    event = db.session.scalars(select(Event).where(Event.list_id == list_id).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.tag, event.payload["from_member"]) == (EventTag.CLAIM_FELL_FREE, moved.membership_id)
    entries.conclude(scene.actors["police_officer"], list_id, 2, Conclusion(Verdict.VERIFIED))


def test_a_claim_lapses_with_the_calendar_too(scene: Scene, police_list: UUID) -> None:
    leaving = scene.second_place("leaving_officer", "supervisor", "cong_an", Role.POLICE)
    claims.claim(leaving, police_list)
    db.session.get_one(Membership, leaving.membership_id).valid_to = today() - timedelta(days=1)
    db.session.commit()
    assert worker(police_list) == ""
    claims.claim(scene.actors["police_officer"], police_list)
    assert worker(police_list) == "Police Officer"


def test_a_colleague_reads_why_the_work_is_closed(scene: Scene, police_list: UUID) -> None:
    claims.claim(scene.actors["police_officer"], police_list)
    head = scene.actors["police_head"]
    offered = {offer.transition.action.value: offer for offer in offers(head, load_list(head, police_list))}
    assert "Tiếp quản" in offered["verify"].blocked
    assert offered["take_over"].enabled
    assert not offered["claim"].enabled
