"""Joining drawn pages to one unsigned PDF/A-3u file, before the first signature."""

import re
from contextlib import ExitStack
from io import BytesIO

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf

NO_LETTER = re.compile(rb"<[0-9A-F]{2}> <0000>\n")


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
            item.ToUnicode.write(_without_empty(item.ToUnicode.read_bytes()))


def _without_empty(letters: bytes) -> bytes:
    """A font's table of letters without the unused codes that reportlab maps to nothing."""
    kept, dropped = NO_LETTER.subn(b"", letters)
    count = re.search(rb"(\d+) beginbfchar", kept)
    if not dropped or count is None:
        return letters
    return kept.replace(count[0], b"%d beginbfchar" % (int(count[1]) - dropped), 1)


def _drop_doubled_files(pdf: Pdf) -> None:
    """WeasyPrint 70.0 names every attachment twice in the catalogue's /AF (upstream issue 2917)."""
    if Name.AF not in pdf.Root:
        return
    once = {item.objgen: item for item in pdf.Root.AF}
    pdf.Root.AF = Array(list(once.values()))
