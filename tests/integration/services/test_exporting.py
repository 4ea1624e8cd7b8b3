"""What is taken out bears a mark: who holds the sheet finds who took it out, within his territory alone."""

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest
from pypdf import PdfReader

from portal.domain.events import EventTag
from portal.domain.sheet_codes import is_sound, read_mark
from portal.domain.stages import Party
from portal.models import Event, db
from portal.queries.readings import exports_of
from portal.services import trails, work_files
from portal.services.event_words import tell
from tests.integration.scene import Scene


def work_file(scene: Scene, list_id: UUID) -> str:
    data = work_files.give_work_file(scene.actors["village_head"], list_id)[1]
    book = openpyxl.load_workbook(BytesIO(data))
    foot = book.worksheets[0].oddFooter.left.text or ""
    assert book.properties.description in foot
    return foot


def trail_pdf(scene: Scene, list_id: UUID) -> str:
    pages = PdfReader(BytesIO(trails.trail_pdf(scene.actors["village_head"], list_id)[1])).pages
    feet = {next(line for line in each.extract_text().splitlines() if "Mã xuất" in line) for each in pages}
    assert len(feet) == 1
    return feet.pop()


@pytest.mark.parametrize("take", [work_file, trail_pdf])
def test_what_is_taken_out_says_by_whom_and_is_found_again_by_its_mark(
    scene: Scene, take: Callable[[Scene, UUID], str]
) -> None:
    list_id = scene.put_before(Party.VILLAGE, 2)
    line, taker = take(scene, list_id), scene.actors["village_head"]
    assert taker.user_name in line
    assert taker.unit_name in line
    mark = read_mark(line.partition("Mã xuất ")[2].partition(":")[0])
    assert is_sound(mark)
    [found] = exports_of(scene.actors["coordinator"], mark)
    assert (found.person_name, found.tag) == (taker.user_name, EventTag.LIST_EXPORTED.value)
    assert any(mark[:4] in each for each in tell([found])[0].lines)
    assert exports_of(scene.actors["station_head"], mark) == []


def test_an_export_of_another_territory_is_not_found(scene: Scene) -> None:
    list_id = scene.make_list(1, village="to_cong_tac_c", station="tram_khac")
    trails.trail_pdf(scene.actors["foreign_station_head"], list_id)
    [taken] = db.session.query(Event).filter_by(list_id=list_id, tag=EventTag.LIST_EXPORTED.value)
    assert exports_of(scene.actors["coordinator"], taken.payload["mark"]) == []


def test_each_export_has_its_own_mark_and_one_slip_is_noticed(scene: Scene) -> None:
    list_id = scene.put_before(Party.VILLAGE, 2)
    for _ in range(2):
        work_file(scene, list_id)
    taken = db.session.query(Event).filter_by(list_id=list_id, tag=EventTag.LIST_EXPORTED.value)
    one, other = (each.payload["mark"] for each in taken)
    assert one != other
    wrong = ("3" if one[0] != "3" else "4") + one[1:]
    assert read_mark(f" {one[:4].lower()}-{one[4:]} ") == one
    assert read_mark(wrong) == ""
