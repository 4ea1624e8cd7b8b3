"""LS-11: Một người ghi hai lần trong một danh sách: hai người xem độc lập, người giữ kết luận «trùng»."""

from collections.abc import Callable

from portal.domain.stages import Party
from portal.models import CorrectionList, db
from portal.services import duplicate_search
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage
from tests.functional.window import Window

PERSON = {"full_name": "Lường Văn Nghiệp", "birth_date": "14/08/1968", "sex": "nam", "id_number": "015068990811"}
AGAIN = {**PERSON, "full_name": "Luờng Văn Nghiêp", "id_number": "015068994444", "phone": "0999990811"}


def test_mot_nguoi_ghi_hai_lan(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(persons=[PERSON, AGAIN])
        scene.bring_to(Party.VILLAGE, of_list)
        duplicate_search.search(db.session.get_one(CorrectionList, of_list).batch_id)
    clerk, coordinator, village = window("station_clerk"), window("coordinator"), window("village_head", phone=True)
    clerk.go(f"/lists/{of_list}/entries/1")
    clerk.see("Một người, hai số, chưa kết luận")
    clerk.press("Xem hai người cạnh nhau")
    clerk.see("chỉ khác dấu")
    clerk.see("cần hai người xem độc lập")
    pair = clerk.tab.url
    clerk.press("Ghi kết luận về cặp này")
    clerk.see("Chọn một kết luận")
    clerk.tab.get_by_label("Cùng một người").check()
    clerk.tab.get_by_label("Căn cứ").fill("Tổ công tác đã gặp")
    clerk.press("Ghi kết luận về cặp này")
    clerk.see("Đã ghi ý kiến của bạn")

    coordinator.go(pair)
    assert "Tổ công tác đã gặp" not in coordinator.tab.content()
    assert "Ý kiến của bạn:" not in coordinator.tab.content()
    coordinator.tab.get_by_label("Cùng một người").check()
    coordinator.press("Ghi kết luận về cặp này")
    coordinator.see("Đã kết luận cặp này")
    coordinator.see("Tổ công tác đã gặp")
    coordinator.see("Số khác đã biết")

    village.go(f"/lists/{of_list}/entries/2")
    village.see("Đã kết luận là cùng một người với")
    ListPage(village, of_list).conclude(2, "unresolved", reason="duplicate")
    clerk.go(f"/lists/{of_list}/entries/2")
    clerk.see("Trùng với đối tượng khác")
