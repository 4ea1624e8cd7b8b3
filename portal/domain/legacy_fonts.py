"""Text typed for fonts older than Unicode (TCVN3, VNI), and Unicode read as another code: recognised, never repaired.

The legal character set is TCVN 6909:2001, which is Unicode (NĐ 30/2020). A text is taken for legacy only where it is
not Vietnamese as it stands and every word of it is Vietnamese once converted.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

TCVN3 = "TCVN3"
VNI = "VNI"
MISREAD = "UTF-8"
"""Unicode whose bytes some program has read as Western European letters («NguyÃªn»)."""

_TCVN3 = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊËÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ®¡¢£¤¥¦§",
        "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđĂÂÊÔƠƯĐ",
        strict=True,
    )
)
"""One letter of the font each; its capital letters with tones are another font (.VnTimeH) over the same codes."""

_VNI_BASES = {"a": "aăâ", "e": "eê", "o": "oô", "ô": "ơ", "u": "u", "ö": "ư", "y": "y"}
_VNI_TONES = {"": "", "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_SINGLE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}


def _vni_table() -> dict[str, str]:
    """Each sequence of the VNI fonts and its letter: a base, then one sign for hat, breve and tone together."""
    table = dict(_VNI_SINGLE)
    for typed, bases in _VNI_BASES.items():
        signs = {sign: bases[0] + tone for sign, tone in _VNI_TONES.items()}
        signs |= {sign: f"{bases[-1]}{tone}" for sign, tone in _VNI_CIRCUMFLEX.items()} if len(bases) > 1 else {}
        signs |= {sign: f"ă{tone}" for sign, tone in _VNI_BREVE.items()} if typed == "a" else {}
        table |= {typed + sign: unicodedata.normalize("NFC", letter) for sign, letter in signs.items()}
    table |= {typed.upper(): letter.upper() for typed, letter in table.items()}
    table |= {typed[0].upper() + typed[1:]: letter.upper() for typed, letter in table.items() if typed.islower()}
    return table


_VNI = _vni_table()
_VNI_SEQUENCE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_VNI_LETTERS = frozenset("".join(_VNI))

_UNICODE_ALONE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
"""Letters that no old font's code has and no misreading gives: nearly every Vietnamese name bears one."""

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
    "(?:uyê|iêu|yêu|oai|oao|oay|oeo|uao|uây|uôi|uya|uyu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|oo"
    "|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])"
    "(?:ch|nh|ng|[cmnpt])?"
)


def has_letter_of_unicode_alone(text: str) -> bool:
    """Whether the text bears a letter that no old font's code has and no misreading gives: it is no legacy text."""
    return _UNICODE_ALONE.search(text) is not None


def converted(text: str) -> tuple[str, str] | None:
    """The code of the text and the text in Unicode, or None where it is no legacy text or cannot be told surely."""
    if text.isascii() or _UNICODE_ALONE.search(text) or _is_vietnamese(text):
        return None
    for code, candidate in readings(text):
        spaced = " ".join(candidate.split())
        if _is_vietnamese(spaced) and not spaced.isascii():
            return code, _capitalised(spaced)
    return None


def readings(text: str) -> Iterator[tuple[str, str]]:
    """What the text says in each of the codes that could have made it; whether that is sense, others judge."""
    foreign = {char for char in text if not char.isascii()}
    if foreign <= _TCVN3.keys():
        yield TCVN3, "".join(_TCVN3.get(char, char) for char in text)
    if foreign <= _VNI_LETTERS:
        yield VNI, _VNI_SEQUENCE.sub(lambda found: _VNI[found[0]], text)
    try:
        yield MISREAD, unicodedata.normalize("NFC", b"".join(map(_western_byte, text)).decode())
    except UnicodeError:
        return


def _capitalised(name: str) -> str:
    """The words of a name in capitals as the others are: TCVN3 has no capital letters with tones of its own."""
    words = name.split(" ")
    return " ".join(word[:1].upper() + word[1:] for word in words) if any(map(str.istitle, words)) else name


def _western_byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _is_vietnamese(text: str) -> bool:
    """Whether every word with a letter beyond A–Z is a syllable; plain ones («Km», «Ksor») say nothing."""
    return all(word.isascii() or _is_syllable(word) for word in text.split())


@lru_cache(maxsize=4096)
def _is_syllable(word: str) -> bool:
    """Whether the word could be one Vietnamese syllable: letters, one tone at most, no capital amid small ones."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    marks = unicodedata.normalize("NFD", word.lower())
    bare = unicodedata.normalize("NFC", "".join(char for char in marks if char not in _TONES))
    return sum(char in _TONES for char in marks) <= 1 and bool(_SYLLABLE.fullmatch(bare))
