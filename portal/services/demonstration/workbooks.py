"""Workbooks as offices send them: title rows, merged cells, numbers stored as numbers, rows that cannot be taken."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from portal.domain.fields import Person
from portal.services.demonstration.damage import damaged
from portal.services.demonstration.people import PersonMaker, SyntheticPerson

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

HEADINGS = (
    "TT", "Họ và tên (*)", "Ngày tháng năm sinh", "Giới tính", "Số CCCD/CMND", "SĐT", "Số thẻ BHYT",
    "Nhóm ĐT", "Dân tộc", "Xã/Phường", "Thôn/Bản", "Ghi chú",
)  # fmt: skip
HEADER_ROW = 6
NUMERIC_FAULTS = frozenset({"lost_zero", "decomposed"})


@dataclass
class DemonstrationFile:
    """A workbook, and the truth about each of its rows (sheet row → person), which only the builder knows."""

    data: bytes = b""
    truth: dict[int, SyntheticPerson] = field(default_factory=dict)


def make_workbook(
    maker: PersonMaker,
    *,
    commune: str,
    station: str,
    shares: Mapping[str, int],
    seed: int,
    mark: str = "",
) -> DemonstrationFile:
    """A damaged export of one station: so many persons for each village (an empty name: village not given).

    `mark` goes into the title, so that two files of the same persons are two files. Four rows cannot be taken.
    """
    import xlsxwriter

    chance = random.Random(seed)  # noqa: S311  reproducible, nothing secret
    made = DemonstrationFile()
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_numbers": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("DS can lam sach")
        bold = book.add_format({"bold": True, "align": "center", "text_wrap": True, "valign": "vcenter"})
        _write_head(sheet, station, commune, mark, bold)
        row = HEADER_ROW
        for village, count in shares.items():
            for _ in range(count):
                person = maker.make()
                fault, recorded = damaged(person.truth, chance)
                _write_person(sheet, row, person, recorded, (commune, village), fault)
                made.truth[row + 1] = person
                row += 1
        _write_unusable(sheet, row, commune, next(iter(shares)), maker)
    made.data = buffer.getvalue()
    return made


def _write_head(sheet: "Worksheet", station: str, commune: str, mark: str, bold: object) -> None:
    sheet.merge_range(0, 0, 0, 4, station.upper(), bold)
    sheet.merge_range(0, 5, 0, 11, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold)
    sheet.merge_range(1, 5, 1, 11, "Độc lập - Tự do - Hạnh phúc", bold)
    sheet.merge_range(2, 0, 2, 11, f"DANH SÁCH ĐỐI TƯỢNG TIÊM CHỦNG CẦN LÀM SẠCH – XÃ {commune.upper()}", bold)
    sheet.merge_range(3, 0, 3, 11, f"(DỮ LIỆU THỬ – không có người thật) {mark}".strip(), bold)
    for place, (heading, width) in enumerate(
        zip(HEADINGS, (5, 26, 14, 9, 18, 13, 14, 8, 10, 16, 18, 18), strict=True)
    ):
        sheet.set_column(place, place, width)
        sheet.write_string(HEADER_ROW - 1, place, heading, bold)


def _write_person(
    sheet: "Worksheet", row: int, person: SyntheticPerson, recorded: Person, home: tuple[str, str], fault: str
) -> None:
    commune, village = home
    sheet.write_number(row, 0, row - HEADER_ROW + 1)
    sheet.write_string(row, 1, recorded.full_name)
    sheet.write_string(row, 2, recorded.birth_date)
    sheet.write_string(row, 3, recorded.sex.capitalize())
    if fault in NUMERIC_FAULTS and recorded.id_number.isdecimal():
        # A spreadsheet that took the text for a number: that is how the zero got lost.
        sheet.write_number(row, 4, int(recorded.id_number))
    else:
        sheet.write_string(row, 4, recorded.id_number)
    texts = (recorded.phone, recorded.insurance_number, person.group, person.people, f"Xã {commune}", village)
    for place, text in enumerate(texts, start=5):
        sheet.write_string(row, place, text)


def _write_unusable(sheet: "Worksheet", row: int, commune: str, village: str, maker: PersonMaker) -> None:
    """Four rows that cannot be taken: three without a usable name, and a holder of a passport."""
    spare = [maker.make().truth for _ in range(4)]
    rows = (
        ("", spare[0].birth_date, spare[0].id_number),
        ("???", spare[1].birth_date, spare[1].id_number),
        ("12345", spare[2].birth_date, spare[2].id_number),
        (spare[3].full_name, spare[3].birth_date, "C9900001"),
    )
    for step, (name, birth_date, number) in enumerate(rows):
        values = (name, birth_date, "Nam", number, "", "", "16", "", f"Xã {commune}", village)
        sheet.write_number(row + step, 0, row + step - HEADER_ROW + 1)
        for place, text in enumerate(values, start=1):
            sheet.write_string(row + step, place, text)


def verification_workbook(people: Sequence[tuple[Person, bool]], *, title: str) -> bytes:
    """The platform's verification list as we assume it: each person as the platform shows it, «Đúng» or «Sai»."""
    from portal.spreadsheets.writing import table_workbook

    headings = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD/CMND", "Kết quả xác minh", "Lý do")
    rows = [
        (
            str(number),
            person.full_name,
            person.birth_date,
            person.sex.capitalize(),
            person.id_number,
            "Đúng" if right else "Sai",
            "" if right else "Thông tin không khớp CSDLQG về dân cư",
        )
        for number, (person, right) in enumerate(people, start=1)
    ]
    return table_workbook(headings, rows, title)
