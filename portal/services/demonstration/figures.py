"""Reports of the demonstration: three periods are open, one commune has sent, the other has not."""

from datetime import datetime, time

from sqlalchemy import select

from portal.clock import VIETNAM, at, today
from portal.models import ReportDuty, db
from portal.queries import reports as queries
from portal.services import report_periods, reports
from portal.services.demonstration.accounts import actor
from portal.services.demonstration.units import unit_of
from portal.services.report_periods import Opening

LETTER = "Công văn số 12/SYT-NVY (thử nghiệm)"


def open_reports() -> None:
    """Open a daily form for three days and two that are due once; Trạm Tấu sends its first day."""
    above, day = actor("soyte"), today()
    morning = datetime.combine(day, time(8), VIETNAM)
    with at(morning):
        first = report_periods.open_periods(above, "cleaning_progress", Opening(day, document=LETTER, days=3))[0]
        report_periods.open_periods(above, "passport_signing", Opening(day, document=LETTER))
    report_periods.open_periods(above, "un_entered_doses", Opening(today(), document=LETTER))
    station = unit_of("tyt", "tramtau").id
    owed = db.session.scalars(
        select(ReportDuty.id).where(ReportDuty.period_id == first, ReportDuty.unit_id == station)
    ).one()
    reports.hand_to_leader(actor("tyt.tramtau.nv"), owed)
    waiting = queries.latest_of(owed)
    if waiting is not None:
        reports.sign_off(actor("tyt.tramtau"), owed, shown=waiting.values_sha256)
