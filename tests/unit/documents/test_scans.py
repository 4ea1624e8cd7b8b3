"""Uploaded scans are judged by their bytes: what is no PDF or picture is refused with the next step."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from portal import confined
from portal.documents import scans
from portal.documents.scans import MOST_BYTES, ScanKind, examine_scan, scan_pages, scan_picture
from portal.domain.errors import InvalidInput, NotFound


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


def pages_without_end() -> bytes:
    """Two kilobytes: a tree of pages that doubles at every level."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    objects += [b"<</Type/Pages/Count 1073741824/Kids[%d 0 R %d 0 R]>>" % (at + 1, at + 1) for at in range(2, 60)]
    objects.append(b"<</Type/Page/MediaBox[0 0 9 9]>>")
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % at for at in places)
    return (
        made + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    )


def unpacking_without_end() -> bytes:
    """A PNG of few bytes that says it is 8,900 pixels square and gives zeros for ever."""

    def part(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 8_900, 8_900, 16, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(bytes(1 << 22))) + part(b"IEND", b"")
    )


@pytest.mark.parametrize("data", [pages_without_end(), unpacking_without_end()], ids=["pages", "pixels"])
def test_a_small_file_without_end_is_refused_and_harms_nobody(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        examine_scan(data)


def test_a_file_that_takes_more_than_its_time_or_memory_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "WALL_SECONDS", 0.01)
    with pytest.raises(InvalidInput, match="Máy chủ đang bận"):
        examine_scan(pdf())
    monkeypatch.undo()
    monkeypatch.setattr(scans, "_READER", "portal.no_such_module")
    with pytest.raises(InvalidInput, match="quá nặng"):
        examine_scan(pdf())
    assert confined.confined("portal.no_such_module", b"") is None, "whatever ends the process is an answer"


def test_the_process_that_reads_knows_no_setting_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    told = confined.confined("tests.unit.documents.telling", b"")
    assert told is not None
    environment, memory, seconds = told.decode().split("|")
    assert "secret" not in environment
    assert (int(memory), int(seconds)) == (confined.MEMORY_LIMIT, confined.SECONDS_LIMIT)


def test_a_page_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        scan_picture(pdf(), ScanKind.PDF, 7)
