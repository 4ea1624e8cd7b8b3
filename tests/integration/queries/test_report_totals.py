"""A total is Σ of the latest accepted children plus who is missing, whatever order the reports came in: on PostgreSQL."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.clock import now, today
from portal.domain.permissions import Role
from portal.models import Report, ReportDuty, Unit, db
from portal.queries import reports as queries
from portal.services import report_periods, reports
from portal.services.report_periods import Opening
from tests.integration.scene import Scene

FORM = "un_entered_doses"
COMMUNES = 5
steps = st.lists(st.tuples(st.integers(0, COMMUNES - 1), st.integers(0, 10**9) | st.none()), max_size=12)
"""One after another a commune's report is taken, or what it sent last is returned (None)."""


@pytest.fixture(scope="module")
def head(scene: Scene) -> Scene:
    """Stations enough for a tree: three under a district's office, two and the zone under the province's."""
    scene.unit("huyen", "district", "tinh")
    scene.unit("phong_y_te", "supervisor_office", "huyen", "huyen")
    scene.person("district_office", "phong_y_te", Role.SUPERVISOR)
    for each in range(3):
        scene.unit(f"xa_h{each}", "commune", "huyen")
        scene.unit(f"tram_h{each}", "health_station", f"xa_h{each}", f"xa_h{each}")
    db.session.commit()
    return scene


def arrive(scene: Scene, duty: ReportDuty, version: int, values: dict[str, int]) -> None:
    """A sent report as the leader's act leaves it; the acts before it have tests of their own."""
    actor = scene.actors["supervisor"]
    db.session.add(
        Report(id=uuid4(), duty_id=duty.id, province_id=duty.province_id, version=version, status="sent",
               values=values, counted={}, reasons={}, missing=[], prepared_by=actor.user_id,
               prepared_membership_id=actor.membership_id, begun_at=now(), sent_at=now(), rev=1)
    )  # fmt: skip
    duty.sent_at = now()
    db.session.commit()


def opened(scene: Scene, place: list[int]) -> tuple[ReportDuty, list[ReportDuty], list[str]]:
    place[0] += 1
    period = report_periods.open_periods(
        scene.actors["supervisor"], FORM, Opening(today() + timedelta(days=place[0]))
    )[0]
    owing = select(ReportDuty).where(ReportDuty.period_id == period)
    top = db.session.scalars(owing.where(ReportDuty.parent_id.is_(None))).one()
    low = db.session.scalars(
        owing.join(Unit, Unit.id == ReportDuty.unit_id).where(~ReportDuty.gathers).order_by(Unit.code)
    ).all()
    return top, list(low)[:COMMUNES], [each.unit.name for each in low]


places = [0]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=steps)
def test_every_parent_is_the_sum_of_its_latest_accepted_children_and_lists_the_others(
    head: Scene, sent: list[tuple[int, int | None]]
) -> None:
    top, low, _names = opened(head, places)
    offices = {"top": head.actors["supervisor"], "district": head.actors["district_office"]}
    form = report_periods.form_of(top.period)
    versions, counts = [0] * COMMUNES, {}
    for place, figure in sent:
        duty = low[place]
        above = offices["top" if duty.parent_id == top.id else "district"]
        if figure is not None and not (versions[place] and place not in counts and duty.sent_at):
            versions[place] += 1
            arrive(head, duty, versions[place], {"done": figure, "entered": figure // 2})
            reports.accept(above, duty.id)
            counts[place] = figure
        elif figure is None and place in counts:
            reports.return_report(above, duty.id, "Sai")
            del counts[place]
    db.session.expire_all()
    parents = {each.parent_id for each in low if each.parent_id}
    for parent in parents:
        total = queries.total_of(form, parent)
        below = [place for place, each in enumerate(low) if each.parent_id == parent]
        assert total.values["done"] == sum(counts.get(place, 0) for place in below)
        assert total.values["entered"] == sum(counts.get(place, 0) // 2 for place in below)
        wanted = {low[place].unit.name for place in below}
        assert {low[place].unit.name for place in below if place in counts} == wanted & set(total.included)
        assert {low[place].unit.name for place in below if place not in counts} == wanted & set(total.missing)


def test_a_total_names_whom_the_totals_in_it_lack(head: Scene) -> None:
    top, low, _names = opened(head, places)
    district = next(each.parent_id for each in low if each.parent_id and each.parent_id != top.id)
    duty = db.session.get_one(ReportDuty, district)
    arrive(head, duty, 1, {"done": 7})
    db.session.scalars(select(Report).where(Report.duty_id == district)).one().missing = ["Xa Xoi"]
    db.session.commit()
    reports.accept(head.actors["supervisor"], district)
    total = queries.total_of(report_periods.form_of(top.period), top.id)
    assert total.within == ("Xa Xoi (Phong Y Te)",)
    assert "Xa Xoi (Phong Y Te)" in total.absent
