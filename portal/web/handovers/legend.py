"""The words printed on a record, for readers of another language: the paper itself is Vietnamese by law."""

from portal.domain.wording import say
from portal.web.handovers.blueprint import bp
from portal.web.wording import spoken

PRINTED = (
    say("Biên bản"), say("Bên giao"), say("Bên nhận"), say("Người đại diện"), say("Chức vụ"), say("Trực thuộc"),
    say("Văn bản ký thay"), say("Nội dung bàn giao"), say("Căn cứ"), say("Tổng hợp số người"), say("Phân loại"),
    say("Tổng số người"), say("Hạn xử lý"), say("Nơi nhận"), say("Mã tra cứu"), say("Phụ lục"), say("Họ và tên"),
    say("Ngày sinh"), say("Giới tính"), say("Số định danh đang ghi"), say("Loại lỗi"), say("Đề xuất, sửa thành"),
    say("Kết luận"), say("Ghi chú"), say("Ký bởi"), say("Thời gian ký"), say("Chữ ký số nội bộ"),
)  # fmt: skip
"""What stands on every record, in the order of the paper: heads, columns of its annex, words of a signature."""


@bp.app_template_global("record_legend")
def record_legend() -> list[tuple[str, str]]:
    """Each printed word beside its meaning in the reader's language."""
    return [(str(words), str(spoken(words))) for words in PRINTED]
