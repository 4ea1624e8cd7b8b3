"""Forms for units, accounts and memberships."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.domain.labels import label
from portal.domain.permissions import Role
from portal.domain.units import UnitKind
from portal.services.accounts import Appointment
from portal.services.units import UnitDetails
from portal.web.fields import ChoiceField, DayField, TextField, at_most, required
from portal.web.forms import PortalForm


class UnitPlaceForm(PortalForm):
    """Code, kind and place of a unit; stands first, because errors are listed in the order of the page."""

    kind = ChoiceField(_l("Loại đơn vị"))
    code = TextField(_l("Mã đơn vị"), validators=[required(_l("Nhập mã đơn vị.")), at_most(20)])
    anchor = ChoiceField(_l("Thuộc (địa bàn) hoặc phục vụ (cơ quan)"), coerce=int)

    def offer(self, anchors: list[tuple[int, str]]) -> None:
        """Fill the closed lists."""
        self.kind.choices = [(kind.value, label(kind)) for kind in UnitKind if kind is not UnitKind.PROVINCE]
        self.anchor.choices = anchors


class PersonForm(PortalForm):
    """Who gets an account."""

    full_name = TextField(_l("Họ và tên"), validators=[required(_l("Nhập họ và tên.")), at_most(64)])
    username = TextField(_l("Tên đăng nhập"), validators=[required(_l("Nhập tên đăng nhập.")), at_most(60)])
    phone = TextField(_l("Điện thoại"), validators=[at_most(30)])


class UnitForm(PortalForm):
    """Names and phone of a unit, and its end."""

    name = TextField(_l("Tên đơn vị"), validators=[required(_l("Nhập tên đơn vị.")), at_most(200)])
    abbreviation = TextField(_l("Chữ viết tắt trong ký hiệu văn bản"), validators=[at_most(20)])
    superior_name = TextField(_l("Cơ quan chủ quản (in trên biên bản)"), validators=[at_most(200)])
    place_name = TextField(_l("Địa danh (in trước ngày tháng)"), validators=[at_most(100)])
    phone = TextField(_l("Điện thoại"), validators=[at_most(30)])
    valid_to = DayField(_l("Ngày kết thúc hoạt động"))

    def details(self) -> UnitDetails:
        """The names as the service takes them."""
        return UnitDetails(
            name=self.name.data or "",
            abbreviation=self.abbreviation.data or "",
            superior_name=self.superior_name.data or "",
            place_name=self.place_name.data or "",
            phone=self.phone.data or "",
        )


class NewUnitForm(UnitPlaceForm, UnitForm):
    """A unit with its code, kind and place in the tree."""


class AppointmentForm(PortalForm):
    """A place in a unit."""

    unit = ChoiceField(_l("Đơn vị"), coerce=int)
    role = ChoiceField(_l("Vai trò"))
    position = TextField(_l("Chức vụ"), validators=[required(_l("Nhập chức vụ.")), at_most(64)])
    can_sign = BooleanField(_l("Được ký biên bản thay đơn vị"))
    appointment_document = TextField(_l("Văn bản phân công ký (số, ký hiệu, ngày)"), validators=[at_most(200)])
    valid_from = DayField(_l("Từ ngày (để trống: hôm nay)"))
    valid_to = DayField(_l("Đến ngày (để trống: chưa định)"))

    def offer(self, units: list[tuple[int, str]]) -> None:
        """Fill the closed lists."""
        self.unit.choices = units
        self.role.choices = [(role.value, label(role)) for role in Role]

    def appointment(self) -> Appointment:
        """The place as the service takes it."""
        return Appointment(
            unit_id=self.unit.data,
            role=Role(self.role.data),
            position=self.position.data or "",
            can_sign=bool(self.can_sign.data),
            appointment_document=self.appointment_document.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
        )


class NewAccountForm(PersonForm, AppointmentForm):
    """A person with a first place in a unit."""
