# ruff: noqa: F811
"""What the server gives the phone's outbox: a key for its owner alone, people ahead for the holder alone, facts for pages."""

from uuid import uuid4

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.services import entries
from portal.services.entries import Conclusion
from tests.integration.web.desk import Desk, Enter, as_user, desk, inputs  # noqa: F401
from tests.integration.web.test_entries import typed, verdicts

OUTBOX = {"X-Outbox": "1"}


def test_each_person_has_a_key_of_the_own_and_the_same_in_every_session(desk: Desk, as_user: Enter) -> None:
    first, again, other = (
        as_user(name).get("/outbox").json for name in ("village_helper", "village_helper", "village_head")
    )
    assert first["key"] == again["key"]
    assert first["token"] != again["token"]
    assert len({first["key"], first["owner"], other["key"], other["owner"]}) == 4


def test_who_does_not_work_on_a_phone_gets_no_key(desk: Desk, as_user: Enter) -> None:
    for name in ("station_head", "police_head", "coordinator", "auditor"):
        worker = as_user(name)
        assert worker.get("/outbox").status_code == 403
        assert "data-outbox" not in worker.get("/account").text


def test_the_key_stands_on_no_page_of_a_signed_out_visitor(desk: Desk, as_user: Enter) -> None:
    village = as_user("village_helper")
    key = village.get("/outbox").json["key"]
    assert key in village.get("/account").text.replace("&#43;", "+")
    village.post("/sign-out")
    assert village.get("/outbox").status_code == 303
    assert key not in village.get("/sign-in").text.replace("&#43;", "+")


def test_a_save_is_answered_with_facts_and_the_same_key_with_the_same(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_helper")
    form = typed(village.get(f"/lists/{list_id}/entries/1").text, verdict="already_right", key=str(uuid4()))
    told = [village.post(f"/lists/{list_id}/entries/1/correction", form, OUTBOX).json for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert (told[0]["state"], told[0]["rev"], told[0]["next"]) == ("saved", 2, f"/lists/{list_id}/entries/2")
    assert "Đã lưu Vàng Thị Thử B lúc" in told[0]["message"]
    assert verdicts(desk, list_id) == 1
    assert "Đã lưu Vàng" not in village.get("/account").text, "no message is left for a page that never comes"


def test_an_ended_session_and_an_old_token_are_told_in_facts_and_keep_nothing(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_helper")
    form = typed(village.get(f"/lists/{list_id}/entries/1").text, verdict="already_right")
    address = f"/lists/{list_id}/entries/1/correction"
    stale = village.post(address, {**form, "csrf_token": "cũ"}, OUTBOX)
    assert (stale.status_code, stale.json) == (400, {"state": "token"})
    village.post("/sign-out")
    village.get("/sign-in")
    ended = village.post(address, {**form, "csrf_token": village.token}, OUTBOX)
    assert (ended.status_code, ended.json) == (401, {"state": "sign_in"})
    assert desk.entry(list_id).village_verdict == ""
    again = as_user("village_helper").get(f"/lists/{list_id}/entries/1").text
    assert "Có bản nháp" not in again


def test_people_ahead_are_those_left_behind_the_present_one(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE, 4), as_user("village_helper")
    with desk.world() as scene:
        entries.conclude(scene.actors["village_head"], list_id, 3, Conclusion(Verdict.ALREADY_RIGHT))
    people = village.get(f"/lists/{list_id}/people?after=2").json["people"]
    assert [one["path"][-1] for one in people] == ["4", "1", "2"]
    keys = {inputs(one["html"])["key"] for one in people}
    assert len(keys) == 3, "every form has a key of its own"
    assert "Vàng Thị Thử E" in people[0]["html"]


def test_people_ahead_are_for_the_holder_while_it_holds(desk: Desk, as_user: Enter) -> None:
    list_id, village = desk.make(Party.VILLAGE), as_user("village_head")
    assert as_user("other_village_head").get(f"/lists/{list_id}/people").status_code == 404
    for name in ("station_head", "police_head", "auditor"):
        assert as_user(name).get(f"/lists/{list_id}/people").status_code == 403
    assert village.get(f"/lists/{list_id}/people?after=abc").status_code == 200
    with desk.world() as scene:
        scene.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
        scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE)
    assert village.get(f"/lists/{list_id}/people").json == {"people": []}
