"""Taking back the last verdict: what stood before stands again, nothing is deleted, others' work is not touched."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.clock import now
from portal.domain.errors import InvalidInput, NotPermitted, StaleVersion, WrongStage
from portal.domain.fields import Field
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, EntryVerdict, Event, db
from portal.services import entries
from portal.services.entries import Conclusion
from portal.services.undoing import undo_last
from tests.integration.scene import Scene, number_of


def entry(list_id: UUID, number: int = 1) -> Entry:
    db.session.rollback()
    return db.session.scalars(select(Entry).where(Entry.list_id == list_id, Entry.number == number)).one()


def standing(list_id: UUID, number: int = 1) -> tuple[Any, ...]:
    row = entry(list_id, number)
    found = db.session.get_one(CorrectionList, list_id)
    return (
        *(row.police_verdict, row.police_reason, row.police_note, dict(row.verified)),
        *(row.station_verdict, row.station_reason, found.decided, found.returned),
    )


def undo(scene: Scene, list_id: UUID, name: str = "police_officer", key: str = "") -> dict[str, Any]:
    return undo_last(scene.actors[name], list_id, since=now() - timedelta(hours=1), key=key)


def say(
    scene: Scene, list_id: UUID, number: int, verdict: Verdict, name: str = "police_officer", **said: Any
) -> None:
    entries.conclude(scene.actors[name], list_id, number, Conclusion(verdict, **said))


@pytest.fixture
def list_id(scene: Scene) -> UUID:
    made = scene.make_list(3)
    scene.bring_to(Party.POLICE, made)
    return made


def test_undoing_goes_back_one_verdict_at_a_time_to_exactly_what_stood_before(scene: Scene, list_id: UUID) -> None:
    states = [standing(list_id)]
    values = {Field.ID_NUMBER: number_of(900), Field.FULL_NAME: "Vàng Thị Mỷ"}
    for verdict, said in (
        (Verdict.CORRECTED, {"values": values}),
        (Verdict.RETURNED, {"reason": "card_needed", "note": "xem thẻ"}),
        (Verdict.VERIFIED, {}),
    ):
        say(scene, list_id, 1, verdict, **said)
        states.append(standing(list_id))
    for expected in reversed(states[:-1]):
        assert undo(scene, list_id)["number"] == 1
        assert standing(list_id) == expected
    with pytest.raises(InvalidInput, match="Không còn kết luận"):
        undo(scene, list_id)


def test_the_newest_verdict_over_all_rows_is_taken_back_first(scene: Scene, list_id: UUID) -> None:
    say(scene, list_id, 2, Verdict.VERIFIED)
    say(scene, list_id, 1, Verdict.VERIFIED)
    assert [undo(scene, list_id)["number"], undo(scene, list_id)["number"]] == [1, 2]


def test_what_was_taken_back_and_given_anew_is_taken_back_again(scene: Scene, list_id: UUID) -> None:
    say(scene, list_id, 1, Verdict.VERIFIED)
    undo(scene, list_id)
    say(scene, list_id, 1, Verdict.NOT_IN_DATABASE)
    undo(scene, list_id)
    assert entry(list_id).police_verdict == ""
    with pytest.raises(InvalidInput):
        undo(scene, list_id)


def test_both_verdict_and_undoing_stay_in_the_log(scene: Scene, list_id: UUID) -> None:
    say(scene, list_id, 1, Verdict.CORRECTED, values={Field.ID_NUMBER: number_of(901)})
    undo(scene, list_id)
    rows = db.session.scalars(
        select(EntryVerdict).where(EntryVerdict.entry_id == entry(list_id).id, EntryVerdict.party == "police")
    ).all()
    assert [row.verdict for row in rows] == ["corrected", ""]
    assert rows[1].undoes == rows[0].id
    events = db.session.scalars(select(Event).where(Event.list_id == list_id).order_by(Event.id)).all()
    assert [event.tag for event in events[-2:]] == ["entry:verified", "entry:restored"]
    assert len(events[-1].payload["values"]) == 4


def test_somebody_elses_later_verdict_is_not_touched(scene: Scene, list_id: UUID) -> None:
    say(scene, list_id, 1, Verdict.VERIFIED)
    say(scene, list_id, 1, Verdict.NOT_IN_DATABASE, "police_head")
    with pytest.raises(StaleVersion, match="Police Head"):
        undo(scene, list_id)
    assert entry(list_id).police_verdict == "not_in_database"


def test_verdicts_before_the_sign_in_stay(scene: Scene, list_id: UUID) -> None:
    say(scene, list_id, 1, Verdict.VERIFIED)
    with pytest.raises(InvalidInput, match="phiên làm việc này"):
        undo_last(scene.actors["police_officer"], list_id, since=now() + timedelta(seconds=1))


def test_the_same_key_undoes_once(scene: Scene, list_id: UUID) -> None:
    say(scene, list_id, 1, Verdict.VERIFIED)
    say(scene, list_id, 2, Verdict.VERIFIED)
    key = str(uuid4())
    assert undo(scene, list_id, key=key) == undo(scene, list_id, key=key)
    assert entry(list_id, 1).police_verdict == "verified"


def test_a_sent_list_and_other_parties_are_refused(scene: Scene, list_id: UUID) -> None:
    with pytest.raises(NotPermitted):
        undo(scene, list_id, "village_head")
    scene.conclude_all("police_officer", list_id, Verdict.VERIFIED)
    scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION)
    with pytest.raises(WrongStage):
        undo(scene, list_id)


def test_in_a_second_round_the_row_shows_again_why_it_came_back(scene: Scene, list_id: UUID) -> None:
    scene.conclude_all("police_officer", list_id, Verdict.VERIFIED)
    scene.take("station_head", scene.sign_over("police_head", list_id, Leg.POLICE_TO_STATION))
    entries.conclude(scene.actors["station_clerk"], list_id, 1, Conclusion(Verdict.RETURNED, reason="name_unclear"))
    scene.take("police_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_POLICE))
    before = standing(list_id)
    assert before[4] == "returned"
    say(scene, list_id, 1, Verdict.NOT_IN_DATABASE)
    assert standing(list_id) != before
    undo(scene, list_id)
    assert standing(list_id) == before
