"""A closed list is opened again only where its station asks and a unit above consents (LS-18)."""

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.errors import DomainError, InvalidInput, NotPermitted, WrongStage
from portal.domain.stages import Stage
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Event, db
from portal.services import entries, reopening
from portal.services.entries import Conclusion
from tests.integration.scene import Scene


@pytest.fixture
def closed(scene: Scene) -> UUID:
    """A closed list with one person, put there directly: the way to it is another test's."""
    list_id = scene.make_list(1)
    found = db.session.get_one(CorrectionList, list_id)
    found.stage, found.known_to_village, found.known_to_police = Stage.CLOSED.value, True, True
    found.decided, found.closed_at = 1, found.created_at
    db.session.commit()
    return list_id


def the_list(list_id: UUID) -> CorrectionList:
    db.session.rollback()
    return db.session.get_one(CorrectionList, list_id)


@pytest.mark.parametrize("name", ["coordinator", "supervisor"])
def test_the_station_asks_and_a_unit_above_opens_the_next_round(scene: Scene, closed: UUID, name: str) -> None:
    head = scene.actors["station_head"]
    reopening.ask(head, closed, "Nền tảng báo sai lại một người")
    assert the_list(closed).stage == Stage.CLOSED
    reopening.consent(scene.actors[name], closed, "Đồng ý")
    found = the_list(closed)
    assert (found.stage, found.round, found.closed_at) == (Stage.STATION_UPDATE, 2, None)
    assert (found.holder_unit_id, found.reopening_asked_at) == (head.unit_id, None)
    entries.conclude(head, closed, 1, Conclusion(Verdict.ENDED, reason="deceased"))
    tags = db.session.scalars(select(Event.tag).where(Event.list_id == closed).order_by(Event.id)).all()
    assert tags[:2] == ["list:reopening_asked", "list:reopened"]


def test_it_stays_closed_when_the_unit_above_declines(scene: Scene, closed: UUID) -> None:
    reopening.ask(scene.actors["station_head"], closed, "Sai một người")
    with pytest.raises(InvalidInput, match="cần ghi lý do"):
        reopening.decline(scene.actors["coordinator"], closed, "")
    reopening.decline(scene.actors["coordinator"], closed, "Lập biên bản điều chỉnh là đủ")
    found = the_list(closed)
    assert (found.stage, found.round, found.reopening_asked_at) == (Stage.CLOSED, 1, None)
    reopening.ask(scene.actors["station_head"], closed, "Thêm căn cứ")


def test_nobody_opens_a_list_that_was_not_asked_for_nor_asks_twice(scene: Scene, closed: UUID) -> None:
    with pytest.raises(WrongStage, match="chưa đề nghị"):
        reopening.consent(scene.actors["coordinator"], closed)
    reopening.ask(scene.actors["station_head"], closed, "Sai một người")
    with pytest.raises(WrongStage, match="Đã đề nghị"):
        reopening.ask(scene.actors["station_head"], closed, "Sai một người")


@pytest.mark.parametrize(
    "name", ["station_clerk", "village_head", "police_head", "coordinator", "foreign_station_head"]
)
def test_only_the_stations_lead_asks(scene: Scene, closed: UUID, name: str) -> None:
    with pytest.raises(DomainError):
        reopening.ask(scene.actors[name], closed, "Sai")


@pytest.mark.parametrize("name", ["station_head", "village_head", "police_head", "auditor"])
def test_only_a_unit_above_consents(scene: Scene, closed: UUID, name: str) -> None:
    reopening.ask(scene.actors["station_head"], closed, "Sai một người")
    with pytest.raises(NotPermitted):
        reopening.consent(scene.actors[name], closed)


def test_an_open_list_cannot_be_asked_for(scene: Scene) -> None:
    with pytest.raises(WrongStage):
        reopening.ask(scene.actors["station_head"], scene.make_list(1), "Sai")
