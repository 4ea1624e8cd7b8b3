"""Pictures of the very bytes that will be signed, one page at a time, so that a signer sees what is signed."""

from io import BytesIO
from threading import Lock

from pypdfium2 import PdfDocument

from portal.domain.errors import NotFound
from portal.domain.wording import say

NARROWEST, WIDEST = 100, 2400
rendering = Lock()
"""PDFium is one library for the process and not meant for several threads at once."""


def page_sizes(pdf: bytes) -> tuple[tuple[int, int], ...]:
    """Width and height of every page in points, so that a browser can keep the place of pictures not loaded yet."""
    with rendering, PdfDocument(pdf) as document:
        sizes = [document.get_page_size(page) for page in range(len(document))]
    return tuple((round(width), round(height)) for width, height in sizes)


def page_picture(pdf: bytes, page: int, *, width_px: int) -> bytes:
    """One page (counted from 0) as PNG, `width_px` wide (held between 100 and 2,400), visible signatures included.

    Raises NotFound where the document has no such page. Only the page asked for is read.
    """
    with rendering, PdfDocument(pdf) as document:
        if not 0 <= page < len(document):
            raise NotFound(
                say(
                    "Văn bản này có {count} trang, không có trang {page}. Hãy chọn lại trang cần xem.",
                    count=len(document),
                    page=page + 1,
                )
            )
        document.init_forms()
        sheet = document[page]
        scale = min(max(width_px, NARROWEST), WIDEST) / sheet.get_width()
        image = sheet.render(scale=scale).to_pil()
        sheet.close()
    out = BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()


def prints_text(pdf: bytes, wanted: str) -> bool:
    """Whether some page prints these characters, white space left aside (a digest is printed in groups)."""
    with rendering, PdfDocument(pdf) as document:
        return any(wanted in "".join(page_text(document, at).split()) for at in range(len(document)))


def printed_text(pdf: bytes, *, most_pages: int) -> str:
    """The text that the first pages print, one line a page; empty for a mere picture."""
    with rendering, PdfDocument(pdf) as document:
        return "\n".join(page_text(document, at) for at in range(min(len(document), most_pages)))


def page_text(document: PdfDocument, page: int) -> str:
    """The text one page prints; the caller holds `rendering`."""
    sheet = document[page]
    text = sheet.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        sheet.close()
