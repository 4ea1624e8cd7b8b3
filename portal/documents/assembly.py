"""Joining drawn pages to one unsigned PDF/A-3u file, before the first signature."""

import re
from contextlib import ExitStack
from io import BytesIO

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf

NO_LETTER = b"<00> <0000>\n"


def assemble(base: bytes, appended: list[bytes]) -> bytes:
    """The base's pages, metadata and attachments, then the appended files' pages; equal inputs give equal bytes.

    A classical cross-reference table is written, because older signing tools stumble over streams.
    """
    with ExitStack() as opened:
        pdf = opened.enter_context(Pdf.open(BytesIO(base)))
        for data in appended:
            part = opened.enter_context(Pdf.open(BytesIO(data)))
            _mend_pages(part)
            pdf.pages.extend(part.pages)
        _drop_doubled_files(pdf)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.disable)
    return out.getvalue()


def _mend_pages(part: Pdf) -> None:
    """Take out what reportlab writes and PDF/A-3u does not allow: empty transitions, a letter mapped to U+0000."""
    for page in part.pages:
        if Name.Trans in page.obj:
            del page.obj[Name.Trans]
    for item in part.objects:
        if isinstance(item, Dictionary) and item.get(Name.Type) == Name.Font and Name.ToUnicode in item:
            letters = item.ToUnicode.read_bytes()
            if NO_LETTER in letters:
                item.ToUnicode.write(_without_no_letter(letters))


def _without_no_letter(letters: bytes) -> bytes:
    count = re.search(rb"(\d+) beginbfchar", letters)
    if count is None:
        return letters
    fewer = b"%d beginbfchar" % (int(count[1]) - 1)
    return letters.replace(count[0], fewer, 1).replace(NO_LETTER, b"", 1)


def _drop_doubled_files(pdf: Pdf) -> None:
    """WeasyPrint 70.0 names every attachment twice in the catalogue's /AF (upstream issue 2917)."""
    if Name.AF not in pdf.Root:
        return
    once = {item.objgen: item for item in pdf.Root.AF}
    pdf.Root.AF = Array(list(once.values()))
