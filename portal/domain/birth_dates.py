"""Birth dates: day before month, always; a year alone is kept as such; what cannot be is listed, never repaired."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.fields import Field
from portal.domain.findings import Examined, Finding, Severity
from portal.domain.names import clean_name
from portal.domain.wording import say

OLDEST_AGE = 120
"""Years after which a birth date is taken for a slip."""

_DAY_MONTH_YEAR = re.compile(r"([0-9]{1,2}) ?[/\-. ] ?([0-9]{1,2}) ?[/\-. ] ?([0-9]{4})(?: 00?:00(?::00)?)?")
_EIGHT_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].{1,20})?")
_YEAR_ONLY = re.compile(r"(?:(?:chỉ )?năm |sn )?([0-9]{4})", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"([0-9]{1,2}) ?[/\-.] ?([0-9]{1,2}) ?[/\-.] ?([0-9]{2})")
_SERIAL = re.compile(r"[1-5][0-9]{4}")
_LOST_ZERO = re.compile(r"([0-9])([0-9]{2})([0-9]{4})")
_SERIAL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date; month and day are 0 where only the year is known."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """`dd/mm/yyyy`, or `yyyy` where only the year is known."""
        return f"{self.day:02d}/{self.month:02d}/{self.year:04d}" if self.month else f"{self.year:04d}"


def parse_birth_date(text: str) -> BirthDate | None:
    """The date a text states, day first, or None where it states none that is in the calendar."""
    value = clean_name(text)
    parts = _parts(value)
    return _in_calendar(parts) if parts else None


def examine_birth_date(text: str, *, today: date) -> Examined:
    """The date as `dd/mm/yyyy` or `yyyy`; anything impossible stays as typed, with a finding."""
    value = clean_name(text)
    if not value:
        return Examined("", (_MISSING,))
    parts = _parts(value)
    if parts is None:
        return _examine_odd_form(value)
    born = _in_calendar(parts)
    if born is None:
        return Examined(value, (_impossible(value, parts),))
    if date(born.year, born.month or 1, born.day or 1) > today:
        return Examined(value, (_FUTURE,))
    if today.year - born.year > OLDEST_AGE:
        return Examined(value, (_TOO_OLD,))
    return Examined(str(born), () if born.month else (_YEAR_ALONE,))


def _parts(value: str) -> tuple[int, int, int] | None:
    """Year, month, day as written, month and day -1 for a year alone; None for a form that is not a full date."""
    match = _DAY_MONTH_YEAR.fullmatch(value) or _EIGHT_DIGITS.fullmatch(value)
    if match:
        return int(match[3]), int(match[2]), int(match[1])
    match = _YEAR_FIRST.fullmatch(value)
    if match:
        return int(match[1]), int(match[2]), int(match[3])
    match = _YEAR_ONLY.fullmatch(value)
    return (int(match[1]), -1, -1) if match else None


def _in_calendar(parts: tuple[int, int, int]) -> BirthDate | None:
    year, month, day = parts
    if month == -1:
        return BirthDate(year) if year >= 1 else None
    try:
        date(year, month, day)
    except ValueError:
        return None
    return BirthDate(year, month, day)


def _examine_odd_form(value: str) -> Examined:
    if _SHORT_YEAR.fullmatch(value):
        return Examined(value, (_SHORT_YEAR_FOUND,))
    if _SERIAL.fullmatch(value):
        day = _SERIAL_EPOCH + timedelta(days=int(value))
        return Examined(value, (_SERIAL_FOUND,), str(BirthDate(day.year, day.month, day.day)))
    match = _LOST_ZERO.fullmatch(value)
    born = _in_calendar((int(match[3]), int(match[2]), int(match[1]))) if match else None
    if born:
        return Examined(value, (_LOST_ZERO_FOUND,), str(born))
    return Examined(value, (_UNREADABLE,))


def _impossible(value: str, parts: tuple[int, int, int]) -> Finding:
    year, month, day = parts
    if month > 12 and day <= 12:
        cause = say("không có tháng {month} (ngày ghi trước, tháng ghi sau)", month=month)
    elif month == 0 or day == 0:
        cause = say("ngày hoặc tháng ghi là 00; nếu chỉ biết năm thì chỉ ghi năm")
    else:
        cause = say("năm {year} không có ngày {day}/{month}", year=year, day=day, month=month)
    return Finding(
        "birth_impossible",
        Field.BIRTH_DATE,
        say("Ngày sinh không có thật: {cause}; đề nghị ghi lại theo giấy tờ.", cause=cause),
        Severity.WARNING,
        value[:40],
    )


def _finding(code: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(code, Field.BIRTH_DATE, message, severity)


_MISSING = _finding("birth_missing", say("Chưa có ngày sinh; đề nghị bổ sung ngày/tháng/năm, hoặc chỉ năm sinh."))
_FUTURE = _finding("birth_future", say("Ngày sinh ở sau ngày hôm nay; đề nghị ghi lại theo giấy tờ."))
_TOO_OLD = _finding(
    "birth_too_old",
    say("Tuổi theo ngày sinh hơn {oldest_age}; đề nghị kiểm tra lại năm sinh.", oldest_age=OLDEST_AGE),
)
_SHORT_YEAR_FOUND = _finding("birth_short_year", say("Năm sinh chỉ có 2 chữ số; hãy ghi đủ 4 chữ số của năm."))
_UNREADABLE = _finding(
    "birth_unreadable", say("Không đọc được ngày sinh; hãy ghi theo dạng ngày/tháng/năm, ví dụ 27/3/1985.")
)
_SERIAL_FOUND = _finding(
    "birth_serial", say("Ngày sinh là một số của Excel chứ không phải ngày; hãy xem gợi ý rồi định dạng lại ô.")
)
_LOST_ZERO_FOUND = _finding(
    "birth_lost_zero", say("Ngày sinh có 7 chữ số, có thể Excel đã bỏ số 0 ở đầu; hãy xem gợi ý.")
)
_YEAR_ALONE = _finding("birth_year_only", say("Chỉ có năm sinh; giữ nguyên là «chỉ năm»."), Severity.NOTE)
