"""The record (biên bản): its pages, its annex, its attached data and the places of its signatures."""

import hashlib
from dataclasses import dataclass
from datetime import UTC

import segno
from markupsafe import Markup
from weasyprint import Attachment
from weasyprint.document import Document

from portal.clock import local
from portal.documents.annex import draw_annex
from portal.documents.assembly import assemble
from portal.documents.content import DrawnRecord, FieldBox, Party, RecordContent, RecordKind
from portal.documents.letters import composed, require_printable
from portal.documents.typesetting import typeset
from portal.documents.wording import TEST_MARK, date_words, sentence_list, time_words
from portal.domain.phrases import count_words, grouped_digest, record_number

MANIFEST_NAME = "danh-sach.json"
NAMED_AT_SIGNING = "người ký ghi tên tại phần chữ ký của biên bản này"
OVERLAPPING = "Một người có thể thuộc nhiều loại, nên các số trên không cộng thành tổng số người."
POINTS_PER_PIXEL = 0.75
FILING_LINE = "Lưu: VT, Hồ sơ."


@dataclass(frozen=True)
class Wording:
    """The words in which the kinds of records differ."""

    giver: str
    receiver: str
    giver_signs: str
    receiver_signs: str
    matter: str
    closing: str


TWO_SIGN = (
    "Biên bản được lập xong hồi {time}, {date}; hai bên đã xem, thống nhất nội dung và cùng ký. "
    "Bản điện tử có đủ chữ ký của hai bên được lưu tại hai bên và trên hệ thống./."
)
ONE_SIGNS = (
    "Biên bản được lập xong hồi {time}, {date}. "
    "Bản điện tử có chữ ký của bên lập được lưu tại đơn vị và trên hệ thống./."
)
WORDINGS: dict[RecordKind, Wording] = {
    "handover": Wording(
        "BÊN GIAO",
        "BÊN NHẬN",
        "Đại diện bên giao",
        "Đại diện bên nhận",
        "NỘI DUNG BÀN GIAO",
        TWO_SIGN,
    ),
    "return": Wording(
        "BÊN TRẢ LẠI",
        "BÊN NHẬN LẠI",
        "Đại diện bên giao",
        "Đại diện bên nhận",
        "NỘI DUNG TRẢ LẠI",
        TWO_SIGN,
    ),
    "refusal": Wording(
        "BÊN TỪ CHỐI NHẬN",
        "BÊN ĐỀ NGHỊ BÀN GIAO",
        "Đại diện bên từ chối",
        "",
        "NỘI DUNG VÀ LÝ DO TỪ CHỐI",
        ONE_SIGNS,
    ),
    "completion": Wording(
        "ĐƠN VỊ LẬP BIÊN BẢN",
        "ĐƠN VỊ LIÊN QUAN",
        "Đại diện đơn vị",
        "",
        "NỘI DUNG HOÀN THÀNH",
        ONE_SIGNS,
    ),
    "exceptions": Wording(
        "BÊN TRẢ LẠI PHẦN KHÔNG NHẬN",
        "BÊN GIAO",
        "Đại diện bên trả lại",
        "",
        "NHỮNG NGƯỜI KHÔNG NHẬN VÀ LÝ DO",
        ONE_SIGNS,
    ),
    "adjustment": Wording(
        "BÊN ĐỀ NGHỊ ĐIỀU CHỈNH",
        "BÊN ĐỒNG Ý ĐIỀU CHỈNH",
        "Đại diện bên đề nghị",
        "Đại diện bên đồng ý",
        "NỘI DUNG ĐIỀU CHỈNH",
        TWO_SIGN,
    ),
}


def draw_record(content: RecordContent) -> DrawnRecord:
    """Draw a record with its annex as PDF/A-3u, unsigned; equal contents give equal bytes.

    Raises UnprintableText for a letter the font lacks, ValueError where the printed digest is not the
    manifest's or a two-party record has no receiver.
    """
    content = composed(content)
    _check(content)
    require_printable(content)
    annex = draw_annex(content) if content.entries else None
    values = _values(content, annex.pages if annex else 0)
    pdf, document = typeset("record.html", values, [_attachment(content)])
    joined = assemble(pdf, [annex.pdf] if annex else [])
    return DrawnRecord(joined, len(document.pages) + (annex.pages if annex else 0), _boxes(document, content))


def signing_fields(kind: RecordKind) -> tuple[str, ...]:
    """The names of the visible signature fields of a kind of record."""
    return ("giver", "receiver") if kind in ("handover", "return", "adjustment") else ("giver",)


def _check(content: RecordContent) -> None:
    if hashlib.sha256(content.manifest).hexdigest() != content.manifest_sha256:
        raise ValueError("manifest_sha256 is not the digest of the manifest")
    if len(signing_fields(content.kind)) == 2 and content.receiver is None:
        raise ValueError(f"a record of kind {content.kind} needs a receiver")


def _values(content: RecordContent, annex_pages: int) -> dict[str, object]:
    wording = WORDINGS[content.kind]
    number = record_number(content.number, content.symbol)
    held = {"time": time_words(content.held_at), "date": date_words(content.held_at)}
    return {
        "content": content,
        "wording": wording,
        "number": number,
        "document_title": f"{content.title} số {number} năm {content.year}",
        "created": local(content.prepared_at).isoformat(timespec="seconds"),
        "test_mark": TEST_MARK,
        "basis": sentence_list(content.basis),
        "opening": f"Hôm nay, hồi {held['time']}, {held['date']}, tại {content.place}, chúng tôi gồm:",
        "parties": _parties(content, wording),
        "facts": _facts(content),
        "named_at_signing": NAMED_AT_SIGNING,
        "overlapping": OVERLAPPING if sum(count for _, count in content.counts) != content.total else "",
        "annexed": _annexed(content, annex_pages),
        "closing": wording.closing.format(**held),
        "signers": _signers(content, wording),
        "recipients": (*(f"{name.strip().rstrip(';.')};" for name in content.recipients), FILING_LINE),
        "qr": _qr(content.verify_url),
        "digest": grouped_digest(content.manifest_sha256),
    }


def _parties(content: RecordContent, wording: Wording) -> list[dict[str, object]]:
    giver = {"heading": f"I. {wording.giver}", **vars(content.giver)}
    if content.receiver is None:
        return [giver]
    return [giver, {"heading": f"II. {wording.receiver}", **vars(content.receiver)}]


def _signers(content: RecordContent, wording: Wording) -> list[dict[str, object]]:
    people: dict[str, tuple[str, Party | None]] = {
        "giver": (wording.giver_signs, content.giver),
        "receiver": (wording.receiver_signs, content.receiver),
    }
    return [
        {
            "field": name,
            "heading": people[name][0],
            "authority": party.authority,
            "position": party.position,
            "person_name": party.person_name,
        }
        for name in signing_fields(content.kind)
        if (party := people[name][1])
    ]


def _facts(content: RecordContent) -> list[str]:
    due = f" Hạn xử lý: {content.due_text}." if content.due_text else ""
    return [
        f"Tên danh sách: {content.list_name} (đợt rà soát số {content.batch_code}, vòng {content.round}). "
        f"Tổng số: {count_words(content.total)} người.{due}"
    ]


def _annexed(content: RecordContent, pages: int) -> str:
    if not pages:
        return ""
    return (
        f"Kèm theo biên bản này là Phụ lục danh sách gồm {count_words(len(content.entries))} người, "
        f"{pages} trang, và tệp dữ liệu {MANIFEST_NAME} đính kèm trong bản điện tử."
    )


def _attachment(content: RecordContent) -> Attachment:
    at = content.prepared_at.astimezone(UTC)  # WeasyPrint writes any zone as Z
    return Attachment(
        string=content.manifest,
        name=MANIFEST_NAME,
        description="Dữ liệu danh sách",
        relationship="Data",
        created=at,
        modified=at,
    )


def _qr(text: str) -> Markup:
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(scale=4, border=0, omitsize=True))  # noqa: S704 - drawn by segno from a URL


def _boxes(document: Document, content: RecordContent) -> dict[str, FieldBox]:
    boxes: dict[str, FieldBox] = {}
    for index, page in enumerate(document.pages):
        for name in signing_fields(content.kind):
            if name in page.anchors:
                x1, y1, x2, y2 = page.anchors[name]
                top, bottom = page.height - y1, page.height - y2
                corners = [round(value * POINTS_PER_PIXEL, 2) for value in (x1, bottom, x2, top)]
                boxes[name] = FieldBox(index, *corners)
    return boxes
