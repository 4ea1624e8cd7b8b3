"""A sheet goes out and comes back: only what was changed is saved, another report's sheet is refused."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.clock import today
from portal.domain.errors import InvalidInput, NotFound, StaleVersion
from portal.models import ReportDuty, db
from portal.queries import reports as queries
from portal.services import report_books, report_periods, reports
from portal.services.report_periods import Opening
from tests.integration.scene import Scene


def filled(data: bytes, **cells: object) -> bytes:
    book = load_workbook(BytesIO(data))
    for line in book.active.iter_rows(min_row=5):
        if line[0].value in cells:
            line[3].value = cells[line[0].value]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_to_fill_in_goes_out_and_back(scene: Scene) -> None:
    clerk, above = scene.actors["station_clerk"], scene.actors["supervisor"]
    tomorrow = today() + timedelta(days=1)
    period = report_periods.open_periods(above, "passport_signing", Opening(tomorrow, days=2))
    ours, other = (
        db.session.scalars(
            select(ReportDuty.id).where(ReportDuty.period_id == each, ReportDuty.unit_id == scene.units["tram"].id)
        ).one()
        for each in period
    )
    name, sheet = report_books.template(clerk, ours)
    assert name == f"nhap-bao-cao-passport-signing-{tomorrow:%Y-%m-%d}.xlsx"
    report_books.take_template(clerk, ours, filled(sheet, done=12, entered="1.200", note="từ Excel"))
    kept = queries.latest_of(ours)
    assert kept is not None
    assert {key: kept.values[key] for key in ("done", "entered", "note")} == {
        "done": 12,
        "entered": 1200,
        "note": "từ Excel",
    }
    reports.fill(clerk, ours, {"done": "13"})
    report_books.take_template(clerk, ours, filled(sheet, backlog="5"))
    kept = queries.latest_of(ours)
    assert kept is not None
    assert [kept.values[key] for key in ("done", "note", "backlog")] == [13, "từ Excel", 5]
    with pytest.raises(StaleVersion, match="Đã tiêm"):
        report_books.take_template(clerk, ours, filled(sheet, done=14))
    with pytest.raises(InvalidInput, match="báo cáo khác"):
        report_books.take_template(clerk, other, sheet)
    with pytest.raises(InvalidInput, match="không phải phiếu nhập"):
        report_books.take_template(clerk, ours, b"hong")
    with pytest.raises(InvalidInput) as refused:
        report_books.take_template(clerk, ours, filled(sheet, signed="nhiều", backlog="-1"))
    assert set(refused.value.fields) == {"signed", "backlog"}
    with pytest.raises(NotFound):
        report_books.template(scene.actors["foreign_station_head"], ours)
    data = report_books.workbook(above, db.session.scalars(
        select(ReportDuty.id).where(ReportDuty.period_id == period[0], ReportDuty.gathers)).one())[1]  # fmt: skip
    names = [line[1].value for line in load_workbook(BytesIO(data)).active.iter_rows(min_row=10)]
    assert names[:3] == ["Tram", "Tram Khac", "Tổng cộng"]
