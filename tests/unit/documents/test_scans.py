"""Uploaded scans are judged by their bytes: what is no PDF or picture is refused with the next step."""

from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from portal.documents.scans import MOST_BYTES, ScanKind, examine_scan, scan_pages, scan_picture
from portal.domain.errors import InvalidInput


def picture(kind: str, size: tuple[int, int] = (200, 300)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def pdf(text: str = "", pages: int = 1) -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    for _ in range(pages):
        canvas.drawString(50, 700, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [(picture("JPEG"), ScanKind.JPEG), (picture("PNG"), ScanKind.PNG), (pdf("BB"), ScanKind.PDF)],
    ids=["jpeg", "png", "pdf"],
)
def test_what_a_scanner_gives_is_taken_and_shown(data: bytes, kind: ScanKind) -> None:
    assert examine_scan(data).kind is kind
    assert scan_pages(data, kind) == 1
    assert scan_picture(data, kind, 0).startswith(b"\x89PNG")


def test_the_text_of_a_pdf_is_read() -> None:
    assert "K7QM2XH4TD" in examine_scan(pdf("Ma: K7QM2XH4TD")).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "trống"),
        (b"MZ\x90\x00" + b"\0" * 100, "không phải PDF, JPEG"),
        (b"PK\x03\x04" + b"\0" * 100, "không phải PDF, JPEG"),
        (b"<html><script>alert(1)</script></html>", "không phải PDF, JPEG"),
        (picture("GIF"), "không phải PDF, JPEG"),
        (picture("JPEG")[:80], "không phải PDF, JPEG"),
        (picture("PNG")[:-400], "không phải PDF, JPEG"),
        (b"%PDF-1.7\nnothing", "hỏng hoặc có mật khẩu"),
        (pdf("x", 201), "201 trang"),
        (picture("PNG", (8_100, 9_900)), "quá lớn"),
        (b"%PDF-" + b"0" * (30 * 1024 * 1024), "Tệp lớn 31 MB, tối đa 20 MB"),
    ],
    ids=["empty", "program", "zip", "html", "gif", "cut-jpeg", "cut-png", "no-pdf", "long", "huge-picture", "30-mb"],
)
def test_anything_else_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        examine_scan(data)
    assert MOST_BYTES == 20 * 1024 * 1024
