"""LS-25 đến LS-28, LS-35: báo cáo đúng hạn và muộn, bị trả lại, đính chính, thiếu xã trong tổng, khóa rồi mở có hạn."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.clock import local, now, today
from portal.models import ReportDuty, ReportPeriod, Unit, db
from portal.services import report_periods
from portal.services.report_periods import Opening
from tests.functional.conftest import Site
from tests.functional.window import Window

CELLS = ("Đã tiêm (mũi)", "Đã nhập lên hệ thống (mũi)", "Đã ký số Hộ chiếu vắc xin (mũi)", "Mũi của các ngày trước")


def opened(site: Site, day: int) -> dict[str, UUID]:
    """A day of signing passports, due the day after: its duties by unit."""
    with site.behind() as scene:
        at = today() + timedelta(days=day)
        period = report_periods.open_periods(scene.actors["supervisor"], "passport_signing", Opening(at))[0]
        # The day has come, the due moment has not.
        db.session.get_one(ReportPeriod, period).as_of = today() - timedelta(days=day)
        db.session.commit()
        query = select(Unit.name, ReportDuty.id).join(ReportDuty, ReportDuty.unit_id == Unit.id)
        return {row[0]: row[1] for row in db.session.execute(query.where(ReportDuty.period_id == period))}


def move(site: Site, of: UUID, *, due: datetime | None = None, locks: datetime | None = None) -> None:
    """Let the clock stand elsewhere, seen from this duty."""
    with site.behind():
        duty = db.session.get_one(ReportDuty, of)
        duty.due_at = due or duty.due_at
        db.session.get_one(ReportPeriod, duty.period_id).locks_at = locks
        db.session.commit()


def fill(clerk: Window, of: UUID, *figures: str) -> None:
    clerk.go(f"/reports/{of}")
    for label, figure in zip(CELLS, figures, strict=True):
        clerk.tab.get_by_label(label).fill(figure)


def sign_off(leader: Window, of: UUID) -> None:
    leader.go(f"/reports/{of}")
    leader.press("Duyệt và gửi báo cáo")
    leader.see("Biên nhận báo cáo")


def test_tra_lai_dinh_chinh_va_xa_con_thieu(site: Site, window: Callable[..., Window]) -> None:
    of = opened(site, 40)
    ours, top = of["Tram"], of["So Y Te"]
    clerk, leader, above = window("station_clerk"), window("station_head", javascript=False), window("supervisor")
    clerk.go(f"/reports/{ours}")
    first = clerk.tab.get_by_label(CELLS[0])
    first.fill("1.200")
    first.press("Enter")
    clerk.tab.locator("#report-saved").get_by_text("Đã lưu").wait_for()
    assert clerk.tab.evaluate("document.activeElement.id") == "f-entered"
    assert clerk.tab.locator("#w-done").input_value() == "1.200"
    assert clerk.tab.locator("#f-done").input_value() == "1.200"
    clerk.tab.get_by_label(CELLS[1]).fill("1.300")
    clerk.tab.get_by_label(CELLS[1]).press("ArrowUp")
    clerk.see("Số mũi đã nhập không thể nhiều hơn số mũi đã tiêm")
    clerk.press("Trình lãnh đạo duyệt")
    clerk.see("Có 3 mục cần sửa")
    fill(clerk, ours, "1.200", "1.200", "1200", "0")
    clerk.press("Trình lãnh đạo duyệt")
    clerk.see("chờ lãnh đạo duyệt")
    sign_off(leader, ours)
    leader.see("Đúng hạn")

    above.go(f"/reports/{top}")
    above.see("Đã vào tổng 1/")
    above.see("Chưa có trong tổng:")
    above.see("Tram Khac")
    above.press("Tram", exact=True)
    above.tab.get_by_text("Trả lại báo cáo").click()
    above.tab.get_by_label("Lý do").fill("Thiếu mũi của thôn")
    above.press("Trả lại", exact=True)
    above.see("Bị trả lại")
    above.go(f"/reports/{top}")
    above.see("Đã vào tổng 0/")

    fill(clerk, ours, "1.500", "1.500", "1500", "0")
    clerk.see("Thiếu mũi của thôn")
    clerk.press("Trình lãnh đạo duyệt")
    sign_off(leader, ours)
    above.go(f"/reports/{top}")
    above.see("1.500")
    leader.go(f"/reports/{ours}")
    leader.tab.get_by_text("Lập bản đính chính").first.click()
    leader.tab.get_by_label("Lý do").fill("Đếm sót")
    leader.press("Lập bản đính chính", exact=True)
    leader.see("Bản cũ còn hiệu lực")
    fill(clerk, ours, "1.501", "1.501", "1501", "0")
    clerk.press("Trình lãnh đạo duyệt")
    sign_off(leader, ours)
    above.go(f"/reports/{top}")
    above.see("1.501")


def test_lap_dung_han_duyet_muon_va_khoa_mo_co_han(site: Site, window: Callable[..., Window]) -> None:
    of = opened(site, 41)["Tram"]
    clerk, leader, above = (
        window("station_clerk", phone=True, javascript=False),
        window("station_head"),
        window("supervisor"),
    )
    fill(clerk, of, "1", "1", "1", "0")
    assert not clerk.scrolls_sideways()
    clerk.press("Trình lãnh đạo duyệt")
    move(site, of, due=now() - timedelta(minutes=1))
    sign_off(leader, of)
    leader.see("Gửi muộn")
    above.go("/reports/late")
    above.see("Station Head")

    locked = opened(site, 42)["Tram"]
    move(site, locked, due=now() - timedelta(hours=3), locks=now() - timedelta(hours=1))
    clerk.go(f"/reports/{locked}")
    clerk.see("Kỳ báo cáo đã khóa")
    assert clerk.tab.locator("[data-cell]").count() == 0
    clerk.press("Xin gửi muộn")
    until = now() + timedelta(days=1)
    clerk.tab.get_by_label("Xin đến ngày").fill(f"{local(until):%d/%m/%Y}")
    clerk.tab.get_by_label("Giờ").fill("23:00")
    clerk.tab.get_by_label("Lý do xin thêm thời gian").fill("Mất điện")
    clerk.press("Gửi đề nghị")
    above.go(f"/reports/{locked}/leave/answer")
    above.tab.get_by_label("Cho đến ngày").fill(f"{local(until):%d/%m/%Y}")
    above.tab.get_by_label("Số, ngày văn bản trả lời").fill("15/SYT")
    above.press("Cho gửi muộn", exact=True)
    above.see("phép tự hết hạn")
    fill(clerk, locked, "2", "2", "2", "0")
    with site.behind():
        db.session.get_one(ReportDuty, locked).open_until = now() - timedelta(seconds=1)
        db.session.commit()
    clerk.press("Trình lãnh đạo duyệt")
    clerk.see("Kỳ báo cáo đã khóa lúc")
