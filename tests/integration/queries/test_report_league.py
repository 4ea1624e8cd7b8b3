"""Late reports with who headed the unit on the due day; the boundary in SQL is the domain's."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal import clock as time
from portal.clock import now
from portal.domain.report_deadlines import Timeliness
from portal.models import ReportDuty, db
from portal.queries import report_league
from portal.queries.reports import stands
from portal.services import report_periods
from portal.services.report_periods import Opening
from tests.integration.scene import Scene

DUE = datetime(now().year + 1, 3, 31, 13, 0, tzinfo=UTC)


def test_late_reports_are_those_the_domain_calls_late_and_name_the_head_of_that_day(scene: Scene) -> None:
    above = scene.actors["supervisor"]
    with time.at(DUE - timedelta(hours=9)):
        period = report_periods.open_periods(above, "passport_signing", Opening(DUE.date()))[0]
    duties = db.session.scalars(select(ReportDuty).where(ReportDuty.period_id == period)).all()
    for seconds in (-1, 0, 1, 2):
        at = DUE + timedelta(seconds=seconds)
        wanted = {each.id for each in duties if stands(each, at) is Timeliness.OVERDUE}
        lines = report_league.late_lines(above, at, page=1, size=50)
        assert {line.duty.id for line in lines} == wanted, seconds
        assert report_league.count_late(above, at) == len(wanted)
    assert len(lines) == len(duties)
    ours = next(line for line in lines if line.duty.unit_id == scene.units["tram"].id)
    assert (ours.head.person, ours.times) == (scene.actors["station_head"].user_name, 1)
    other = report_league.late_lines(scene.actors["foreign_station_head"], DUE + timedelta(days=1), page=1, size=50)
    assert {line.duty.unit_id for line in other} == {scene.units["tram_khac"].id}
