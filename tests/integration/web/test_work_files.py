"""The list as a workbook and back, by pages alone: downloaded, shown as a difference, taken, undone."""

import re
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from portal.domain.stages import Party
from portal.models import Entry, db
from tests.integration.scene import Scene
from tests.integration.web.visitor import LONG_NUMBER, words_of

WORK = {Party.VILLAGE: ("village_head", "correction"), Party.POLICE: ("police_officer", "verification")}


@pytest.mark.parametrize("party", WORK)
def test_a_workbook_is_downloaded_shown_as_a_difference_and_taken(scene: Scene, visit, party: Party) -> None:
    name, work = WORK[party]
    list_id, visitor = scene.put_before(party, 2), visit(name)
    base = f"/lists/{list_id}"
    assert "Làm trên tệp Excel" in words_of(visitor.page(base))
    book = openpyxl.load_workbook(BytesIO(visitor.post(f"{base}/work-file/{work}", {}).data))
    book.worksheets[0].cell(4, 12).value = "Vàng Thị <b>Mới</b>"
    book.worksheets[0].append([None] * 4 + ["Giàng A Thêm", "015090990009"])
    out = BytesIO()
    book.save(out)
    sent = {"file": (BytesIO(out.getvalue()), "danh sách.xlsx")}
    answer = visitor.post(f"{base}/work-file/{work}/returned", sent, content_type="multipart/form-data")
    assert answer.status_code == 200
    words = words_of(answer.text)
    assert "1 người có thay đổi sẽ nhận, 1 người không đổi, 0 người không có trong tệp" in words
    assert "Giàng A Thêm" in words
    assert "<b>Mới" not in answer.text
    assert not LONG_NUMBER.search(words)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', answer.text)
    assert digest
    taken = visitor.post(f"{base}/work-file/{work}/taken", {"digest": digest[1]})
    assert taken.status_code == 303
    assert "Nhận thay đổi từ tệp Excel" in words_of(visitor.page(taken.headers["Location"]))
    db.session.rollback()
    first = db.session.scalars(select(Entry).where(Entry.list_id == list_id, Entry.number == 1)).one()
    assert (first.proposed | first.verified)["full_name"] == "Vàng Thị <b>Mới</b>"


def test_no_file_another_file_and_a_forged_digest_are_refused_in_words(scene: Scene, visit) -> None:
    page, village = f"/lists/{scene.put_before(Party.VILLAGE, 1)}", visit("village_head")
    village.page(page)
    base = f"{page}/work-file/correction"
    for data in ({}, {"file": (BytesIO(b"no workbook"), "a.xlsx")}):
        answer = village.post(f"{base}/returned", data, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert "tệp" in words_of(answer.text)
    for digest in ("", "x", "0" * 64):
        assert village.post(f"{base}/taken", {"digest": digest}).status_code == 422
