"""Data taken out of the portal: each time is written down under a mark that stands on what was taken."""

from collections.abc import Mapping
from uuid import UUID

from portal.clock import local, now
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.sheet_codes import grouped_code, new_code
from portal.domain.wording import say
from portal.models import CorrectionList
from portal.services.auditing import record

KINDS: Mapping[str, str] = {
    "work_file": say("tệp Excel để làm việc"),
    "error_workbook": say("tệp lỗi của lần tải lên"),
    "bulk_result": say("kết quả làm hàng loạt"),
    "review_sheets": say("phiếu rà soát"),
    "trail": say("hồ sơ danh sách"),
    "evidence": say("gói chứng cứ"),
    "report_paper": say("báo cáo đã ký"),
    "report": say("bảng báo cáo"),
    "register": say("sổ của đơn vị"),
}
"""What was taken out; what follows a colon in the kind names the form."""


def log_export(actor: Actor, kind: str, *lists: CorrectionList, batch_id: UUID | None = None) -> str:
    """Write the export into the running transaction, once for each list; the line to print on what is taken.

    The line names the maker, the moment and the mark by which `queries.readings.exports_of` finds it again.
    """
    mark = new_code()
    for each in lists or (None,):
        record(EventTag.LIST_EXPORTED, actor, of_list=each, batch_id=batch_id, kind=kind, mark=mark)
    return say(
        "Mã xuất {mark}: {who}, {unit}, {at}",
        who=actor.user_name,
        unit=actor.unit_name,
        at=f"{local(now()):%H:%M %d/%m/%Y}",
        mark=grouped_code(mark),
    )
