"""Scans of papers signed in ink: is it really a PDF or a picture, what does it print, how does it look."""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, UnidentifiedImageError
from pypdfium2 import PdfDocument, PdfiumError

from portal.documents.pictures import page_picture, printed_text
from portal.domain.errors import InvalidInput
from portal.domain.wording import say

MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 200
MOST_PIXELS = 80_000_000
"""An A4 sheet at 600 dpi has 35 million."""
LOOKED_AT = 5
"""Pages of a PDF whose printed text is read."""


class ScanKind(StrEnum):
    """The formats a scanner or a telephone gives."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


@dataclass(frozen=True)
class Scan:
    """What a file really is, and the text it prints where it prints any."""

    kind: ScanKind
    text: str = ""


def examine_scan(data: bytes) -> Scan:
    """Judge the bytes, not the name. Raises InvalidInput with what is wrong and what to do."""
    if not data:
        raise InvalidInput(say("Tệp trống. Hãy quét lại biên bản rồi chọn tệp."))
    if len(data) > MOST_BYTES:
        raise InvalidInput(
            say(
                "Tệp lớn {size} MB, tối đa {most} MB. Hãy quét ở 200–300 dpi, hoặc lưu thành PDF rồi chọn lại.",
                size=-(-len(data) // (1024 * 1024)),
                most=MOST_BYTES // (1024 * 1024),
            )
        )
    if data.startswith(b"%PDF-"):
        return Scan(ScanKind.PDF, _text_of_pdf(data))
    return Scan(_kind_of_picture(data))


def scan_picture(data: bytes, kind: ScanKind, page: int, *, width_px: int = 1000) -> bytes:
    """One page (from 0) of an examined scan as PNG."""
    if kind is ScanKind.PDF:
        return page_picture(data, page, width_px=width_px)
    with Image.open(BytesIO(data)) as image:
        image.draft("RGB", (width_px, width_px * 2))
        image.thumbnail((width_px, width_px * 2))
        out = BytesIO()
        image.convert("RGB").save(out, "PNG")
    return out.getvalue()


def scan_pages(data: bytes, kind: ScanKind) -> int:
    """How many pages an examined scan has."""
    if kind is not ScanKind.PDF:
        return 1
    with PdfDocument(data) as document:
        return len(document)


def _text_of_pdf(data: bytes) -> str:
    try:
        pages = scan_pages(data, ScanKind.PDF)
        if not 1 <= pages <= MOST_PAGES:
            raise InvalidInput(
                say("Tệp PDF có {pages} trang, cần từ 1 đến {most} trang.", pages=pages, most=MOST_PAGES)
            )
        return printed_text(data, most_pages=LOOKED_AT)
    except PdfiumError:
        raise InvalidInput(
            say("Tệp PDF hỏng hoặc có mật khẩu nên không mở được. Hãy quét và lưu lại, không đặt mật khẩu.")
        ) from None


def _kind_of_picture(data: bytes) -> ScanKind:
    wrong = InvalidInput(say("Tệp không phải PDF, JPEG hoặc PNG. Hãy chọn tệp quét hoặc ảnh chụp biên bản đã ký."))
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise InvalidInput(say("Ảnh quá lớn. Hãy chụp hoặc quét lại ở độ phân giải thấp hơn."))
            kind = ScanKind.JPEG if image.format == "JPEG" else ScanKind.PNG
            image.verify()  # checks what loading passes over, such as a PNG cut off
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise wrong from None
    return kind
