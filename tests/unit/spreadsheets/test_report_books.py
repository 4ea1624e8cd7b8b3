"""Report workbooks: real numbers in the form's layout, the same cells back from the sheet to fill in."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from portal.reports.definitions import known
from portal.spreadsheets.refusals import FileRefused
from portal.spreadsheets.report_books import (
    NoReportSheet,
    ReportBook,
    ReportRow,
    read_template,
    report_workbook,
    template_workbook,
)

FORM = known(Path("/nowhere"))["un_entered_doses"].form
VALUES = {each.key: place for place, each in enumerate(FORM.fields) if each.counts}


def test_the_form_of_bac_giang_has_a_row_for_each_unit_numbers_as_numbers_and_their_sum() -> None:
    rows = [ReportRow("Huyện A", VALUES), ReportRow("Huyện B", None), ReportRow("=1+1", VALUES)]
    own = {key: 2 * value for key, value in VALUES.items()} | {"directing": "Họp giao ban"}
    data = report_workbook(ReportBook(FORM, "Sở Y tế", "31/01/2023", rows, own, ["Chưa có trong tổng: Huyện B."]))
    sheet = load_workbook(BytesIO(data)).active
    table = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert table[3][0] == FORM.title.upper()
    assert "31/01/2023" in table[4][0]
    heads = {(line, place): cell for line in (6, 7, 8) for place, cell in enumerate(table[line]) if cell}
    assert heads[6, 4] == "Số mũi tiêm chưa nhập lên hệ thống"
    assert [heads[8, place] for place in range(4, 8)] == ["Số người (người)", "Số mũi (mũi)"] * 2
    first = table[9]
    assert first[1] == "Huyện A"
    counts = [each.key for each in FORM.fields if each.counts]
    assert first[2 : 2 + len(counts)] == [VALUES[key] for key in counts]
    assert all(isinstance(value, int) for value in first[2 : 2 + len(counts)])
    assert table[10][2] == "chưa gửi"
    assert (table[11][1], sheet["B12"].data_type) == ("=1+1", "s")
    assert table[12][1:3] == ["Tổng cộng", 2 * VALUES["done"]]
    words = [line[0] for line in table[13:] if line[0]]
    assert any("Họp giao ban" in each for each in words)
    assert words[-1] == "Chưa có trong tổng: Huyện B."


def test_every_cell_comes_back_from_the_sheet_to_fill_in(tmp_path: Path) -> None:
    path = tmp_path / "phieu.xlsx"
    path.write_bytes(template_workbook(FORM, mark="abc", unit_name="Trạm", as_of="31/01/2023", values=VALUES))
    found = read_template(path)
    assert found.mark == "abc"
    assert set(found.typed) == {each.key for each in FORM.fields}
    assert found.typed == found.was
    book = load_workbook(path)
    for line in book.active.iter_rows(min_row=5):
        if line[0].value == "done":
            line[3].value = 5636122
    book.save(path)
    found = read_template(path)
    assert {key for key, text in found.typed.items() if found.was[key] != text} == {"done"}
    assert found.typed["done"] == "5636122"


def test_another_workbook_is_no_sheet_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "khac.xlsx"
    path.write_bytes(report_workbook(ReportBook(FORM, "Sở Y tế", "31/01/2023", [], {})))
    with pytest.raises(NoReportSheet):
        read_template(path)
    path.write_bytes(b"khong phai so tinh")
    with pytest.raises(FileRefused):
        read_template(path)
