"""What a signature shows on the page: the signer's words in a hairline box, in the papers' own type."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import cast
from unicodedata import normalize

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from PIL import Image
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from portal.clock import local

FONTS = (
    Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"),
    Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf"),
    Path("/usr/share/fonts/liberation-serif/LiberationSerif-Regular.ttf"),
    Path("/usr/share/fonts/liberation/LiberationSerif-Regular.ttf"),
)
LETTERS = (*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x1E00, 0x1F00), *range(0x2010, 0x2027), 0x2116)
"""Latin with all Vietnamese letters and the office's punctuation: the stamp's whole alphabet."""
SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
LEADING = 1.3
"""Stacked Vietnamese marks collide at the default of 1."""
MARGIN = 5.0
HAIRLINE = 0.4
GREY = 0.35
INTERNAL_WORDS, OTHER_WORDS = "Chữ ký số nội bộ", "Chữ ký số bằng chứng thư của tổ chức khác cấp"
PICTURES = 0.4
"""The part of the box's width that pictures of signature and seal take, where there are any."""
Place = tuple[float, float, float, float]
"""A box in points: left, bottom, width, height."""


@dataclass(frozen=True)
class Appearance:
    """The words of a visible signature. `time` is shown in Vietnam's zone to the second (NĐ 30/2020, ISO 8601)."""

    name: str
    position: str
    unit: str
    time: datetime
    reason: str = ""
    internal: bool = True
    """Whether the portal's own authority issued the certificate: the page may not say so of another one's."""
    signature_picture: bytes | None = None
    """The person's handwritten signature, a blue PNG (NĐ 30/2020, Phụ lục I)."""
    seal_picture: bytes | None = None
    """The organisation's seal, a red PNG; it lies over the left third of the person's signature."""

    def lines(self) -> list[str]:
        """The lines shown, composed (NFC)."""
        at = local(self.time).isoformat(timespec="seconds")
        labelled = (
            ("Ký bởi", self.name),
            ("Chức vụ", self.position),
            ("Đơn vị", self.unit),
            ("Thời gian ký", at),
            ("Lý do", self.reason),
        )
        lines = [f"{label}: {text}" for label, text in labelled if text]
        return [
            normalize("NFC", " ".join(line.split()))
            for line in (*lines, INTERNAL_WORDS if self.internal else OTHER_WORDS)
        ]


@dataclass(frozen=True)
class WordsStyle(BaseStampStyle):
    """How pyHanko draws an appearance: the words in the field's box, a hairline around it."""

    words: Appearance | None = None

    def create_stamp(
        self,
        writer: BasePdfFileWriter,
        box: layout.BoxConstraints,
        text_params: dict[str, str],  # noqa: ARG002  pyHanko's signature; our words are given beforehand
    ) -> BaseStamp:
        """The appearance for one field."""
        return Words(writer, self, box)


class Words(BaseStamp):
    """One drawn appearance."""

    def _render_inner_content(self) -> list[bytes]:
        width, height = float(self.box.width), float(self.box.height)
        words = cast("Appearance", self.style.words)
        left = width * PICTURES if words.signature_picture or words.seal_picture else 0.0
        size, lines = fitted(words, width - left, height)
        face = GlyphAccumulator(cast("BasePdfFileWriter", self.writer), BytesIO(_stamp_face()), font_size=size)
        shown = [face.shape(line) for line in lines]
        self.set_resource(ResourceType.FONT, pdf_name("/F1"), face.as_resource())
        leading = size * LEADING
        top = (height + leading * len(lines)) / 2 - size
        commands = [_border(width, height), *self._pictures(words, left, height), b"BT 0 g /F1 %g Tf" % size]
        for at, line in enumerate(shown):
            commands.append(b"1 0 0 1 %g %g Tm" % (left + MARGIN, top - at * leading))
            commands.append(line.graphics_ops)
        return [*commands, b"ET"]

    def _pictures(self, words: Appearance, width: float, height: float) -> list[bytes]:
        """The person's signature in the left part of the box, the seal over its left third and on top of it."""
        room = layout_pictures(width, height, seal=words.seal_picture is not None)
        shown = (("/Im1", words.signature_picture, room[0]), ("/Im2", words.seal_picture, room[1]))
        commands = []
        for name, picture, place in shown:
            if picture is None:
                continue
            image = Image.open(BytesIO(picture))
            x, y, wide, high = within(place, image.width / image.height)
            drawn = pil_image(image, cast("BasePdfFileWriter", self.writer))
            self.set_resource(ResourceType.XOBJECT, pdf_name(name), drawn)
            commands.append(b"q %g 0 0 %g %g %g cm %s Do Q" % (wide, high, x, y, name.encode()))
        return commands


def layout_pictures(width: float, height: float, *, seal: bool) -> tuple[Place, Place]:
    """Where signature and seal may lie in a part of this size: the seal covers the signature's left third."""
    side = min(height - 2 * MARGIN, width * 0.6) if seal else 0.0
    start = MARGIN + (side * 2 / 3 if seal else 0.0)
    signature = (start, MARGIN, width - start, height - 2 * MARGIN)
    right = start + signature[2] / 3
    return signature, (max(right - side, MARGIN / 2), (height - side) / 2, side, side)


def within(place: Place, shape: float) -> Place:
    """The largest box of this shape (width by height) in the middle of a place."""
    x, y, width, height = place
    wide, high = (width, width / shape) if width / shape <= height else (height * shape, height)
    return x + (width - wide) / 2, y + (height - high) / 2, wide, high


def _border(width: float, height: float) -> bytes:
    """A hairline wholly inside the box; pyHanko's own would be cut in half by the box's edge."""
    inset = (HAIRLINE / 2, HAIRLINE / 2, width - HAIRLINE, height - HAIRLINE)
    return b"q %g w %g G %g %g %g %g re S Q" % (HAIRLINE, GREY, *inset)


def stamp_style(appearance: Appearance) -> WordsStyle:
    """The style that draws these words."""
    return WordsStyle(border_width=0, words=appearance)


def fitted(appearance: Appearance, width: float, height: float) -> tuple[float, list[str]]:
    """The largest type size at which the wrapped lines fit a box (points), and the lines."""
    room = width - 2 * MARGIN
    for size in SIZES:
        lines = [part for line in appearance.lines() for part in wrap(line, room / size)]
        if len(lines) * size * LEADING <= height - MARGIN:
            break
    return size, lines


def wrap(line: str, ems: float) -> list[str]:
    """Break a line at spaces into parts no wider than `ems` (type sizes); a longer word stays whole."""
    parts, current = [], ""
    for word in line.split(" "):
        longer = f"{current} {word}" if current else word
        if current and text_width(longer) > ems:
            parts.append(current)
            current = word
        else:
            current = longer
    return [*parts, current]


def text_width(text: str) -> float:
    """The width of a line in multiples of the type size."""
    widths, missing = _widths()
    return sum(widths.get(ord(letter), missing) for letter in text)


@lru_cache(maxsize=1)
def _stamp_face() -> bytes:
    options = subset.Options(layout_features=[], drop_tables=["GSUB", "GPOS", "GDEF", "kern", "FFTM"], hinting=False)
    font = TTFont(_font_path())
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    scale_upem(font, 1000)  # pyHanko writes advances in the font's units, PDF wants thousandths of the size
    out = BytesIO()
    font.save(out)
    return out.getvalue()


@lru_cache(maxsize=1)
def _widths() -> tuple[dict[int, float], float]:
    font = TTFont(BytesIO(_stamp_face()))
    unit, advances = font["head"].unitsPerEm, font["hmtx"]
    widths = {code: advances[glyph][0] / unit for code, glyph in font.getBestCmap().items()}
    return widths, advances[".notdef"][0] / unit


def _font_path() -> Path:
    for path in FONTS:
        if path.is_file():
            return path
    raise FileNotFoundError("Thiếu phông Liberation Serif 2. Hãy cài gói fonts-liberation2 rồi ký lại.")
