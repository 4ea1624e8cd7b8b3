"""Territories that are merged or lose their level: open lists move to the successors, printed records keep old names.

Nothing is signed by a succession: a record that waited for a signature is taken back, because the unit it names is
gone; its list stays with the unit that held it, or with that unit's successor (LS-19, LS-20).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, not_, or_, select, update

from portal.clock import now, today
from portal.domain.errors import InvalidInput
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.stages import FINAL_STAGES, HandoverStatus
from portal.domain.transitions import Action, find
from portal.domain.units import TERRITORIES, SuccessionKind, UnitKind, may_succeed
from portal.domain.wording import say
from portal.models import (
    Batch,
    Clock,
    CorrectionList,
    Handover,
    ReportDuty,
    ReportPeriod,
    Unit,
    UnitSuccession,
    db,
)
from portal.services.auditing import record
from portal.services.record_drafts import abandon_draft, abandon_refusals
from portal.services.transitions import move, state_of
from portal.services.unit_of_work import once
from portal.services.units import require_right, require_unit

_FINAL = [stage.value for stage in FINAL_STAGES]


@dataclass(frozen=True)
class Moved:
    """What a succession moved."""

    lists: int
    taken_back: int
    offices: int


def succeed(
    administrator: Actor, unit_id: int, into_id: int, *, effective_on: date, decision: str, key: str = ""
) -> Moved:
    """End a territory on the eve of `effective_on` and give all its work to another one, by a dated decision.

    Its villages (or communes) lie in the successor from then on; each office that served it passes its open lists to
    the successor's office of the same kind. Ended lists, records and trails stay as they are. Raises InvalidInput
    where the two do not fit, the day has not come (everything moves at once), or an office that holds open lists
    would have no successor.
    """
    require_right(administrator)
    if not decision.strip():
        raise InvalidInput(
            say("Sáp nhập đơn vị cần ghi văn bản quyết định."), fields={"decision": say("Ghi số và ngày văn bản.")}
        )

    def act() -> dict[str, Any]:
        _lock(unit_id, into_id)
        old, new = require_unit(administrator, unit_id), require_unit(administrator, into_id)
        kind = _check(old, new, effective_on)
        offices = _offices(old, new)
        lists = _open_lists(old)
        taken_back = sum(_settle(administrator, of_list, set(offices)) for of_list in lists)
        _note(old, new, kind, effective_on, decision.strip())
        for office, successor in offices.items():
            if successor is not None:
                _note(db.session.get_one(Unit, office), successor, kind, effective_on, decision.strip())
                _pass_work(office, successor)
        _reparent(old, new)
        for each in (old, *(db.session.get_one(Unit, office) for office in offices)):
            each.valid_to = effective_on - timedelta(days=1)
        for of_list in lists:
            record(EventTag.LIST_MOVED, administrator, of_list=of_list, from_unit=old.id, to_unit=new.id)
        record(
            EventTag.UNIT_SUCCEEDED, administrator, unit=old.id, from_unit=old.id, to_unit=new.id,
            document=decision.strip(), lists=len(lists),
        )  # fmt: skip
        return {"lists": len(lists), "taken_back": taken_back, "offices": len(offices)}

    return Moved(**once(administrator.user_id, key, f"succeed:{unit_id}:{into_id}", act))


def _lock(unit_id: int, into_id: int) -> None:
    """Lock both units and the old one's offices before anything is read of them: one succession after the other."""
    ours = or_(Unit.id.in_((unit_id, into_id)), Unit.serves_id == unit_id)
    locked = select(Unit).where(ours).order_by(Unit.id).with_for_update()
    db.session.scalars(locked.execution_options(populate_existing=True)).all()


def _check(old: Unit, new: Unit, effective_on: date) -> SuccessionKind:
    if effective_on > today():
        raise InvalidInput(
            say(
                "Danh sách chuyển sang đơn vị nhận ngay khi ghi, nên chưa ghi được việc sáp nhập của một ngày "
                "chưa đến. Hãy ghi khi đến ngày hiệu lực."
            ),
            fields={"effective_on": say("Chọn hôm nay hoặc một ngày đã qua.")},
        )
    kind = may_succeed(UnitKind(old.kind), UnitKind(new.kind))
    if kind is None or old.id == new.id or new.valid_to is not None:
        raise InvalidInput(
            say(
                "Chỉ nhập được xã vào xã, thôn vào thôn, hoặc bỏ cấp huyện (vào tỉnh); "
                "đơn vị nhận phải đang hoạt động."
            ),
            fields={"into": say("Chọn một địa bàn cùng cấp đang hoạt động.")},
        )
    if kind is SuccessionKind.LEVEL_REMOVED and old.parent_id != new.id:
        raise InvalidInput(
            say("Huyện chỉ bỏ vào tỉnh của nó."), fields={"into": say("Chọn tỉnh mà huyện này thuộc về.")}
        )
    if UnitKind(old.kind) is UnitKind.VILLAGE and old.parent_id != new.parent_id:
        raise InvalidInput(
            say("Chỉ nhập thôn vào thôn cùng xã. Nếu cả xã sáp nhập, hãy nhập xã trước."),
            fields={"into": say("Chọn một thôn cùng xã.")},
        )
    if old.valid_to is not None or effective_on <= old.valid_from:
        raise InvalidInput(
            say("Đơn vị này đã kết thúc, hoặc ngày hiệu lực trước ngày thành lập."),
            fields={"effective_on": say("Chọn ngày sau ngày thành lập.")},
        )
    return kind


def _offices(old: Unit, new: Unit) -> dict[int, Unit | None]:
    """The living offices that serve the old territory, each with the successor's office of the same kind."""
    heirs = {each.kind: each for each in _serving(new)}
    found: dict[int, Unit | None] = {}
    for office in _serving(old):
        heir = heirs.get(office.kind)
        if heir is None and _holds_open_lists(office.id):
            raise InvalidInput(
                say("{office} còn danh sách đang làm mà {into} chưa có đơn vị cùng loại. Hãy tạo đơn vị đó trước.",
                    office=office.name, into=new.name),
                fields={"into": say("Tạo đơn vị nhận việc trước.")},
            )  # fmt: skip
        found[office.id] = heir
    return found


def _serving(territory: Unit) -> list[Unit]:
    query = select(Unit).where(Unit.serves_id == territory.id, Unit.valid_to.is_(None)).order_by(Unit.id.desc())
    return list(db.session.scalars(query))


_PARTIES = ("station_unit_id", "village_unit_id", "police_unit_id", "holder_unit_id", "offered_to_unit_id")


def _holds_open_lists(office: int) -> bool:
    is_party = or_(*(getattr(CorrectionList, name) == office for name in _PARTIES))
    query = select(func.count()).where(is_party, CorrectionList.stage.not_in(_FINAL))
    return db.session.execute(query).scalar_one() > 0


def _open_lists(old: Unit) -> list[CorrectionList]:
    query = (
        select(CorrectionList)
        .where(
            CorrectionList.territory_path.startswith(old.territory_path, autoescape=True),
            CorrectionList.stage.not_in(_FINAL),
        )
        .order_by(CorrectionList.id)
        .with_for_update()
    )
    return list(db.session.scalars(query))


def _settle(administrator: Actor, of_list: CorrectionList, ending: set[int]) -> bool:
    """Take a waiting record back where a unit it names ends, and give up a draft; the list stays where it was."""
    abandon_draft(administrator, of_list)
    sent = db.session.scalars(
        select(Handover).where(Handover.list_id == of_list.id, Handover.status == HandoverStatus.SENT.value)
    ).one_or_none()
    if sent is None or not {sent.giver_unit_id, sent.receiver_unit_id} & ending:
        return False
    row = find(state_of(of_list), Action.RECALL)
    assert row is not None  # noqa: S101  a sent record can be recalled in every pending state
    note = str(say("Đơn vị ghi trên biên bản đã sáp nhập trước khi ký nhận; lập biên bản mới theo đơn vị mới."))
    sent.status, sent.decided_at, sent.note = HandoverStatus.RECALLED.value, now(), note
    abandon_refusals(administrator, sent)
    before, after = move(of_list, row, sent)
    record(
        EventTag.HANDOVER_RECALLED, administrator, of_list=of_list, handover_id=sent.id, from_state=before,
        to_state=after, number=sent.number, manifest_sha256=sent.manifest_sha256, reason="", note=note,
    )  # fmt: skip
    return True


def _note(old: Unit, new: Unit, kind: SuccessionKind, effective_on: date, decision: str) -> None:
    db.session.add(
        UnitSuccession(
            from_unit_id=old.id, to_unit_id=new.id, kind=kind.value, effective_on=effective_on, decision=decision
        )
    )


def _pass_work(office: int, heir: Unit) -> None:
    """Every open list on which the office plays a part is the heir's from now on, its running clock too."""
    db.session.flush()
    for name in _PARTIES:
        column = getattr(CorrectionList, name)
        ours = update(CorrectionList).where(column == office, CorrectionList.stage.not_in(_FINAL))
        db.session.execute(ours.values({name: heir.id, "rev": CorrectionList.rev + 1}))
    running = update(Clock).where(Clock.unit_id == office, Clock.stopped_at.is_(None))
    db.session.execute(running.values(unit_id=heir.id))


def _reparent(old: Unit, new: Unit) -> None:
    """What lay in the old territory lies in the new one: paths of units, lists, batches and reports begin anew.

    What the old territory's own office gathers stays where it is: the new one has its own total of the period.
    """
    db.session.flush()
    before, after = old.territory_path, new.territory_path
    rest = len(before) + 1
    for table in (Unit, CorrectionList, Batch, ReportPeriod, ReportDuty):
        column = table.territory_path
        under = update(table).where(column.startswith(before, autoescape=True))
        if table is Unit:
            under = under.where(Unit.id != old.id, func.coalesce(Unit.serves_id, 0) != old.id)
        if table is ReportDuty:
            under = under.where(not_(and_(ReportDuty.gathers, column == before)))
        moved = func.concat(after, func.substr(column, rest))
        db.session.execute(under.values(territory_path=moved).execution_options(synchronize_session=False))
    children = update(Unit).where(Unit.parent_id == old.id, Unit.kind.in_([kind.value for kind in TERRITORIES]))
    db.session.execute(children.values(parent_id=new.id).execution_options(synchronize_session=False))
    db.session.expire_all()
