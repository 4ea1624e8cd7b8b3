"""Words for clocks, reminders, extensions and notices; part of the table in `labels`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.domain.deadlines import ClockKind, Reminder
from portal.domain.extensions import ExtensionStatus
from portal.domain.notices import Addressee, NoticeKind

TIME_LABELS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    ClockKind: {
        ClockKind.HOLDING: "Đang giữ",
        ClockKind.RECEIPT: "Chờ ký nhận",
    },
    NoticeKind: {
        NoticeKind.LATE: "Quá hạn",
        NoticeKind.DUE: "Sắp đến hạn",
        NoticeKind.ESCALATED: "Đơn vị khác quá hạn",
        NoticeKind.REMINDED: "Được nhắc việc",
        NoticeKind.TO_ANSWER: "Cần trả lời",
        NoticeKind.ARRIVED: "Mới đến, chờ ký nhận",
        NoticeKind.RETURNED: "Trả lại",
        NoticeKind.REFUSED: "Bị từ chối",
        NoticeKind.RECALLED: "Đã thu hồi",
        NoticeKind.EXCEPTED: "Nhận, có người không nhận",
        NoticeKind.ANSWERED: "Đã có trả lời",
        NoticeKind.TAKEN: "Bên kia đã ký nhận",
        NoticeKind.WATCHED: "Có người chạm mức giới hạn xem số định danh",
    },
    Addressee: {
        Addressee.GIVER: "Bên giao",
        Addressee.RECEIVER: "Bên nhận",
        Addressee.ACTING: "Đơn vị đang phải làm",
        Addressee.LEAD: "Điều phối cấp xã",
        Addressee.NAMED: "Đơn vị được nêu tên",
    },
    Reminder: {
        Reminder.BEFORE: "Còn một ngày",
        Reminder.ON_DAY: "Đến hạn hôm nay",
        Reminder.AFTER: "Quá hạn một ngày",
        Reminder.TO_COORDINATOR: "Báo điều phối cấp xã",
        Reminder.TO_SUPERVISOR: "Báo cơ quan giám sát",
    },
    ExtensionStatus: {
        ExtensionStatus.ASKED: "Chờ trả lời",
        ExtensionStatus.GRANTED: "Đã gia hạn",
        ExtensionStatus.REFUSED: "Không đồng ý gia hạn",
        ExtensionStatus.LAPSED: "Không còn cần: bước đã kết thúc",
    },
}
