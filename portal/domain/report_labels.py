"""Words for reports: how they stand, what is done with them; part of the table in `labels`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.domain.events import EventTag
from portal.domain.report_deadlines import Timeliness
from portal.domain.report_states import ReportAct, ReportSide, ReportStatus

REPORT_LABELS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    ReportStatus: {
        ReportStatus.DRAFT: "Đang lập",
        ReportStatus.FOR_SIGN_OFF: "Chờ lãnh đạo duyệt",
        ReportStatus.SENT: "Đã gửi, chờ cấp trên nhận",
        ReportStatus.RETURNED: "Bị trả lại",
        ReportStatus.ACCEPTED: "Đã được nhận",
        ReportStatus.SUPERSEDED: "Đã thay bằng bản sau",
    },
    ReportAct: {
        ReportAct.FILL: "Nhập số liệu",
        ReportAct.HAND_TO_LEADER: "Trình lãnh đạo duyệt",
        ReportAct.GIVE_BACK: "Đưa về để sửa",
        ReportAct.SIGN_OFF: "Duyệt và gửi báo cáo",
        ReportAct.ACCEPT: "Nhận báo cáo",
        ReportAct.RETURN: "Trả lại báo cáo",
        ReportAct.RESTATE: "Lập bản đính chính",
    },
    ReportSide: {
        ReportSide.OWN: "Đơn vị báo cáo",
        ReportSide.PARENT: "Đơn vị cấp trên",
    },
    Timeliness: {
        Timeliness.IN_TIME: "Đúng hạn",
        Timeliness.LATE: "Gửi muộn",
        Timeliness.AWAITED: "Chưa gửi, còn hạn",
        Timeliness.OVERDUE: "Chưa gửi, QUÁ HẠN",
    },
}
LANGUAGE_CODES = {"code": "vi"}
"""Read by the catalogue: its English is the code of English, by which words of forms find their own."""
REPORT_EVENT_LABELS: Mapping[EventTag, str] = {
    EventTag.REPORT_PERIOD_OPENED: "Mở kỳ báo cáo",
    EventTag.REPORT_FILLED: "Nhập số liệu báo cáo",
    EventTag.REPORT_HANDED: "Trình lãnh đạo duyệt báo cáo",
    EventTag.REPORT_GIVEN_BACK: "Đưa báo cáo về để sửa",
    EventTag.REPORT_SENT: "Duyệt và gửi báo cáo",
    EventTag.REPORT_ACCEPTED: "Nhận báo cáo",
    EventTag.REPORT_RETURNED: "Trả lại báo cáo",
    EventTag.REPORT_RESTATED: "Lập bản đính chính báo cáo",
    EventTag.REPORT_PAPER_DRAWN: "Lập bản PDF của báo cáo",
    EventTag.REPORT_PAPER_SIGNED: "Ký bản PDF của báo cáo",
    EventTag.REPORT_LEAVE_ASKED: "Xin gửi báo cáo muộn",
    EventTag.REPORT_LEAVE_GRANTED: "Cho gửi báo cáo muộn",
    EventTag.REPORT_LEAVE_REFUSED: "Không cho gửi báo cáo muộn",
    EventTag.REPORT_DUTY_PASSED: "Chuyển báo cáo cho đơn vị kế tục",
}
