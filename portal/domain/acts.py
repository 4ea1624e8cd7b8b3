"""The words of the trail: what each event tag and each field of a person is called on pages and papers."""

from portal.domain.events import EventTag
from portal.domain.fields import Field

FIELD_WORDS: dict[str, str] = {
    Field.ID_NUMBER: "Số định danh",
    Field.FULL_NAME: "Họ tên",
    Field.BIRTH_DATE: "Ngày sinh",
    Field.SEX: "Giới tính",
    Field.PHONE: "Số điện thoại",
    Field.INSURANCE_NUMBER: "Số thẻ BHYT",
}

ORIGIN_WORDS: dict[str, str] = {
    "recorded": "đang ghi",
    "proposed": "thôn đề xuất",
    "verified": "công an xác minh",
    "final": "đã cập nhật",
}

ACT_WORDS: dict[str, str] = {
    EventTag.FILE_UPLOADED: "Tải tệp lên",
    EventTag.MAPPING_CORRECTED: "Chọn lại cột của tệp",
    EventTag.BATCH_IMPORTED: "Nhập đợt rà soát",
    EventTag.LIST_CREATED: "Lập danh sách",
    EventTag.VILLAGE_ASSIGNED: "Chọn thôn nhận",
    EventTag.DUE_CHANGED: "Đổi hạn xử lý",
    EventTag.LIST_REMINDED: "Nhắc việc",
    EventTag.ENTRY_CORRECTED: "Thôn kết luận",
    EventTag.ENTRY_VERIFIED: "Công an kết luận",
    EventTag.ENTRY_MARKED: "Trạm ghi kết quả",
    EventTag.HANDOVER_PREPARED: "Lập bản xem trước",
    EventTag.HANDOVER_ABANDONED: "Bỏ bản xem trước",
    EventTag.HANDOVER_SENT: "Ký giao",
    EventTag.HANDOVER_OPENED: "Bên nhận mở xem",
    EventTag.HANDOVER_COUNTERSIGNED: "Ký nhận",
    EventTag.HANDOVER_REFUSED: "Từ chối tiếp nhận",
    EventTag.HANDOVER_RECALLED: "Thu hồi",
    EventTag.IMPORT_FILE_MADE: "Tải tệp nhập lên nền tảng",
    EventTag.VERIFICATION_LIST_READ: "Nạp danh sách xác minh của nền tảng",
    EventTag.LIST_COMPLETED: "Ký hoàn thành",
    EventTag.LIST_CANCELLED: "Hủy danh sách",
    EventTag.TRAIL_READ: "Xem hồ sơ",
    EventTag.LIST_OPENED: "Mở xem danh sách",
    EventTag.RECORD_DOWNLOADED: "Tải biên bản",
    EventTag.LIST_EXPORTED: "Tải tệp danh sách",
}
"""The act of each tag that can stand in the trail of a list or batch."""

READING_TAGS: frozenset[str] = frozenset(
    {EventTag.TRAIL_READ, EventTag.LIST_OPENED, EventTag.RECORD_DOWNLOADED, EventTag.LIST_EXPORTED}
)
"""Events that only tell who looked; a trail counts them and shows them on demand."""


def act_words(tag: str) -> str:
    """The act in words; the tag itself where no words are set."""
    return ACT_WORDS.get(tag, tag)
