"""Why a workbook is refused: stable codes and the Vietnamese sentence for each (cause, place, next step)."""

from portal.domain.wording import say
from portal.spreadsheets.results import Refusal

FILE_LIMIT = 20 * 1024 * 1024
"""Largest file taken, in bytes."""

UNPACKED_LIMIT = 100 * 1024 * 1024
"""Largest sum of the unpacked parts, in bytes."""

PARTS_LIMIT = 200
RATIO_LIMIT = 50
ROWS_LIMIT = 120_000
COLUMNS_LIMIT = 60
MEMORY_LIMIT = 512 * 1024 * 1024
"""Address space of the reading process, in bytes."""

SECONDS_LIMIT = 30
"""Processor time of the reading process, in seconds."""

_STRANGE = say(
    "Tệp có cấu trúc bất thường ({detail}) nên không đọc để bảo đảm an toàn. "
    "Hãy mở tệp bằng Excel, chép vùng dữ liệu sang một tệp mới rồi lưu dạng .xlsx."
)

_MESSAGES: dict[str, str] = {
    "not_xlsx": say(
        "Tệp phải là Excel dạng .xlsx, còn tệp này {detail}. "
        "Hãy mở bằng Excel, chọn Lưu thành (Save As), kiểu «Excel Workbook (*.xlsx)», rồi tải lên lại."
    ),
    "empty_file": say("Tệp rỗng (0 byte). Hãy kiểm tra lại tệp trên máy rồi tải lên lại."),
    "cut_file": say("Tệp tải chưa hết hoặc bị hỏng. Hãy lấy lại tệp từ Nền tảng rồi tải lên lại."),
    "broken_file": say(
        "Không đọc được nội dung tệp ({detail}). Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên lại."
    ),
    "password": say(
        "Tệp có mật khẩu. Hãy mở bằng Excel, vào Tệp > Thông tin > Bảo vệ sổ làm việc > "
        "Mã hóa bằng mật khẩu, xóa mật khẩu, lưu rồi tải lên lại."
    ),
    "too_large": say(
        "Tệp nặng {detail} MB, tối đa 20 MB. Hãy bỏ hình ảnh và trang tính thừa, hoặc chia tệp theo thôn."
    ),
    "structure": _STRANGE,
    "dtd": _STRANGE,
    "active_content": say(
        "Tệp có {detail}. Hãy chép vùng dữ liệu sang một tệp Excel mới (dán giá trị), lưu dạng .xlsx rồi tải lên lại."
    ),
    "bad_reference": say(
        "Tệp sai chuẩn ở ô {detail}: Excel không có ô này. Hãy mở bằng Excel, chép vùng dữ liệu sang tệp mới."
    ),
    "far_cell": say(
        "Ô {detail} nằm quá xa bảng dữ liệu (tối đa 60 cột, 120.000 dòng). Hãy xóa ô đó, lưu rồi tải lên lại."
    ),
    "too_many_rows": say("Trang tính có hơn 120.000 dòng. Hãy chia tệp theo xã hoặc theo thôn rồi nhập từng tệp."),
    "too_heavy": say(
        "Tệp quá nặng, máy chủ không đọc được trong giới hạn cho phép. "
        "Hãy chép vùng dữ liệu sang một tệp mới hoặc chia nhỏ tệp."
    ),
    "no_rows": say("Tệp không có dòng dữ liệu nào{detail}. Hãy kiểm tra đúng tệp danh sách rồi tải lên lại."),
    "no_header": say(
        "Không tìm thấy dòng tiêu đề trong 20 dòng đầu của trang «{detail}». "
        "Cần có cột Họ và tên, Ngày sinh, Giới tính, Số CCCD/CMND; hãy sửa tên cột hoặc chọn lại cột."
    ),
    "column_missing": say(
        "Không thấy cột {detail}. Hãy chọn cột tương ứng, hoặc sửa tên cột trong tệp rồi tải lên lại."
    ),
    "no_work_file": say(
        "Đây không phải tệp Excel mà cổng đã giao, hoặc dòng khóa ẩn đã bị xóa. Hãy tải lại tệp từ trang danh sách."
    ),
    "sheet_missing": say("Tệp không có trang tính «{detail}». Hãy chọn lại trang tính."),
}


CODES = tuple(_MESSAGES)
"""Every reason why a file is not read."""


def refusal(code: str, detail: str = "") -> Refusal:
    """The refusal of this code with its sentence; `detail` names the place. Raises KeyError for an unknown code."""
    return Refusal(code, say(_MESSAGES[code], detail=detail))


class FileRefused(Exception):
    """Raised while reading: the file is refused with this code and detail."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
