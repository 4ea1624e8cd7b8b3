"""LS-2: Ba thôn, trả về từng phần, gặp lại ở trạm; danh sách chưa rõ thôn được chia theo thôn."""

from collections.abc import Callable
from uuid import UUID

from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def test_ba_phan_ve_tung_phan_va_gap_lai(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(6, village=None)
        batch = scene.batch_of(of_list)
    station = window("station_head")
    parts: list[UUID] = []
    for numbers, village in (("1-2", "Ban A"), ("3", "Ban B")):
        station.go(f"/lists/{of_list}/split")
        station.tab.get_by_label("Thôn của danh sách mới").select_option(label=village)
        station.tab.get_by_label("Số thứ tự").fill(numbers)
        station.press("Tách những người đã chọn")
        station.see("Đã tách thành danh sách mới")
        parts.append(UUID(station.path.split("/")[-1]))

    # The rest is divided among ticked people; whoever is left keeps the old list.
    station.go(f"/lists/{of_list}/split")
    for number in (4, 5, 6):
        station.tab.locator(f"#person-{number}").check()
    station.tab.get_by_label("Thôn của danh sách mới").select_option(label="Ban A")
    station.press("Tách những người đã chọn")
    station.see("Đã tách thành danh sách mới")
    last = UUID(station.path.split("/")[-1])
    station.go(f"/lists/{of_list}")
    station.see("Đã tách hết")

    # Two parts of one village are one again; the three villages go their own ways.
    station.go(f"/lists/{last}/merge")
    station.tab.get_by_role("radio").first.check()
    station.press("Gộp", exact=True)
    station.see("Đã gộp")
    with site.behind() as scene:
        for each, head in zip(parts, ("village_head", "other_village_head"), strict=True):
            scene.take(head, scene.sign_over("station_head", each, Leg.STATION_TO_VILLAGE))
            scene.conclude_all(head, each, Verdict.ALREADY_RIGHT)
        first, second = parts
        scene.take("police_head", scene.sign_over("village_head", first, Leg.VILLAGE_TO_POLICE))
        scene.conclude_all("police_head", first, Verdict.VERIFIED)
        scene.take("station_head", scene.sign_over("police_head", first, Leg.POLICE_TO_STATION))
        scene.conclude_all("station_head", first, Verdict.ENDED, reason="deceased")
        scene.sign_over("station_head", first, None)
    station.go(f"/batches/{batch}")
    station.see("Đã xong 1/2 danh sách, 5/6 người")
    station.see("Thôn đang rà soát")

    with site.behind() as scene:
        scene.take("police_head", scene.sign_over("other_village_head", second, Leg.VILLAGE_TO_POLICE))
        scene.conclude_all("police_head", second, Verdict.VERIFIED)
        scene.take("station_head", scene.sign_over("police_head", second, Leg.POLICE_TO_STATION))
        scene.conclude_all("station_head", second, Verdict.ENDED, reason="moved_away")
        scene.sign_over("station_head", second, None)
    station.go(f"/batches/{batch}")
    station.see("Đợt này đã xong.")


def test_cong_an_tach_nguoi_tra_lai(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(3)
        scene.bring_to(Party.POLICE, of_list)
        scene.conclude_all("police_head", of_list, Verdict.VERIFIED)
        scene.conclude_one("police_head", of_list, 2, Verdict.RETURNED, reason="card_needed")
    police = window("police_head")
    page = ListPage(police, of_list).open()
    police.see("Có 1 người được đánh dấu trả lại")
    police.press("Tách 1 người trả lại thành danh sách riêng")
    assert police.tab.locator("#person-2").is_checked()
    police.press("Tách những người đã chọn")
    ListPage(police, UUID(police.path.split("/")[-1])).prepare("Lập biên bản trả lại 1 người").sign("Ký và trả lại 1")
    page.prepare("Lập biên bản bàn giao 2 người").sign("Ký và bàn giao 2 người")
    police.see("ký nhận")
