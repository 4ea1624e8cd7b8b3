"""Mạng 64 kbit/s, trễ 1 giây, mất 5 % gói, đứt giữa chừng: không mất lượt lưu nào; số chạm và số byte được in ra."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Error, expect
from sqlalchemy import select

from portal.domain.stages import Party
from portal.models import Entry, db
from tests.functional.conftest import Site
from tests.functional.slow_line import DEAD, VILLAGE, Quality, SlowLine
from tests.functional.window import PHONE, Window
from tests.integration.scene import number_of

FIRST_PAGE, NEXT_PAGE, TAPS = 100_000, 15_000, 5


@dataclass
class Told:
    """The figures of a run."""

    taps: list[int] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def line(site: Site) -> Iterator[SlowLine]:
    with SlowLine(site._server.server_port, seed=20221125) as made:
        yield made


@contextmanager
def phone(chromium: Browser, line: SlowLine) -> Iterator[Window]:
    """A phone with an empty cache at the end of the line."""
    context = chromium.new_context(base_url=line.address, viewport=PHONE, has_touch=True, locale="vi-VN")  # type: ignore[arg-type]
    context.set_default_timeout(120_000)
    made = Window(context, "village_helper")
    made.bears_a_bad_network = True
    yield made
    context.close()
    assert made.complaints == []


def count_taps(village: Window) -> Callable[[], int]:
    village.tab.evaluate(
        "() => { window.taps = 0; addEventListener('pointerdown', () => { window.taps += 1; }, true); }"
    )
    return lambda: int(village.tab.evaluate("() => { const made = window.taps; window.taps = 0; return made; }"))


def conclude(village: Window, number: int) -> int:
    """One person as a thumb does it, each third one otherwise; taps that the browser cannot count are returned."""
    tab = village.tab
    name = tab.locator("h1").inner_text()
    unseen = 0
    if number % 3 == 1:
        tab.locator('input[name="id_number_choice"][value="fix"]').tap()
        tab.keyboard.press("Control+A")
        tab.keyboard.type(number_of(600 + number))
    elif number % 3 == 2:
        tab.locator('input[name="verdict"][value="already_right"]').tap()
    else:
        tab.locator('input[name="verdict"][value="unresolved"]').tap()
        tab.locator('select[name="reason"]').select_option("moved_away")
        unseen = 2
    tab.locator("button.btn-save").tap()
    expect(tab.locator("h1")).not_to_have_text(name, timeout=120_000)
    return unseen


def saved(site: Site, of_list: UUID) -> dict[int, str]:
    with site.behind():
        query = select(Entry.number, Entry.village_verdict).where(
            Entry.list_id == of_list, Entry.village_verdict != ""
        )
        return {number: verdict for number, verdict in db.session.execute(query)}  # noqa: C416  rows are no pairs to mypy


def expected(people: int) -> dict[int, str]:
    return {n: ("fixed", "already_right", "unresolved")[(n - 1) % 3] for n in range(1, people + 1)}


def open_first_person(village: Window, of_list: UUID) -> None:
    """Open the page until it stands with its people loaded ahead; a page that a cut line left half is loaded again."""
    for _times in range(8):
        try:
            village.go(f"/lists/{of_list}/entries/1")
            people = "path => window.OutboxPages && window.OutboxPages.has(path)"
            village.tab.wait_for_function(people, arg=f"/lists/{of_list}/entries/2", timeout=40_000)
        except Error:
            continue
        return
    pytest.fail("the page never came whole")


def work(
    site: Site, village: Window, line: SlowLine, people: int, *, breaks: frozenset[int], quality: Quality = VILLAGE
) -> Told:
    """Conclude so many people over the line as it is; at `breaks` it goes dead for two people's time."""
    with site.behind() as scene:
        of_list = scene.make_list(people + 1)
        scene.bring_to(Party.VILLAGE, of_list)
    told = Told()
    open_first_person(village, of_list)
    told.pages["một người và 50 người tải trước"] = line.bytes_down()
    taps = count_taps(village)
    line.become(quality)
    for number in range(1, people + 1):
        if number in breaks:
            line.become(DEAD)
        told.taps.append(conclude(village, number) + taps())
        if number - 1 in breaks:
            line.become(quality)
    told.pages["mỗi lượt lưu"] = line.bytes_down() // people
    line.become(quality)
    village.tab.evaluate("window.dispatchEvent(new Event('online'))")
    expect(village.tab.locator("#outbox summary")).to_contain_text("Đã gửi mọi thứ", timeout=120_000)
    assert saved(site, of_list) == expected(people), "no save is lost, none is doubled"
    return told


def show(told: Told, line: SlowLine) -> None:
    print(f"\nchạm mỗi người: nhiều nhất {max(told.taps)}, trung bình {sum(told.taps) / len(told.taps):.1f}")
    for what, size in told.pages.items():
        print(f"{what}: {size / 1000:.1f} kB")
    print(f"gói mất {line.lost}, kết nối đứt {line.cut}, bị từ chối {line.refused}; lượt lưu mất: 0")


def measure_pages(village: Window, line: SlowLine) -> dict[str, int]:
    """From an empty cache to the first page of work, and that page again."""
    village.sign_in("village_helper")
    # What comes late (scripts, pictures) belongs to the page that asked for it.
    village.tab.wait_for_load_state("networkidle")
    first = line.bytes_down()
    village.go("/inbox")
    village.tab.wait_for_load_state("networkidle")
    return {"từ máy trắng đến trang việc": first, "mở lại trang việc": line.bytes_down()}


def test_vai_nguoi_qua_duong_truyen_kem(site: Site, chromium: Browser, line: SlowLine) -> None:
    with phone(chromium, line) as village:
        pages = measure_pages(village, line)
        told = work(site, village, line, 3, breaks=frozenset({2}), quality=replace(VILLAGE, cut=0.5))
    first = pages.pop("từ máy trắng đến trang việc")
    show(told, line)
    print(f"từ máy trắng đến trang việc: {first / 1000:.1f} kB")
    assert max(told.taps) <= TAPS
    assert first <= FIRST_PAGE
    assert max(*pages.values(), *told.pages.values()) <= NEXT_PAGE


@pytest.mark.long
def test_ca_danh_sach_qua_duong_truyen_kem(site: Site, chromium: Browser, line: SlowLine) -> None:
    with phone(chromium, line) as village:
        pages = measure_pages(village, line)
        line.become(VILLAGE)
        told = work(site, village, line, 40, breaks=frozenset({5, 17, 29}))
        told.pages |= pages
    show(told, line)
    assert max(told.taps) <= TAPS
