"""Phone numbers: 10 digits beginning 03, 05, 07, 08, 09 (mobile since 2018), or 02 for a fixed line."""

import re

from portal.domain.fields import Field
from portal.domain.findings import Examined, Finding, Severity
from portal.domain.wording import say

_REMOVED = re.compile("[\\s.()\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff-]")
_VALID = re.compile("0[35789][0-9]{8}|02[0-9]{9}")
_WITHOUT_ZERO = re.compile("[35789][0-9]{8}")
_BEFORE_2018 = {
    **{f"016{digit}": f"03{digit}" for digit in "23456789"},
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}
"""Beginnings of the mobile numbers of 11 digits and what they became on 15/9/2018."""
_INTERNATIONAL = re.compile("(?:\\+84|0084|84)([35789][0-9]{8})")


def clean_phone(text: str) -> str:
    """The number without blanks, dots, brackets and hyphens; a leading + stays."""
    return _REMOVED.sub("", text)


def examine_phone(text: str) -> Examined:
    """Clean the number; suggest the domestic form of +84… and the zero that a spreadsheet took. Empty is fine."""
    if not text or _VALID.fullmatch(text):
        return Examined(text) if text else _EMPTY
    value = clean_phone(text)
    if not value or _VALID.fullmatch(value):
        return Examined(value)
    international = _INTERNATIONAL.fullmatch(value)
    if international:
        return Examined(value, (_INTERNATIONAL_FORM,), "0" + international[1])
    if _WITHOUT_ZERO.fullmatch(value):
        return Examined(value, (_LOST_ZERO,), "0" + value)
    if len(value) == 11 and value.isdecimal() and value[:4] in _BEFORE_2018:
        return Examined(value, (_ELEVEN_DIGITS,), _BEFORE_2018[value[:4]] + value[4:])
    return Examined(value, (_UNUSUAL,))


_EMPTY = Examined("")
_INTERNATIONAL_FORM = Finding(
    "phone_international",
    Field.PHONE,
    say("Số điện thoại ghi kiểu +84; có thể dùng dạng bắt đầu bằng số 0 như gợi ý."),
    Severity.NOTE,
)
_LOST_ZERO = Finding(
    "phone_lost_zero",
    Field.PHONE,
    say("Số điện thoại có 9 chữ số, có thể Excel đã bỏ số 0 ở đầu; hãy xem gợi ý."),
    Severity.WARNING,
)
_ELEVEN_DIGITS = Finding(
    "phone_eleven_digits",
    Field.PHONE,
    say("Số điện thoại 11 chữ số kiểu cũ, đã đổi đầu số từ năm 2018; hãy xem gợi ý."),
    Severity.WARNING,
)
_UNUSUAL = Finding(
    "phone_unusual",
    Field.PHONE,
    say("Số điện thoại không đúng dạng 10 chữ số bắt đầu bằng 03, 05, 07, 08, 09; hãy hỏi lại người dân."),
    Severity.WARNING,
)
