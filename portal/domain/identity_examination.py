"""Examine an identity number as typed: clean it, say what is wrong, suggest what a spreadsheet has taken from it."""

import re
from functools import lru_cache

from portal.domain.fields import Field
from portal.domain.findings import Examined, Finding, Severity
from portal.domain.identity_numbers import is_plain_digits, parse_identity_number
from portal.domain.names import clean_name, folding_key
from portal.domain.sexes import FEMALE, MALE, sex_words
from portal.domain.wording import say

_REMOVED = re.compile("[\\s.\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}
_SCIENTIFIC = re.compile(r"\s*([0-9])(?:[.,]([0-9]*))?\s*[eE]\s*\+?([0-9]{1,2})\s*")
_DECIMAL = re.compile(r"\s*([0-9]+)[.,]0{1,2}\s*")
_PASSPORT = re.compile(r"([A-Z]{1,2})[0-9]{6,8}")
_RISING, _FALLING = "01234567890123456789", "98765432109876543210"
_SHORTEST_FILLER = 9
_FIRST_UNBORN_YEAR = 2100
_WELL_FORMED = 12
_FILLER_BEGINNINGS = frozenset(
    [digit * 6 for digit in "0123456789"] + [row[at : at + 6] for row in (_RISING, _FALLING) for at in range(10)]
)
"""Every filler of 12 digits begins like this; nearly no real number does."""
_LOOK_ALIKES = frozenset("OIL")
_NO_NUMBER_WORDS = frozenset({"khong co", "khong", "chua co", "ko co", "ko", "k", "-", "--", "x", "na", "n/a"})


def clean_number(text: str) -> tuple[str, int]:
    """The number without blanks, dots and invisible characters, full-width digits made plain, and how many it took.

    A number in scientific or decimal form keeps its dot: without it another number would come out.
    """
    if not text or is_plain_digits(text):
        return text, 0
    if _SCIENTIFIC.fullmatch(text) or _DECIMAL.fullmatch(text):
        return text.strip(), 0
    stripped = text.strip()
    plain = stripped.translate(_FULL_WIDTH)
    changed = sum(before != after for before, after in zip(stripped, plain, strict=True))
    value, removed = _REMOVED.subn("", plain)
    return value, changed + removed


def examine_identity_number(text: str, *, birth_year: int | None, sex: str, this_year: int) -> Examined:
    """Examine the number, beside the birth year and sex of the same row (None, empty where unknown)."""
    if len(text) == _WELL_FORMED and is_plain_digits(text) and text[:6] not in _FILLER_BEGINNINGS:
        findings = _examine_twelve(text[:6], birth_year, sex, this_year)
        return Examined(text, findings) if findings else Examined(text)
    value, cleaned = clean_number(text)
    if not value:
        return _NOTHING
    if not is_plain_digits(value) and not _NO_NUMBER_WORDS.isdisjoint((folding_key(text), folding_key(value))):
        return Examined(clean_name(text), (_MISSING,))
    notes = (_cleaned(cleaned),) if cleaned else ()
    if is_plain_digits(value):
        examined = _examine_digits(value, birth_year, sex, this_year)
    else:
        examined = _examine_other_form(value, birth_year, sex)
    return Examined(value, (*examined.findings, *notes), examined.suggestion)


def is_filler(value: str) -> bool:
    """Whether the digits only fill the cell: all the same, or counting up or down."""
    return len(value) >= _SHORTEST_FILLER and (len(set(value)) == 1 or value in _RISING or value in _FALLING)


def _examine_digits(value: str, birth_year: int | None, sex: str, this_year: int) -> Examined:
    if is_filler(value):
        return Examined(value, (_FILLER,))
    if len(value) == _WELL_FORMED:
        return Examined(value, _examine_twelve(value[:6], birth_year, sex, this_year))
    if len(value) == 9:
        return Examined(value, (_CMND,))
    padded = _with_lost_zeros(value, birth_year, sex)
    if padded:
        return Examined(value, (_lost_zero(len(value)),), padded)
    return Examined(value, (_wrong_length(len(value)),))


@lru_cache(maxsize=16_384)
def _examine_twelve(six: str, birth_year: int | None, sex: str, this_year: int) -> tuple[Finding, ...]:
    """What 12 digits say by their first six, which is all they say: few combinations occur in one place."""
    number = parse_identity_number(six + "000000")
    if number is None:
        return (_unassigned(six[:3]),)
    findings = []
    if number.birth_year > this_year:
        findings.append(_future_year(number.birth_year))
    elif birth_year is not None and number.birth_year != birth_year:
        findings.append(_year_conflict(number.birth_year, birth_year))
    if sex in (MALE, FEMALE) and number.sex != sex:
        findings.append(_sex_conflict(number.sex, sex))
    return tuple(findings)


def _examine_other_form(value: str, birth_year: int | None, sex: str) -> Examined:
    scientific = _SCIENTIFIC.fullmatch(value)
    if scientific:
        digits = scientific[1] + (scientific[2] or "")
        # Exact only when every digit of the number is still written in the mantissa.
        exact = digits if len(digits) == int(scientific[3]) + 1 else ""
        return Examined(value, (_SCIENTIFIC_FORM,), _plausible(exact, birth_year, sex))
    decimal = _DECIMAL.fullmatch(value)
    if decimal:
        return Examined(value, (_DECIMAL_FORM,), _plausible(decimal[1], birth_year, sex))
    passport = _PASSPORT.fullmatch(value.upper())
    if passport and len(value) <= 9 and not set(passport[1]) <= _LOOK_ALIKES:
        return Examined(value, (_PASSPORT_FOUND,))
    if any(char.isalpha() for char in value) and not re.search(r"[0-9]{9}", value):
        return Examined(value, (_LETTER,))
    digits = re.sub(r"[^0-9]", "", value)
    suggestion = _plausible(digits, birth_year, sex)
    if any(char.isalpha() for char in value) and not re.fullmatch(r"\D*[0-9]{12}\D*", value):
        return Examined(value, (_LETTER,))
    return Examined(value, (_OTHER_CHARACTERS,), suggestion)


def _plausible(digits: str, birth_year: int | None, sex: str) -> str:
    """The digits as a well-formed number, lost zeros added; empty where none comes out."""
    if len(digits) == 12:
        return digits if parse_identity_number(digits) else ""
    return _with_lost_zeros(digits, birth_year, sex)


def _with_lost_zeros(digits: str, birth_year: int | None, sex: str) -> str:
    """The number whose leading zeros a spreadsheet dropped; two lost zeros must also fit the rest of the row."""
    # A spreadsheet takes all leading zeros at once: a number that still begins with one has lost another digit.
    if len(digits) not in (10, 11) or digits.startswith("0"):
        return ""
    padded = digits.zfill(12)
    number = parse_identity_number(padded)
    if number is None or number.birth_year >= _FIRST_UNBORN_YEAR:
        return ""
    fits_year = birth_year is None or number.birth_year == birth_year
    fits_sex = sex not in (MALE, FEMALE) or number.sex == sex
    return padded if len(digits) == 11 or (fits_year and fits_sex) else ""


def _finding(code: str, message: str, severity: Severity = Severity.ERROR, evidence: str = "") -> Finding:
    return Finding(code, Field.ID_NUMBER, message, severity, evidence)


@lru_cache(maxsize=4096)
def _cleaned(count: int) -> Finding:
    return _finding(
        "id_cleaned",
        say("Đã bỏ {count} dấu cách, dấu chấm hoặc ký tự thừa trong số; không cần làm gì thêm.", count=count),
        Severity.NOTE,
    )


@lru_cache(maxsize=4096)
def _wrong_length(length: int) -> Finding:
    return _finding(
        "id_wrong_length",
        say("Số có {length} chữ số, số định danh phải đủ 12 chữ số; đề nghị ghi lại theo thẻ.", length=length),
        evidence=say("{length} chữ số", length=length),
    )


@lru_cache(maxsize=4096)
def _lost_zero(length: int) -> Finding:
    return _finding(
        "id_lost_zero",
        say(
            "Số chỉ còn {length} chữ số, có thể Excel đã bỏ số 0 ở đầu; hãy xem gợi ý và chọn nếu đúng.",
            length=length,
        ),
        evidence=say("{length} chữ số", length=length),
    )


@lru_cache(maxsize=4096)
def _unassigned(code: str) -> Finding:
    return _finding(
        "id_unassigned_code",
        say("Ba số đầu {code} không phải mã tỉnh nào; đề nghị ghi lại số theo thẻ.", code=code),
        evidence=say("mã {code}", code=code),
    )


@lru_cache(maxsize=4096)
def _future_year(year: int) -> Finding:
    return _finding(
        "id_future_year",
        say("Theo số định danh thì sinh năm {year}, là năm chưa tới; đề nghị đối chiếu lại số với thẻ.", year=year),
        Severity.WARNING,
        say("số ghi {year}", year=year),
    )


@lru_cache(maxsize=4096)
def _year_conflict(from_number: int, recorded: int) -> Finding:
    return _finding(
        "id_year_conflict",
        say(
            "Số định danh cho năm sinh {from_number} nhưng ngày sinh ghi năm {recorded}; "
            "cần đối chiếu xem mục nào sai.",
            from_number=from_number,
            recorded=recorded,
        ),
        Severity.WARNING,
        say("số ghi {from_number}, ngày sinh ghi {recorded}", from_number=from_number, recorded=recorded),
    )


@lru_cache(maxsize=4096)
def _sex_conflict(from_number: str, recorded: str) -> Finding:
    return _finding(
        "id_sex_conflict",
        say(
            "Số định danh cho giới tính {from_number} nhưng danh sách ghi {recorded}; cần đối chiếu xem mục nào sai.",
            from_number=sex_words(from_number),
            recorded=sex_words(recorded),
        ),
        Severity.WARNING,
        say(
            "số ghi {from_number}, danh sách ghi {recorded}",
            from_number=sex_words(from_number),
            recorded=sex_words(recorded),
        ),
    )


_MISSING = _finding("id_missing", say("Chưa có số CCCD/CMND; đề nghị bổ sung số định danh 12 chữ số."))
_NOTHING = Examined("", (_MISSING,))
_FILLER = _finding("id_filler", say("Số chỉ là số điền tạm, không phải số thật; đề nghị ghi số định danh theo thẻ."))
_CMND = _finding("id_cmnd", say("Số 9 chữ số là CMND cũ; cần số định danh 12 chữ số ghi trên thẻ căn cước."))
_LETTER = _finding(
    "id_letter", say("Trong số có chữ cái (như O thay cho 0, l thay cho 1); đề nghị gõ lại số theo thẻ, không đoán.")
)
_OTHER_CHARACTERS = _finding(
    "id_other_characters", say("Trong số có ký tự không phải chữ số; hãy xem gợi ý hoặc gõ lại số theo thẻ.")
)
_SCIENTIFIC_FORM = _finding(
    "id_scientific", say("Excel đã đổi số thành dạng 1,5E+11; hãy nhập lại số dạng chữ (Text) theo thẻ.")
)
_DECIMAL_FORM = _finding(
    "id_decimal", say("Số bị ghi thành số thập phân (có «.0» ở cuối); hãy xem gợi ý hoặc nhập lại dạng chữ (Text).")
)
_PASSPORT_FOUND = _finding(
    "passport",
    say("Đây là số hộ chiếu: không đối chiếu với dữ liệu dân cư, không đưa vào danh sách làm sạch."),
    Severity.NOTE,
)
