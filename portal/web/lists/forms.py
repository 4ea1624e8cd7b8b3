"""Forms on a list's page: its village, due date, end, and the platform's verification list."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField

from portal.web.fields import DayField, HourField, TextField, at_most, moment_of, required
from portal.web.form_keys import NoteField
from portal.web.forms import PortalForm


class DeedForm(PortalForm):
    """A button that needs nothing but its key."""


class VillageForm(PortalForm):
    """Choose the village task force that a list goes to."""

    village = SelectField(_l("Tổ công tác thôn nhận danh sách"), coerce=int, validate_choice=False)


class DueForm(PortalForm):
    """A new due date: day and hour, Vietnamese time."""

    due_day = DayField(_l("Hạn mới: ngày"), validators=[required(_l("Nhập ngày của hạn mới."))])
    due_hour = HourField(_l("Giờ"), default="17:00", validators=[required(_l("Nhập giờ, ví dụ 17:00."))])

    def moment(self) -> datetime:
        """The due moment of a validated form."""
        return moment_of(self.due_day, self.due_hour)


class TakeOverForm(PortalForm):
    """Why a colleague's list is taken over."""

    reason = NoteField(_l("Lý do tiếp quản"), validators=[required(_l("Ghi lý do tiếp quản.")), at_most(500)])


class CancelForm(PortalForm):
    """Why a drafted list is given up."""

    note = NoteField(_l("Lý do hủy"), validators=[required(_l("Ghi lý do hủy.")), at_most(500)])


class SplitForm(PortalForm):
    """Who becomes a list of their own; the ticks beside the people are read from the request."""

    numbers = TextField(_l("Số thứ tự"), validators=[at_most(2000)])
    village = SelectField(_l("Thôn của danh sách mới"), validate_choice=False)


class WithdrawForm(PortalForm):
    """Who is taken out of the work, and why."""

    numbers = TextField(_l("Số thứ tự"), validators=[at_most(2000)])
    note = NoteField(_l("Lý do rút"), validators=[required(_l("Ghi lý do rút.")), at_most(500)])


class OfferForm(PortalForm):
    """Who lives in another commune, which one, and how that is known."""

    numbers = TextField(_l("Số thứ tự"), validators=[at_most(2000)])
    station = SelectField(_l("Trạm Y tế của xã nhận"), validate_choice=False)
    note = NoteField(_l("Lý do chuyển"), validators=[required(_l("Ghi lý do chuyển.")), at_most(500)])


class OfferAnswerForm(PortalForm):
    """What the other station says to an offer."""

    note = NoteField(_l("Lý do không nhận"), validators=[at_most(500)])


class MergeForm(PortalForm):
    """Which part of the same list takes the people."""

    into = RadioField(_l("Gộp vào danh sách"), validators=[required(_l("Chọn một danh sách."))])


class ReopeningForm(PortalForm):
    """Why a closed list should be opened again, or what the unit above says to it."""

    note = NoteField(_l("Lý do"), validators=[at_most(500)])


class VerificationListForm(PortalForm):
    """The platform's verification list."""

    file = FileField(_l("Tệp «danh sách xác minh thông tin» (.xlsx)"), id="verification-file")


class ImportAnswerForm(PortalForm):
    """The platform's answer to the import file."""

    file = FileField(_l("Tệp kết quả nhập của nền tảng (.xlsx)"), id="answer-file")


class WorkFileForm(PortalForm):
    """The workbook that comes back."""

    file = FileField(_l("Tệp Excel đã ghi xong (.xlsx)"), id="work-file-file")
