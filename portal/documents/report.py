"""A report on paper (báo cáo, NĐ 30/2020): figures, words, who is missing, the place of the leader's signature."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from weasyprint import Attachment
from weasyprint.document import Document

from portal.clock import local
from portal.documents.assembly import assemble
from portal.documents.content import DrawnRecord, FieldBox
from portal.documents.letters import composed, require_printable_text
from portal.documents.typesetting import typeset
from portal.documents.wording import TEST_MARK, date_words
from portal.domain.phrases import count_words, record_number
from portal.domain.wording import say

DATA_NAME = "bao-cao.json"
FIELD = "giver"
"""The signature's field bears the name that the gate for signatures knows for the side that gives."""
POINTS_PER_PIXEL = 0.75


@dataclass(frozen=True)
class FigureLine:
    """One figure of the own report: its words, what it counts, the number (None: not entered)."""

    label: str
    measure: str
    value: int | None


@dataclass(frozen=True)
class Block:
    """A part of the form: figures, then words (label and text)."""

    title: str
    figures: tuple[FigureLine, ...]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AnnexTable:
    """One part of the form over all units below: heads with their measures, one row per unit, the sums."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    sums: tuple[int, ...]


@dataclass(frozen=True)
class ReportContent:
    """All of one report. Two equal contents give the same bytes. `data` is the canonical JSON that goes with it."""

    number: int
    symbol: str
    unit_name: str
    parent_name: str
    place: str
    title: str
    as_of: date
    source: str
    addressee: str
    drawn_at: datetime
    blocks: tuple[Block, ...]
    explanations: tuple[str, ...]
    missing: tuple[str, ...]
    annex: tuple[AnnexTable, ...]
    authority: tuple[str, ...]
    position: str
    person_name: str
    data: bytes = field(repr=False)
    data_sha256: str = ""
    test_data: bool = False


def draw_report(content: ReportContent) -> DrawnRecord:
    """Draw a report as PDF/A-3u, unsigned, with the place of its one signature. Raises UnprintableText."""
    content = composed(content)
    _require_printable(content)
    at = content.drawn_at.astimezone(UTC)
    attachment = Attachment(
        string=content.data,
        name=DATA_NAME,
        description="Số liệu báo cáo",
        relationship="Data",
        created=at,
        modified=at,
    )
    pdf, document = typeset("report.html", _values(content), [attachment])
    return DrawnRecord(assemble(pdf, []), len(document.pages), _box(document))


def _require_printable(content: ReportContent) -> None:
    """Raise UnprintableText naming the cell whose text the papers' font cannot print."""
    require_printable_text(say("Tên đơn vị"), " ".join((content.unit_name, content.person_name, *content.missing)))
    require_printable_text(say("Lời giải thích"), " ".join(content.explanations))
    for block in content.blocks:
        for label, text in block.words:
            require_printable_text(say("Ô «{field}»", field=label), text)


def _values(content: ReportContent) -> dict[str, object]:
    number = record_number(content.number, content.symbol)
    return {
        "content": content,
        "number": number,
        "document_title": f"{content.title} số {number}",
        "created": local(content.drawn_at).isoformat(timespec="seconds"),
        "test_mark": TEST_MARK,
        "place_and_day": f"{content.place}, {date_words(content.drawn_at)}",
        "as_of": f"{content.as_of:%d/%m/%Y}",
        "figure": _figure,
        "subject": _subject(content.title),
    }


def _subject(title: str) -> str:
    """The trích yếu under «BÁO CÁO», which says that word already."""
    bare = title.removeprefix("Báo cáo ").strip()
    return bare[:1].upper() + bare[1:]


def _figure(value: int | None) -> str:
    return "–" if value is None else count_words(value)


def _box(document: Document) -> dict[str, FieldBox]:
    for index, page in enumerate(document.pages):
        if FIELD in page.anchors:
            x1, y1, x2, y2 = page.anchors[FIELD]
            top, bottom = page.height - y1, page.height - y2
            return {FIELD: FieldBox(index, *(round(value * POINTS_PER_PIXEL, 2) for value in (x1, bottom, x2, top)))}
    return {}
