"""What an evidence package says of itself, in Vietnamese: its read-me and the descriptions for the archive."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from portal.clock import local
from portal.domain.labels import label
from portal.domain.phrases import record_number
from portal.domain.stages import RecordKind
from portal.models import Handover, LogCheckpoint
from portal.services import trails
from portal.verification.packages import EXTRACT, HEAD, KEY, RECORDS, REPORTS

ARCHIVE_YEARS = 10
"""How long the agency is advised to keep it; the schedule in force decides (assumed)."""


def metadata(of: Handover) -> bytes:
    """The record's description for the archive (fields of Circular 05/2025/TT-BNV; names of elements are ours)."""
    fields = {
        "so_ky_hieu": number_of(of),
        "ten_loai": label(RecordKind(of.kind)),
        "ngay_ky": f"{local(of.decided_at or of.sent_at or of.prepared_at):%Y-%m-%d}",
        "co_quan_lap": of.giver.name,
        "co_quan_nhan": of.receiver.name if of.receiver else "",
        "so_trang": str(of.pages),
        "so_nguoi": str(of.entries),
        "ma_tra_cuu": of.code,
        "sha256_tep": of.pdf_sha256,
        "sha256_du_lieu": of.manifest_sha256,
        "ngon_ngu": "vi",
    }
    return _xml("tai_lieu", fields)


def index(of: trails.Trail, records: Sequence[Handover]) -> bytes:
    """The description of the whole package for the archive."""
    fields = {
        "ma_ho_so": of.of_list.code if of.of_list else of.batch.code,
        "tieu_de": trails.facts_of(of)[0][1],
        "thoi_han_luu_tru": f"{ARCHIVE_YEARS} năm (giả định, theo bảng thời hạn của cơ quan)",
        "muc_do_tiep_can": "hạn chế: có dữ liệu cá nhân",
        "ngon_ngu": "vi",
        "bat_dau": f"{local(of.batch.created_at):%Y-%m-%d}",
        "ket_thuc": f"{local(of.drawn_at):%Y-%m-%d}",
        "tong_so_tai_lieu": str(len(records)),
        "so_trang": str(sum(each.pages for each in records)),
    }
    return _xml("ho_so", fields)


def _xml(root: str, fields: dict[str, str]) -> bytes:
    rows = "".join(f"  <{name}>{escape(value)}</{name}>\n" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n{rows}</{root}>\n'.encode()


def number_of(of: Handover) -> str:
    """The record's number as it is printed."""
    return record_number(of.number or 0, of.symbol)


def readme(of: trails.Trail, records: Sequence[Handover], head: LogCheckpoint) -> str:
    """What lies where, and how to check it."""
    what = of.of_list.code if of.of_list else of.batch.code
    return (
        f"GÓI CHỨNG CỨ {what}\n"
        f"Lập lúc {local(of.drawn_at):%H:%M %d/%m/%Y} (giờ Việt Nam)\n\n"
        f"ho-so.pdf                     hồ sơ đọc được: đường đi, biên bản, sự kiện\n"
        f"ho-so.xml                     mô tả hồ sơ cho lưu trữ\n"
        f"{RECORDS:<30}{len(records)} biên bản đã ký (.pdf) và mô tả từng biên bản (.xml), theo thứ tự\n"
        f"{REPORTS:<30}báo cáo kiểm tra từng chữ ký theo ETSI TS 119 102-2 (dành cho phần mềm khác)\n"
        f"{EXTRACT:<30}các sự kiện của hồ sơ, mỗi sự kiện kèm đường chứng minh\n"
        f"{HEAD:<30}điểm neo đã ký của nhật ký ({head.size} sự kiện)\n"
        f"{KEY:<30}khóa công khai của nhật ký\n"
        f"tin-cay/                      chứng thư gốc và danh sách thu hồi lúc lập gói "
        f"(so với bản bạn nhận riêng trước khi tin)\n"
        f"META-INF/                     bảng kê và chữ ký của gói\n\n"
        f"Kiểm tra không cần mạng: portal verify GÓI.asice --roots roots.pem\n"
        f"Dùng roots.pem nhận từ nguồn khác, không dùng bản nằm trong gói này.\n"
        f"Gói có dữ liệu cá nhân: bảo quản như hồ sơ giấy.\n"
    )
