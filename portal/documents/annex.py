"""The record's Phụ lục: the entries in one long table, landscape, with its own page numbers."""

import re
from collections.abc import Iterator

from portal.documents.cells import BOLD, ITALIC, REGULAR, UNBREAKABLE
from portal.documents.content import RecordContent, RecordEntry, RecordKind
from portal.documents.tables import Column, DrawnPages, HeadLine, Sheets, draw_table
from portal.documents.wording import TEST_MARK, date_words
from portal.domain.identity_numbers import grouped_number
from portal.domain.phrases import count_words, record_number

COLUMNS = (
    Column("TT", 11, "center"),
    Column("Họ và tên", 42),
    Column("Ngày sinh", 21, "center"),
    Column("Giới\ntính", 13, "center"),
    Column("Số định danh\nđang ghi", 32, "center"),
    Column("Loại\nlỗi", 14, "center"),
    Column("Đề xuất, sửa thành", 43),
    Column("Kết luận", 40),
    Column("Ghi chú", 34),
)
"""Together 250 mm: A4 landscape less its margins."""
TWELVE_DIGITS = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
CLASS_CODE = re.compile(r"\bE[123][a-d]?\b")
LEGEND = (
    "Loại lỗi: E1 không có số; E2 sai định dạng số; E3 sai thông tin cá nhân "
    "(E3a số định danh, E3b họ tên, E3c ngày sinh, E3d giới tính)"
)
TITLES: dict[RecordKind, str] = {
    "handover": "DANH SÁCH ĐỐI TƯỢNG BÀN GIAO",
    "return": "DANH SÁCH ĐỐI TƯỢNG TRẢ LẠI",
    "refusal": "DANH SÁCH ĐỐI TƯỢNG BỊ TỪ CHỐI NHẬN",
    "completion": "DANH SÁCH ĐỐI TƯỢNG ĐÃ XỬ LÝ XONG",
    "exceptions": "DANH SÁCH ĐỐI TƯỢNG KHÔNG NHẬN, TRẢ LẠI BÊN GIAO",
    "adjustment": "DANH SÁCH THÔNG TIN ĐIỀU CHỈNH",
}


def draw_annex(content: RecordContent) -> DrawnPages:
    """Draw the entries of a record; the table's pages are appended to the record's."""
    paper = content.title.capitalize()
    number = record_number(content.number, content.symbol)
    head = (
        HeadLine("Phụ lục", BOLD, 14),
        HeadLine(TITLES[content.kind], BOLD, 14),
        HeadLine(_subtitle(content), REGULAR, 13),
        HeadLine(
            f"(Kèm theo {paper} số {number} {date_words(content.held_at)} của {content.giver.unit_name})",
            ITALIC,
            13,
            6,
        ),
        *_legend(content),
    )
    sheets = Sheets(
        landscape=True,
        head=head,
        closing=f"Danh sách gồm {count_words(len(content.entries))} người./.",
        foot=f"Phụ lục {paper} số {number} năm {content.year} – mã tra cứu {content.code}",
        mark=TEST_MARK if content.test_data else "",
    )
    return draw_table(sheets, COLUMNS, _rows(content))


def _subtitle(content: RecordContent) -> str:
    return f"{content.list_name} – đợt rà soát số {content.batch_code}, vòng {content.round}"


def _legend(content: RecordContent) -> tuple[HeadLine, ...]:
    """What the short names of error classes mean, where the column uses them."""
    return (HeadLine(LEGEND, REGULAR, 11, 6),) if any(CLASS_CODE.search(e.classes) for e in content.entries) else ()


def _rows(content: RecordContent) -> Iterator[tuple[str, ...]]:
    mixed = len({entry.village for entry in content.entries}) > 1
    for entry in content.entries:
        yield (
            str(entry.number),
            f"{entry.full_name}\n{entry.village}" if mixed and entry.village else entry.full_name,
            entry.birth_date,
            entry.sex,
            grouped_number(entry.id_number).replace(" ", UNBREAKABLE),
            entry.classes,
            _correction(entry),
            entry.verdict,
            entry.note,
        )


def _correction(entry: RecordEntry) -> str:
    before, after = _numbers_grouped(entry.before), _numbers_grouped(entry.after)
    return f"Từ: {before}\nThành: {after}" if before and after else after


def _numbers_grouped(text: str) -> str:
    """The text with every number of twelve digits grouped, kept on one line."""
    return TWELVE_DIGITS.sub(lambda found: grouped_number(found[0]).replace(" ", UNBREAKABLE), text)
