"""Words into lines for the fast tables: widths from the font itself, every letter kept."""

from functools import cache

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from portal.documents.fonts import font_paths

REGULAR, BOLD, ITALIC = "Paper", "Paper-Bold", "Paper-Italic"
UNBREAKABLE = "\u00a0"


@cache
def register_fonts() -> None:
    """Make the papers' faces known to reportlab, once for the life of the process. Raises FontMissing."""
    rl_config.useA85 = 0  # pages as plain compressed bytes: a quarter smaller and faster
    paths = font_paths()
    for name, face in ((REGULAR, "regular"), (BOLD, "bold"), (ITALIC, "italic")):
        pdfmetrics.registerFont(TTFont(name, str(paths[face])))


def text_width(text: str, font: str, size: float) -> float:
    """The width of one line in points."""
    return _units(text, font) * size / 1000


def wrapped(text: str, width: float, font: str, size: float) -> list[str]:
    """The text as lines no wider than `width` points; a newline starts a line, a longer word is cut by letters."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrapped_paragraph(paragraph.split(" "), width * 1000 / size, font))
    return lines


def _wrapped_paragraph(words: list[str], limit: float, font: str) -> list[str]:
    """Lines of one paragraph; `limit` in thousandths of the type size."""
    blank = _units(" ", font)
    lines: list[str] = []
    line, used = "", 0.0
    for word in words:
        size = _units(word, font)
        if line and used + blank + size <= limit:
            line, used = f"{line} {word}", used + blank + size
            continue
        if line:
            lines.append(line)
        while size > limit:
            head = _fitting(word, limit, font)
            lines.append(head)
            word = word[len(head) :]  # noqa: PLW2901 - the rest of the same word
            size = _units(word, font)
        line, used = word, size
    return [*(text.replace(UNBREAKABLE, " ") for text in lines), line.replace(UNBREAKABLE, " ")]


def _fitting(word: str, limit: float, font: str) -> str:
    """The longest beginning of a word that fits, one letter at least."""
    end = 1
    while end < len(word) and _units(word[: end + 1], font) <= limit:
        end += 1
    return word[:end]


@cache
def _letter_units(font: str) -> tuple[dict[int, float], float]:
    face = pdfmetrics.getFont(font).face
    return face.charWidths, face.defaultWidth


_word_units: dict[tuple[str, str], float] = {}
WORDS_KEPT = 50_000


def _units(text: str, font: str) -> float:
    key = (text, font)
    known = _word_units.get(key)
    if known is None:
        widths, default = _letter_units(font)
        known = sum(widths.get(ord(letter), default) for letter in text)
        if len(_word_units) < WORDS_KEPT:
            _word_units[key] = known
    return known
