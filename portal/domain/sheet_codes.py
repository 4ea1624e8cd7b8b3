"""Codes of paper sheets: short, read aloud and typed by tired people, with a letter that catches the slip.

The 23 signs hold no vowel and no D or W, so that neither Telex nor VNI typing turns a code into Vietnamese letters,
and none of the pairs that look alike in print (0 O, 1 I, 2 Z, 5 S, 8 B: the letter stays, the digit goes). 23 is
prime: with different weights at every place a single wrong sign, and any two signs that changed places, leave another
check sign (the arithmetic of ISBN-10 on another alphabet).
"""

import secrets

from portal.domain.errors import InvalidInput
from portal.domain.wording import say

ALPHABET = "34679BCFGHJKLMNPQRSTVXZ"
LENGTH = 8
GROUP = 4


def new_code() -> str:
    """A code drawn at random: seven signs and the check sign."""
    return with_check("".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1)))


def with_check(body: str) -> str:
    """The seven signs with their check sign behind them."""
    return body + ALPHABET[-_sum(body) % len(ALPHABET)]


def is_sound(code: str) -> bool:
    """Whether the text is a whole code whose check sign fits."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and _sum(code) % len(ALPHABET) == 0


def grouped_code(code: str) -> str:
    """`BK7M-4RQX`: as it is printed."""
    return f"{code[:GROUP]}-{code[GROUP:]}"


def read_code(typed: str) -> str:
    """The code in what was typed, or scanned into the field as the sheet's whole address.

    Blanks, dots and hyphens count for nothing, small letters for large ones. Raises InvalidInput with what is wrong.
    """
    code = _bare(typed.strip().rstrip("/").rpartition("/")[2])
    if not code:
        raise _refused(say("Chưa gõ mã tờ phiếu. Mã in dưới hình vuông ở góc phải tờ phiếu, ví dụ BK7M-4RQX."))
    strange = sorted(set(code) - set(ALPHABET))
    if strange:
        words = say(
            "Mã tờ phiếu không có ký tự «{strange}» (mã không dùng nguyên âm, D, W và các số 0, 1, 2, 5, 8). "
            "Hãy đối chiếu với mã in trên tờ.",
            strange=" ".join(strange[:5]),
        )
        raise _refused(words)
    if len(code) != LENGTH:
        raise _refused(say("Mã tờ phiếu có {need} ký tự, bạn gõ {given}.", need=LENGTH, given=len(code)))
    if not is_sound(code):
        raise _refused(say("Mã gõ sai một ký tự hoặc đảo chỗ hai ký tự. Hãy đối chiếu từng ký tự với mã in trên tờ."))
    return code


def read_mark(typed: str) -> str:
    """The sound code in what was typed of an export's mark; empty where there is none."""
    code = _bare(typed)
    return code if is_sound(code) else ""


def _bare(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter not in " -.·–_\u00a0")


def _sum(signs: str) -> int:
    """Each sign's value times its place's weight, 8 down to 1; a body lacks the last place."""
    return sum((LENGTH - place) * ALPHABET.index(sign) for place, sign in enumerate(signs))


def _refused(words: str) -> InvalidInput:
    return InvalidInput(words, fields={"sheet": words})
