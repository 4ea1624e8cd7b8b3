"""Health-insurance numbers: since 1/4/2021 (1666/QĐ-BHXH) the last 10 digits of the old 15-character number."""

import re

from portal.domain.fields import Field
from portal.domain.findings import Examined, Finding, Severity
from portal.domain.wording import say

_REMOVED = re.compile("[\\s.\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff-]")
_CODE = re.compile("[0-9]{10}")
_OLD_CARD = re.compile("[A-Z]{2}[1-5][0-9]{12}")


def examine_insurance_number(text: str) -> Examined:
    """The 10-digit code; an old card number is shortened and said so. Empty is fine."""
    if not text or _CODE.fullmatch(text):
        return Examined(text) if text else _EMPTY
    value = _REMOVED.sub("", text).upper()
    if not value or _CODE.fullmatch(value):
        return Examined(value)
    if _OLD_CARD.fullmatch(value):
        return Examined(value[-10:], (_OLD_CARD_FOUND,))
    if value.isascii() and value.isdigit() and len(value) in (8, 9):
        return Examined(value, (_LOST_ZERO,), value.zfill(10))
    return Examined(value, (_UNUSUAL,))


_EMPTY = Examined("")
_OLD_CARD_FOUND = Finding(
    "insurance_old_card",
    Field.INSURANCE_NUMBER,
    say("Số thẻ BHYT 15 ký tự của thẻ cũ; đã lấy 10 số cuối là mã số BHXH, không cần làm gì thêm."),
    Severity.NOTE,
)
_LOST_ZERO = Finding(
    "insurance_lost_zero",
    Field.INSURANCE_NUMBER,
    say("Mã số BHXH thiếu chữ số, có thể Excel đã bỏ số 0 ở đầu; hãy xem gợi ý."),
    Severity.WARNING,
)
_UNUSUAL = Finding(
    "insurance_unusual",
    Field.INSURANCE_NUMBER,
    say("Số thẻ BHYT không phải 10 chữ số hoặc 15 ký tự của thẻ cũ; hãy kiểm tra trên thẻ."),
    Severity.WARNING,
)
