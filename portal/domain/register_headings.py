"""Further headings that offices write over the columns of their registers, by column key."""

from collections.abc import Mapping

FURTHER_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("Họ tên", "Họ, tên"),
    "phone": ("Điện thoại", "SĐT", "Số ĐT"),
    "site": ("Cơ sở tiêm chủng", "Cơ sở tiêm", "Điểm tiêm", "Tên điểm tiêm"),
    "capacity": ("Công suất", "Công suất tiêm", "Số mũi/ngày"),
    "zone": ("Khu vực", "Địa bàn"),
    "head": ("Phụ trách điểm tiêm",),
    "post": ("Vị trí", "Chức danh", "Nhiệm vụ trong ê kíp"),
    "team": ("Đội tiêm", "Tổ", "Kíp"),
    "qualification": ("Chuyên môn", "Trình độ"),
    "birth": ("Năm sinh", "NTNS", "Ngày tháng năm sinh"),
    "sex": ("Giới",),
    "village": ("Thôn", "Thôn/Bản", "Tổ dân phố", "Thôn, bản"),
    "stay": ("Cư trú", "Thường trú/Tạm trú"),
    "duty": ("Nhiệm vụ", "Vai trò"),
}
