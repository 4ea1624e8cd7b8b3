"""Setting up a real, empty portal: units from a CSV file and the first administrator."""

import csv
import io
from datetime import date, datetime

from portal.clock import local
from portal.domain.errors import InvalidInput
from portal.domain.passwords import check_password
from portal.domain.permissions import Role
from portal.domain.units import SERVES, UnitKind
from portal.models import Unit
from portal.services.accounts import Appointment, add_membership, add_user
from portal.services.passwords import refuse_known_password
from portal.services.unit_of_work import transaction
from portal.services.units import UnitDetails, add_unit

COLUMNS = (
    "code", "kind", "name", "parent_code", "serves_code", "abbreviation",
    "superior_name", "place_name", "phone", "valid_from",
)  # fmt: skip
"""The columns of the units file; only the first three must be filled in every row."""

ROOT_CODE = "GOC"
ADMINISTRATION_CODE = "QT"


def initialise(
    *, admin_username: str, admin_name: str, admin_password: str, units_csv: str | None, now: datetime
) -> None:
    """Create the units and the administrator of the topmost territory, all or nothing. Raises InvalidInput."""
    check_password(admin_password, admin_username)
    refuse_known_password(admin_password, admin_username, admin_name)
    with transaction():
        root = _units(units_csv, local(now).date()) if units_csv else _bare_root(local(now).date())
        office = add_unit(
            code=ADMINISTRATION_CODE,
            kind=UnitKind.ADMINISTRATION_OFFICE,
            details=UnitDetails(name=f"Quản trị {root.name}"),
            anchor=root,
            valid_from=root.valid_from,
        )
        user = add_user(
            username=admin_username, full_name=admin_name, phone="", password=admin_password, must_change=False
        )
        add_membership(user, office, Appointment(office.id, Role.ADMINISTRATOR, "Quản trị viên"))


def add_units(units_csv: str, on: date) -> dict[str, Unit]:
    """Add the file's units to the running transaction, by code; each row's anchor stands in an earlier row.

    Raises InvalidInput naming the row: an unknown column or kind, a missing anchor, an unreadable day.
    """
    reader = csv.DictReader(io.StringIO(units_csv.removeprefix("\ufeff")))
    unknown = set(reader.fieldnames or ()) - set(COLUMNS)
    missing = set(COLUMNS[:3]) - set(reader.fieldnames or ())
    if unknown or missing:
        raise InvalidInput(
            f"Tệp đơn vị: thiếu cột {sorted(missing)}, thừa cột {sorted(map(str, unknown))}. "
            f"Các cột đúng: {', '.join(COLUMNS)}."
        )
    made: dict[str, Unit] = {}
    for number, row in enumerate(reader, start=2):
        try:
            unit = _unit({name: (value or "").strip() for name, value in row.items()}, made, on)
        except InvalidInput as fault:
            raise InvalidInput(f"Tệp đơn vị, dòng {number}: {fault.message}") from fault
        made[unit.code] = unit
    return made


def _units(units_csv: str, on: date) -> Unit:
    made = add_units(units_csv, on)
    roots = [unit for unit in made.values() if unit.parent_id is None]
    if len(roots) != 1:
        raise InvalidInput(
            f"Tệp đơn vị có {len(roots)} đơn vị gốc (không có parent_code và serves_code); cần đúng một."
        )
    return roots[0]


def _bare_root(on: date) -> Unit:
    details = UnitDetails(name="Địa bàn chưa đặt tên")
    return add_unit(code=ROOT_CODE, kind=UnitKind.PROVINCE, details=details, anchor=None, valid_from=on)


def _unit(row: dict[str, str], made: dict[str, Unit], on: date) -> Unit:
    kind = _kind(row["kind"])
    anchor_code = row.get("serves_code", "") if kind in SERVES else row.get("parent_code", "")
    if anchor_code and anchor_code not in made:
        raise InvalidInput(f"đơn vị {anchor_code} chưa có ở các dòng trên. Hãy đặt đơn vị cấp trên lên trước.")
    details = UnitDetails(
        name=row["name"],
        abbreviation=row.get("abbreviation", ""),
        superior_name=row.get("superior_name", ""),
        place_name=row.get("place_name", ""),
        phone=row.get("phone", ""),
    )
    return add_unit(
        code=row["code"],
        kind=kind,
        details=details,
        anchor=made[anchor_code] if anchor_code else None,
        valid_from=_day(row.get("valid_from", "")) or on,
    )


def _kind(text: str) -> UnitKind:
    if text not in set(UnitKind):
        raise InvalidInput(f"loại đơn vị «{text}» không có. Các loại: {', '.join(UnitKind)}.")
    return UnitKind(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"ngày «{text}» không đọc được. Hãy ghi dạng 2025-07-01.") from None
