"""Creating and changing units; territory paths are computed here and nowhere else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from portal.clock import today
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.stages import OPEN_STAGES
from portal.domain.units import SERVES, TERRITORIES, UnitKind
from portal.domain.wording import say
from portal.models import CorrectionList, Unit, db
from portal.queries import units
from portal.services import auditing
from portal.services.unit_of_work import transaction


@dataclass(frozen=True)
class UnitDetails:
    """What a unit is called on papers and how it is reached."""

    name: str
    abbreviation: str = ""
    superior_name: str = ""
    place_name: str = ""
    phone: str = ""


def create_unit(
    administrator: Actor, *, code: str, kind: UnitKind, details: UnitDetails, anchor_id: int | None
) -> int:
    """Create a unit and return its id. `anchor_id`: the territory it lies in, or for an office the one it serves."""
    require_right(administrator)
    anchor = require_unit(administrator, anchor_id) if anchor_id is not None else None
    if anchor is None:
        raise NotPermitted(say("Đơn vị mới phải thuộc địa bàn của bạn. Hãy chọn địa bàn cấp trên."))
    with transaction():
        unit = add_unit(code=code, kind=kind, details=details, anchor=anchor, valid_from=today())
        auditing.record(EventTag.UNIT_CREATED, administrator, unit=unit.id, name=unit.name)
        return unit.id


def add_unit(*, code: str, kind: UnitKind, details: UnitDetails, anchor: Unit | None, valid_from: date) -> Unit:
    """Add a unit to the running transaction with its path. Raises InvalidInput where kind and anchor do not fit."""
    _check(code, kind, details, anchor)
    office = kind in SERVES
    unit = Unit(
        code=code,
        kind=kind.value,
        valid_from=valid_from,
        valid_to=None,
        parent_id=anchor.id if anchor else None,
        serves_id=anchor.id if anchor and office else None,
        territory_path="",
        province_id=0,
        **vars(details),
    )
    db.session.add(unit)
    db.session.flush()
    unit.territory_path = _path(unit, anchor, office=office)
    # The topmost territory's id: rows of citizens' work can later be partitioned by it.
    unit.province_id = int(unit.territory_path.split("/")[1])
    db.session.flush()
    return unit


def change_unit(administrator: Actor, unit_id: int, details: UnitDetails, *, valid_to: date | None) -> None:
    """Change a unit's names and phone, or end it on a day. Its place in the tree stays (successions change that).

    Raises InvalidInput where it ends while lists are under way that would have nobody responsible then.
    """
    require_right(administrator)
    unit = require_unit(administrator, unit_id)
    _check_details(details)
    if valid_to is not None and valid_to < unit.valid_from:
        raise InvalidInput(
            say("Ngày kết thúc trước ngày thành lập."),
            fields={"valid_to": say("Ngày kết thúc phải sau ngày thành lập.")},
        )
    wanted = {**vars(details), "valid_to": valid_to}
    changed = sorted(name for name, value in wanted.items() if getattr(unit, name) != value)
    if not changed:
        return
    with transaction():
        if valid_to is not None and "valid_to" in changed:
            _require_nothing_under_way(unit)
        for name in changed:
            setattr(unit, name, wanted[name])
        auditing.record(EventTag.UNIT_CHANGED, administrator, unit=unit.id, changes=changed)


def _require_nothing_under_way(unit: Unit) -> None:
    """Every list that is under way has a unit that answers for it, also the day after a unit's end."""
    each = CorrectionList
    mine = or_(*(column == unit.id for column in (each.station_unit_id, each.village_unit_id, each.police_unit_id)))
    if unit.serves_id is None:
        mine = each.territory_path.startswith(unit.territory_path, autoescape=True)
    open_ones = select(func.count()).select_from(each).where(mine, each.stage.in_(OPEN_STAGES))
    count = db.session.execute(open_ones).scalar_one()
    if count:
        words = say(
            "Đơn vị còn {count} danh sách chưa xong nên chưa kết thúc được. "
            "Hãy chờ các danh sách này xong, hoặc đề nghị Trạm Y tế hủy, rồi ghi ngày kết thúc.",
            count=count,
        )
        raise InvalidInput(words, fields={"valid_to": words})


def require_right(administrator: Actor) -> None:
    """Raise NotPermitted unless the actor administers units."""
    if not has_permission(administrator, Permission.UNIT_ADMINISTER):
        raise NotPermitted(say("Chỉ người quản trị mới sửa được đơn vị."))


def require_unit(administrator: Actor, unit_id: int) -> Unit:
    """The unit if it lies in the administrator's territory. Raises NotFound."""
    unit = units.manageable_unit(administrator, unit_id)
    if unit is None:
        raise NotFound(say("Không tìm thấy đơn vị này trong địa bàn của bạn."))
    return unit


def _path(unit: Unit, anchor: Unit | None, *, office: bool) -> str:
    if anchor is None:
        return f"/{unit.id}/"
    return anchor.territory_path if office else f"{anchor.territory_path}{unit.id}/"


def _check(code: str, kind: UnitKind, details: UnitDetails, anchor: Unit | None) -> None:
    if not code.strip() or len(code) > 20:
        raise InvalidInput(
            say("Mã đơn vị cần từ 1 đến 20 ký tự."), fields={"code": say("Nhập mã từ 1 đến 20 ký tự.")}
        )
    if units.by_code(code) is not None:
        raise InvalidInput(
            say("Mã đơn vị {code} đã dùng.", code=code),
            fields={"code": say("Mã {code} đã dùng. Hãy chọn mã khác.", code=code)},
        )
    _check_details(details)
    above = UnitKind(anchor.kind) if anchor else None
    if kind in TERRITORIES and above not in TERRITORIES[kind]:
        message = say("Địa bàn cấp trên không hợp với loại đơn vị. Ví dụ thôn phải thuộc một xã.")
        raise InvalidInput(message, fields={"anchor": message})
    if kind in SERVES and (above is None or above not in SERVES[kind]):
        message = say("Cơ quan này không phục vụ loại địa bàn đã chọn. Ví dụ Trạm Y tế phục vụ một xã.")
        raise InvalidInput(message, fields={"anchor": message})


def _check_details(details: UnitDetails) -> None:
    if not 0 < len(details.name.strip()) <= 200:
        raise InvalidInput(
            say("Tên đơn vị cần từ 1 đến 200 ký tự."), fields={"name": say("Nhập tên từ 1 đến 200 ký tự.")}
        )
