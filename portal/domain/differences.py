"""Where two values of a field differ, letter by letter, and what kind of difference it is."""

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from portal.domain.names import clean_name, comparison_key, folding_key, without_stroke, without_tones
from portal.domain.wording import say

_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


class DifferenceKind(StrEnum):
    """How two values of a field differ, for the eye of the one who compares."""

    SAME = "same"
    TYPING = "typing"
    TONE_PLACE = "tone_place"
    D_STROKE = "d_stroke"
    TONE = "tone"
    MARKS = "marks"
    WORD_ORDER = "word_order"
    WORDS_MISSING = "words_missing"
    GIVEN_NAME = "given_name"
    SWAPPED_DIGITS = "swapped_digits"
    SWAPPED_LETTERS = "swapped_letters"
    DIGITS_MISSING = "digits_missing"
    ONE_DIGIT = "one_digit"
    ONE_LETTER = "one_letter"
    DAY_AND_MONTH = "day_and_month"
    DIFFERENT = "different"


DIFFERENCE_LABELS: dict[DifferenceKind, str] = {
    DifferenceKind.SAME: say("giống nhau"),
    DifferenceKind.TYPING: say("chỉ khác chữ hoa hoặc khoảng trắng"),
    DifferenceKind.TONE_PLACE: say("chỉ khác vị trí dấu thanh"),
    DifferenceKind.D_STROKE: say("chỉ khác d và đ"),
    DifferenceKind.TONE: say("chỉ khác dấu thanh"),
    DifferenceKind.MARKS: say("chỉ khác dấu"),
    DifferenceKind.WORD_ORDER: say("khác thứ tự các chữ"),
    DifferenceKind.WORDS_MISSING: say("thêm hoặc thiếu tên đệm"),
    DifferenceKind.GIVEN_NAME: say("khác tên gọi"),
    DifferenceKind.SWAPPED_DIGITS: say("đảo hai chữ số"),
    DifferenceKind.SWAPPED_LETTERS: say("đảo hai chữ"),
    DifferenceKind.DIGITS_MISSING: say("thêm hoặc thiếu chữ số"),
    DifferenceKind.ONE_DIGIT: say("khác một chữ số"),
    DifferenceKind.ONE_LETTER: say("khác một chữ"),
    DifferenceKind.DAY_AND_MONTH: say("đảo ngày và tháng"),
    DifferenceKind.DIFFERENT: say("khác hẳn"),
}


@dataclass(frozen=True)
class Part:
    """A stretch of both texts: equal, or the old letters and the new ones in their place."""

    old: str
    new: str
    changed: bool


def differences(old: str, new: str) -> list[Part]:
    """Both texts cut into equal and changed stretches, in order; letters are compared as people see them (NFC).

    Numbers and dates of one length are compared place by place: digits exchanged are marked as such. Of two other
    words, as of the sexes, a common letter says nothing: they are marked whole.
    """
    before, after = unicodedata.normalize("NFC", old), unicodedata.normalize("NFC", new)
    if len(before) == len(after) and _is_digits(before) and _is_digits(after):
        return _place_by_place(before, after)
    if before.isalpha() and after.isalpha() and difference_kind(before, after) is DifferenceKind.DIFFERENT:
        return [Part(before, after, changed=True)]
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [Part(before[a:b], after[c:d], tag != "equal") for tag, a, b, c, d in steps]


def _place_by_place(old: str, new: str) -> list[Part]:
    runs = itertools.groupby(zip(old, new, strict=True), key=lambda pair: pair[0] != pair[1])
    found = [(changed, list(pairs)) for changed, pairs in runs]
    return [Part("".join(a for a, _ in pairs), "".join(b for _, b in pairs), changed) for changed, pairs in found]


def spaced(parts: list[Part]) -> list[Part]:
    """The parts of two numbers with each number of twelve digits in threes for the eye; anything else as it is."""
    old = _spacing("".join(part.old for part in parts))
    new = _spacing("".join(part.new for part in parts))
    return [Part(old(part.old), new(part.new), part.changed) for part in parts]


def _spacing(whole: str) -> Callable[[str], str]:
    """Writes one stretch of the number after the other, a blank after each third digit but the last."""
    if not (len(whole) == _TWELVE and whole.isdecimal()):
        return lambda text: text
    at = itertools.count(1)
    return lambda text: "".join(f"{digit} " if (n := next(at)) % 3 == 0 and n < _TWELVE else digit for digit in text)


_TWELVE = 12


def difference_kind(one: str, other: str) -> DifferenceKind:
    """The smallest difference that explains both values; the order of the two does not matter."""
    first, second = clean_name(one), clean_name(other)
    if first == second:
        return DifferenceKind.SAME
    if first.casefold() == second.casefold():
        return DifferenceKind.TYPING
    if comparison_key(first) == comparison_key(second):
        return DifferenceKind.TONE_PLACE
    left, right = folding_key(first), folding_key(second)
    if left == right:
        return _kind_of_marks(first, second)
    return _kind_of_digits(left, right) if _is_digits(left) and _is_digits(right) else _kind_of_letters(left, right)


def _kind_of_marks(one: str, other: str) -> DifferenceKind:
    """Two texts of the same letters: whether only the stroke of đ, only tones, or more marks differ."""
    if comparison_key(without_stroke(one)) == comparison_key(without_stroke(other)):
        return DifferenceKind.D_STROKE
    return DifferenceKind.TONE if without_tones(one) == without_tones(other) else DifferenceKind.MARKS


def _kind_of_digits(one: str, other: str) -> DifferenceKind:
    if _is_day_for_month(one, other):
        return DifferenceKind.DAY_AND_MONTH
    if _is_swapped(one, other):
        return DifferenceKind.SWAPPED_DIGITS
    if len(one) == len(other):
        apart = sum(left != right for left, right in zip(one, other, strict=True))
        return DifferenceKind.ONE_DIGIT if apart == 1 else DifferenceKind.DIFFERENT
    return DifferenceKind.DIGITS_MISSING if _is_shortened(one, other) else DifferenceKind.DIFFERENT


def _kind_of_letters(one: str, other: str) -> DifferenceKind:
    if _is_swapped(one, other):
        return DifferenceKind.SWAPPED_LETTERS
    of_words = _kind_of_words(one.split(), other.split())
    if of_words:
        return of_words
    if len(one) == len(other):
        apart = sum(left != right for left, right in zip(one, other, strict=True))
        return DifferenceKind.ONE_LETTER if apart == 1 else DifferenceKind.DIFFERENT
    is_one = abs(len(one) - len(other)) == 1 and _is_shortened(one, other)
    return DifferenceKind.ONE_LETTER if is_one else DifferenceKind.DIFFERENT


def _kind_of_words(one: list[str], other: list[str]) -> DifferenceKind | None:
    """What differs between two names as wholes of words; None where it is within a word."""
    if min(len(one), len(other)) < 2:
        return None
    if sorted(one) == sorted(other):
        return DifferenceKind.WORD_ORDER
    shorter, longer = sorted((one, other), key=len)
    rest = iter(longer)
    if len(shorter) < len(longer) and longer[0] == shorter[0] and longer[-1] == shorter[-1]:
        return DifferenceKind.WORDS_MISSING if all(word in rest for word in shorter) else None
    is_given = one[:-1] == other[:-1] and not _is_shortened(one[-1], other[-1]) and not _one_apart(one[-1], other[-1])
    return DifferenceKind.GIVEN_NAME if is_given else None


def _one_apart(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(left != right for left, right in zip(one, other, strict=True)) == 1


def _is_digits(text: str) -> bool:
    """A number or a date: digits, with blanks and strokes between them at most."""
    return text.replace("/", "").replace(" ", "").isdecimal()


def _is_day_for_month(one: str, other: str) -> bool:
    left, right = _DAY.fullmatch(one), _DAY.fullmatch(other)
    return bool(left and right and left.group(2, 1, 3) == right.groups())


def _is_swapped(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    places = [place for place, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(places) != 2:
        return False
    first, second = places
    return one[first] == other[second] and one[second] == other[first]


def _is_shortened(one: str, other: str) -> bool:
    """Whether the shorter text is the longer one with letters left out, at most three."""
    shorter, longer = sorted((one, other), key=len)
    rest = iter(longer)
    return len(longer) - len(shorter) <= _LEFT_OUT and all(letter in rest for letter in shorter)


_LEFT_OUT = 3
"""More digits left out are no slip of the hand: a CMND of nine digits inside a number of twelve is one."""
