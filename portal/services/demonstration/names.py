"""Parts of names in use among the peoples of the region; persons are put together from them at random."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NameParts:
    """What names of one people are made of. Where `middle` holds an empty text, a name may do without."""

    people: str
    families: tuple[str, ...]
    male_middle: tuple[str, ...]
    male_given: tuple[str, ...]
    female_middle: tuple[str, ...]
    female_given: tuple[str, ...]
    weight: int


PEOPLES: tuple[NameParts, ...] = (
    NameParts(
        "Mông",
        ("Giàng", "Sùng", "Vàng", "Thào", "Mùa", "Hờ", "Lý", "Cháng", "Hảng", "Vừ", "Tráng", "Phàng"),
        ("A", "Seo", "Nhà", "Trờ"),
        ("Páo", "Chu", "Dê", "Dế", "Sử", "Tủa", "Lử", "Chống", "Vảng", "Giàng", "Sáng", "Khua", "Nủ", "Thào", "Ký"),
        ("Thị",),
        ("Mỷ", "Dở", "Chư", "Sua", "Mái", "Pàng", "Xua", "Dua", "Dợ", "Ly", "Ca", "Chía", "Súa", "Máy"),
        46,
    ),
    NameParts(
        "Thái",
        ("Lò", "Hà", "Hoàng", "Cầm", "Điêu", "Lường", "Quàng", "Tòng", "Đinh", "Sa", "Vì"),
        ("Văn", "Đức", "Minh", "Quang"),
        ("Đối", "Inh", "Ọi", "Thoa", "Pâng", "Sơn", "Hặc", "Tưởng", "Chựa", "Muôn", "Hòa", "Tuấn", "Nghiệp", "Xôm"),
        ("Thị",),
        (
            "Ọi",
            "Phượng",
            "Hặc",
            "Inh",
            "Xuyến",
            "Bịch",
            "Pầng",
            "Hoà",
            "Lả",
            "Chung",
            "Thoả",
            "Mai",
            "Nhung",
            "Tuyết",
        ),
        22,
    ),
    NameParts(
        "Tày",
        ("Hoàng", "Nông", "Hà", "La", "Ma", "Lương", "Triệu"),
        ("Văn", "Đình", "Trung", "Quốc"),
        ("Khoản", "Thuỷ", "Toản", "Hiếu", "Vĩnh", "Quý", "Đạt"),
        ("Thị", "Thuý", "Bích"),
        ("Loan", "Huế", "Thoa", "Thơm", "Ngoan", "Khoẻ", "Thuý"),
        8,
    ),
    NameParts(
        "Dao",
        ("Triệu", "Bàn", "Đặng", "Phàn", "Lý", "Tẩn", "Chảo"),
        ("Tài", "Tiến", "Chòi", "Dào", "Vần", "Phúc"),
        ("Phin", "Lai", "Quyên", "Chiêu", "Thọ", "Sếnh", "Pết"),
        ("Tả", "Thị", "Mùi", "Lở"),
        ("Mẩy", "Pham", "Nái", "Coi", "Chiển", "Ghến"),
        7,
    ),
    NameParts(
        "Mường",
        ("Bùi", "Đinh", "Quách", "Hà", "Phùng", "Bạch"),
        ("Văn", "Công", "Thanh"),
        ("Ỉn", "Nhỏ", "Thiểm", "Bịn", "Dũng", "Chiến"),
        ("Thị",),
        ("Ển", "Nhẻo", "Thiêm", "Dón", "Hiền", "Bưởi"),
        4,
    ),
    NameParts(
        "Khơ Mú",
        ("Lường", "Cút", "Quàng", "Vì", "Moong", "Rvăn"),
        ("Văn",),
        ("Pán", "Nghịp", "Ó", "Chựa", "Kẻo"),
        ("Thị",),
        ("Ún", "Pản", "Phẩu", "Inh", "Chăm"),
        3,
    ),
    NameParts(
        "Kinh",
        ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đỗ", "Bùi", "Đặng"),
        ("Văn", "Đức", "Quang", "Xuân", "Mạnh"),
        ("Hùng", "Thắng", "Khánh", "Tuấn", "Hòa", "Trường", "Hiệp"),
        ("Thị", "Thu", "Thị Hồng", "Ngọc"),
        ("Huyền", "Thuỷ", "Hằng", "Nguyệt", "Yến", "Hoà", "Quỳnh"),
        10,
    ),
)
