"""`reports`: every commune of a province, then of the nation, sends its daily report in one burst.

Measured is the leader's sign-off as a request does it (who he is, the duty's lock, the table of acts, the event,
the commit), several at a time as a web server's threads are; one in ten is pressed twice at the same moment.
Afterwards nothing may be missing and nothing counted twice, and the totals of all provinces are added up.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import joinedload

from portal.app import create_app
from portal.bench.measuring import Figure, growth
from portal.bench.place import throw_away_portal
from portal.clock import now, today
from portal.domain.events import EventTag
from portal.domain.permissions import Role
from portal.domain.report_states import ReportStatus
from portal.domain.units import UnitKind
from portal.models import Event, Membership, Report, ReportDuty, Unit, User, db
from portal.queries import reports as queries
from portal.services import report_periods, reports
from portal.services.demonstration.units import REFORM
from portal.services.report_periods import Opening
from portal.services.report_sheets import digest_of
from portal.services.sign_in import actor_for
from portal.settings import Settings

SIZES = (332, 3_321)
"""The communes of about four provinces, and of the nation since 01/07/2025."""
FORM = "daily_progress"
PROVINCE_OF = 98
"""Communes in a province, on the average of 34 provinces."""
AT_ONCE = 8
"""Requests at a time: two processes with four threads each, as the portal is served."""
DOUBLED_EACH = 10
_BARE = (
    "SELECT d.parent_id, sum((r.values->>'done_total')::bigint) FROM report_duty d "
    "JOIN report r ON r.id = d.accepted_id WHERE d.parent_id IS NOT NULL GROUP BY d.parent_id"
)


@dataclass(frozen=True)
class _Sending:
    """One report that waits for its leader: who signs, which duty, the digest that is shown."""

    membership_id: int
    duty_id: UUID
    shown: str
    key: str


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Figure]:
    """Lost and doubled reports, the 95th percentile of a sending, sendings a second, the nation's total; growth."""
    waits, totals = [], []
    for size in sizes:
        with throw_away_portal() as settings:
            app = create_app(replace(settings, web_threads=AT_ONCE))
            with app.app_context():
                _fill(size)
                sendings = _prepared()
                db.session.remove()
            took, elapsed = _burst(app, sendings)
            with app.app_context():
                yield from _counted(size, sendings)
                p95 = sorted(took)[int(0.95 * len(took))] * 1_000
                waits.append(Figure("reports.p95_ms", size, _short(p95), f"ms p95, {AT_ONCE} at once", None, None))
                yield waits[-1]
                yield Figure("reports.per_second", size, _short(len(took) / elapsed), "sendings a second", None, None)
                totals.append(_rolled_up(settings, size))
                yield totals[-1]
                db.session.remove()
                db.engine.dispose()
    if len(sizes) > 1:
        yield growth("reports.p95_growth", waits[0], waits[-1])
        yield growth("reports.rollup_growth", totals[0], totals[-1])


def _fill(size: int) -> None:
    """Provinces with their supervising office, communes with a station and its leader, by a few inserts."""
    provinces = max(1, -(-size // PROVINCE_OF))
    for place in range(provinces):
        top = Unit(code=f"B-{place}", kind=UnitKind.PROVINCE.value, name=f"Tỉnh {place}", territory_path="",
                   province_id=0, valid_from=REFORM)  # fmt: skip
        db.session.add(top)
        db.session.flush()
        top.territory_path, top.province_id = f"/{top.id}/", top.id
        office = _unit(top, f"B-SYT-{place}", UnitKind.SUPERVISOR_OFFICE, f"/{top.id}/")
        communes = [_unit(top, f"B-X-{place}-{each}", UnitKind.COMMUNE, "") for each in range(place, size, provinces)]
        db.session.add_all([office, *communes])
        db.session.flush()
        for each in communes:
            each.territory_path = f"/{top.id}/{each.id}/"
        stations = [_unit(each, f"T{each.code}", UnitKind.HEALTH_STATION, each.territory_path) for each in communes]
        db.session.add_all(stations)
        db.session.flush()
        _people([(office.id, Role.SUPERVISOR), *((each.id, Role.STATION) for each in stations)])
        db.session.commit()
        head = db.session.scalars(select(Membership.id).where(Membership.unit_id == office.id)).one()
        report_periods.open_periods(actor_for(head), FORM, Opening(today() + timedelta(days=1)))


def _unit(near: Unit, code: str, kind: UnitKind, path: str) -> Unit:
    return Unit(code=code, kind=kind.value, name=f"{kind.value} {code}", territory_path=path,
                province_id=near.province_id, valid_from=REFORM, serves_id=None if path == "" else near.id,
                parent_id=near.id)  # fmt: skip


def _people(places: list[tuple[int, Role]]) -> None:
    users = [(uuid4(), *place) for place in places]
    at, since = now(), date(2025, 7, 1)
    db.session.execute(
        insert(User),
        [{"id": user, "username": f"u{unit}", "full_name": f"Người {unit}", "password_hash": "x", "created_at": at}
         for user, unit, _role in users],
    )  # fmt: skip
    db.session.execute(
        insert(Membership),
        [{"user_id": user, "unit_id": unit, "role": role.value, "position": "Giám đốc", "can_sign": True,
          "valid_from": since} for user, unit, role in users],
    )  # fmt: skip


def _prepared() -> list[_Sending]:
    """A report of every commune that waits for its leader, prepared by somebody else."""
    clerk = User(id=uuid4(), username="clerk", full_name="Người lập", password_hash="x", created_at=now())
    db.session.add(clerk)
    db.session.flush()
    owing = (
        select(ReportDuty, Membership)
        .join(Membership, Membership.unit_id == ReportDuty.unit_id)
        .where(ReportDuty.gathers.is_(False), Membership.can_sign)
        .options(joinedload(ReportDuty.unit), joinedload(ReportDuty.period))
    )
    found = []
    for place, (duty, head) in enumerate(db.session.execute(owing).all()):
        form = report_periods.form_of(duty.period)
        values = {each.key: (place if each.counts else "A") for each in form.fields}
        report = Report(id=uuid4(), duty_id=duty.id, province_id=duty.province_id, version=1, values=values,
                        counted={}, status=ReportStatus.FOR_SIGN_OFF.value, reasons={}, missing=[],
                        prepared_by=clerk.id, prepared_membership_id=head.id,
                        begun_at=now(), handed_at=now(), rev=1)  # fmt: skip
        report.values_sha256 = digest_of(duty, report)
        db.session.add(report)
        found.append(_Sending(head.id, duty.id, report.values_sha256, str(uuid4())))
    db.session.commit()
    return found


def _burst(app: Flask, sendings: list[_Sending]) -> tuple[list[float], float]:
    """Everybody sends at once, one in ten twice with the same key; seconds of each sending and of all."""
    twice = [each for place, each in enumerate(sendings) if place % DOUBLED_EACH == 0]
    queue = sorted([*sendings, *twice], key=lambda each: (each.key, each.duty_id))
    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        took = list(threads.map(lambda each: _send(app, each), queue))
    return took, time.perf_counter() - begun


def _send(app: Flask, sending: _Sending) -> float:
    begun = time.perf_counter()
    with app.app_context():
        reports.sign_off(actor_for(sending.membership_id), sending.duty_id, shown=sending.shown, key=sending.key)
        db.session.remove()
    return time.perf_counter() - begun


def _counted(size: int, sendings: list[_Sending]) -> Iterator[Figure]:
    sent = db.session.scalar(
        select(func.count()).where(ReportDuty.gathers.is_(False), ReportDuty.accepted_id.is_not(None))
    )
    events = db.session.scalar(select(func.count()).where(Event.tag == EventTag.REPORT_SENT.value))
    yield Figure("reports.lost", size, len(sendings) - (sent or 0), "reports", None, None)
    yield Figure("reports.doubled", size, (events or 0) - (sent or 0), "events", None, None)


def _rolled_up(settings: Settings, size: int) -> Figure:
    """The totals of every province, added up to the nation's, beside one bare statement for one figure."""
    tops = db.session.execute(
        select(ReportDuty)
        .where(ReportDuty.gathers, ReportDuty.parent_id.is_(None))
        .options(joinedload(ReportDuty.period))
    ).scalars()
    begun = time.perf_counter()
    totals = [queries.total_of(report_periods.form_of(each.period), each.id) for each in tops]
    nation = sum(each.values["done_total"] for each in totals)
    took = time.perf_counter() - begun
    if nation != size * (size - 1) // 2 or any(each.missing for each in totals):
        raise RuntimeError(f"{nation} is not the sum of what was sent")
    with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        begun = time.perf_counter()
        connection.execute(_BARE).fetchall()
        bare = time.perf_counter() - begun
    return Figure("reports.rollup_s", size, _short(took), "s", _short(bare), _short(took / bare))


def _short(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")
