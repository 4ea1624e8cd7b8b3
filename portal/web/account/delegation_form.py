"""The form of a delegation, for the own account and for administrators."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.domain.delegations import Capacity
from portal.domain.labels import label
from portal.services.delegations import Terms
from portal.web.fields import ChoiceField, DayField, TextField, at_most, required
from portal.web.forms import PortalForm

if TYPE_CHECKING:
    from portal.models import Membership


class DelegationForm(PortalForm):
    """Who acts for whom, from which day to which, and whether he may sign, by which document."""

    from_membership = ChoiceField(_l("Người vắng"), coerce=int)
    to_membership = ChoiceField(_l("Người làm thay"), coerce=int)
    valid_from = DayField(_l("Từ ngày"), validators=[required(_l("Nhập ngày bắt đầu."))])
    valid_to = DayField(_l("Đến hết ngày"), validators=[required(_l("Nhập ngày kết thúc."))])
    reason = TextField(_l("Lý do vắng (có thể để trống)"), validators=[at_most(200)])
    may_sign = BooleanField(_l("Được ký thay"))
    capacity = ChoiceField(_l("Hình thức ký"), default="")
    document_number = TextField(_l("Số, ký hiệu văn bản giao ký thay"), validators=[at_most(60)])
    document_date = DayField(_l("Ngày của văn bản"))

    def offer(self, givers: "Sequence[Membership]", members: "Sequence[Membership]") -> None:
        """Fill the closed lists."""
        self.from_membership.choices = [(one.id, _words(one)) for one in givers]
        self.to_membership.choices = [(0, _("Chọn một người")), *((one.id, _words(one)) for one in members)]
        self.capacity.choices = [("", "–"), *((one.value, label(one)) for one in Capacity)]

    def terms(self) -> Terms:
        """The delegation as the service takes it."""
        first: date | None = self.valid_from.data
        last: date | None = self.valid_to.data
        assert first is not None and last is not None  # noqa: S101, PT018  the validators have read both
        return Terms(
            from_membership=self.from_membership.data,
            to_membership=self.to_membership.data,
            valid_from=first,
            valid_to=last,
            may_sign=bool(self.may_sign.data),
            capacity=Capacity(self.capacity.data) if self.capacity.data else None,
            document_number=self.document_number.data or "",
            document_date=self.document_date.data,
            reason=self.reason.data or "",
        )


def _words(one: "Membership") -> str:
    return f"{one.user.full_name} – {one.position}"
