"""Điện thoại của thôn, 360 × 640: chữ từ 16 px, chỗ chạm từ 44 px, tương phản từ 7:1, số gõ thành nhóm ba."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.models import Entry, db
from portal.services import entries
from portal.services.entries import Conclusion
from tests.functional.conftest import Site
from tests.functional.test_every_page import AXE
from tests.functional.window import Window
from tests.integration.scene import number_of

_SMALL_TEXT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest(".visually-hidden, .skip-link, script, template")) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < 16) found.push(size + " px: " + text.slice(0, 40));
  }
  return found;
}"""
_SMALL_TARGETS = """() => Array.from(document.querySelectorAll("main a, main button, main input, main select, main textarea, main summary, header a, header button, #outbox summary"))
  .filter((each) => each.checkVisibility() && each.type !== "hidden" && !each.closest(".visually-hidden, footer"))
  .map((each) => [each, (each.closest("label") || (each.matches("input[type=radio], input[type=checkbox]") && each.parentElement) || each).getBoundingClientRect()])
  .filter(([each, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([each, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${each.outerHTML.slice(0, 90)}`)"""
_PALE = """async () => (await axe.run(document, {runOnly: {type: "rule", values: ["color-contrast-enhanced"]}}))
  .violations.flatMap((each) => each.nodes.map((node) => node.html.slice(0, 120)))"""


@pytest.fixture(scope="module")
def list_id(session_site: Site) -> UUID:
    """A list with a finding and a suggestion, one person concluded, one hard."""
    with session_site.behind() as scene:
        made = scene.make_list(5)
        scene.bring_to(Party.VILLAGE, made)
        finding = {"code": "E2", "field": "id_number", "message": "Số chỉ có 11 chữ số.", "severity": "error"}
        found = update(Entry).where(Entry.list_id == made, Entry.number == 1)
        db.session.execute(found.values(findings=[finding], suggestions={"id_number": number_of(800)}))
        db.session.commit()
        hard = Conclusion(Verdict.UNRESOLVED, reason="moved_away")
        entries.conclude(scene.actors["village_head"], made, 4, hard)
        entries.conclude(scene.actors["village_head"], made, 5, Conclusion(Verdict.ALREADY_RIGHT))
        return made


def faults(village: Window) -> dict[str, list[str]]:
    village.tab.evaluate(AXE.read_text(encoding="utf-8"))
    told = {
        "text": village.tab.evaluate(_SMALL_TEXT),
        "targets": village.tab.evaluate(_SMALL_TARGETS),
        "contrast": village.tab.evaluate(_PALE),
    }
    return {name: found for name, found in told.items() if found} | (
        {"sideways": ["yes"]} if village.scrolls_sideways() else {}
    )


def test_danh_sach_va_mot_nguoi_vua_ngon_tay_va_mat(site: Site, window: Callable[..., Window], list_id: UUID) -> None:
    village = window("village_helper", phone=True)
    wrong = {}
    for path in ("", "?part=hard", "?part=done", "/entries/1", "/entries/4"):
        village.go(f"/lists/{list_id}{path}")
        if found := faults(village):
            wrong[path] = found
    village.go(f"/lists/{list_id}/entries/2")
    with site.behind() as scene:
        said = Conclusion(Verdict.FIXED, values={"full_name": "Vàng Thị Khác"})
        entries.conclude(scene.actors["village_head"], list_id, 2, said)
    village.tab.locator('input[name="verdict"][value="already_right"]').check()
    village.tab.locator("button.btn-save").click()
    village.see("đã lưu người này trước bạn")
    if found := faults(village):
        wrong["two versions"] = found
    assert wrong == {}


def test_ca_mot_nguoi_nam_tren_mot_man_hinh(site: Site, window: Callable[..., Window], list_id: UUID) -> None:
    village = window("village_helper", phone=True)
    village.go(f"/lists/{list_id}/entries/3")
    save = village.tab.locator("button.btn-save").bounding_box()
    assert save is not None
    assert save["y"] + save["height"] <= 640
    assert save["y"] > 520, "at the thumb"
    last = village.tab.locator('input[name="sex_choice"]').last.bounding_box()
    assert last is not None
    assert last["y"] < save["y"], "all four items above the button, without scrolling"


def test_so_go_lien_hien_thanh_nhom_ba(site: Site, window: Callable[..., Window], list_id: UUID) -> None:
    village = window("village_helper", phone=True)
    village.go(f"/lists/{list_id}/entries/3")
    tab = village.tab
    tab.locator('input[name="id_number_choice"][value="fix"]').check()
    field = tab.locator('input[name="id_number"]')
    expect(field).to_be_focused()
    expect(field).to_have_attribute("inputmode", "numeric")
    field.fill("")
    tab.keyboard.type("015185990123")
    expect(field).to_have_value("015 185 990 123")
    for _times in range(5):
        tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("Backspace")
    tab.keyboard.type("7")
    expect(field).to_have_value("015 185 970 123")
    field.fill("12a")
    # What is no number stays as typed.
    expect(field).to_have_value("12a")
