"""The reading of scans, in a process of its own (see `portal.confined`): everything here touches a stranger's file.

Told one line of JSON and the file; answers one line of JSON, behind it a picture where one was asked for.
"""

import json
import sys
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError
from pypdfium2 import PdfDocument, PdfiumError

from portal.documents.pictures import page_picture, printed_text
from portal.domain.errors import DomainError, InvalidInput, NotFound
from portal.domain.wording import say, stored

MOST_PAGES = 200
MOST_PIXELS = 80_000_000
"""An A4 sheet at 600 dpi has 35 million."""
LOOKED_AT = 5
"""Pages of a PDF whose printed text is read."""
PDF = "pdf"


def main() -> None:
    """Answer one question about the file on standard input: what it is, or how one page of it looks."""
    told = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    picture = b""
    try:
        if told["asked"] == "picture":
            answer, picture = {}, _picture(data, told["kind"], told["page"], told["width"])
        else:
            answer = _examined(data)
    except DomainError as refusal:
        answer = {"refused": stored(refusal.message), "missing": isinstance(refusal, NotFound)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + picture)


def _examined(data: bytes) -> dict[str, Any]:
    if not data.startswith(b"%PDF-"):
        return {"kind": _kind_of_picture(data), "text": "", "pages": 1}
    try:
        with PdfDocument(data) as document:
            pages = len(document)
        if not 1 <= pages <= MOST_PAGES:
            raise InvalidInput(
                say("Tệp PDF có {pages} trang, cần từ 1 đến {most} trang.", pages=pages, most=MOST_PAGES)
            )
        return {"kind": PDF, "text": printed_text(data, most_pages=LOOKED_AT), "pages": pages}
    except PdfiumError:
        raise InvalidInput(
            say("Tệp PDF hỏng hoặc có mật khẩu nên không mở được. Hãy quét và lưu lại, không đặt mật khẩu.")
        ) from None


def _kind_of_picture(data: bytes) -> str:
    wrong = InvalidInput(say("Tệp không phải PDF, JPEG hoặc PNG. Hãy chọn tệp quét hoặc ảnh chụp biên bản đã ký."))
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise InvalidInput(say("Ảnh quá lớn. Hãy chụp hoặc quét lại ở độ phân giải thấp hơn."))
            kind = "jpeg" if image.format == "JPEG" else "png"
            image.verify()  # checks what loading passes over, such as a PNG cut off
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise wrong from None
    return kind


def _picture(data: bytes, kind: str, page: int, width: int) -> bytes:
    if kind == PDF:
        return page_picture(data, page, width_px=width)
    with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
        image.draft("RGB", (width, width * 2))
        image.thumbnail((width, width * 2))
        out = BytesIO()
        image.convert("RGB").save(out, "PNG")
    return out.getvalue()
