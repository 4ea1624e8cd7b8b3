"""The one type family of all papers: Liberation Serif 2, loaded by path so that no other font gets in.

Debian's older `fonts-liberation` lacks 93 Vietnamese letters and its gaps are filled silently from other fonts.
"""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FACES = {
    "regular": "LiberationSerif-Regular.ttf",
    "bold": "LiberationSerif-Bold.ttf",
    "italic": "LiberationSerif-Italic.ttf",
    "bold_italic": "LiberationSerif-BoldItalic.ttf",
}
FOLDERS = (
    Path("/usr/share/fonts/truetype/liberation2"),
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/liberation-serif"),
    Path("/usr/share/fonts/liberation"),
    Path("/usr/local/share/fonts/liberation2"),
)
PROBE = "ỹ"


class FontMissing(RuntimeError):
    """The machine lacks the papers' font; the message says what to install."""


@cache
def font_paths() -> dict[str, Path]:
    """The four faces' files by face name. Raises FontMissing where no folder has all four with Vietnamese letters."""
    for folder in FOLDERS:
        paths = {face: folder / name for face, name in FACES.items()}
        if all(path.is_file() for path in paths.values()) and ord(PROBE) in _letters(paths["regular"]):
            return paths
    raise FontMissing(
        "Không tìm thấy phông chữ Liberation Serif 2 có đủ chữ tiếng Việt. "
        "Hãy cài gói fonts-liberation2 (apt-get install fonts-liberation2) rồi thử lại."
    )


@cache
def known_letters() -> frozenset[int]:
    """The code points that every one of the four faces has."""
    return frozenset.intersection(*(_letters(path) for path in font_paths().values()))


def _letters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
