"""Forms around reports; the cells themselves are named by the form's definition, not here."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from portal.services.report_periods import MOST_DAYS, Opening, forms
from portal.web.fields import ChoiceField, DayField, HourField, TextField, at_most, moment_of, required
from portal.web.form_keys import NoteField
from portal.web.forms import PortalForm
from portal.web.wording import spoken


class OpenForm(PortalForm):
    """A new period: which form, which day, when due, under which letter."""

    form = ChoiceField(_l("Biểu mẫu"), validators=[required(_l("Chọn một biểu mẫu."))])
    as_of = DayField(_l("Số liệu tính đến ngày"), validators=[required(_l("Nhập ngày chốt số liệu."))])
    due_day = DayField(_l("Hạn gửi: ngày"), validators=[Optional()])
    due_hour = HourField(_l("Hạn gửi: giờ"), default="17:00")
    days = TextField(_l("Số ngày (biểu hằng ngày)"), default="1", validators=[at_most(2)])
    document = TextField(_l("Số, ngày văn bản yêu cầu báo cáo"), validators=[at_most(200)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(*args, **kwargs)
        self.form.choices = [(key, spoken(each.form.title)) for key, each in sorted(forms().items())]

    def opening(self) -> Opening:
        """What was typed; a number of days that is none becomes 0, which the service refuses in words."""
        text = self.days.data or "1"
        days = int(text) if text.isascii() and text.isdecimal() else MOST_DAYS + 1
        as_of: Any = self.as_of.data
        return Opening(
            as_of=as_of,
            due_at=moment_of(self.due_day, self.due_hour) if self.due_day.data else None,
            document=self.document.data or "",
            days=days,
        )


class ReasonForm(PortalForm):
    """Why a report is returned or restated."""

    reason = NoteField(_l("Lý do"), validators=[required(_l("Ghi lý do.")), at_most(1000)])
