"""The days that each step of a batch's lists may take."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.domain.deadlines import STEPS
from portal.web.fields import TextField
from portal.web.forms import PortalForm


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
