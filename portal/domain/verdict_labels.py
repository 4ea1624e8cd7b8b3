"""Words for verdicts and their reasons; part of the table in `labels`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.domain.pair_decisions import PAIR_STATE_LABELS, PAIR_VERDICT_LABELS, PairState, PairVerdict
from portal.domain.pairs import PAIR_LABELS, PairKind
from portal.domain.sheet_rows import ROW_STATE_LABELS, TYPED_LABELS, RowState, Typed
from portal.domain.verdicts import Reason, RefusalReason, ReturnReason, Verdict

VERDICT_LABELS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    Verdict: {
        Verdict.FIXED: "Đã sửa",
        Verdict.ALREADY_RIGHT: "Thông tin đang ghi đã đúng",
        Verdict.UNRESOLVED: "Không làm được",
        Verdict.VERIFIED: "Đúng với CSDLQG về dân cư",
        Verdict.CORRECTED: "Công an sửa theo CSDLQG về dân cư",
        Verdict.NOT_IN_DATABASE: "Không có trong CSDLQG về dân cư",
        Verdict.OUTCOME_ACCEPTED: "Đồng ý với kết luận của thôn",
        Verdict.APPLIED: "Đã cập nhật lên nền tảng",
        Verdict.APPLY_FAILED: "Nền tảng không nhận",
        Verdict.CONFIRMED: "Nền tảng đã đúng",
        Verdict.ENDED: "Kết thúc, có lý do",
        Verdict.RETURNED: "Trả lại",
    },
    PairKind: PAIR_LABELS,
    RowState: ROW_STATE_LABELS,
    Typed: TYPED_LABELS,
    PairState: PAIR_STATE_LABELS,
    PairVerdict: PAIR_VERDICT_LABELS,
    Reason: {
        Reason.NO_INFORMATION: "Không có thông tin",
        Reason.NOT_FOUND: "Không tìm thấy người này",
        Reason.NOT_IN_DATABASE: "Không có trong CSDLQG về dân cư",
        Reason.MOVED_AWAY: "Đã đi khỏi địa phương",
        Reason.POLICE_FORCE: "Thuộc lực lượng công an",
        Reason.ARMY: "Thuộc lực lượng quân đội",
        Reason.PRISONER: "Phạm nhân",
        Reason.SOCIAL_CENTRE: "Cai nghiện, bảo trợ xã hội",
        Reason.DECEASED: "Đã chết",
        Reason.DUPLICATE: "Trùng với đối tượng khác",
        Reason.NOT_RESIDENT: "Không thường trú trên địa bàn",
        Reason.OTHER: "Lý do khác (ghi rõ)",
    },
    ReturnReason: {
        ReturnReason.NUMBER_MISMATCH: "Số định danh không khớp người",
        ReturnReason.NAME_UNCLEAR: "Họ tên chưa rõ",
        ReturnReason.BIRTH_DATE_UNCLEAR: "Ngày sinh chưa rõ",
        ReturnReason.CARD_NEEDED: "Cần xem lại thẻ căn cước",
        ReturnReason.WRONG_VILLAGE: "Không thuộc thôn này",
        ReturnReason.OTHER_RETURN: "Lý do khác (ghi rõ)",
    },
    RefusalReason: {
        RefusalReason.WRONG_COUNT: "Số người không khớp",
        RefusalReason.WRONG_UNIT: "Gửi nhầm đơn vị",
        RefusalReason.CONTENT_UNCLEAR: "Nội dung chưa rõ",
        RefusalReason.WRONG_SIGNER: "Người ký không đúng thẩm quyền",
        RefusalReason.OTHER_REFUSAL: "Lý do khác (ghi rõ)",
    },
}
