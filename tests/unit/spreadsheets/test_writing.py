import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from portal.domain.fields import Person
from portal.domain.wording import say
from portal.spreadsheets.checking import check_workbook
from portal.spreadsheets.profiles import IMPORT_PROFILE
from portal.spreadsheets.writing import ImportRow, error_workbook, import_workbook, table_workbook
from tests import excel_files
from tests.excel_files import HEADINGS, PERSON, SECOND

TODAY = date(2026, 11, 20)
DANGEROUS = [
    "=1+1",
    "+84912345678",
    "-2",
    "@x",
    "\tx",
    "\rx",
    '=HYPERLINK("http://127.0.0.1","x")',
    "http://127.0.0.1/x",
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ds.xlsx"


def cells_of(content):
    page = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return [[cell.value if cell.value is not None else "" for cell in row] for row in page.iter_rows()]


def test_dangerous_texts_stay_plain_text_cells(path):
    path.write_bytes(table_workbook(["Họ và tên", "Số CCCD"], [[text, "x"] for text in DANGEROUS], "Thử"))
    page = openpyxl.load_workbook(path).worksheets[0]
    assert {page.cell(4 + place, 1).data_type for place in range(len(DANGEROUS))} <= {"s", "inlineStr"}
    # Read back by our own reader every text is letter for letter what was written.
    assert [entry.cells[0] for entry in check_workbook(path, today=TODAY).entries] == DANGEROUS
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_the_error_workbook_gives_the_same_rows_and_columns_back_with_two_more(path):
    wrong = ("3", "", "31/02/1990", "Nam", "15090001234", "+84912345678", "=1+1")
    excel_files.workbook(path, PERSON, wrong, titles=("UBND XÃ HÁT LỪU", "DANH SÁCH"))
    result = check_workbook(path, today=TODAY)
    rows = cells_of(error_workbook(result, path))
    assert rows[0][0] == "UBND XÃ HÁT LỪU"
    assert rows[2] == [*HEADINGS, "LỖI", "CẦN LÀM GÌ"]
    assert rows[3] == [*PERSON, "", ""]
    # The formula had no stored value: a mark stands for it.
    assert rows[4][:6] == list(wrong[:6])
    assert rows[4][7].startswith("E2, E3: ")
    assert "họ tên" in rows[4][7]
    assert "015090001234" in rows[4][8]


def test_the_error_workbook_can_be_corrected_and_read_again(path, tmp_path):
    excel_files.workbook(path, PERSON, SECOND)
    again = tmp_path / "again.xlsx"
    again.write_bytes(error_workbook(check_workbook(path, today=TODAY), path))
    result = check_workbook(again, today=TODAY)
    assert [entry.person for entry in result.entries] == [
        entry.person for entry in check_workbook(path, today=TODAY).entries
    ]


def test_the_import_file_holds_exactly_these_persons_as_text_and_says_that_its_layout_is_assumed(tmp_path):
    rows = [
        ImportRow(
            Person("015090001234", "Giàng A Páo", "01/02/1990", "nam", "0912345678"), village="Thôn Hát", group="16"
        ),
        ImportRow(Person("015192004321", "Sùng Thị Mỷ", "1992", "nữ")),
    ]
    content = import_workbook(iter(rows), title="Đợt 1", unit="Trạm Y tế xã Hát Lừu")
    cells = cells_of(content)
    assert cells[0][0] == "Đợt 1 - Trạm Y tế xã Hát Lừu"
    assert "giả định" in cells[1][0]
    assert cells[2] == [column.heading for column in IMPORT_PROFILE.columns]
    assert cells[3][:6] == ["1", "Giàng A Páo", "01/02/1990", "Nam", "015090001234", "0912345678"]
    assert len(cells) == 5
    path = tmp_path / "import.xlsx"
    path.write_bytes(content)
    result = check_workbook(path, today=TODAY)
    assert [entry.cleaned for entry in result.entries] == [row.person for row in rows]
    assert [entry.village for entry in result.entries] == ["Thôn Hát", ""]


def test_a_title_that_excel_forbids_as_sheet_name_is_taken():
    assert cells_of(table_workbook(["a"], [["b"]], "Đợt [1]: a/b*?" + "x" * 40))[3] == ["b"]
    assert table_workbook([], [], "'")


def test_an_english_reader_gets_causes_and_next_steps_in_english(path):
    wrong = ("3", "Mùa A", "31/02/1990", "Nam", "15090001234", "", "")
    excel_files.workbook(path, PERSON, wrong, titles=("UBND XÃ HÁT LỪU", "DANH SÁCH"))
    rows = cells_of(error_workbook(check_workbook(path, today=TODAY), path, "en"))
    assert rows[2] == [*HEADINGS, "ERROR", "WHAT TO DO"]
    assert "Only 11 digits are left of the number" in rows[4][7]
    assert "look at the suggestion and take it if it is right" in rows[4][8]
    assert "suggestion: 015090001234" in rows[4][8]


def test_a_table_is_told_in_the_readers_language_but_for_its_data():
    rows = cells_of(
        table_workbook([say("Họ và tên"), say("Kết quả")], [["Chờ nhận", say("Chờ nhận")]], say("Danh sách"), "en")
    )
    assert rows[0][0] == "List"
    assert rows[2] == ["Full name", "Result"]
    assert rows[3] == ["Chờ nhận", "To be received"]
