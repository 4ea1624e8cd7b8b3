import threading
from datetime import date

import pytest
import xlsxwriter

from portal.spreadsheets.checking import check_workbook
from portal.spreadsheets.refusals import FILE_LIMIT
from tests import excel_files

TODAY = date(2026, 11, 20)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ds.xlsx"


def refused(path):
    result = check_workbook(path, today=TODAY)
    assert result.refused is not None
    assert (result.rows, result.entries) == (0, [])
    return result.refused


def bytes_file(content):
    return lambda path: path.write_bytes(content)


def part(name, content="x"):
    return lambda path: excel_files.raw(path, excel_files.good_rows(), more=[(name, content)])


def cell(reference, **options):
    return lambda path: excel_files.raw(path, excel_files.good_rows() + excel_files.cell(reference, **options))


def formula(text):
    row = f'<row r="3"><c r="A3"><f>{text}</f><v>1</v></c></row>'
    return lambda path: excel_files.raw(path, excel_files.good_rows() + row)


CASES = [
    ("X1 a .csv renamed", bytes_file(b"STT,Ho ten\n1,A\n"), "not_xlsx", ".csv"),
    ("X1 a .xls renamed", excel_files.old_xls, "not_xlsx", ".xls"),
    ("X1 a .docx renamed", excel_files.word_document, "not_xlsx", "Word"),
    ("X2 nothing", bytes_file(b""), "empty_file", "0 byte"),
    ("X2 only a beginning", bytes_file(b"PK\x03\x04 and then the line was cut"), "cut_file", "chưa hết"),
    ("X2 a sheet that stops", excel_files.broken_sheet, "broken_file", ""),
    ("X3 a password", excel_files.password_protected, "password", "mật khẩu"),
    ("X4 too large", bytes_file(b"PK" + b"\0" * FILE_LIMIT), "too_large", "20 MB"),
    ("X5 a bomb", excel_files.zip_bomb, "structure", "bất thường"),
    ("X5 large parts together", excel_files.wide_bomb, "structure", "bất thường"),
    ("X5 10,000 parts", excel_files.many_parts, "structure", "tối đa 200"),
    ("X5 a spoofed size", excel_files.spoofed_size, "cut_file", ""),
    ("X5 overlapping parts", excel_files.overlapping_parts, "structure", "chồng"),
    ("X6 a DTD", excel_files.with_doctype, "dtd", "DTD"),
    ("X6 a DTD in UTF-16", part("xl/styles.xml", "<!DOCTYPE a>".encode("utf-16")), "structure", "bảng mã"),
    ("X7 macros", part("xl/vbaProject.bin"), "active_content", "vbaProject.bin"),
    ("X7 an OLE object", part("xl/embeddings/oleObject1.bin"), "active_content", "OLE"),
    ("X7 an external link", part("xl/externalLinks/externalLink1.xml", "<a/>"), "active_content", "externalLink"),
    ("X7 DDE", formula("cmd|'/c calc'!A0"), "active_content", "DDE"),
    ("X9 a column beyond XFD", cell("XFE3"), "bad_reference", "XFE3"),
    ("X9 a row beyond the last", cell("A1048577"), "bad_reference", "A1048577"),
    ("one value in the last cell", cell("XFD1048576"), "far_cell", "XFD1048576"),
    ("one value far down", cell("U1048576"), "far_cell", "U1048576"),
    ("a column too many", cell("BI3"), "far_cell", "BI3"),
]


@pytest.mark.parametrize(("make", "code", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_bad_file_is_refused_with_cause_and_next_step(path, make, code, words):
    make(path)
    refusal = refused(path)
    assert refusal.code == code
    assert words in refusal.message
    assert "{" not in refusal.message
    assert refusal.message.endswith(".")


def test_a_cut_upload_is_told_as_such(path):
    excel_files.workbook(path, *[excel_files.PERSON] * 200)
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(path).code == "cut_file"


def test_x8_formatted_empty_rows_end_the_reading_at_the_last_filled_row(path):
    excel_files.with_formatted_empty_rows(path, 200_000)
    result = check_workbook(path, today=TODAY)
    assert result.refused is None
    assert result.rows == 1


def test_x8_a_format_in_the_last_cell_is_no_value(path):
    empty = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    excel_files.raw(path, excel_files.good_rows() + empty)
    assert check_workbook(path, today=TODAY).rows == 1


def test_more_rows_than_the_cap_says_how_to_split(path):
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(119_000, 122_500))
    excel_files.raw(path, excel_files.good_rows() + rows)
    assert refused(path).code == "too_many_rows"


def test_an_extent_hidden_from_the_look_dies_in_the_reading_process_and_not_here(path):
    # The reference is written so that the cheap look misses it: the limits of the process must hold.
    row = "<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>x</t></is></c></row>"
    excel_files.raw(path, excel_files.good_rows() + row)
    assert refused(path).code in {"too_heavy", "broken_file"}


def test_no_thread_stays_behind_a_refusal(path):
    path.write_bytes(b"")
    before = threading.active_count()
    for _ in range(3):
        refused(path)
    assert threading.active_count() <= before + 1


def test_one_long_text_named_by_thousands_of_cells_is_not_copied_into_the_asking_process(path):
    rows = [["STT", "Họ và tên", "Số CCCD", *(f"Cột {at}" for at in range(6))]]
    rows += [[str(at), "Vàng Thị Thử", "015185990001", *["A" * 32_000] * 6] for at in range(700)]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, cells in enumerate(rows):
            for place, text in enumerate(cells):
                sheet.write_string(at, place, text)
    assert path.stat().st_size < 100_000
    assert refused(path).code == "too_heavy"
