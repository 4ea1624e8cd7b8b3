"""The demonstration's units: the tree until 30/06/2025 and the living one since, joined by successions.

Names of communes and villages are of the former district Trạm Tấu. The codes 04585, 04600 and 04606 are the official
ones (decision 19/2025/QĐ-TTg and the code list before it); every other code is our own, made for the demonstration.
"""

from dataclasses import dataclass
from datetime import date

from portal.domain.names import folding_key
from portal.domain.units import SERVES, UnitKind
from portal.models import Unit, UnitSuccession, db
from portal.queries.units import by_code
from portal.services.units import UnitDetails, add_unit

FIRST_DAY, LAST_FORMER_DAY, REFORM = date(2022, 5, 4), date(2025, 6, 30), date(2025, 7, 1)
PROVINCE_CODE = "15"


@dataclass(frozen=True)
class DemonstrationCommune:
    """A living commune: its official code, a short name for codes and accounts, its villages."""

    code: str
    short: str
    name: str
    villages: tuple[tuple[str, str], ...]


COMMUNES: tuple[DemonstrationCommune, ...] = (
    DemonstrationCommune(
        "04606", "tramtau", "Trạm Tấu", (("taugiua", "Tấu Giữa"), ("monhang", "Mo Nhang"), ("pahu", "Pá Hu"))
    ),
    DemonstrationCommune(
        "04585", "hanhphuc", "Hạnh Phúc", (("hat2", "Hát 2"), ("taxua", "Tà Xùa"), ("santra", "Sán Trá"))
    ),
)

_FORMER_COMMUNES: tuple[tuple[str, UnitKind, str, str], ...] = (
    ("04585", UnitKind.COMMUNE, "Thị trấn Trạm Tấu", "04585"),
    ("04606", UnitKind.COMMUNE, "Xã Pá Hu", "04606"),
    ("04600", UnitKind.COMMUNE, "Xã Trạm Tấu", "04606"),
    ("YB-BC", UnitKind.COMMUNE, "Xã Bản Công", "04585"),
    ("YB-HL", UnitKind.COMMUNE, "Xã Hát Lừu", "04585"),
)
"""Code, kind and name until 30/06/2025, and the code of the commune that took the work over."""

DECISION = "Sắp xếp đơn vị hành chính, hiệu lực từ 01/7/2025"


def create_units() -> None:
    """Add all units to the running transaction; does nothing where they exist already."""
    if by_code(unit_code("tyt", COMMUNES[0].short)) is not None:
        return
    province = _living(UnitKind.PROVINCE, PROVINCE_CODE, "Tỉnh Lào Cai", None)
    _province_offices(province)
    for commune in COMMUNES:
        _commune(commune, province)
    _former_tree()


def unit_code(office: str, short: str) -> str:
    """The code of a demonstration office, e.g. `TYT-TRAMTAU`."""
    return f"{office}-{short}".upper()


def unit_of(office: str, short: str) -> Unit:
    """The demonstration's office by its kind and place, e.g. `unit_of("tyt", "tramtau")`."""
    found = by_code(unit_code(office, short))
    if found is None:
        raise LookupError(unit_code(office, short))
    return found


def _province_offices(province: Unit) -> None:
    people = "UBND tỉnh Lào Cai"
    for office, kind, name in (
        ("syt", UnitKind.SUPERVISOR_OFFICE, "Sở Y tế tỉnh Lào Cai"),
        ("ttt", UnitKind.AUDIT_OFFICE, "Thanh tra tỉnh Lào Cai"),
        ("qt", UnitKind.ADMINISTRATION_OFFICE, "Quản trị hệ thống tỉnh Lào Cai"),
    ):
        details = UnitDetails(name, office.upper(), people, "Lào Cai", "0214 000 0000")
        _add(kind, unit_code(office, "laocai"), details, province)


def _commune(of: DemonstrationCommune, province: Unit) -> None:
    commune = _living(UnitKind.COMMUNE, of.code, f"Xã {of.name}", province)
    council = f"UBND xã {of.name}"
    for office, kind, name, superior, abbreviation in (
        ("tyt", UnitKind.HEALTH_STATION, f"Trạm Y tế xã {of.name}", council, "TYT"),
        ("cax", UnitKind.COMMUNE_POLICE, f"Công an xã {of.name}", "Công an tỉnh Lào Cai", "CAX"),
        ("tctx", UnitKind.COMMUNE_TASK_FORCE, f"Tổ công tác Đề án 06 xã {of.name}", council, "TCTX"),
    ):
        details = UnitDetails(name, abbreviation, superior, of.name, "0216 000 0000")
        _add(kind, unit_code(office, of.short), details, commune)
    for short, name in of.villages:
        village = _living(UnitKind.VILLAGE, unit_code("t", short), f"Thôn {name}", commune)
        details = UnitDetails(f"Tổ công tác thôn {name}", f"TCT-{_initials(name)}", council, of.name, "")
        _add(UnitKind.VILLAGE_TASK_FORCE, unit_code("tct", short), details, village)


def _initials(name: str) -> str:
    """`Tấu Giữa` → `TG`: how an office shortens a name in the symbol of its papers."""
    return "".join(word[0] for word in folding_key(name).split()).upper()


def _former_tree() -> None:
    province = _former(UnitKind.PROVINCE, "YB", "Tỉnh Yên Bái", None)
    district = _former(UnitKind.DISTRICT, "YB-TT", "Huyện Trạm Tấu", province)
    living = by_code(PROVINCE_CODE)
    _succeeds(province, living, "merge")
    _succeeds(district, living, "level_removed")
    for code, kind, name, successor in _FORMER_COMMUNES:
        former = _former(kind, code, name, district)
        _succeeds(former, by_code(successor), "merge")
        station = _former(UnitKind.HEALTH_STATION, f"YB-TYT-{code}", f"Trạm Y tế {name[0].lower()}{name[1:]}", former)
        short = next(commune.short for commune in COMMUNES if commune.code == successor)
        _succeeds(station, unit_of("tyt", short), "merge")


def _living(kind: UnitKind, code: str, name: str, parent: Unit | None) -> Unit:
    return _add(kind, code, UnitDetails(name), parent)


def _add(kind: UnitKind, code: str, details: UnitDetails, anchor: Unit | None) -> Unit:
    return add_unit(code=code, kind=kind, details=details, anchor=anchor, valid_from=REFORM)


def _former(kind: UnitKind, code: str, name: str, anchor: Unit | None) -> Unit:
    """A unit that ended with the reform; the same code may live on for another one, so the key holds the date."""
    unit = add_unit(code=f"former-{code}", kind=kind, details=UnitDetails(name), anchor=anchor, valid_from=FIRST_DAY)
    unit.code, unit.valid_to = code, LAST_FORMER_DAY
    if kind in SERVES:
        unit.abbreviation = "TYT"
    db.session.flush()
    return unit


def _succeeds(former: Unit, living: Unit | None, kind: str) -> None:
    if living is None:
        raise LookupError(former.code)
    db.session.add(
        UnitSuccession(
            from_unit_id=former.id, to_unit_id=living.id, kind=kind, effective_on=REFORM, decision=DECISION
        )
    )
