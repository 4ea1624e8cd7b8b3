"""Layouts of the platform's files as data. The ministry's own template was not found: these are assumed.

A new release of the platform is a new profile, not new code.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """A column of a file: its heading, the name of the value in `writing.import_values`, its width in characters."""

    heading: str
    value: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class ImportProfile:
    """A layout: title in row 1, notes in row 2, headings in row 3, persons from row 4 on; codes on a second sheet.

    `assumed` says that the layout is our proposal and not the platform's published template.
    """

    name: str
    assumed: bool
    sheet: str
    notes: str
    columns: tuple[ProfileColumn, ...]
    codes_sheet: str
    codes: tuple[tuple[str, str], ...]


IMPORT_PROFILE = ImportProfile(
    name="import-2022-gia-dinh",
    assumed=True,
    sheet="Import",
    notes="Bố cục giả định, chưa phải mẫu chính thức của Nền tảng. (*) là mục bắt buộc; mọi ô ghi dạng chữ (Text).",
    columns=(
        ProfileColumn("STT", "ordinal", 6),
        ProfileColumn("Họ và tên (*)", "full_name", 28),
        ProfileColumn("Ngày sinh (*) (dd/mm/yyyy)", "birth_date", 14),
        ProfileColumn("Giới tính (*)", "sex", 10),
        ProfileColumn("Số CCCD/CMND/HC (*)", "id_number", 18),
        ProfileColumn("Số điện thoại (*)", "phone", 14),
        ProfileColumn("Số thẻ BHYT", "insurance_number", 14),
        ProfileColumn("Nhóm đối tượng (*)", "group", 14),
        ProfileColumn("Nghề nghiệp", "occupation"),
        ProfileColumn("Dân tộc", "ethnicity"),
        ProfileColumn("Quốc tịch", "nationality"),
        ProfileColumn("Tỉnh (*)", "province", 18),
        ProfileColumn("Huyện (kỳ trước 1/7/2025)", "district", 18),
        ProfileColumn("Xã (*)", "commune", 18),
        ProfileColumn("Thôn", "village", 18),
        ProfileColumn("Địa chỉ", "address", 24),
        ProfileColumn("Mã đối tượng", "platform_code", 16),
        ProfileColumn("Ghi chú", "note", 24),
    ),
    codes_sheet="Danh mục",
    codes=(
        ("Giới tính", "Nam"),
        ("Giới tính", "Nữ"),
        ("Nhóm đối tượng", "1 đến 16 theo Quyết định 3355/QĐ-BYT ngày 08/7/2021"),
        ("Ngày sinh", "dd/mm/yyyy; chỉ biết năm thì ghi yyyy"),
    ),
)
"""The import file of «Import đối tượng tiêm COVID-19» (2262/BYT-CNTT step 4)."""
