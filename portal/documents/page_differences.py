"""Two states of one paper side by side: on which pages they look different, where, and which lines say otherwise.

Every page is drawn small to be compared; only the first few that differ are drawn for the eye, the places marked.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import PdfDocument

from portal.documents.pictures import page_text, rendering

COMPARED_WIDTH, SHOWN_WIDTH = 700, 900
MOST_COMPARED, MOST_SHOWN = 400, 3
BLOCK = 7
"""Pixels of a compared page that are looked at as one: smaller specks are told, not told apart."""
NOTICEABLE = 24
"""Of 255: less is the drawing of hairlines, not a change."""
MARK, MARGIN = (176, 0, 32), 6
COLOURS = 32
"""Colours of a shown page: enough for text, signatures and marks, and a fifth of the bytes."""
GAP, GREY = 20, (200, 200, 200)
MOST_LINES, LONGEST_LINE = 6, 160
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class PagePair:
    """One page (from 1) in both states as PNG, the changed places marked; None where the page does not exist.

    `lines`: lines of text that differ, as they were and as they are ("" where there was or is none).
    """

    number: int
    before: bytes | None
    after: bytes | None
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PageDifferences:
    """Every page found to differ, the first of them as pictures; `counts`: pages before and after."""

    numbers: tuple[int, ...]
    pairs: tuple[PagePair, ...]
    counts: tuple[int, int]

    @property
    def complete(self) -> bool:
        """Whether all pages were compared."""
        return max(self.counts) <= MOST_COMPARED


def page_differences(before: bytes, after: bytes) -> PageDifferences:
    """How the pages of two PDF files differ to the eye. Raises what PDFium raises on a file that it cannot draw."""
    with rendering, PdfDocument(before) as one, PdfDocument(after) as other:
        for document in (one, other):
            document.init_forms()
        counts = (len(one), len(other))
        numbers: list[int] = []
        pairs: list[PagePair] = []
        for at in range(min(max(counts), MOST_COMPARED)):
            boxes = _changed(one, other, at)
            if not boxes:
                continue
            numbers.append(at + 1)
            if len(pairs) < MOST_SHOWN:
                was, now = (_shown(document, at, boxes) for document in (one, other))
                pairs.append(PagePair(at + 1, was, now, tuple(_lines(one, other, at))))
    return PageDifferences(tuple(numbers), tuple(pairs), counts)


def side_by_side(pair: PagePair) -> bytes:
    """Both states of a page as one PNG: left as it was signed, right as it is."""
    images = [Image.open(BytesIO(each)).convert("RGB") if each else None for each in (pair.before, pair.after)]
    height = max(each.height for each in images if each)
    sheet = Image.new("RGB", (2 * SHOWN_WIDTH + GAP, height), GREY)
    for each, left in zip(images, (0, SHOWN_WIDTH + GAP), strict=True):
        if each is not None:
            sheet.paste(each, (left, 0))
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _changed(one: PdfDocument, other: PdfDocument, at: int) -> list[Box]:
    """The places that differ, in pixels of a compared page; the whole page where one of both lacks it."""
    first, second = (_drawn(document, at, COMPARED_WIDTH) for document in (one, other))
    if first is None or second is None or first.size != second.size:
        size = (first or second or Image.new("L", (1, 1))).size
        return [(0, 0, *size)]
    changed = ImageChops.difference(first, second).convert("L").point(lambda value: 255 * (value > NOTICEABLE))
    if changed.getbbox() is None:
        return []
    width, height = (-(-side // BLOCK) for side in changed.size)
    blocks = Image.new("L", (width * BLOCK, height * BLOCK))
    blocks.paste(changed)
    cells = blocks.reduce(BLOCK).point(lambda value: 255 * (value > 0))
    return [_pixels(box) for box in _groups(cells)]


def _groups(cells: Image.Image) -> list[Box]:
    """Neighbouring cells together, as boxes of cells (right and bottom excluded)."""
    width, height = cells.size
    data = cells.tobytes()
    left = {at for at, value in enumerate(data) if value}
    found = []
    while left:
        waiting = [left.pop()]
        xs, ys = set(), set()
        while waiting:
            y, x = divmod(waiting.pop(), width)
            xs.add(x)
            ys.add(y)
            for near_y in range(max(y - 1, 0), min(y + 2, height)):
                for near_x in range(max(x - 2, 0), min(x + 3, width)):
                    near = near_y * width + near_x
                    if near in left:
                        left.remove(near)
                        waiting.append(near)
        found.append((min(xs), min(ys), max(xs) + 1, max(ys) + 1))
    return sorted(found, key=lambda box: (box[1], box[0]))


def _pixels(box: Box) -> Box:
    left, top, right, bottom = (side * BLOCK for side in box)
    return left, top, right, bottom


def _shown(document: PdfDocument, at: int, boxes: list[Box]) -> bytes | None:
    image = _drawn(document, at, SHOWN_WIDTH)
    if image is None:
        return None
    image = image.quantize(COLOURS, dither=Image.Dither.NONE)
    image.putpalette([*(image.getpalette() or [])[: 3 * COLOURS], *MARK])
    pen, scale = ImageDraw.Draw(image), image.width / COMPARED_WIDTH
    for left, top, right, bottom in boxes:
        around = (left * scale - MARGIN, top * scale - MARGIN, right * scale + MARGIN, bottom * scale + MARGIN)
        inside = (
            max(around[0], 1),
            max(around[1], 1),
            min(around[2], image.width - 2),
            min(around[3], image.height - 2),
        )
        pen.rectangle(inside, outline=COLOURS, width=3)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _drawn(document: PdfDocument, at: int, width: int) -> Image.Image | None:
    """One page, annotations and signatures included; None where there is no such page."""
    if at >= len(document):
        return None
    sheet = document[at]
    try:
        wide, high = sheet.get_size()
        # A page that is a thousand times as high as wide would fill the memory.
        scale = min(width / max(wide, 1), 4 * width / max(high, 1))
        image: Image.Image = sheet.render(scale=scale).to_pil().convert("RGB")
        return image
    finally:
        sheet.close()


def _lines(one: PdfDocument, other: PdfDocument, at: int) -> Iterator[tuple[str, str]]:
    """The first lines of text that differ between the two states of a page."""
    before, after = (page_text(document, at).splitlines() if at < len(document) else [] for document in (one, other))
    told = 0
    matcher = difflib.SequenceMatcher(None, before[:500], after[:500], autojunk=False)
    for kind, start, stop, other_start, other_stop in matcher.get_opcodes():
        if kind == "equal":
            continue
        for step in range(max(stop - start, other_stop - other_start)):
            if told == MOST_LINES:
                return
            told += 1
            was = before[start + step] if start + step < stop else ""
            now = after[other_start + step] if other_start + step < other_stop else ""
            yield was.strip()[:LONGEST_LINE], now.strip()[:LONGEST_LINE]
