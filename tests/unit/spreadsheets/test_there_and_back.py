"""What we write we read again, letter for letter: any text, any date of our centuries, any twelve digits."""

from datetime import date, timedelta

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.domain.fields import Person
from portal.spreadsheets.work_file import GivenRow, Typed, read_work_workbook, work_workbook
from portal.spreadsheets.writing import ImportRow, import_workbook, table_workbook
from tests.excel_files import HEADINGS, PERSON
from tests.unit.spreadsheets.here import check_here

# NUL is shown as its picture; U+FFFE and U+FFFF are no characters and no XML can hold them.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufffe\uffff"), max_size=30)
days = st.dates(date(1900, 1, 1), date(2026, 12, 31))
digits = st.text("0123456789", min_size=12, max_size=12)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("x") / "ds.xlsx"


@settings(max_examples=80, deadline=None)
@example(["_x0041_", "=1+1", "+84912345678", "a\r\nb", " x ", "\x07", "_x000D_", "'0150"])
@given(st.lists(texts, min_size=1, max_size=12))
def test_any_text_comes_back_as_it_was(path, written):
    rows = [["1", "Giàng A Páo", text] for text in written]
    path.write_bytes(table_workbook(["STT", "Họ và tên", "Ghi chú"], rows, "Thử"))
    assert [entry.cells[2] for entry in check_here(path).entries] == written


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(days, digits), min_size=1, max_size=12))
def test_any_date_and_any_twelve_digits_come_back_from_the_import_file(path, people):
    persons = [Person(number, "Giàng A Páo", f"{born:%d/%m/%Y}", "nam") for born, number in people]
    path.write_bytes(import_workbook([ImportRow(person) for person in persons], title="Thử", unit="Trạm"))
    assert [entry.cleaned for entry in check_here(path).entries] == persons


@pytest.mark.parametrize("first_1904", [False, True])
def test_every_month_of_both_date_systems_is_read_as_its_day(path, first_1904):
    """Real dates, not texts: from the first that Excel and the calendar agree on (March 1900, 2 January 1904)."""
    begin = date(1904, 1, 2) if first_1904 else date(1900, 3, 1)
    written = [begin + timedelta(days=29 * step) for step in range((date(2026, 11, 20) - begin).days // 29)]
    with xlsxwriter.Workbook(path, {"date_1904": first_1904}) as book:
        page, form = book.add_worksheet("DS"), book.add_format({"num_format": "mm/dd/yyyy"})
        page.write_row(0, 0, HEADINGS)
        for row, day in enumerate(written, start=1):
            page.write_row(row, 0, PERSON)
            page.write_datetime(row, 2, day, form)
    assert [entry.person.birth_date for entry in check_here(path).entries] == [f"{day:%d/%m/%Y}" for day in written]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(texts, min_size=7, max_size=7), min_size=1, max_size=6))
def test_a_workbook_given_out_and_back_has_no_changed_row(path, cells):
    rows = [GivenRow(f"{n}-x", n, (str(n), "a", "b", "c", "d"), Typed(*row)) for n, row in enumerate(cells, start=1)]
    path.write_bytes(work_workbook(rows, title="Thử", choices=[(0, ["Đúng"])]))
    back = read_work_workbook(path)
    assert [(row.key, row.is_changed) for row in back] == [(row.key, False) for row in rows]
