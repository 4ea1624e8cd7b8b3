"""LS-31: Người nước ngoài dùng hộ chiếu ra khỏi luồng; trẻ em chỉ có số định danh đi như mọi người."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from portal.models import CorrectionList, Entry, db
from tests.functional import workbooks
from tests.functional.conftest import Site
from tests.functional.pages.importing import ImportPage
from tests.functional.window import Window

FOREIGNER = ("1", "John Smith", "01/02/1985", "Nam", "N1234567", "", "Bản A")
CHILD = ("2", "Lò Thị Bé Thử", "03/04/2019", "Nữ", "015319990031", "", "Bản A")


def test_ho_chieu_va_tre_em(site: Site, window: Callable[..., Window], tmp_path: Path) -> None:
    station = window("station_head")
    file = workbooks.station_export(tmp_path / "ls31.xlsx", FOREIGNER, CHILD, mark="LS-31")
    importing = ImportPage(station).choose(file)
    station.see("hộ chiếu")
    batch = importing.confirm("Nhận 1 dòng")
    station.see("Dòng giữ lại")
    with site.behind():
        lists = select(CorrectionList.id).where(CorrectionList.batch_id == batch)
        listed = db.session.scalars(select(Entry).where(Entry.list_id.in_(lists))).all()
        assert [(entry.recorded["id_number"], entry.classes) for entry in listed] == [("015319990031", [])]
