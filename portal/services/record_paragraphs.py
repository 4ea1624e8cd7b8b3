"""The sentences of a record: its subject and what stands under its contents, by kind."""

from collections.abc import Callable

from portal.clock import local
from portal.domain.fields import Field
from portal.domain.identity_numbers import grouped_number
from portal.domain.labels import label
from portal.domain.phrases import grouped_digest, reason_words, record_number
from portal.domain.stages import RecordKind
from portal.models import CorrectionList, Handover, db

_WHAT = {
    RecordKind.HANDOVER: "Bàn giao",
    RecordKind.RETURN: "Trả lại",
    RecordKind.REFUSAL: "Từ chối tiếp nhận",
    RecordKind.EXCEPTIONS: "Trả lại phần không nhận của",
}


def subject(draft: Handover, of_list: CorrectionList) -> str:
    """What the record is about (trích yếu)."""
    kind, named = RecordKind(draft.kind), f"{of_list.code} – {of_list.name}"
    if kind is RecordKind.COMPLETION:
        return f"Kết quả làm sạch dữ liệu tiêm chủng COVID-19, danh sách {named}"
    if _is_about_adjustment(draft):
        what = "Điều chỉnh" if kind is RecordKind.ADJUSTMENT else "Từ chối điều chỉnh"
        return f"{what} biên bản đã ký về danh sách đối tượng tiêm chủng COVID-19 cần làm sạch dữ liệu, {named}"
    return f"{_WHAT[kind]} danh sách đối tượng tiêm chủng COVID-19 cần làm sạch dữ liệu, {named}"


def paragraphs(draft: Handover, of_list: CorrectionList) -> tuple[str, ...]:
    """What the parties declare, a sentence or two for each kind of record."""
    return _PARAGRAPHS[RecordKind(draft.kind)](draft, of_list)


def _is_about_adjustment(draft: Handover) -> bool:
    return draft.kind == RecordKind.ADJUSTMENT.value or (draft.kind == RecordKind.REFUSAL.value and bool(draft.items))


def _handing_over(draft: Handover, of_list: CorrectionList) -> tuple[str, ...]:
    act = "trả lại" if draft.kind == RecordKind.RETURN.value else "bàn giao"
    return (
        f"Bên giao {act} cho bên nhận danh sách{_round(of_list)} gồm {of_list.entries} người, "
        "nêu tại Phụ lục kèm theo Biên bản này.",
        "Bên nhận giữ danh sách kể từ khi ký nhận. Bên giao không sửa danh sách sau khi ký giao.",
    )


def _refusing(draft: Handover, of_list: CorrectionList) -> tuple[str, ...]:
    why = f"Lý do: {reason_words(draft.reason)}" + (f" ({draft.note})" if draft.note else "") + "."
    if _is_about_adjustment(draft):
        return (
            f"Bên lập không đồng ý điều chỉnh theo {_answered(draft)}.",
            why,
            "Biên bản đã ký giữ nguyên nội dung.",
        )
    return (
        f"Bên lập từ chối tiếp nhận danh sách {of_list.code} theo {_answered(draft)}.",
        why,
        "Danh sách vẫn do bên giao giữ.",
    )


def _completing(_draft: Handover, of_list: CorrectionList) -> tuple[str, ...]:
    return (
        f"Trạm đã cập nhật danh sách {of_list.code}{_round(of_list)} trên Nền tảng Quản lý tiêm chủng COVID-19 "
        "và đối chiếu lại bằng danh sách xác minh thông tin của nền tảng.",
    )


def _taking_in_part(draft: Handover, of_list: CorrectionList) -> tuple[str, ...]:
    taken = of_list.entries - len(draft.items)
    return (
        f"Bên lập tiếp nhận {taken} người và không nhận {len(draft.items)} người trong danh sách {of_list.code} "
        f"gồm {of_list.entries} người theo {_answered(draft)}.",
        f"{len(draft.items)} người không nhận, kèm lý do từng người, nêu tại Phụ lục kèm theo Biên bản này. "
        "Họ thành một danh sách riêng của cùng đợt, vẫn do bên giao giữ, sang vòng sau.",
        "Số và mã SHA-256 của Biên bản này ghi trong chữ ký của bên nhận trên biên bản nói trên.",
    )


def _adjusting(draft: Handover, _of_list: CorrectionList) -> tuple[str, ...]:
    changes = tuple(
        f"Số thứ tự {item['number']}, {item['name']}: {label(Field(item['field'])).lower()} "
        f"ghi là «{_shown(item['field'], item['old'])}», nay điều chỉnh thành «{_shown(item['field'], item['new'])}»."
        for item in draft.items
    )
    return (
        f"Hai bên thống nhất điều chỉnh {_answered(draft)} như sau:",
        *changes,
        f"Lý do: {draft.note}.".replace("..", "."),
        "Biên bản đã ký và dữ liệu đã lưu giữ nguyên; Biên bản này là một phần của hồ sơ danh sách.",
    )


def _answered(draft: Handover) -> str:
    """The record that a slip or adjustment is about, with the digest of its data."""
    answered = db.session.get_one(Handover, draft.answers_id)
    signed_at = f" ngày {local(answered.sent_at):%d/%m/%Y}" if answered.sent_at else ""
    return (
        f"{label(RecordKind(answered.kind))} số {record_number(answered.number or 0, answered.symbol)}{signed_at} "
        f"của {answered.giver.name}, mã SHA-256 của dữ liệu: {grouped_digest(answered.manifest_sha256)}"
    )


def _round(of_list: CorrectionList) -> str:
    return f" (vòng {of_list.round})" if of_list.round > 1 else ""


def _shown(field: str, value: str) -> str:
    if not value:
        return "trống"
    return grouped_number(value) if field == Field.ID_NUMBER.value else value


_PARAGRAPHS: dict[RecordKind, Callable[[Handover, CorrectionList], tuple[str, ...]]] = {
    RecordKind.HANDOVER: _handing_over,
    RecordKind.RETURN: _handing_over,
    RecordKind.REFUSAL: _refusing,
    RecordKind.COMPLETION: _completing,
    RecordKind.EXCEPTIONS: _taking_in_part,
    RecordKind.ADJUSTMENT: _adjusting,
}
