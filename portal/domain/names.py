"""Names of persons: cleaning, and keys for comparing and searching."""

import re
import unicodedata
from functools import lru_cache

from portal.domain.fields import Field
from portal.domain.findings import Examined, Finding, Severity
from portal.domain.legacy_fonts import converted, has_letter_of_unicode_alone
from portal.domain.wording import say

NAME_LIMIT = 100
"""Longest name taken, in characters."""

_STROKE = str.maketrans("đĐ", "dD")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_LINE_BREAK = re.compile("[\r\n\t\v\f\u0085\u2028\u2029]")
_MICRO = "µ"
"""The one letter of those that old fonts leave behind."""
_PLAIN_NAME = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]+)*|[^\W\d_](?: [^\W\d_]+)+")
"""Letters and single spaces only: nothing more to look at in nearly every name."""
_FORBIDDEN_KINDS = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "So"})
_LEGACY_LETTERS = frozenset("¢£¤¥¦§¨©«¬®¯°±²³µ¶·¸¹»¼½¾¿×÷\ufffd")
_MARKLESS_FAMILIES = frozenset({"nguyen", "tran", "pham", "huynh", "dang", "bui", "ngo", "duong", "hoang", "vuong"})


def clean_name(text: str) -> str:
    """NFC, invisible characters out, every run of blanks one space, none at the ends. Case and marks stay."""
    if is_clean(text):
        return text
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def is_clean(text: str) -> bool:
    """Whether cleaning would change nothing. What is invisible or a blank other than the space is not printable."""
    return (
        text.isprintable()
        and "  " not in text
        and text[:1] != " "
        and text[-1:] != " "
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def folding_key(text: str) -> str:
    """The text for searching: no case, no marks, đ as d, single spaces. Never joins texts whose letters differ."""
    return _fold_text(clean_name(text))


def comparison_key(text: str) -> str:
    """The text for comparing: marks count, but not case, blanks or where in the syllable the tone is typed."""
    cleaned = unicodedata.normalize("NFC", clean_name(text).casefold())
    if cleaned.isascii():
        return cleaned
    return " ".join([_tone_last(word) for word in cleaned.split(" ")])


def without_stroke(text: str) -> str:
    """The text with d for đ and nothing else changed."""
    return text.translate(_STROKE)


def without_tones(text: str) -> str:
    """The text in small letters without tones; hats, breves and đ stay."""
    marks = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", "".join(char for char in marks if char not in _TONES))


def examine_name(text: str) -> Examined:
    """Clean the name and say what makes it unusable (`UNUSABLE_NAME_CODES`) or doubtful."""
    return Examined(text) if _is_surely_in_order(text) else _examine_closely(text)


def _examine_closely(text: str) -> Examined:
    value = clean_name(text)
    if not value:
        return Examined("", (_MISSING,))
    if len(value) > NAME_LIMIT:
        return Examined(value, (_too_long(value),))
    # Looked for in the text as typed: what cleaning takes out may be a letter of an old font.
    legacy = None if value.isascii() else converted(text)
    reading = legacy[1] if legacy else ""
    if _PLAIN_NAME.fullmatch(value):
        if text == value and not (legacy or value.isascii() or _MICRO in value):
            return Examined(value)
    else:
        bad = [char for char in value if _is_forbidden(char)]
        if bad:
            return Examined(value, (_forbidden(bad),), reading)
        if sum(char.isalpha() for char in value) < 2:
            return Examined(value, (_NO_LETTERS,))
    return Examined(value, tuple(_doubts(text, value, legacy)), reading)


def _is_surely_in_order(text: str) -> bool:
    """Whether one quick look tells that there is nothing to say, as it does of nearly every name: words of letters,
    clean, and one of them a letter that only Unicode has."""
    words = text.replace(" ", "")
    return (
        words.isalpha()
        and 1 < len(words) <= len(text) <= NAME_LIMIT
        and has_letter_of_unicode_alone(text)
        and _MICRO not in text
        and is_clean(text)
    )


def _doubts(text: str, value: str, legacy: tuple[str, str] | None) -> list[Finding]:
    """What is doubtful in a name that can be used."""
    findings = [_DIGIT] if any(map(str.isdigit, value)) else []
    if legacy:
        findings.append(_converted(legacy[0]))
    elif not _LEGACY_LETTERS.isdisjoint(value):
        findings.append(_LEGACY_FONT)
    if text != value and _LINE_BREAK.search(text.strip()):
        findings.append(_LINE_BREAK_FOUND)
    if value.isascii() and value.split(" ", 1)[0].lower() in _MARKLESS_FAMILIES:
        findings.append(_NO_MARKS)
    return findings


UNUSABLE_NAME_CODES = frozenset({"name_missing", "name_too_long", "name_forbidden_character", "name_no_letters"})
"""Findings after which the row is parked: nobody could be looked up by such a name."""


@lru_cache(maxsize=4096)
def _tone_last(word: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        (tones if char in _TONES else letters).append(char)
    return unicodedata.normalize("NFC", "".join(letters)) + "".join(tones)


def _fold_text(text: str) -> str:
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    return " ".join(filter(None, [_bare(word) for word in lowered.split()]))


@lru_cache(maxsize=4096)
def _bare(word: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.replace("đ", "d"))


def _is_forbidden(char: str) -> bool:
    # The degree sign and its like are leftovers of legacy fonts, told apart below.
    return unicodedata.category(char) in _FORBIDDEN_KINDS and char not in _LEGACY_LETTERS


def _forbidden(bad: list[str]) -> Finding:
    shown = ", ".join(f"U+{ord(char):04X}" for char in dict.fromkeys(bad))[:80]
    return Finding(
        "name_forbidden_character",
        Field.FULL_NAME,
        say(
            "Họ tên có ký tự không nhìn thấy hoặc không phải chữ ({shown}); hãy gõ lại họ tên trong tệp.", shown=shown
        ),
        Severity.ERROR,
        shown,
    )


def _converted(code: str) -> Finding:
    return Finding(
        "name_legacy_font",
        Field.FULL_NAME,
        say("Họ tên gõ bằng bảng mã cũ {code} nên hiện sai; hãy xem gợi ý và chọn nếu đúng.", code=code),
        Severity.WARNING,
        say("bảng mã {code}", code=code),
    )


def _too_long(value: str) -> Finding:
    return Finding(
        "name_too_long",
        Field.FULL_NAME,
        say(
            "Họ tên dài {length} ký tự, tối đa {most}; hãy kiểm tra có bị dán nhầm ô không rồi gõ lại.",
            length=len(value),
            most=NAME_LIMIT,
        ),
        Severity.ERROR,
        say("{length} ký tự", length=len(value)),
    )


_MISSING = Finding(
    "name_missing", Field.FULL_NAME, say("Dòng này chưa có họ tên; hãy bổ sung họ tên trong tệp rồi nhập lại.")
)
_NO_LETTERS = Finding(
    "name_no_letters", Field.FULL_NAME, say("Ô họ tên không phải là tên người; hãy gõ lại họ tên trong tệp.")
)
_LEGACY_FONT = Finding(
    "name_legacy_font",
    Field.FULL_NAME,
    say("Họ tên có thể gõ bằng phông chữ cũ (TCVN3, VNI) nên hiện sai; hãy gõ lại bằng Unicode."),
    Severity.WARNING,
)
_LINE_BREAK_FOUND = Finding(
    "name_line_break",
    Field.FULL_NAME,
    say("Ô họ tên có ngắt dòng, đã nối thành một dòng; hãy kiểm tra lại họ tên."),
    Severity.WARNING,
)
_DIGIT = Finding(
    "name_digit", Field.FULL_NAME, say("Họ tên có chữ số; hãy kiểm tra và gõ lại nếu nhầm."), Severity.WARNING
)
_NO_MARKS = Finding(
    "name_no_marks",
    Field.FULL_NAME,
    say("Họ tên gõ không dấu; đề nghị thôn ghi lại họ tên có dấu theo giấy tờ."),
    Severity.WARNING,
)
