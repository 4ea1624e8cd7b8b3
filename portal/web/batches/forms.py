"""Forms of the import: choosing a file, naming its columns, confirming with a due date."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectChoice, ValidationError

from portal.clock import local, now
from portal.services.hidden_rows import LEAVE, TAKE
from portal.spreadsheets.columns import COLUMN_BY_NAME
from portal.web.fields import ChoiceField, DayField, HourField, TextField, at_most, moment_of
from portal.web.forms import PortalForm
from portal.web.wording import spoken

USUAL_DAYS = 14
USUAL_HOUR = "17:00"
NEEDED_COLUMNS = (
    "full_name", "id_number", "birth_date", "sex", "village", "address", "phone", "insurance_number", "group",
)  # fmt: skip
"""Columns that a person may point out, in the order of the form."""


class UploadForm(PortalForm):
    """Choosing the platform's workbook."""

    file = FileField()

    def validate_file(self, field: FileField) -> None:
        """A file must be chosen; what is in it the check says on the next page."""
        if not field.data or not field.data.filename:
            raise ValidationError(_("Chưa chọn tệp. Hãy chọn tệp Excel (.xlsx) tải từ nền tảng."))


class ConfirmForm(PortalForm):
    """Taking the rows: a due day with its hour, and a title if wanted."""

    due_day = DayField(_l("Hạn xử lý, ngày"))
    due_hour = HourField(_l("Giờ"))
    title = TextField(_l("Tên đợt (không bắt buộc)"), validators=[at_most(200)])
    hidden_rows = ChoiceField(
        _l("Các dòng đang ẩn trong tệp"),
        choices=[
            SelectChoice("", _l("– hãy chọn –")),
            SelectChoice(TAKE, _l("Nhập cả các dòng ẩn")),
            SelectChoice(LEAVE, _l("Để riêng, không nhập")),
        ],
        default="",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        usual = (local(now()) + timedelta(days=USUAL_DAYS)).date()
        super().__init__(*args, data={"due_day": usual, "due_hour": USUAL_HOUR}, **kwargs)

    def validate_due_day(self, field: DayField) -> None:
        """A batch needs its day."""
        if field.data is None and not field.errors:
            raise ValidationError(_("Chưa ghi hạn xử lý. Hãy ghi ngày/tháng/năm, ví dụ 27/3/2026."))

    def due_at(self) -> datetime:
        """The due moment in Vietnamese time, of a form that has been validated."""
        return moment_of(self.due_day, self.due_hour)


class SheetForm(PortalForm):
    """Choosing another sheet of the workbook."""

    sheet = ChoiceField(_l("Trang tính"), choices=[])


class ColumnsForm(PortalForm):
    """Pointing out which heading feeds which column; built for the headings of one workbook."""

    def chosen(self) -> dict[str, str]:
        """Machine name of the column → heading, for the columns that were pointed out."""
        return {name: self[name].data for name in NEEDED_COLUMNS if self[name].data}


def columns_form(headings: tuple[str, ...], known: dict[str, str]) -> ColumnsForm:
    """The form with one select per needed column; `known` is the mapping in force."""
    choices = [
        SelectChoice("", _("– không có trong tệp –")),
        *(SelectChoice(heading, heading, {"translate": "no"}) for heading in headings),
    ]
    fields = {
        name: ChoiceField(spoken(COLUMN_BY_NAME[name].heading), choices=choices, default=known.get(name, ""))
        for name in NEEDED_COLUMNS
    }
    made: ColumnsForm = type("WorkbookColumnsForm", (ColumnsForm,), fields)()
    return made
