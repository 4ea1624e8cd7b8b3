"""Forms of paper sheets: how they are printed, and one row as the paper has it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from portal.domain.errors import InvalidInput
from portal.domain.fields import IDENTITY_FIELDS
from portal.domain.labels import label
from portal.domain.sexes import FEMALE, MALE
from portal.domain.sheet_rows import REASON_MARKS
from portal.domain.verdicts import Verdict
from portal.services.entries import Conclusion
from portal.web.fields import TextField, at_most
from portal.web.filters import told_sex
from portal.web.form_keys import seen_rev
from portal.web.forms import PortalForm
from portal.web.wording import spoken


class PrintForm(PortalForm):
    """How the sheets will be entered."""

    twice = BooleanField(_l("Hai người nhập độc lập, khớp nhau mới ghi"), default=True)


class RowForm(PortalForm):
    """One row in the sheet's own order: right, number, birth date, sex, name, reason."""

    right = BooleanField(_l("Đúng"))
    id_number = TextField(_l("Sửa số định danh thành"), validators=[at_most(40)])
    birth_date = TextField(_l("Sửa ngày sinh thành"), validators=[at_most(40)])
    sex = SelectField(_l("Sửa giới thành"), validate_choice=False)
    full_name = TextField(_l("Sửa họ tên thành"), validators=[at_most(120)])
    reason = SelectField(_l("Lý do không làm được"), validate_choice=False)
    note = TextField(_l("Ghi rõ thêm"), validators=[at_most(500)])
    seen_changes = BooleanField(_l("Đã xem thay đổi, vẫn ghi theo phiếu"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.sex.choices = [("", "–"), *((each, told_sex(each)) for each in (MALE, FEMALE))]
        self.reason.choices = [
            ("", "–"),
            *((reason.value, f"{mark} {spoken(label(reason))}") for mark, reason in REASON_MARKS.items()),
        ]

    def fill(self, said: Mapping[str, str]) -> None:
        """Show what the same person typed before."""
        self.right.data = said["verdict"] == Verdict.ALREADY_RIGHT.value
        for name in ("id_number", "birth_date", "sex", "full_name", "reason", "note"):
            self[name].data = said.get(name, "")

    def said(self) -> Conclusion:
        """The conclusion the row states. Raises InvalidInput where it states none, or two."""
        values = {field: text for field in IDENTITY_FIELDS if (text := self[field.value].data or "")}
        reason, rev = self.reason.data or "", seen_rev(self)
        stated = [bool(self.right.data), bool(values), bool(reason)]
        if not any(stated):
            words = _("Chưa ghi gì cho dòng này. Dòng để trống trên phiếu thì chuyển sang dòng sau.")
            raise InvalidInput(words, fields={"right": words})
        if sum(stated) > 1:
            words = _(
                "Chỉ ghi một trong ba: «Đúng», giá trị sửa, hoặc lý do không làm được. Hỏi lại thôn nếu không rõ."
            )
            raise InvalidInput(words, fields={"right": words})
        verdict = (Verdict.ALREADY_RIGHT, Verdict.FIXED, Verdict.UNRESOLVED)[stated.index(True)]
        return Conclusion(verdict, values, reason, self.note.data or "", rev)
