"""The list as a workbook and back: only changed cells, seen before they count; nothing is overwritten in silence."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import func, select

from portal.domain.errors import InvalidInput, StaleVersion, WrongStage
from portal.domain.fields import Field
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.models import BulkItem, Entry, EntryValue, Event, db
from portal.services import entries, work_files
from portal.services.bulk import acts
from portal.services.entries import Conclusion
from tests.integration.scene import Scene

VERDICT, NAME, BIRTH, SEX, NUMBER, REASON, NOTE = range(11, 18)
FIRST = 4
"""Columns of the cells to be filled in, and the sheet's first row of people."""
WORKERS = {Party.VILLAGE: "village_head", Party.POLICE: "police_officer"}
RIGHT = {Party.VILLAGE: "Thông tin đang ghi đã đúng", Party.POLICE: "Đúng với CSDLQG về dân cư"}


def given(scene: Scene, list_id: UUID, party: Party, language: str = "vi") -> bytes:
    return work_files.give_work_file(scene.actors[WORKERS[party]], list_id, language)[1]


def changed(data: bytes, change: Callable[[Any], object]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    change(book.worksheets[0])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def seen(scene: Scene, list_id: UUID, party: Party, data: bytes) -> work_files.Returned:
    actor = scene.actors[WORKERS[party]]
    return work_files.see_work_file(actor, list_id, work_files.keep_work_file(actor, list_id, data))


def entry(list_id: UUID, number: int) -> Entry:
    db.session.rollback()
    return db.session.execute(select(Entry).where(Entry.list_id == list_id, Entry.number == number)).scalar_one()


def events(list_id: UUID) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Event).where(Event.list_id == list_id)) or 0


@pytest.mark.parametrize("party", WORKERS)
def test_the_workbook_has_text_cells_drop_lists_a_frozen_header_hidden_keys_and_locked_columns(
    scene: Scene, party: Party
) -> None:
    data = given(scene, scene.put_before(party, 2), party)
    page = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    assert page.freeze_panes == "F4"
    assert page.protection.sheet
    hidden = page.column_dimensions["A"]
    assert (hidden.hidden, hidden.min, hidden.max, page.column_dimensions["D"].hidden) == (True, 1, 3, False)
    assert {page.cell(row, column).number_format for row in (4, 5) for column in (*range(4, 9), *range(11, 18))} == {
        "@"
    }
    locked = [page.cell(4, column).protection.locked for column in range(4, 18)]
    assert locked == [True] * 7 + [False] * 7
    assert sorted(str(rule.sqref).split(":")[0] for rule in page.data_validations.dataValidation) == [
        "K4",
        "N4",
        "P4",
    ]


@pytest.mark.parametrize("party", WORKERS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_export_and_import_again_makes_no_event(scene: Scene, party: Party, language: str) -> None:
    list_id = scene.put_before(party, 3)
    said = {
        Party.VILLAGE: Conclusion(Verdict.FIXED, {Field.FULL_NAME: "=Sùng\u00a0A  Dế"}),
        Party.POLICE: Conclusion(Verdict.VERIFIED),
    }
    entries.conclude(scene.actors[WORKERS[party]], list_id, 1, said[party])
    data = given(scene, list_id, party, language)
    before = events(list_id)
    for again in (data, changed(data, lambda _page: None)):
        found = seen(scene, list_id, party, again)
        assert (found.unchanged, found.missing) == (3, 0)
        assert (found.changes, found.conflicts, found.refused, found.added, found.strange) == ((), (), (), (), ())
        with pytest.raises(StaleVersion):
            work_files.apply_work_file(scene.actors[WORKERS[party]], list_id, found.digest)
    assert events(list_id) == before


def test_x31_sorted_inserted_deleted_and_forged_rows(scene: Scene) -> None:
    list_id = scene.put_before(Party.VILLAGE, 5)

    def work(page: Any) -> None:
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=FIRST)]
        rows[0][VERDICT - 1] = RIGHT[Party.VILLAGE]
        rows[1][NAME - 1] = "Sùng A Dế"
        rows[2][0] = rows[3][0]
        kept = [rows[2], rows[1], rows[0], rows[1]]
        page.delete_rows(FIRST, 10)
        for row in kept:
            page.append(row)
        page.append([None, None, None, None, "Giàng A Mới", "1999"])

    found = seen(scene, list_id, Party.VILLAGE, changed(given(scene, list_id, Party.VILLAGE), work))
    # The copied row names nobody a second time, and the row with another's key nobody at all.
    assert [row for row, _ in found.strange] == [4, 7]
    assert [(row, "Giàng A Mới" in texts) for row, texts in found.added] == [(8, True)]
    assert sorted(change.number for change in found.changes) == [1, 2]
    assert (found.missing, found.unchanged) == (3, 0)
    assert {(cell.before, cell.after) for change in found.changes for cell in change.cells} == {
        ("", RIGHT[Party.VILLAGE]),
        ("", "Sùng A Dế"),
    }
    act = work_files.apply_work_file(scene.actors["village_head"], list_id, found.digest)
    assert db.session.scalars(select(BulkItem.state).where(BulkItem.act_id == act)).all() == ["done", "done"]
    assert entry(list_id, 2).proposed == {"full_name": "Sùng A Dế"}
    source = select(EntryValue.source).join(Entry, EntryValue.entry_id == Entry.id).where(Entry.list_id == list_id)
    assert set(db.session.scalars(source)) == {"excel"}
    assert [entry(list_id, number).village_verdict for number in (1, 2, 3, 4, 5)] == [
        "already_right",
        "fixed",
        "",
        "",
        "",
    ]
    acts.undo(scene.actors["village_head"], act)
    assert [entry(list_id, number).village_verdict for number in (1, 2)] == ["", ""]


@pytest.mark.parametrize("party", WORKERS)
def test_x30_a_row_that_somebody_changed_meanwhile_is_a_conflict_and_not_overwritten(
    scene: Scene, party: Party
) -> None:
    list_id = scene.put_before(party, 2)
    data = given(scene, list_id, party)
    other = Conclusion(Verdict.RETURNED, reason="card_needed", rev=None)
    entries.conclude(scene.actors[WORKERS[party]], list_id, 1, other)

    def work(page: Any) -> None:
        for row in (FIRST, FIRST + 1):
            page.cell(row, VERDICT).value = RIGHT[party]
        if party is Party.POLICE:
            page.cell(FIRST + 1, VERDICT).value = "Không có trong CSDLQG về dân cư"

    found = seen(scene, list_id, party, changed(data, work))
    assert [change.number for change in found.conflicts] == [1]
    assert found.conflicts[0].cells[0].before == "Trả lại"
    assert "đã đổi" in found.conflicts[0].why_not
    assert [change.number for change in found.changes] == [2]
    work_files.apply_work_file(scene.actors[WORKERS[party]], list_id, found.digest)
    assert getattr(entry(list_id, 1), f"{party}_verdict") == "returned"
    assert getattr(entry(list_id, 2), f"{party}_verdict") != ""


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        (VERDICT, "Chắc là đúng", "ngoài danh mục"),
        (VERDICT, "Không làm được", "Chưa chọn lý do"),
        (NUMBER, "12345", "Giá trị chưa dùng được"),
        (NOTE, "chỉ có ghi chú", "Chưa chọn kết luận"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_before_anything_counts(
    scene: Scene, column: int, text: str, words: str
) -> None:
    list_id = scene.put_before(Party.VILLAGE, 1)
    data = changed(
        given(scene, list_id, Party.VILLAGE), lambda page: setattr(page.cell(FIRST, column), "value", text)
    )
    found = seen(scene, list_id, Party.VILLAGE, data)
    assert found.changes == ()
    assert words in found.refused[0].why_not


def test_another_file_and_another_lists_file_are_not_taken(scene: Scene) -> None:
    list_id, other_id = (scene.put_before(Party.VILLAGE, 1) for _ in range(2))
    with pytest.raises(InvalidInput, match="không phải tệp Excel mà cổng đã giao"):
        seen(
            scene,
            list_id,
            Party.VILLAGE,
            changed(given(scene, list_id, Party.VILLAGE), lambda page: page.delete_rows(3)),
        )
    found = seen(scene, list_id, Party.VILLAGE, given(scene, other_id, Party.VILLAGE))
    assert [row for row, _ in found.strange] == [FIRST]


def test_only_the_party_that_works_on_the_list_gets_its_workbook(scene: Scene) -> None:
    list_id = scene.put_before(Party.POLICE, 1)
    with pytest.raises(WrongStage):
        work_files.give_work_file(scene.actors["village_head"], list_id)
