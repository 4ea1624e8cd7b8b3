"""Vietnamese order of names: by given name, a ă â … d đ …, then không dấu, huyền, hỏi, ngã, sắc, nặng."""

import unicodedata
from functools import lru_cache

from portal.domain.names import clean_name

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_WEIGHTS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WEIGHT = dict(zip(_ALPHABET, _WEIGHTS, strict=False))
_TONE = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_PART_END, _WORD_END = " ", "!"


def name_sort_key(full_name: str) -> str:
    """A stored key: plain comparison of keys (COLLATE "C") gives the Vietnamese order of the names.

    Given name (last word) first, its letters before its tone, then the whole name; case counts last of all.
    """
    name = clean_name(full_name)
    words = [_word_weights(word) for word in name.casefold().split()]
    if not words:
        return ""
    letters = _WORD_END.join(word[0] for word in words)
    tones = _WORD_END.join(word[1] for word in words)
    return _PART_END.join((*words[-1], letters, tones, name))


@lru_cache(maxsize=4096)
def _word_weights(word: str) -> tuple[str, str]:
    """The weights of the letters, and the tone of each letter, of one word."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", word):
        marks = unicodedata.normalize("NFD", char)
        tone = next((_TONE[mark] for mark in marks if mark in _TONE), "0")
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONE))
        weight = _WEIGHT.get(base) or _WEIGHT.get(marks[0])
        if weight:
            letters.append(weight)
            tones.append(tone)
    return "".join(letters), "".join(tones)
