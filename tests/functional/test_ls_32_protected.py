"""LS-32: Quân đội, công an, phạm nhân, cơ sở xã hội (lý do 3–6) không bao giờ nằm trong danh sách gửi thôn."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from portal.models import Entry, ParkedRow, db
from tests.excel_files import HEADINGS, workbook
from tests.functional.conftest import Site
from tests.functional.pages.importing import ImportPage
from tests.functional.window import Window

ROWS = (
    ("1", "Sùng A Thử Một", "01/02/1985", "Nam", "015085990321", "", "Bản A", "3"),
    ("2", "Lò Văn Thử Hai", "01/02/1986", "Nam", "015086990322", "", "Bản A", "Công an"),
    ("3", "Hà Văn Thử Ba", "01/02/1987", "Nam", "015087990323", "", "Bản A", "Phạm nhân"),
    ("4", "Mùa A Thử Bốn", "01/02/1988", "Nam", "015088990324", "", "Bản A", "Cơ sở cai nghiện"),
    ("5", "Vàng Thị Thử Năm", "01/02/1989", "Nữ", "015189990325", "", "Bản A", "9"),
)


def test_nhom_dac_thu_khong_gui_thon(site: Site, window: Callable[..., Window], tmp_path: Path) -> None:
    station = window("station_head")
    file = workbook(tmp_path / "ls32.xlsx", *ROWS, headings=(*HEADINGS, "Nhóm đối tượng"), titles=("LS-32",))
    importing = ImportPage(station).choose(file)
    station.see("4 người dùng hộ chiếu hoặc không thuộc quy trình này")
    batch = importing.confirm("Nhận 1 dòng")
    station.see("Dòng giữ lại")
    with site.behind():
        listed = db.session.scalars(select(Entry.recorded).where(Entry.batch_id == batch)).all()
        assert [person["full_name"] for person in listed] == ["Vàng Thị Thử Năm"]
        assert len(db.session.scalars(select(ParkedRow.id).where(ParkedRow.batch_id == batch)).all()) == 4
