"""Forms about time: asking for more, answering, days per step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.domain.deadlines import STEPS
from portal.web.fields import DayField, HourField, TextField, at_most, moment_of, required
from portal.web.form_keys import NoteField
from portal.web.forms import PortalForm


class AskForm(PortalForm):
    """Why a step needs more time, and until when."""

    wished_day = DayField(_l("Xin đến ngày"), validators=[required(_l("Nhập ngày xin đến."))])
    wished_hour = HourField(_l("Giờ"), default="17:00", validators=[required(_l("Nhập giờ, ví dụ 17:00."))])
    reason = NoteField(_l("Lý do xin gia hạn"), validators=[required(_l("Ghi lý do xin gia hạn.")), at_most(500)])

    def moment(self) -> datetime:
        """The wished moment of a validated form."""
        return moment_of(self.wished_day, self.wished_hour)


class AnswerForm(PortalForm):
    """The answer to a request: a new date or none, under a document or with words. The button pressed decides."""

    new_day = DayField(_l("Hạn mới: ngày"))
    new_hour = HourField(_l("Giờ"), default="17:00", validators=[required(_l("Nhập giờ, ví dụ 17:00."))])
    document = TextField(_l("Số, ngày văn bản trả lời"), validators=[at_most(200)])
    words = NoteField(_l("Lời giải thích"), validators=[at_most(500)])

    def offer(self, wished: datetime) -> None:
        """Fill in the moment that was wished for."""
        self.new_day.process_data(wished.date())
        self.new_hour.process_data(f"{wished:%H:%M}")

    def has_day(self) -> bool:
        """Whether a day was typed: only granting needs one."""
        return self.new_day.data is not None

    def moment(self) -> datetime:
        """The new due moment of a validated form."""
        return moment_of(self.new_day, self.new_hour)


class StepDaysForm(PortalForm):
    """Days per step; an empty field means that the step is due with the whole list."""

    drafting = TextField(_l("Trạm soạn, giao cho thôn"))
    village_review = TextField(_l("Thôn rà soát"))
    police_verification = TextField(_l("Công an đối chiếu"))
    station_update = TextField(_l("Trạm cập nhật lên nền tảng"))
    receipt = TextField(_l("Ký nhận danh sách được giao"))
    usual = BooleanField(_l("Dùng cho cả các đợt sau của trạm này"))

    def show(self, days: Mapping[str, Any]) -> None:
        """Fill in the days that are set."""
        for step in STEPS:
            self[step].data = str(days.get(step, ""))

    def days(self) -> dict[str, int | None]:
        """The days as typed; what is no whole number becomes one that the rule refuses."""
        return {step: _whole(self[step].data or "") for step in STEPS}


def _whole(text: str) -> int | None:
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else -1
