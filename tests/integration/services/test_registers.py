"""Registers: begun for a day, filled row by row and from a workbook, read by whoever may."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.clock import today
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.registers import COLUMNS, RegisterKind
from portal.languages import LANGUAGES
from portal.models import Event, db
from portal.queries import registers as queries
from portal.services import registers
from portal.spreadsheets.writing import table_workbook
from tests.integration.scene import Scene

KEY = "5f0a6f5e-3a55-4b52-8e37-52a1c3b0d7f4"
CONTACT = {"name": "Vàng Thị Thử", "position": "Trưởng trạm", "duty": "Lãnh đạo", "phone": "0912345678"}


def names(scene: Scene, register_id: UUID) -> list[str]:
    """Who stands in the register, in the rows' order."""
    return [
        each.values["name"] for each in queries.rows_of(registers.see(scene.actors["station_clerk"], register_id))
    ]


@pytest.fixture(scope="module")
def contacts(scene: Scene) -> UUID:
    """The station's contact register of today with one row."""
    clerk = scene.actors["station_clerk"]
    made = registers.begin(clerk, RegisterKind.CONTACTS, today())
    registers.add_row(clerk, made, CONTACT, key=KEY)
    return made


def test_the_same_button_twice_adds_one_row(scene: Scene, contacts: UUID) -> None:
    registers.add_row(scene.actors["station_clerk"], contacts, CONTACT, key=KEY)
    assert names(scene, contacts) == ["Vàng Thị Thử"]


def test_a_day_has_one_register_of_a_kind_and_none_lies_ahead(scene: Scene, contacts: UUID) -> None:
    clerk = scene.actors["station_clerk"]
    for day in (today(), today() + timedelta(days=1)):
        with pytest.raises(InvalidInput) as refused:
            registers.begin(clerk, RegisterKind.CONTACTS, day)
        assert list(refused.value.fields) == ["as_of"]
    assert registers.see(clerk, contacts).rows == 1


def test_a_wrong_row_is_told_by_column_and_changes_nothing(scene: Scene, contacts: UUID) -> None:
    with pytest.raises(InvalidInput) as refused:
        registers.add_row(scene.actors["station_clerk"], contacts, {"name": "A", "phone": "12"})
    assert set(refused.value.fields) == {"position", "duty", "phone"}
    assert registers.see(scene.actors["station_clerk"], contacts).rows == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_comes_back_in_every_language_as_it_went(scene: Scene, contacts: UUID, language: str) -> None:
    clerk = scene.actors["station_clerk"]
    name, data = registers.workbook(clerk, contacts, language)
    assert name == f"so-contacts-{today():%Y-%m-%d}.xlsx"
    assert registers.fill(clerk, contacts, data) == 1
    assert names(scene, contacts) == ["Vàng Thị Thử"]


def test_one_wrong_row_of_a_workbook_takes_none(scene: Scene, contacts: UUID) -> None:
    clerk = scene.actors["station_clerk"]
    headings = [str(each.words) for each in COLUMNS[RegisterKind.CONTACTS]]
    good = ["Lò Văn Thử", "Phó trạm", "Tham mưu", "0912345679", ""]
    data = table_workbook(headings, [good, ["Hà Thị Thử", "", "Tham mưu", "12", ""]], "Sổ")
    with pytest.raises(InvalidInput) as refused:
        registers.fill(clerk, contacts, data)
    assert str(refused.value).count("dòng 5: ") == 2
    assert names(scene, contacts) == ["Vàng Thị Thử"]


@pytest.mark.parametrize("data", [b"", b"x", table_workbook(["STT", "Tên"], [["1", "A"]], "Sổ")])
def test_a_file_that_is_no_register_is_refused_in_words(scene: Scene, contacts: UUID, data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        registers.fill(scene.actors["station_clerk"], contacts, data)
    assert list(refused.value.fields) == ["file"]
    assert names(scene, contacts) == ["Vàng Thị Thử"]


def test_units_above_read_and_never_write_others_know_nothing(scene: Scene, contacts: UUID) -> None:
    above, other = scene.actors["supervisor"], scene.actors["foreign_station_head"]
    found = queries.contacts_on(above, today())
    assert [(day, said["phone"]) for _unit, day, said in found] == [(today(), "0912345678")]
    assert queries.contacts_on(other, today()) == []
    with pytest.raises(NotPermitted):
        registers.add_row(above, contacts, CONTACT)
    with pytest.raises(NotFound):
        registers.see(other, contacts)


def test_residents_names_stay_with_the_unit_that_keeps_them(scene: Scene) -> None:
    clerk, above = scene.actors["station_clerk"], scene.actors["supervisor"]
    made = registers.begin(clerk, RegisterKind.RESIDENTS, today())
    registers.add_row(clerk, made, {"name": "Giàng A Thử", "birth": "1950"})
    assert queries.shows_rows(clerk, registers.see(clerk, made))
    assert not queries.shows_rows(above, registers.see(above, made))
    with pytest.raises(NotPermitted):
        registers.workbook(above, made)


def test_the_next_days_register_goes_on_from_the_last_and_leaves_it_alone(scene: Scene) -> None:
    clerk = scene.actors["station_clerk"]
    staff = {"name": "Hà Thị Thử", "post": "Tiêm"}
    before = registers.begin(clerk, RegisterKind.STAFF, today() - timedelta(days=1))
    registers.add_row(clerk, before, staff)
    after = registers.begin(clerk, RegisterKind.STAFF, today(), copy=True)
    row = queries.rows_of(registers.see(clerk, after))[0]
    registers.remove_row(clerk, after, row.number)
    registers.remove_row(clerk, after, row.number)
    assert registers.see(clerk, after).rows == 0
    assert names(scene, before) == ["Hà Thị Thử"]


def test_the_log_says_that_a_register_changed_but_not_who_stands_in_it(scene: Scene, contacts: UUID) -> None:
    payloads = [
        str(each) for each in db.session.scalars(select(Event.payload).where(Event.tag.startswith("register:")))
    ]
    assert str(contacts) in "".join(payloads)
    assert "Thử" not in "".join(payloads)
