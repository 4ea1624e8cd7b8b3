from datetime import date

import pytest

from portal.spreadsheets.verification_list import VerificationResult, parse_result, read_verification_list
from tests import excel_files
from tests.excel_files import HEADINGS, PERSON, SECOND

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("Đúng", VerificationResult.RIGHT),
        ("ĐÃ XÁC MINH", VerificationResult.RIGHT),
        ("Khớp", VerificationResult.RIGHT),
        ("Sai ngày sinh", VerificationResult.WRONG),
        ("Không khớp", VerificationResult.WRONG),
        ("Chưa đúng", VerificationResult.WRONG),
        ("Không tìm thấy", VerificationResult.WRONG),
        ("Chưa xác minh", VerificationResult.UNKNOWN),
        ("Đang xử lý", VerificationResult.UNKNOWN),
        ("", VerificationResult.UNKNOWN),
    ],
)
def test_only_what_is_surely_right_counts_as_right(words, result):
    assert parse_result(words) is result


def test_the_list_gives_persons_results_and_the_platforms_words(tmp_path):
    headings = (*HEADINGS, "Kết quả xác minh", "Lý do")
    path = excel_files.workbook(
        tmp_path / "xm.xlsx", (*PERSON, "Đúng", ""), (*SECOND, "Sai", "lệch ngày sinh"), headings=headings
    )
    found = read_verification_list(path, today=TODAY)
    assert [(row.row, row.result.value, row.words) for row in found.rows] == [
        (2, "right", "Đúng"),
        (3, "wrong", "Sai: lệch ngày sinh"),
    ]
    assert found.rows[0].person.id_number == "015090001234"


def test_without_a_result_column_nothing_is_known(tmp_path):
    found = read_verification_list(excel_files.workbook(tmp_path / "xm.xlsx", PERSON), today=TODAY)
    assert [row.result for row in found.rows] == [VerificationResult.UNKNOWN]


def test_a_refused_file_says_why(tmp_path):
    path = tmp_path / "xm.xlsx"
    path.write_bytes(b"")
    assert read_verification_list(path, today=TODAY).check.refused.code == "empty_file"
