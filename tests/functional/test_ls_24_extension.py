"""LS-24: Xin gia hạn: thôn xin, bị từ chối, xin lại, được gia hạn; hạn cũ vẫn ghi bên cạnh hạn mới."""

from collections.abc import Callable
from datetime import timedelta

from portal.clock import local, now
from portal.domain.stages import Party
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window


def ask(village: Window, page: ListPage, day: str, reason: str) -> None:
    page.open()
    village.press("Xin gia hạn bước này")
    village.tab.get_by_label("Xin đến ngày").fill(day)
    village.tab.get_by_label("Lý do xin thêm thời gian").fill(reason)
    village.press("Gửi đề nghị gia hạn")


def test_xin_gia_han_bi_tu_choi_roi_duoc_dong_y(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(1)
        scene.bring_to(Party.VILLAGE, of_list)
        due = now() + timedelta(days=2)
        scene.make_late(of_list, due)
    old = f"{local(due):%d/%m/%Y}"
    later, early = f"{local(due + timedelta(days=4)):%d/%m/%Y}", f"{local(due - timedelta(days=1)):%d/%m/%Y}"
    village, coordinator = window("village_head", phone=True, javascript=False), window("coordinator")
    page = ListPage(village, of_list)
    ask(village, page, early, "Nhiều hộ đi nương, tối mới về")
    village.see("Chọn ngày giờ sau hạn đang có")
    assert village.tab.get_by_label("Lý do xin thêm thời gian").input_value() == "Nhiều hộ đi nương, tối mới về"
    assert not village.scrolls_sideways()
    village.tab.get_by_label("Xin đến ngày").fill(later)
    village.press("Gửi đề nghị gia hạn")
    village.see("Hạn cũ vẫn tính")

    coordinator.go("/notices")
    coordinator.see("Cần trả lời")
    coordinator.go(f"/lists/{of_list}")
    coordinator.press("Trả lời đề nghị gia hạn")
    coordinator.see("Nhiều hộ đi nương")
    coordinator.press("Không gia hạn")
    coordinator.see("Ghi số văn bản ở trên")
    coordinator.tab.get_by_label("Lời giải thích").fill("Cả xã phải xong đúng hạn")
    coordinator.press("Không gia hạn")
    coordinator.see("hạn cũ giữ nguyên")

    village.go("/notices")
    village.see("Không đồng ý gia hạn")
    ask(village, page, later, "Thêm 20 hộ mới về")
    coordinator.go(f"/lists/{of_list}/extension/answer")
    coordinator.tab.get_by_label("Số, ngày văn bản trả lời").fill("15/UBND")
    coordinator.press("Đồng ý gia hạn")
    coordinator.see("hạn cũ vẫn được ghi bên cạnh hạn mới")
    for reader, address in ((village, f"/lists/{of_list}"), (village, "/inbox?tab=working"), (coordinator, "/lists")):
        reader.go(address)
        reader.see(old)
        reader.see(later)
