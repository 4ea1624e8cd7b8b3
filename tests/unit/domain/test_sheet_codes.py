"""A sheet's code: every single wrong sign and every two signs that changed places are caught; it names what is wrong."""

from itertools import combinations
from random import Random

import pytest

from portal.domain.errors import InvalidInput
from portal.domain.sheet_codes import ALPHABET, LENGTH, grouped_code, is_sound, new_code, read_code, with_check

_CHANCE = Random(23)
# The same on every machine: several collect the cases side by side.
CODES = [with_check("BK7M4RQ"), *(with_check("".join(_CHANCE.choices(ALPHABET, k=LENGTH - 1))) for _ in range(50))]


@pytest.mark.parametrize("code", CODES)
def test_every_single_error_and_every_transposition_is_caught(code: str) -> None:
    assert is_sound(code)
    wrong = [code[:at] + sign + code[at + 1 :] for at in range(LENGTH) for sign in ALPHABET if sign != code[at]]
    for one, other in combinations(range(LENGTH), 2):
        swapped = list(code)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        wrong += ["".join(swapped)] if code[one] != code[other] else []
    assert [each for each in wrong if is_sound(each)] == []


def test_a_code_is_read_as_people_and_scanners_give_it() -> None:
    code = CODES[0]
    for typed in (code, code.lower(), grouped_code(code), f" {code[:4]} {code[4:]} ", f"https://x.vn/sheets/{code}"):
        assert read_code(typed) == code


def test_a_new_code_is_sound() -> None:
    assert all(is_sound(new_code()) for _ in range(50))


@pytest.mark.parametrize(("typed", "words"), [("", "Chưa gõ"), ("BK7", "8 ký tự"), ("BK7M4RQ0", "«0»")])
def test_what_is_wrong_is_said(typed: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read_code(typed)
