"""X31, invariant 19: sorting, moving and inserting rows or columns changes no finding on any person."""

from datetime import date
from random import Random

from portal.spreadsheets.checking import check_workbook
from tests import excel_files
from tests.excel_files import HEADINGS, PERSON, SECOND

PEOPLE = [
    PERSON,
    SECOND,
    ("3", "Mùa A Dế", "31/02/1990", "Nam", "15090001234", *PERSON[5:]),
    ("4", "Lò Văn Đối", "1985", "Nữ", "", *PERSON[5:]),
    ("5", "Hờ Thị Ưởng", "02/03/1978", "nữ", "01518500O243", *PERSON[5:]),
]


def findings_by_person(path, rows, headings=HEADINGS):  # type: ignore[no-untyped-def]
    result = check_workbook(excel_files.workbook(path, *rows, headings=headings), today=date(2026, 11, 20))
    return {
        entry.raw["Họ và tên"]: (entry.status, entry.classes, [one.code for one in entry.findings], entry.cleaned)
        for entry in result.entries
    }


def test_the_order_of_rows_and_columns_makes_no_difference(tmp_path) -> None:  # type: ignore[no-untyped-def]
    known = findings_by_person(tmp_path / "0.xlsx", PEOPLE)
    assert len(known) == len(PEOPLE)
    for seed in range(4):
        chance, rows = Random(seed), list(PEOPLE)
        chance.shuffle(rows)
        columns = list(range(len(HEADINGS)))
        chance.shuffle(columns)
        moved = [tuple(row[at] for at in columns) for row in rows]
        headings = tuple(HEADINGS[at] for at in columns)
        assert findings_by_person(tmp_path / f"{seed + 1}.xlsx", moved, headings) == known, seed
    assert findings_by_person(tmp_path / "6.xlsx", PEOPLE[1:]) == {
        name: found for name, found in known.items() if name != PERSON[1]
    }, "a row taken away takes nothing else with it"
