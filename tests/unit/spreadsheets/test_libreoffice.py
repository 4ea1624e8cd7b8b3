"""The same through LibreOffice, which most offices without Excel use: `make long` only, it takes seconds a file."""

import shutil
import subprocess
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.fields import Person
from portal.spreadsheets.work_file import GivenRow, Typed, read_work_workbook, work_workbook
from portal.spreadsheets.writing import ImportRow, import_workbook
from tests.unit.spreadsheets.here import check_here

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed on this machine"),
]

# LibreOffice itself writes no control characters and makes one line break of two.
letters = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30)
people = st.lists(
    st.tuples(
        st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.text("0123456789", min_size=12, max_size=12), letters
    ),
    min_size=1,
    max_size=200,
)


def saved_again(path, folder):
    """The file as LibreOffice writes it after opening it."""
    out = folder / "out"
    command = [OFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", out, path], check=True, capture_output=True, timeout=120)
    return out / path.name


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people)
def test_dates_numbers_and_texts_survive_a_save_by_libreoffice(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("lo")
    path = folder / "import.xlsx"
    persons = [Person(number, "Giàng A Páo", f"{born:%d/%m/%Y}", "nam") for born, number, _ in rows]
    written = [ImportRow(each, note=note) for each, (_, _, note) in zip(persons, rows, strict=True)]
    path.write_bytes(import_workbook(written, title="Thử", unit="Trạm"))
    back = check_here(saved_again(path, folder)).entries
    assert [entry.cleaned for entry in back] == persons
    assert [entry.cells[17] for entry in back] == [note for _, _, note in rows]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(letters, min_size=7, max_size=7), min_size=1, max_size=50))
def test_a_work_file_saved_by_libreoffice_has_no_changed_row(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("lo")
    path = folder / "work.xlsx"
    rows = [GivenRow(f"{n}-x", n, (str(n), "a", "b", "c", "d"), Typed(*row)) for n, row in enumerate(cells, start=1)]
    path.write_bytes(work_workbook(rows, title="Thử", choices=[(0, ["Đúng"])]))
    back = read_work_workbook(saved_again(path, folder))
    assert [(row.key, row.is_changed) for row in back] == [(row.key, False) for row in rows]
