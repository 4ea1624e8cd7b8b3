"""A real, empty portal: units from a file and the first administrator, all or nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.clock import now
from portal.domain.errors import InvalidInput
from portal.domain.permissions import Role
from portal.models import Membership, Unit, User, db
from portal.services.setup import initialise
from portal.services.sign_in import sign_in
from portal.services.standalone import standalone_app
from portal.settings import Settings

PASSWORD = "mot cau dai de nho"
UNITS = """code,kind,name,parent_code,serves_code,abbreviation,superior_name,place_name,phone,valid_from
YB,province,Tỉnh Thử,,,,,,,2025-07-01
BC,commune,Xã Bản Thử,YB,,,,,,2025-07-01
BC1,village,Bản Một,BC,,,,,,
TYT,health_station,Trạm Y tế xã Bản Thử,,BC,TYT,TTYT khu vực,Bản Thử,0900000001,
TCT1,village_task_force,Tổ công tác Bản Một,,BC1,TCT,,,,
"""


@pytest.fixture
def empty(settings: Settings) -> Iterator[Flask]:
    app = standalone_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def start(units_csv: str | None, password: str = PASSWORD) -> None:
    initialise(
        admin_username="quantri", admin_name="Người Quản Trị", admin_password=password, units_csv=units_csv, now=now()
    )


def test_the_file_becomes_a_tree_with_an_administrator_on_top(empty: Flask) -> None:
    start(UNITS)
    units = {unit.code: unit for unit in db.session.execute(select(Unit)).scalars()}
    root = units["YB"]
    assert units["BC"].territory_path == f"/{root.id}/{units['BC'].id}/"
    assert units["TCT1"].territory_path == units["BC1"].territory_path
    assert {unit.province_id for unit in units.values()} == {root.id}
    opened = sign_in("quantri", PASSWORD)
    assert opened.actor is not None
    assert (opened.actor.role, opened.actor.territory_path) == (Role.ADMINISTRATOR, root.territory_path)


def test_without_a_file_the_administrator_starts_on_a_bare_root(empty: Flask) -> None:
    start(None)
    assert db.session.execute(select(func.count()).select_from(Membership)).scalar_one() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("BC1,village", "BC1,palace"), "dòng 4"),
        ((",BC,TYT,", ",XX,TYT,"), "dòng 5"),
        (("2025-07-01\nBC,", "1/7/2025\nBC,"), "dòng 2"),
        (("abbreviation", "viet_tat"), "Các cột đúng"),
        (("BC,commune,Xã Bản Thử,YB", "BC,commune,Xã Bản Thử,"), "dòng 3"),
    ],
)
def test_a_faulty_file_is_refused_with_its_row_and_leaves_nothing(
    empty: Flask, change: tuple[str, str], said: str
) -> None:
    assert change[0] in UNITS
    with pytest.raises(InvalidInput, match=said):
        start(UNITS.replace(*change))
    for table in (Unit, User):
        assert db.session.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_a_weak_administrator_password_is_refused(empty: Flask) -> None:
    with pytest.raises(InvalidInput, match="14"):
        start(UNITS, "ngan")
