"""How values are written on pages: Vietnamese dates at +07:00, grouped numbers, masked identity numbers."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import Flask

from portal.clock import local, now, today
from portal.domain import identity_numbers
from portal.domain.deadlines import is_late
from portal.domain.differences import Part, difference_kind, differences, spaced
from portal.domain.labels import label
from portal.domain.masking import masked_number
from portal.domain.phrases import count_words, held_words
from portal.domain.report_states import ReportStatus
from portal.domain.sexes import sex_words
from portal.domain.stages import FINAL_STAGES
from portal.domain.wording import restored
from portal.services.context import ground
from portal.web.wording import phrase, spoken

DASH = "–"


def _(message: str, **values: object) -> str:
    """The phrase as plain text; the filters fill in numbers only, so nothing needs escaping."""
    return str(phrase(message, **values))


def moment(value: datetime | None) -> str:
    """`17:00 01/06/2022` in Vietnamese time; a dash where there is none."""
    return local(value).strftime("%H:%M %d/%m/%Y") if value else DASH


def day(value: date | datetime | None) -> str:
    """`01/06/2022`; a moment is taken in Vietnamese time."""
    if value is None:
        return DASH
    return (local(value) if isinstance(value, datetime) else value).strftime("%d/%m/%Y")


def clock_time(value: datetime | None) -> str:
    """`10:42`, for «Đã lưu 10:42»."""
    return local(value).strftime("%H:%M") if value else DASH


def clock_second(value: datetime | None) -> str:
    """`10:42:07`, for the last row saved."""
    return local(value).strftime("%H:%M:%S") if value else DASH


def grouped(value: int | None) -> str:
    """`1.204` in Vietnamese, `1,204` in English; a dash where there is no count."""
    return DASH if value is None else str(spoken(count_words(value)))


def days_from_today(value: datetime) -> int:
    """Whole calendar days from today in Vietnam to the moment's day; negative in the past."""
    return (local(value).date() - today()).days


def until(value: datetime) -> str:
    """How far a due moment is: `còn 2 ngày`, `còn 3 giờ`, `hôm nay`, `QUÁ HẠN 2 ngày`."""
    hours = (value - now()).total_seconds() / 3600
    days = days_from_today(value)
    if is_past(value):
        return _("QUÁ HẠN %(count)s ngày", count=-days) if days < 0 else _("QUÁ HẠN hôm nay")
    if days == 0:
        return _("còn %(count)s giờ", count=int(hours)) if hours >= 1 else _("còn chưa đến 1 giờ")
    return _("còn %(count)s ngày", count=days)


def since(value: datetime) -> str:
    """How long ago, in words: `vừa xong`, `12 phút`, `5 giờ`, `3 ngày`."""
    seconds = (now() - value).total_seconds()
    if seconds < 60:
        return _("vừa xong")
    if seconds < 3600:
        return _("%(count)s phút", count=int(seconds // 60))
    if seconds < 86_400:
        return _("%(count)s giờ", count=int(seconds // 3600))
    return _("%(count)s ngày", count=int(seconds // 86_400))


def is_past(value: datetime | None) -> bool:
    """Whether a due moment has passed, to the second, as the portal's boundary says."""
    return value is not None and is_late(value, now(), inclusive=ground().settings.due_inclusive)


def is_final(stage: str) -> bool:
    """Whether a list at this stage has ended."""
    return stage in FINAL_STAGES


def masked(number: str) -> str:
    """`···423`: the last three letters only; a dash where there is no number."""
    return masked_number(number) or DASH


def grouped_number(number: str) -> str:
    """`015 185 001 243`: twelve digits in threes for the eye; anything else as it stands."""
    return identity_numbers.grouped_number(number) or DASH


def words(member: Any) -> str:  # noqa: ANN401  a template may pass any enum member or plain text
    """The words for an enum member in the reader's language; plain text as it stands."""
    return str(spoken(label(member) if isinstance(member, StrEnum) else member))


def held(value: timedelta) -> str:
    """`2 ngày 3 giờ`: a stretch of time in the reader's language."""
    at = now()
    return str(spoken(held_words(at - value, at)))


def report_status(value: str) -> str:
    """Where a version of a report stands, in the reader's language."""
    return words(ReportStatus(value))


def told_sex(value: str) -> str:
    """`nam` or `male`: the recorded sex in the reader's language; anything else as it stands."""
    return str(spoken(sex_words(value)))


FILTERS = {
    "restored": restored,
    "sex": told_sex,
    "moment": moment,
    "day": day,
    "clock_time": clock_time,
    "clock_second": clock_second,
    "grouped": grouped,
    "until": until,
    "since": since,
    "masked": masked,
    "grouped_number": grouped_number,
    "words": words,
    "report_status": report_status,
    "held": held,
}


def _parts(old: str, new: str) -> list[Part]:
    """The stretches of both values as pages show them: numbers in threes."""
    return spaced(differences(old, new))


def register(app: Flask) -> None:
    """Give templates the filters and the tests `past` and `final`."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.tests.update(past=is_past, final=is_final)
    app.jinja_env.globals.update(differences=_parts, difference_kind=difference_kind)
