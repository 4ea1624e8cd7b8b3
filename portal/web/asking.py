"""Asking for more time and answering it: the same two deeds for a list's step, a report, and whatever else is due."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from portal.domain.errors import InvalidInput
from portal.web.fields import DayField, HourField, TextField, at_most, moment_of, required
from portal.web.form_keys import NoteField, key_of
from portal.web.forms import PortalForm
from portal.web.wording import leave_message


class WishForm(PortalForm):
    """Until when more time is wished for, and why."""

    wished_day = DayField(_l("Xin đến ngày"), validators=[required(_l("Nhập ngày xin đến."))])
    wished_hour = HourField(_l("Giờ"), default="17:00", validators=[required(_l("Nhập giờ, ví dụ 17:00."))])
    reason = NoteField(
        _l("Lý do xin thêm thời gian"), validators=[required(_l("Ghi lý do xin thêm thời gian.")), at_most(500)]
    )

    def moment(self) -> datetime:
        """The wished moment of a validated form."""
        return moment_of(self.wished_day, self.wished_hour)


class AnswerForm(PortalForm):
    """The answer to a wish: a new moment or none, under a document or with words. The button pressed decides."""

    new_day = DayField(_l("Cho đến ngày"), validators=[Optional()])
    new_hour = HourField(_l("Giờ"), default="17:00", validators=[required(_l("Nhập giờ, ví dụ 17:00."))])
    document = TextField(_l("Số, ngày văn bản trả lời"), validators=[at_most(200)])
    words = NoteField(_l("Lời giải thích"), validators=[at_most(500)])

    def offer(self, wished: datetime) -> None:
        """Fill in the moment that was wished for (local time)."""
        self.new_day.process_data(wished.date())
        self.new_hour.process_data(f"{wished:%H:%M}")

    def moment(self) -> datetime | None:
        """The new moment of a validated form; None where no day was typed."""
        return moment_of(self.new_day, self.new_hour) if self.new_day.data else None


def accepted(form: PortalForm, act: Callable[[], Any]) -> bool:
    """Whether the form was sent, could be read, and the act took it; every refusal stands in the form."""
    if not (form.is_submitted() and form.validate()):
        return False
    try:
        act()
    except InvalidInput as refusal:
        form.refuse(refusal)
        return False
    return True


def wished(form: WishForm, ask: Callable[..., None]) -> bool:
    """Whether `ask(moment, reason, key=…)` took the wish that the form bears."""
    return accepted(form, lambda: ask(form.moment(), form.reason.data or "", key=key_of(form)))


def answered(
    form: AnswerForm, grant: Callable[..., None], refuse: Callable[..., None], said: tuple[str, str]
) -> bool:
    """Whether `grant(moment, **words)` or `refuse(**words)` took the answer; `said` tells of the one and the other.

    `words` are `document`, `words` and `key`. Only granting needs a day.
    """
    if not (form.is_submitted() and form.validate()):
        return False
    granting, until = request.form.get("decision") == "grant", form.moment()
    if granting and until is None:
        form.new_day.errors = [_("Nhập ngày cho đến.")]
        return False
    words = {"document": form.document.data or "", "words": form.words.data or "", "key": key_of(form)}
    done = accepted(form, lambda: grant(until, **words) if granting else refuse(**words))
    if done:
        leave_message(said[0] if granting else said[1], "success")
    return done
