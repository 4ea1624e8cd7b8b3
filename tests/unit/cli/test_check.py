import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli.check import check
from tests import excel_files
from tests.excel_files import PERSON, SECOND

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ds.xlsx"


def run(*arguments):
    return CliRunner().invoke(check, [str(argument) for argument in arguments])


def test_json_keeps_its_keys_and_one_entry_per_row_in_sheet_order(path):
    excel_files.workbook(path, PERSON, ("2", "", *SECOND[2:]), ("3", "Lò Văn Ín", "1985", "Nam", "", "", ""))
    answer = run(path, "--json")
    assert answer.exit_code == 0
    told = json.loads(answer.output)
    assert {"rows", "accepted", "parked", "entries", "findings", "refused"} <= set(told)
    assert (told["rows"], told["accepted"], told["parked"], told["refused"]) == (3, 2, 1, None)
    assert [entry["row"] for entry in told["entries"]] == [2, 3, 4]
    assert [entry["status"] for entry in told["entries"]] == ["accepted", "parked", "accepted"]
    assert [entry["classes"] for entry in told["entries"]] == [[], [], ["E1"]]
    assert {"row", "status", "village", "classes", "findings", "suggestions"} <= set(told["entries"][0])
    finding = told["entries"][2]["findings"][0]
    assert (finding["code"], finding["field"]) == ("id_missing", "id_number")
    assert finding["message"].startswith("Chưa có số CCCD/CMND")


def test_a_refused_file_ends_with_2_in_both_forms(path):
    path.write_bytes(b"")
    assert run(path).exit_code == 2
    assert "Tệp rỗng" in run(path).output
    answer = run(path, "--json")
    assert answer.exit_code == 2
    assert json.loads(answer.output)["refused"]["code"] == "empty_file"
    assert json.loads(answer.output)["entries"] == []


def test_the_summary_counts_rows_classes_and_villages(path):
    excel_files.workbook(path, PERSON, (*SECOND[:4], "192004321", *SECOND[5:]))
    output = run(path).output
    assert "2 dòng: 2 đọc được, 0 giữ lại" in output
    assert "Sai định dạng số CCCD/CMND" in output
    assert "Thôn Km 17" in output
    assert "Dòng 3: Số 9 chữ số" in output
    assert "192004321" not in output


def test_a_sheet_may_be_chosen(path):
    excel_files.with_three_sheets(path)
    assert json.loads(run(path, "--json", "--sheet", "Ngắn").output)["rows"] == 1


def test_it_works_in_an_empty_folder_and_loads_neither_database_nor_web_nor_excel_library(path, tmp_path):
    excel_files.workbook(path, PERSON)
    program = (
        "import sys; from portal.cli import main\n"
        f"try: main(['check', {str(path)!r}])\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "heavy = {'sqlalchemy', 'flask', 'openpyxl', 'xlsxwriter', 'python_calamine', 'weasyprint'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    environment = {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-c", program], check=False, cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert "1 dòng" in ended.stdout
    assert {entry.name for entry in tmp_path.iterdir()} == {"ds.xlsx"}


def test_the_answer_can_be_had_in_english(path):
    excel_files.workbook(path, PERSON, ("3", "Lò Văn Ín", "1985", "Nam", "", "", ""))
    told = run(path, "--lang", "en").output
    assert "2 rows: 2 usable, 0 kept back" in told
    assert "Row 3: The CCCD/CMND number is missing; please add the 12-digit identity number." in told
    assert [words for words in ("Tệp", "Loại lỗi", "Dòng", "nhận được") if words in told] == []
