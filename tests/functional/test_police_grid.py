"""The police's grid by keyboard alone: keys per row, Telex, undo, search, resuming, another officer's change."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import expect

from portal.domain.fields import Field
from portal.domain.stages import Leg
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, db
from portal.services import entries
from portal.services.entries import Conclusion
from tests.functional.conftest import Site
from tests.functional.window import Window

Open = Callable[..., Window]
PEOPLE = 53


@pytest.fixture(scope="module")
def of_list(session_site: Site) -> UUID:
    """A list of 53 people with the police: two pages; every tenth number was corrected by the village."""
    with session_site.behind() as scene:
        list_id = scene.make_list(PEOPLE)
        scene.take("village_head", scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE))
        for number in range(1, PEOPLE + 1):
            fixed = Conclusion(Verdict.FIXED, {Field.ID_NUMBER: f"015185909{number:03d}"})
            said = fixed if number % 10 == 1 else Conclusion(Verdict.ALREADY_RIGHT)
            entries.conclude(scene.actors["village_head"], list_id, number, said)
        scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
        return list_id


def decided(site: Site, list_id: UUID) -> int:
    with site.behind():
        db.session.rollback()
        return db.session.get_one(CorrectionList, list_id).decided


def current(window: Window) -> str:
    return str(window.tab.evaluate("document.activeElement.id"))


def test_the_grid_by_keyboard(window: Open, site: Site, of_list: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    police = window("police_officer")
    police.go(f"/lists/{of_list}")
    keys = police.tab.keyboard
    expect(police.tab.locator("#row-1")).to_be_focused()

    right_rows_take_one_key(police, site, of_list, capsys)
    under_telex_letters_do_nothing(police, site, of_list)
    correction_by_f2(police)
    undo_and_search(police, site, of_list)

    keys.press("?")
    expect(police.tab.locator("[data-grid-help]")).to_have_attribute("open", "")
    police.tab.locator("[data-grid-keys]").uncheck()
    police.tab.locator("#row-31").focus()
    before = decided(site, of_list)
    keys.press("1")
    police.tab.reload()
    expect(police.tab.locator("[data-grid-keys]")).not_to_be_checked()
    assert decided(site, of_list) == before, "shortcuts that are switched off stay off in this window"


def right_rows_take_one_key(police: Window, site: Site, of_list: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    pressed, begun, rows = 0, time.perf_counter(), 20
    for number in range(1, rows + 1):
        expect(police.tab.locator(f"#row-{number}")).to_be_focused()
        police.tab.keyboard.press("1")
        pressed += 1
        expect(police.tab.locator("[data-grid-saved]")).to_contain_text(f"Đã lưu dòng {number} lúc")
    took = time.perf_counter() - begun
    with capsys.disabled():
        print(
            f"\npolice: {pressed / rows:.2f} keys a right row, {1000 * took / rows:.0f} ms a row seen from the browser"
        )
    assert pressed <= 2 * rows
    assert decided(site, of_list) == rows
    police.see(f"Đã đối chiếu {rows}/{PEOPLE} người")


def under_telex_letters_do_nothing(police: Window, site: Site, of_list: UUID) -> None:
    """Telex turns `dd` into đ and a digit may arrive as another key; only the place on the keyboard counts."""
    before = decided(site, of_list)
    police.tab.keyboard.press("d")
    police.tab.keyboard.press("d")
    police.tab.evaluate(
        """() => document.activeElement.dispatchEvent(
             new KeyboardEvent('keydown', {key: 'Process', code: 'Digit1', isComposing: true, bubbles: true}))"""
    )
    assert decided(site, of_list) == before
    police.tab.evaluate(
        """() => document.activeElement.dispatchEvent(
             new KeyboardEvent('keydown', {key: 'Unidentified', code: 'Numpad1', bubbles: true}))"""
    )
    expect(police.tab.locator("#row-22")).to_be_focused()
    assert decided(site, of_list) == before + 1


def correction_by_f2(police: Window) -> None:
    keys = police.tab.keyboard
    keys.press("F2")
    field = police.tab.locator("#row-22 input[name=id_number]")
    expect(field).to_be_focused()
    field.fill("015185990 4")
    keys.press("1")
    expect(field).to_have_value("015185990 41")
    keys.press("Enter")
    expect(police.tab.locator("#row-22 .field-error").first).to_be_visible()
    field.fill("015185991922")
    keys.press("Enter")
    expect(police.tab.locator("#row-22")).to_contain_text("Công an sửa theo CSDLQG")
    expect(police.tab.locator("#row-23")).to_be_focused()
    keys.press("F2")
    keys.press("Escape")
    expect(police.tab.locator("#row-23")).to_be_focused()


def undo_and_search(police: Window, site: Site, of_list: UUID) -> None:
    keys = police.tab.keyboard
    keys.press("Control+z")
    police.see("Đã hoàn tác kết luận dòng 22")
    expect(police.tab.locator("#row-22")).to_be_focused()
    expect(police.tab.locator("#row-22")).to_have_attribute("data-verdict", "")
    keys.press("/")
    expect(police.tab.locator("#grid-q")).to_be_focused()
    keys.type("thu d vang 1")
    keys.press("Control+a")
    keys.type("909031")
    keys.press("Enter")
    expect(police.tab.locator("#row-31")).to_be_focused()
    keys.press("/")
    keys.type("031")
    keys.press("Enter")
    expect(police.tab.locator("[data-grid] [data-row]")).to_have_count(1)


def test_a_page_that_is_done_leads_to_the_next_and_a_new_window_goes_on_there(
    window: Open, site: Site, of_list: UUID
) -> None:
    with site.behind() as scene:
        for number in range(1, 50):
            entries.conclude(scene.actors["police_officer"], of_list, number, Conclusion(Verdict.VERIFIED))
    police = window("police_officer")
    police.go(f"/lists/{of_list}")
    expect(police.tab.locator("#row-50")).to_be_focused()
    police.tab.keyboard.press("1")
    expect(police.tab.locator("#row-51")).to_be_focused()
    other = window("police_officer")
    other.go(f"/lists/{of_list}")
    expect(other.tab.locator("#row-51")).to_be_focused()
    head = window("police_head")
    head.go(f"/lists/{of_list}?part=all&page=2")
    head.tab.locator("#row-52").focus()
    head.tab.keyboard.press("3")
    expect(head.tab.locator("[data-grid-saved]")).to_contain_text("Đã lưu dòng 52")
    police.tab.locator("#row-52").focus()
    police.tab.keyboard.press("1")
    police.see("Dòng 52 đã đổi lúc")
    police.see("Không có trong CSDLQG")
    other.tab.emulate_media(media="print")
    expect(other.tab.locator("#row-51 strong")).to_be_visible()
    for pressed in ("#row-51 form", "[data-grid] input[type=checkbox]", "main .btn"):
        expect(other.tab.locator(f"{pressed} >> visible=true"), "nothing to press on paper").to_have_count(0)
