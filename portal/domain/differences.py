"""Where two values of a field differ, letter by letter; what kind of difference it is says `domain.names`."""

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Part:
    """A stretch of both texts: equal, or the old letters and the new ones in their place."""

    old: str
    new: str
    changed: bool


def differences(old: str, new: str) -> list[Part]:
    """Both texts cut into equal and changed stretches, in order; letters are compared as people see them (NFC)."""
    before, after = unicodedata.normalize("NFC", old), unicodedata.normalize("NFC", new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [Part(before[a:b], after[c:d], tag != "equal") for tag, a, b, c, d in steps]
