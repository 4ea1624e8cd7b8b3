"""LS-12: Một số, hai người ở hai xã: mỗi xã chỉ biết có người kia, cơ quan giám sát của cả hai kết luận."""

from collections.abc import Callable

from portal.models import CorrectionList, db
from portal.services import duplicate_search
from tests.functional.conftest import Site
from tests.functional.window import Window

OURS = {"full_name": "Tòng Văn Hặc", "birth_date": "02/05/1971", "sex": "nam", "id_number": "015071990912"}
THEIRS = {"full_name": "Moong Thị Pản", "birth_date": "19/10/1993", "sex": "nữ", "id_number": "015071990912"}


def test_mot_so_hai_nguoi_o_hai_xa(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        ours = scene.make_list(persons=[OURS])
        theirs = scene.make_list(persons=[THEIRS], village="to_cong_tac_c", station="tram_khac")
        for each in (ours, theirs):
            duplicate_search.search(db.session.get_one(CorrectionList, each).batch_id)
    clerk, supervisor = window("station_clerk"), window("supervisor")
    clerk.go(f"/lists/{ours}/entries/1")
    clerk.see("Một số, hai người, chưa kết luận")
    clerk.press("Xem hai người cạnh nhau")
    clerk.see("Một người ở xã khác")
    clerk.see("Cơ quan giám sát của cả hai xã kết luận cặp này")
    for secret in ("Moong Thị Pản", "19/10/1993", str(theirs)):
        assert secret not in clerk.tab.content()
    assert clerk.tab.get_by_role("button", name="Ghi kết luận về cặp này").count() == 0
    pair = clerk.tab.url

    supervisor.go(pair)
    supervisor.see("Moong Thị Pản")
    assert "015071990912" not in supervisor.tab.content()
    supervisor.tab.get_by_label("Hai người khác nhau").check()
    supervisor.press("Ghi kết luận về cặp này")
    supervisor.see("Cặp khó cần người thứ hai")
