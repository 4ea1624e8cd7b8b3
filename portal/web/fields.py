"""Shared form fields: trimmed text, passwords as typed, Vietnamese days and hours, closed choices."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import Choice
from wtforms.validators import InputRequired, Length, StopValidation
from wtforms.widgets import TextInput

from portal.clock import VIETNAM
from portal.web.wording import spoken


class TextField(StringField):  # type: ignore[misc]
    """One line of text without blanks around it and without control letters."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value, blanks around it removed."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = "".join(letter for letter in text if letter.isprintable())


class DayField(DateField):  # type: ignore[misc]
    """A day typed as 27/3/1985, 27-03-1985 or 27031985."""

    # A browser's own date field would drop the value: it takes yyyy-mm-dd alone.
    widget = TextInput()

    def __init__(self, label: str, **kwargs: Any) -> None:  # noqa: ANN401  WTForms' own signature
        super().__init__(label, format=["%d/%m/%Y", "%d-%m-%Y", "%d%m%Y", "%Y-%m-%d"], **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.strftime("%d/%m/%Y") if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; an empty field is no day."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            message = _("Ngày «%(text)s» không đọc được. Hãy ghi ngày/tháng/năm, ví dụ 27/3/2026.", text=valuelist[0])
            raise ValueError(message) from None


class HourField(TextField):
    """An hour typed as 17:00, 17h30, 8g or 9."""

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002  WTForms' own signature
        """Refuse what no clock shows."""
        if self.clock() is None:
            raise StopValidation(_("Giờ «%(text)s» không đọc được. Hãy ghi dạng 17:00.", text=(self.data or "")[:20]))

    def clock(self) -> time | None:
        """The hour that was typed; None where it is none."""
        hours, _colon, minutes = (self.data or "").replace("h", ":").replace("g", ":").partition(":")
        minutes = minutes or "00"
        if not (hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2 and len(minutes) == 2):
            return None
        return time(int(hours), int(minutes)) if int(hours) < 24 and int(minutes) < 60 else None


def moment_of(day: DayField, hour: HourField) -> datetime:
    """The moment in Vietnamese time that two validated fields state."""
    date_typed: date | None = day.data
    clock = hour.clock()
    assert date_typed is not None and clock is not None  # noqa: S101, PT018  the validators have read both
    return datetime.combine(date_typed, clock, VIETNAM)


class ChoiceField(SelectField):  # type: ignore[misc]
    """One of a closed list, its words in the reader's language; anything else is refused in words."""

    def iter_choices(self) -> Iterator[Choice]:
        """The choices, labels told in the reader's language."""
        return (each._replace(label=spoken(each.label)) for each in super().iter_choices())

    def iter_groups(self) -> Iterator[tuple[str, list[Choice]]]:
        """The same by group."""
        for group, choices in super().iter_groups():
            yield group, [each._replace(label=spoken(each.label)) for each in choices]

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002  WTForms' own signature
        """Refuse a value that the list does not offer."""
        if not any(str(value) == str(self.data) for value, *_rest in self.iter_choices()):
            raise StopValidation(_("Hãy chọn một mục trong danh sách."))


def required(message: str) -> InputRequired:
    """The field must be filled; the message says with what."""
    return InputRequired(message)


def at_most(letters: int) -> Length:
    """The field takes no more than so many letters."""
    return Length(max=letters, message=_l("Tối đa %(most)s ký tự. Hãy rút ngắn.", most=letters))
