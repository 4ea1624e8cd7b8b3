"""LS-34: Không vẽ được biên bản: công việc đã làm vẫn nguyên, sửa xong chỗ được nêu tên thì biên bản theo sau."""

from collections.abc import Callable

from portal.domain.stages import Party, Stage
from portal.models import CorrectionList, db
from tests.functional.conftest import Site
from tests.functional.pages.work import ListPage, RecordPage
from tests.functional.window import Window

UNPRINTABLE = "Vàng Thị \U00013000"
"""No font of the record has this letter (an Egyptian hieroglyph)."""


def test_bien_ban_khong_ve_duoc_roi_theo_sau(site: Site, window: Callable[..., Window]) -> None:
    with site.behind() as scene:
        of_list = scene.make_list(2)
        scene.bring_to(Party.VILLAGE, of_list)
    village = window("village_head", phone=True)
    page = ListPage(village, of_list)
    page.correct(1, full_name=UNPRINTABLE)
    page.conclude(2, "already_right")

    page.open()
    village.press("Lập biên bản bàn giao")
    village.see("phông chữ của biên bản không in được")
    village.see("U+13000")
    with site.behind():
        held = db.session.get_one(CorrectionList, of_list)
        assert (held.stage, held.pending_leg) == (Stage.VILLAGE_REVIEW.value, None)

    # The second person's verdict stands; only what was named is typed again.
    page.correct(1, full_name="Vàng Thị Mẩy")
    page.open()
    village.press("Xem trước và ký biên bản")
    village.see("số biên bản giữ nguyên")
    village.press("Lập lại")
    RecordPage(village).sign("Ký và bàn giao 2 người cho")
    village.see("Biên bản")
    with site.behind():
        assert db.session.get_one(CorrectionList, of_list).pending_leg is not None
