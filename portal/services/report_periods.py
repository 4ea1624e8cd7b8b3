"""Opening a period of a form: who owes a report to whom; successors take over what units that have ended owe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, or_, select

from portal.clock import VIETNAM, local, now, today
from portal.domain.errors import InvalidInput, NotFound
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.report_deadlines import as_of_day, due_moment, lock_moment
from portal.domain.report_forms import DAY, Form, read_form
from portal.domain.units import UnitKind
from portal.domain.wording import say
from portal.models import ReportDuty, ReportForm, ReportPeriod, Unit, UnitSuccession, db
from portal.reports.definitions import Definition, known
from portal.reports.prefill import unknown_sources
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.unit_of_work import once, transaction

MOST_DAYS = 31
"""Days of a daily form that one act opens."""
MOST_LETTERS = 200


@dataclass(frozen=True)
class Opening:
    """What is opened: the day the figures tell of (the first of `days`), when due, under which letter."""

    as_of: date
    due_at: datetime | None = None
    document: str = ""
    days: int = 1


def forms() -> dict[str, Definition]:
    """The newest version of every form there is, by key."""
    return known(ground().settings.forms_folder)


def form_of(period: ReportPeriod) -> Form:
    """The period's form as it stood when it was first used; later files change nothing here."""
    kept = db.session.get_one(ReportForm, (period.form_key, period.form_version))
    form = _read.get((kept.key, kept.version, kept.sha256))
    if form is None:
        form = _read.setdefault((kept.key, kept.version, kept.sha256), read_form(kept.definition, kept.key))
    return form


_read: dict[tuple[str, int, str], Form] = {}


def open_periods(actor: Actor, form_key: str, opening: Opening, *, key: str = "") -> list[UUID]:
    """Open one period, or one for each day of a daily form, with a duty for every unit; returns their ids.

    Raises InvalidInput where the form, the days or the due moment do not fit, or the actor gathers nothing.
    """
    if not has_permission(actor, Permission.REPORT_ACCEPT):
        raise NotFound(say("Chỉ cơ quan tổng hợp mới mở kỳ báo cáo."))
    definition = forms().get(form_key)
    if definition is None:
        raise InvalidInput(say("Chưa chọn biểu mẫu."), fields={"form": say("Chọn một biểu mẫu trong danh sách.")})
    _check(definition.form, opening)

    def act() -> dict[str, Any]:
        _keep(definition)
        days = range(opening.days if definition.form.period == DAY else 1)
        opened = [_open(actor, definition.form, opening, opening.as_of + timedelta(days=each)) for each in days]
        return {"ids": [str(each) for each in opened]}

    return [UUID(each) for each in once(actor.user_id, key, f"open_period:{form_key}", act)["ids"]]


def follow_successions() -> int:
    """Hand duties of units that have ended to their successors; returns how many. The figures stay the old unit's.

    Every open duty has exactly one unit that answers (reference/workflow.md §4, invariant 20).
    """
    on = today()
    ended = (
        select(ReportDuty, UnitSuccession.to_unit_id)
        .join(Unit, Unit.id == ReportDuty.responsible_unit_id)
        .join(UnitSuccession, UnitSuccession.from_unit_id == Unit.id)
        .where(Unit.valid_to < on, UnitSuccession.effective_on <= on)
        .order_by(ReportDuty.id, UnitSuccession.effective_on, UnitSuccession.id)
        .with_for_update(of=ReportDuty, skip_locked=True)
    )
    passed: set[UUID] = set()
    with transaction():
        for duty, successor in db.session.execute(ended).all():
            if duty.id not in passed:
                passed.add(duty.id)
                before, duty.responsible_unit_id = duty.responsible_unit_id, successor
                record(EventTag.REPORT_DUTY_PASSED, None, duty=str(duty.id), from_unit=before, to_unit=successor)
    return len(passed)


def _check(form: Form, opening: Opening) -> None:
    missing = unknown_sources(form)
    if missing:
        raise InvalidInput(say("Biểu mẫu dùng nguồn số liệu mà cổng không có: {names}.", names=", ".join(missing)))
    if not 1 <= opening.days <= MOST_DAYS:
        raise InvalidInput(
            say("Số ngày chưa đúng."), fields={"days": say("Mở từ 1 đến {most} ngày một lần.", most=MOST_DAYS)}
        )
    if len(opening.document) > MOST_LETTERS:
        raise InvalidInput(
            say("Số văn bản quá dài."), fields={"document": say("Ghi không quá {most} chữ.", most=MOST_LETTERS)}
        )
    due = opening.due_at or due_moment(form, as_of_day(form, opening.as_of), VIETNAM)
    if due <= now():
        raise InvalidInput(
            say(
                "Hạn gửi {at} đã qua: mọi đơn vị sẽ quá hạn ngay khi mở. Hãy chọn hạn sau lúc này.",
                at=f"{local(due):%H:%M %d/%m/%Y}",
            ),
            fields={"as_of" if opening.due_at is None else "due_day": say("Hạn gửi phải sau lúc này.")},
        )
    if due.date() < opening.as_of:
        raise InvalidInput(
            say("Hạn gửi trước ngày chốt số liệu."), fields={"due_day": say("Hạn phải từ ngày chốt số liệu trở đi.")}
        )


def _keep(definition: Definition) -> None:
    """Keep the definition with its first use; a file changed without a new version is refused."""
    form = definition.form
    kept = db.session.get(ReportForm, (form.key, form.version))
    if kept is None:
        db.session.add(
            ReportForm(
                key=form.key,
                version=form.version,
                definition=dict(definition.said),
                sha256=definition.sha256,
                kept_at=now(),
            )
        )
        db.session.flush()
    elif kept.sha256 != definition.sha256:
        raise InvalidInput(
            say("Tệp biểu mẫu đã đổi mà chưa tăng số phiên bản ({version}).", version=form.version),
            fields={"form": say("Hãy tăng «version» trong tệp biểu mẫu.")},
        )


def _open(actor: Actor, form: Form, opening: Opening, day: date) -> UUID:
    as_of = as_of_day(form, day)
    if db.session.scalar(
        select(ReportPeriod.id).where(
            ReportPeriod.unit_id == actor.unit_id, ReportPeriod.form_key == form.key, ReportPeriod.as_of == as_of
        )
    ):
        raise InvalidInput(
            say("Kỳ {day} của biểu mẫu này đã mở.", day=f"{as_of:%d/%m/%Y}"),
            fields={"as_of": say("Kỳ {day} đã mở.", day=f"{as_of:%d/%m/%Y}")},
        )
    due = opening.due_at if form.period != DAY and opening.due_at else due_moment(form, as_of, VIETNAM)
    inclusive = ground().settings.due_inclusive if form.due_inclusive is None else form.due_inclusive
    period = ReportPeriod(
        id=uuid4(),
        form_key=form.key,
        form_version=form.version,
        province_id=actor.province_id,
        territory_path=actor.territory_path,
        unit_id=actor.unit_id,
        as_of=as_of,
        due_at=due,
        due_inclusive=inclusive,
        locks_at=lock_moment(form, due),
        document=opening.document.strip(),
        opened_by=actor.user_id,
        opened_membership_id=actor.membership_id,
        opened_at=now(),
    )
    db.session.add(period)
    db.session.flush()
    duties = _duties(actor, form, period)
    db.session.execute(insert(ReportDuty), duties)
    record(
        EventTag.REPORT_PERIOD_OPENED,
        actor,
        period=str(period.id),
        form=form.key,
        as_of=as_of.isoformat(),
        duties=len(duties),
    )
    return period.id


def _duties(actor: Actor, form: Form, period: ReportPeriod) -> list[dict[str, Any]]:
    """The gathering offices from the top down, then the units that fill in, each under the nearest office above."""
    units = _units(actor, form)
    own = next(each for each in units if each.id == actor.unit_id)
    offices = {own.territory_path: own}
    for each in units:
        if each.kind == UnitKind.SUPERVISOR_OFFICE.value:
            offices.setdefault(each.territory_path, each)
    filling = [each for each in units if each.kind in form.filled_by]
    if not filling:
        raise InvalidInput(say("Địa bàn của bạn chưa có đơn vị nào phải gửi biểu này."))
    needed = {_above(each, offices, own, itself=False) for each in filling}
    gathering = [each for path, each in sorted(offices.items()) if path in needed or each is own]
    rows: dict[str, dict[str, Any]] = {}
    for office in gathering:
        parent = None if office is own else rows[_above(office, rows, own, itself=True)]["id"]
        rows[office.territory_path] = _row(period, office, parent, gathers=True)
    return [
        *rows.values(),
        *(_row(period, each, rows[_above(each, rows, own, itself=False)]["id"], gathers=False) for each in filling),
    ]


def _above(unit: Unit, offices: dict[str, Any], own: Unit, *, itself: bool) -> str:
    """The path of the nearest gathering office over the unit's territory; `itself` leaves out the unit's own path."""
    outside_tree = unit.kind == UnitKind.INDUSTRIAL_ZONE_BOARD.value
    steps = unit.territory_path.strip("/").split("/")
    if itself:
        steps = steps[:-1]
    while steps and not outside_tree:
        path = f"/{'/'.join(steps)}/"
        if path in offices and path.startswith(own.territory_path):
            return path
        steps = steps[:-1]
    return own.territory_path


def _row(period: ReportPeriod, unit: Unit, parent_id: UUID | None, *, gathers: bool) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "period_id": period.id,
        "province_id": unit.province_id,
        "unit_id": unit.id,
        "responsible_unit_id": unit.id,
        "territory_path": unit.territory_path,
        "parent_id": parent_id,
        "gathers": gathers,
        "due_at": period.due_at,
        "first_due_at": period.due_at,
        "answerer": "",
        "accepted_version": 0,
        "reminded": "",
    }


def _units(actor: Actor, form: Form) -> Sequence[Unit]:
    """Living units of the actor's territory that fill in the form or gather it."""
    on = today()
    kinds = [*sorted(form.filled_by), UnitKind.SUPERVISOR_OFFICE.value]
    query = select(Unit).where(
        Unit.territory_path.startswith(actor.territory_path, autoescape=True),
        Unit.kind.in_(kinds),
        Unit.valid_from <= on,
        or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
    )
    return db.session.scalars(query.order_by(Unit.territory_path, Unit.id)).all()
