"""Workbooks of the journeys: what a station would export, and what the platform answers. Persons are invented."""

from pathlib import Path

from tests.excel_files import workbook

WITHOUT_NUMBER = ("1", "Vàng Thị Thử A", "01/02/1985", "Nữ", "", "", "Bản A")
LOST_ZERO = ("2", "Lò Thị Thử B", "03/04/1986", "Nữ", "15186990002", "", "Bản A")
WRONG_SEX = ("3", "Sùng Thị Thử C", "05/06/1987", "Nam", "015187990003", "", "Bản A")
NOTHING_WRONG = ("4", "Giàng Thị Thử D", "07/08/1988", "Nữ", "015188990004", "", "Bản A")
NO_NAME = ("5", "???", "09/10/1989", "Nam", "015089990005", "", "Bản A")

RIGHT = (
    ("Vàng Thị Thử A", "01/02/1985", "Nữ", "015185990001"),
    ("Lò Thị Thử B", "03/04/1986", "Nữ", "015186990002"),
    ("Sùng Thị Thử C", "05/06/1987", "Nữ", "015187990003"),
    ("Giàng Thị Thử D", "07/08/1988", "Nữ", "015188990004"),
)
"""The four persons as the population database has them."""

TITLES = ("TRẠM Y TẾ XÃ THỬ", "DANH SÁCH ĐỐI TƯỢNG CẦN LÀM SẠCH (DỮ LIỆU THỬ)")


def station_export(path: Path, *rows: tuple[str, ...], mark: str = "") -> Path:
    """What the platform gives the station, with title rows. `mark` makes it another file."""
    return workbook(path, *rows, titles=(*TITLES, mark) if mark else TITLES)


def verification_list(path: Path, *people: tuple[str, str, str, str], wrong: frozenset[int] = frozenset()) -> Path:
    """The platform's verification list; the people at the places in `wrong` are still wrong there."""
    headings = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD/CMND", "Kết quả xác minh", "Lý do")
    rows = [
        (place, *person, "Sai" if place in wrong else "Đúng", "Thông tin không khớp" if place in wrong else "")
        for place, person in enumerate(people, start=1)
    ]
    return workbook(path, *rows, headings=headings)
