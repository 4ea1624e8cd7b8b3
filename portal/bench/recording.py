"""`record`: drawing a record with its annex, beside WeasyPrint, reportlab and pikepdf drawing as much text bare."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from io import BytesIO

import pikepdf
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from weasyprint import HTML

from portal.bench.measuring import Figure, beside, growth
from portal.clock import VIETNAM
from portal.documents.content import Party, RecordContent, RecordEntry
from portal.documents.fonts import font_paths
from portal.documents.record import draw_record
from portal.evidence.canonical import canonical_json
from portal.services.demonstration.people import PersonMaker

SIZES = (50, 200, 1_000, 5_000)
_FONT = "BenchSerif"
_COLUMNS = (50, 80, 200, 270, 310, 400, 500, 610, 700)
_ROWS_PER_PAGE = 24
_STATION = Party("Trạm Y tế xã Trạm Tấu", "UBND xã Trạm Tấu", "Lò Thị Phượng", "Giám đốc", "TYT")
_VILLAGE = Party("Tổ công tác thôn Tấu Giữa", "UBND xã Trạm Tấu", "Thào A Chu", "Tổ trưởng", "TCT")


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Figure]:
    """`record.entries` for each size, and the growth from the first to the last."""
    taken = []
    for size in sizes:
        content = content_of(size)
        taken.append(beside("record.entries", size, partial(draw_record, content), partial(bare_record, content)))
        yield taken[-1]
    if len(taken) > 1:
        yield growth("record.growth", taken[0], taken[-1])


def content_of(size: int) -> RecordContent:
    """A record of so many invented persons."""
    maker = PersonMaker(size)
    entries = tuple(_line(maker, number) for number in range(1, size + 1))
    manifest = canonical_json({"entries": [vars(entry) for entry in entries]})
    at = datetime(2026, 1, 5, 9, 5, tzinfo=VIETNAM)
    return RecordContent(
        kind="handover",
        number=5,
        symbol="BB-TYT",
        year=2026,
        title="Biên bản bàn giao",
        subject="Bàn giao danh sách đối tượng cần làm sạch",
        place="Trạm Tấu",
        held_at=at,
        prepared_at=at,
        giver=_STATION,
        receiver=_VILLAGE,
        basis=("Căn cứ Công văn số 2262/BYT-CNTT ngày 04 tháng 5 năm 2022 của Bộ Y tế",),
        paragraphs=("Bên giao bàn giao, bên nhận tiếp nhận danh sách để rà soát, bổ sung, điều chỉnh.",),
        counts=(("Không có số CCCD/CMND", size),),
        total=size,
        batch_code="2026-01/01",
        list_name="2026-01/01-01 – Thôn Tấu Giữa",
        round=1,
        due_text="17:00 ngày 20/01/2026",
        recipients=("Tổ công tác thôn Tấu Giữa",),
        entries=entries,
        manifest=manifest,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        code="K7QM2XH4TD",
        verify_url="http://localhost:8000/verify/K7QM2XH4TD",
        test_data=True,
    )


def _line(maker: PersonMaker, number: int) -> RecordEntry:
    person = maker.make().truth
    return RecordEntry(
        number=number,
        full_name=person.full_name,
        birth_date=person.birth_date,
        sex=person.sex,
        id_number=person.id_number[1:],
        village="Thôn Tấu Giữa",
        classes="E2",
        before="",
        after=f"Số định danh: {person.id_number}",
        verdict="Thôn đã sửa",
        note="",
    )


def bare_record(content: RecordContent) -> bytes:
    """One plain page by WeasyPrint, the entries' texts set straight on a canvas, both put together by pikepdf."""
    words = "".join(f"<p>{text}</p>" for text in (content.subject, *content.basis, *content.paragraphs))
    page: bytes = HTML(string=f"<html lang=vi><body>{words}</body></html>").write_pdf(pdf_variant="pdf/a-3u")
    with pikepdf.open(BytesIO(page)) as whole, pikepdf.open(BytesIO(_bare_table(content))) as table:
        whole.pages.extend(table.pages)
        out = BytesIO()
        whole.save(out)
    return out.getvalue()


def _bare_table(content: RecordContent) -> bytes:
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_FONT, str(font_paths()["regular"])))
    out = BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), initialFontName=_FONT)
    for place, entry in enumerate(content.entries):
        row = place % _ROWS_PER_PAGE
        if place and not row:
            canvas.showPage()
        canvas.setFont(_FONT, 11)
        texts = (
            *(str(entry.number), entry.full_name, entry.birth_date, entry.sex, entry.id_number),
            *(entry.classes, entry.after, entry.verdict, entry.note),
        )
        for x, text in zip(_COLUMNS, texts, strict=True):
            canvas.drawString(x, 540 - 20 * row, text)
    canvas.save()
    return out.getvalue()
