"""The catalogue of bad input X1 to X28: `portal check FILE --json` answers each case with its own codes and words."""

import json
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner

from portal.cli.check import check
from portal.spreadsheets.refusals import FILE_LIMIT
from tests import excel_files
from tests.excel_files import HEADINGS, PERSON, SECOND

NAME, BIRTH, SEX, NUMBER, PHONE = 1, 2, 3, 4, 5


def told(path):
    answer = CliRunner().invoke(check, [str(path), "--json"], catch_exceptions=False)
    found = json.loads(answer.output)
    assert answer.exit_code == (2 if found["refused"] else 0)
    assert found["rows"] == found["accepted"] + found["parked"] == len(found["entries"])
    messages = [each["message"] for each in found["findings"]]
    messages += [each["message"] for entry in found["entries"] for each in entry["findings"]]
    messages += [found["refused"]["message"]] if found["refused"] else []
    # Each says cause and next step in a whole sentence, and never a person's whole number.
    assert all(message.endswith(".") and "{" not in message and PERSON[NUMBER] not in message for message in messages)
    return found


def codes(findings):
    return sorted({finding["code"] for finding in findings})


def bytes_file(content):
    return lambda path: path.write_bytes(content)


def part(name, content="x"):
    return lambda path: excel_files.raw(path, excel_files.good_rows(), more=[(name, content)])


def formula(text):
    row = f'<row r="3"><c r="A3"><f>{text}</f><v>1</v></c></row>'
    return lambda path: excel_files.raw(path, excel_files.good_rows() + row)


def cell(reference):
    return lambda path: excel_files.raw(path, excel_files.good_rows() + excel_files.cell(reference))


def zipped(*names):
    def make(path):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "<x/>")

    return make


def too_many_rows(path):
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(119_000, 122_500))
    excel_files.raw(path, excel_files.good_rows() + rows)


REFUSED = [
    ("X1 .csv", bytes_file(b"STT,Ho ten\n1,A\n"), "not_xlsx", "Save As"),
    ("X1 .html", bytes_file(b"<html><table></table></html>"), "not_xlsx", "Save As"),
    ("X1 .xls", excel_files.old_xls, "not_xlsx", "dạng cũ .xls"),
    ("X1 .docx", excel_files.word_document, "not_xlsx", "Word"),
    ("X1 .pptx", zipped("ppt/presentation.xml"), "not_xlsx", "PowerPoint"),
    ("X1 .ods", zipped("mimetype", "content.xml"), "not_xlsx", ".ods"),
    ("X1 .xlsb", zipped("[Content_Types].xml", "xl/workbook.bin"), "not_xlsx", ".xlsb"),
    ("X1 .zip", zipped("a.xlsx"), "not_xlsx", "tệp nén"),
    ("X2 empty", bytes_file(b""), "empty_file", "0 byte"),
    ("X2 cut", bytes_file(b"PK\x03\x04 and then the line was cut"), "cut_file", "chưa hết"),
    ("X2 broken", excel_files.broken_sheet, "broken_file", "lưu lại"),
    ("X3", excel_files.password_protected, "password", "xóa mật khẩu"),
    ("X4", bytes_file(b"PK" + b"\0" * FILE_LIMIT), "too_large", "20 MB"),
    ("X5 bomb", excel_files.zip_bomb, "structure", "nén quá mức"),
    ("X5 parts", excel_files.many_parts, "structure", "tối đa 200"),
    ("X5 spoofed", excel_files.spoofed_size, "cut_file", "hỏng"),
    ("X5 overlapping", excel_files.overlapping_parts, "structure", "chồng"),
    ("X6", excel_files.with_doctype, "dtd", "DTD"),
    ("X7 macros", part("xl/vbaProject.bin"), "active_content", "vbaProject.bin"),
    ("X7 OLE", part("xl/embeddings/oleObject1.bin"), "active_content", "OLE"),
    ("X7 ActiveX", part("xl/activeX/activeX1.bin"), "active_content", "ActiveX"),
    ("X7 link", part("xl/externalLinks/externalLink1.xml", "<a/>"), "active_content", "externalLink"),
    ("X7 DDE", formula("cmd|'/c calc'!A0"), "active_content", "DDE"),
    ("X9 column", cell("XFE3"), "bad_reference", "XFE3"),
    ("X9 row", cell("A1048577"), "bad_reference", "A1048577"),
    ("X11 no header", lambda path: excel_files.workbook(path, ("a",), headings=("x",)), "no_header", "20 dòng đầu"),
    ("X32", too_many_rows, "too_many_rows", "Hãy chia tệp"),
]


@pytest.mark.parametrize(("make", "code", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path, make, code, words):
    path = tmp_path / "ds.xlsx"
    make(path)
    found = told(path)
    assert found["refused"]["code"] == code
    assert words in found["refused"]["message"]


FILES = [
    ("X8", lambda path: excel_files.with_formatted_empty_rows(path, 20_000), 1, [], []),
    ("X10", excel_files.with_titles_and_merged_cells, 1, ["numbering_row"], []),
    (
        "X11",
        lambda path: excel_files.workbook(
            path, (*PERSON[1:3], "x", "y"), headings=("Họ tên", "NTNS", "CCCD", "CMND")
        ),
        1,
        ["column_missing", "column_twice"],
        ["id_missing"],
    ),
    ("X12", excel_files.with_hidden_parts, 2, ["hidden_columns", "hidden_rows", "hidden_sheet", "other_sheets"], []),
    ("X13", excel_files.with_three_sheets, 2, ["other_sheets"], []),
    (
        "X14 X15",
        excel_files.with_numbers_as_numbers,
        4,
        [],
        ["birth_year_only", "id_lost_zero", "id_scientific", "phone_lost_zero"],
    ),
    ("X21 1900", excel_files.with_dates, 2, [], ["id_duplicate"]),
    ("X21 1904", lambda path: excel_files.with_dates(path, system_1904=True), 2, [], ["id_duplicate"]),
    ("X27", excel_files.with_formulas, 3, ["cell_error", "cell_uncalculated"], None),
]


@pytest.mark.parametrize(
    ("make", "rows", "of_file", "of_rows"), [case[1:] for case in FILES], ids=[case[0] for case in FILES]
)
def test_what_is_said_of_a_file(tmp_path, make, rows, of_file, of_rows):
    path = tmp_path / "ds.xlsx"
    make(path)
    found = told(path)
    assert found["refused"] is None
    assert found["rows"] == rows
    assert codes(found["findings"]) == of_file
    if of_rows is not None:
        assert codes([each for entry in found["entries"] for each in entry["findings"]]) == of_rows


ROWS = [
    # case, column, text, codes of the row, classes, suggestions
    ("X14", NUMBER, "15090001234", ["id_lost_zero"], ["E2"], {"id_number": "015090001234"}),
    ("X15", NUMBER, "1,5E+11", ["id_scientific"], ["E2"], {}),
    ("X15", NUMBER, "15090001234.0", ["id_decimal"], ["E2"], {"id_number": "015090001234"}),
    ("X16", NUMBER, "015.090 001\u00a0234", ["id_cleaned"], [], {}),
    ("X16", NUMBER, "０１５０９０００１２３４", ["id_cleaned"], [], {}),
    ("X16", NUMBER, "015090\u200b001234", ["id_cleaned"], [], {}),
    ("X17", NUMBER, "O15O90001234", ["id_letter"], ["E2"], {}),
    ("X17", NUMBER, "0l5090001234", ["id_letter"], ["E2"], {}),
    ("X18", NUMBER, "060123456", ["id_cmnd"], ["E2"], {}),
    ("X18", NUMBER, "0150900012", ["id_wrong_length"], ["E2"], {}),
    ("X18", NUMBER, "0150900012345", ["id_wrong_length"], ["E2"], {}),
    ("X18 no number", NUMBER, "không có", ["id_missing"], ["E1"], {}),
    ("X18 a filler", NUMBER, "000000000000", ["id_filler"], ["E2"], {}),
    ("X18 a passport", NUMBER, "C1234567", ["passport"], [], {}),
    ("X19", NUMBER, "015190001234", ["id_sex_conflict"], ["E3"], {}),
    ("X19", NUMBER, "015091001234", ["id_year_conflict"], ["E3"], {}),
    ("X19", NUMBER, "015290001234", ["id_future_year"], ["E3"], {}),
    ("X20", NUMBER, "003090001234", ["id_unassigned_code"], ["E2"], {}),
    ("X20 a merged province", NUMBER, "024090001234", [], [], {}),
    ("X20 a country", NUMBER, "104090001234", [], [], {}),
    ("X22", BIRTH, "05/25/1990", ["birth_impossible"], ["E3"], {}),
    ("X22", BIRTH, "31/02/1990", ["birth_impossible"], ["E3"], {}),
    ("X22", BIRTH, "29/02/1990", ["birth_impossible"], ["E3"], {}),
    ("X22", BIRTH, "00/00/1990", ["birth_impossible"], ["E3"], {}),
    ("X22", BIRTH, "01/01/2099", ["birth_future"], ["E3"], {}),
    ("X22", BIRTH, "01/01/1890", ["birth_too_old"], ["E3"], {}),
    ("X22", BIRTH, "01/02/90", ["birth_short_year"], ["E3"], {}),
    ("X22", BIRTH, "hôm qua", ["birth_unreadable"], ["E3"], {}),
    ("X22", BIRTH, "1021990", ["birth_lost_zero"], ["E3"], {"birth_date": "01/02/1990"}),
    ("X22", BIRTH, "32905", ["birth_serial"], ["E3"], {"birth_date": "01/02/1990"}),
    ("X22 day first", BIRTH, "1.2.1990", [], [], {}),
    ("X22 day first", BIRTH, "01-02-1990", [], [], {}),
    ("X22 day first", BIRTH, "1990-02-01", [], [], {}),
    ("X23", BIRTH, "1990", ["birth_year_only"], [], {}),
    ("X23", BIRTH, "chỉ năm 1990", ["birth_year_only"], [], {}),
    ("X24 TCVN3", NAME, "NguyÔn V¨n A", ["name_legacy_font"], [], {"full_name": "Nguyễn Văn A"}),
    ("X24 VNI", NAME, "Nguyeãn Vaên A", ["name_legacy_font"], [], {"full_name": "Nguyễn Văn A"}),
    ("X24 misread", NAME, "NguyÃªn", ["name_legacy_font"], [], {"full_name": "Nguyên"}),
    ("X24 sex", SEX, "N÷", ["id_sex_conflict"], ["E3"], {}),
    ("X25", NAME, "GIÀNG  A PÁO", [], [], {}),
    ("X25", NAME, "Nguyen Van An", ["name_no_marks"], [], {}),
    ("X26", NAME, "Giàng\u202eA", ["name_forbidden_character"], [], {}),
    ("X26", NAME, "Páo 😀", ["name_forbidden_character"], [], {}),
    ("X26", NAME, "A" * 101, ["name_too_long"], [], {}),
    ("X26", NAME, "Giàng A\nPáo", ["name_line_break"], [], {}),
    ("X26", NAME, "", ["name_missing"], [], {}),
    ("X26", NAME, "12345", ["name_no_letters"], [], {}),
    ("X26", NAME, "Páo 2", ["name_digit"], [], {}),
    ("X28", NAME, "=Páo A", [], [], {}),
    ("X28", PHONE, "+84912345678", ["phone_international"], [], {"phone": "0912345678"}),
    ("X28", PHONE, "-", [], [], {}),
    ("a phone", PHONE, "912345678", ["phone_lost_zero"], [], {"phone": "0912345678"}),
    ("a phone", PHONE, "01234567890", ["phone_eleven_digits"], [], {"phone": "0834567890"}),
    ("a phone", PHONE, "01134567890", ["phone_unusual"], [], {}),
    ("a sex", SEX, "", ["sex_missing"], ["E3"], {"sex": "nam"}),
    ("a sex", SEX, "1", ["sex_unreadable"], ["E3"], {}),
    ("a birth date", BIRTH, "", ["birth_missing"], ["E3"], {}),
]


def test_what_is_said_of_a_row(tmp_path):
    """All rows in one file, each of its own person, so that reading starts once; X26 parks, nothing else does."""
    path = tmp_path / "ds.xlsx"
    book = openpyxl.Workbook()
    book.active.append(list(HEADINGS))
    for number, (_, column, text, *_rest) in enumerate(ROWS, start=2):
        row = [*PERSON[:NUMBER], f"015090{number:06d}", *PERSON[5:]]
        row[NAME] = f"Giàng A {'Páo' * number}"[:90]
        row[column] = text
        for place, value in enumerate(row, start=1):
            found = book.active.cell(number, place)
            found.value = value
            found.data_type = "s"
    book.save(path)
    entries = told(path)["entries"]
    assert len(entries) == len(ROWS)
    for (case, _, text, expected, classes, suggestions), entry in zip(ROWS, entries, strict=True):
        # Rows of this table share a number here and there.
        assert [code for code in codes(entry["findings"]) if "duplicate" not in code] == expected, (case, text)
        assert entry["classes"] == classes, (case, text)
        assert entry["suggestions"] == suggestions, (case, text)
        parked = expected[:1] in (
            ["name_forbidden_character"],
            ["name_too_long"],
            ["name_missing"],
            ["name_no_letters"],
        )
        assert entry["status"] == ("parked" if parked else "accepted"), (case, text)


def test_x24_headings_and_villages_of_an_old_font_are_understood(tmp_path):
    path = excel_files.workbook(
        tmp_path / "ds.xlsx",
        ("NguyÔn V¨n A", "01/02/1990", "Nam", "015090001234", "Th«n Km 17"),
        headings=("Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh", "Sè CCCD", "Th«n"),
    )
    found = told(path)
    assert found["findings"] == []
    assert found["entries"][0]["village"] == "Thôn Km 17"


def test_x29_one_number_and_one_person_twice_are_told_side_by_side(tmp_path):
    path = excel_files.workbook(tmp_path / "ds.xlsx", PERSON, SECOND, ("3", *PERSON[1:]))
    found = told(path)
    assert [codes(entry["findings"]) for entry in found["entries"]] == [
        ["id_duplicate", "person_duplicate"],
        [],
        ["id_duplicate", "person_duplicate"],
    ]
