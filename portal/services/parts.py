"""Dividing a list and putting it together again: every person stays on exactly one list, under the same number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from portal.clock import now, today
from portal.domain.errors import InvalidInput, WrongStage
from portal.domain.events import EventTag
from portal.domain.obstacles import obstacle
from portal.domain.permissions import Actor
from portal.domain.stages import ListState, Stage
from portal.domain.transitions import Action, Guard
from portal.domain.verdicts import Verdict, check_note
from portal.domain.wording import say
from portal.models import CorrectionList, Entry, Unit, db
from portal.queries.parties import village_task_forces
from portal.services import clocks
from portal.services.arrivals import recount
from portal.services.auditing import record
from portal.services.list_facts import facts_of, mergeable
from portal.services.record_drafts import abandon_draft
from portal.services.transitions import check_rev, load_list, move, permit, state_name, state_of
from portal.services.unit_of_work import once


@dataclass(frozen=True)
class Part:
    """People that become a list of their own, by their numbers; `village_unit` where it goes to another village."""

    numbers: frozenset[int]
    village_unit: int | None = None


def split(actor: Actor, list_id: UUID, parts: Sequence[Part], *, rev: int | None = None, key: str = "") -> list[UUID]:
    """Make each part a list of its own at the same step with the same holder; returns the new lists' ids.

    Who is in no part stays. Where nobody stays, the list ends as split. Raises InvalidInput where somebody stands
    in two parts, is not on the list, or nothing would be divided.
    """

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        row = permit(actor, of_list, Action.SPLIT)
        check_rev(of_list, rev)
        _check_parts(of_list, parts)
        if sum(len(part.numbers) for part in parts) == of_list.entries:
            row = permit(actor, of_list, Action.DISSOLVE)
            abandon_draft(actor, of_list)
        villages = _villages(of_list, parts)
        children = [part_off(actor, of_list, part.numbers, villages.get(part.village_unit)) for part in parts]
        before, after = move(of_list, row)
        dissolved = row.action is Action.DISSOLVE
        of_list.closed_at = now() if dissolved else None
        record(
            EventTag.LIST_SPLIT,
            actor,
            of_list=of_list,
            from_state=before if dissolved else "",
            to_state=after if dissolved else "",
            parts=[child.code for child in children],
            entries=sum(child.entries for child in children),
            numbers=[sorted(part.numbers) for part in parts],
        )
        return {"lists": [str(child.id) for child in children]}

    return [UUID(made) for made in once(actor.user_id, key, f"split:{list_id}", act)["lists"]]


def merge(actor: Actor, list_id: UUID, into_id: UUID, *, rev: int | None = None, key: str = "") -> UUID:
    """Put a part's people on another part of the same list, same village, step and holder; returns that list's id.

    The part ends as merged. Verdicts and values stay as they are; the round is the higher of the two.
    """

    def act() -> dict[str, Any]:
        for each in sorted({list_id, into_id}):
            load_list(actor, each, lock=True)
        of_list, into = load_list(actor, list_id), load_list(actor, into_id)
        row = permit(actor, of_list, Action.MERGE)
        check_rev(of_list, rev)
        if not db.session.scalar(select(func.count()).where(CorrectionList.id == into_id, mergeable(of_list))):
            raise WrongStage(obstacle(Guard.HAS_SIBLING, facts_of(of_list, actor)), code=Guard.HAS_SIBLING.value)
        abandon_draft(actor, of_list)
        moved = of_list.entries
        _take_over(of_list, into)
        before, after = move(of_list, row)
        of_list.closed_at, of_list.merged_into_id = now(), into.id
        recount(into)
        record(
            EventTag.LIST_MERGED,
            actor,
            of_list=of_list,
            from_state=before,
            to_state=after,
            list=into.code,
            entries=moved,
        )
        record(EventTag.LIST_ENLARGED, actor, of_list=into, list=of_list.code, entries=moved)
        return {"list": str(into.id)}

    return UUID(once(actor.user_id, key, f"merge:{list_id}:{into_id}", act)["list"])


def withdraw(
    actor: Actor, list_id: UUID, numbers: Collection[int], note: str, *, rev: int | None = None, key: str = ""
) -> UUID:
    """Take people out of the work, with words why: they end on a cancelled part of the list, nothing is deleted.

    Only while the station holds the list, and nobody who is updated on the platform already. Returns the part's id.
    """
    if not note.strip():
        raise InvalidInput(say("Rút người khỏi danh sách cần ghi lý do."), fields={"note": say("Ghi lý do rút.")})
    check_note("", note)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.WITHDRAW)
        check_rev(of_list, rev)
        _check_parts(of_list, [Part(frozenset(numbers))])
        if len(set(numbers)) == of_list.entries:
            raise InvalidInput(say("Đã chọn tất cả mọi người. Danh sách phải còn ít nhất một người."))
        _check_not_applied(of_list, numbers)
        part = part_off(actor, of_list, numbers, stage=Stage.CANCELLED)
        of_list.rev += 1
        for entry_id in db.session.scalars(select(Entry.id).where(Entry.list_id == part.id).order_by(Entry.number)):
            record(EventTag.ENTRY_WITHDRAWN, actor, of_list=of_list, entry_id=entry_id, reason="", note=note.strip())
        return {"list": str(part.id)}

    return UUID(once(actor.user_id, key, f"withdraw:{list_id}", act)["list"])


def part_off(
    actor: Actor,
    of_list: CorrectionList,
    numbers: Collection[int],
    village: Unit | None = None,
    *,
    stage: Stage | None = None,
) -> CorrectionList:
    """Move these people to a new part at the list's step, in the running transaction; the list is locked.

    Counters of both are right afterwards; the caller writes what happened to the list itself.
    """
    made = _new_part(of_list, len(numbers), village, stage or Stage(of_list.stage))
    of_list.entries -= len(numbers)
    of_list.decided = of_list.returned = 0
    db.session.add(made)
    db.session.flush()
    if stage is None:
        clocks.begin(made, parted_from=of_list)
    _move_entries(of_list, made, numbers)
    recount(of_list)
    if stage is None:
        recount(made)
    record(
        EventTag.LIST_PARTED,
        actor,
        of_list=made,
        to_state=state_name(state_of(made)),
        list=of_list.code,
        entries=made.entries,
    )
    return made


def _new_part(of_list: CorrectionList, people: int, village: Unit | None, stage: Stage) -> CorrectionList:
    """A part like its list; its number among the parts is the next, also after parts were merged or cancelled."""
    same = (CorrectionList.batch_id == of_list.batch_id, CorrectionList.number == of_list.number)
    last = db.session.execute(select(func.max(CorrectionList.part)).where(*same)).scalar_one()
    root = of_list.code.rpartition(".")[0] if of_list.part else of_list.code
    at = now()
    place = village if village is not None and village.serves is not None else None
    return CorrectionList(
        id=uuid4(),
        batch_id=of_list.batch_id,
        number=of_list.number,
        part=last + 1,
        code=f"{root}.{last + 1}",
        name=place.serves.name if place and place.serves else of_list.name,
        province_id=of_list.province_id,
        territory_path=place.territory_path if place else of_list.territory_path,
        station_unit_id=of_list.station_unit_id,
        village_unit_id=place.id if place else of_list.village_unit_id,
        police_unit_id=of_list.police_unit_id,
        holder_unit_id=of_list.holder_unit_id,
        known_to_village=of_list.known_to_village and place is None,
        known_to_police=of_list.known_to_police,
        stage=stage.value,
        pending_leg=None,
        round=of_list.round,
        entries=people,
        decided=0,
        due_at=of_list.due_at,
        held_since=of_list.held_since,
        created_at=at,
        closed_at=at if stage is Stage.CANCELLED else None,
        parent_list_id=of_list.id,
    )


def _move_entries(of_list: CorrectionList, into: CorrectionList, numbers: Collection[int] | None) -> None:
    db.session.flush()
    chosen = [Entry.list_id == of_list.id]
    if numbers is not None:
        chosen.append(Entry.number.in_(numbers))
    db.session.execute(
        update(Entry).where(*chosen).values(list_id=into.id).execution_options(synchronize_session=False)
    )


def _take_over(of_list: CorrectionList, into: CorrectionList) -> None:
    moved = of_list.entries
    of_list.entries = of_list.decided = of_list.returned = 0
    into.entries += moved
    into.round = max(into.round, of_list.round)
    into.held_since = min(into.held_since, of_list.held_since)
    due, into.due_at = into.due_at, min(filter(None, (into.due_at, of_list.due_at)), default=None)
    clocks.follow_list(into, due)
    into.known_to_village |= of_list.known_to_village
    into.known_to_police |= of_list.known_to_police
    into.rev += 1
    _move_entries(of_list, into, None)


def check_numbers(of_list: CorrectionList, chosen: Collection[int]) -> None:
    """Raise InvalidInput where nobody is chosen, or somebody who is not on the list."""
    if not chosen:
        raise InvalidInput(say("Chưa chọn người nào."), fields={"numbers": say("Chọn ít nhất một người.")})
    known = set(db.session.scalars(select(Entry.number).where(Entry.list_id == of_list.id, Entry.number.in_(chosen))))
    unknown = sorted(set(chosen) - known)
    if unknown:
        words = ", ".join(map(str, unknown[:10]))
        raise InvalidInput(
            say("Danh sách không có số thứ tự {words}.", words=words),
            fields={"numbers": say("Sửa lại các số thứ tự này.")},
        )


def _check_parts(of_list: CorrectionList, parts: Sequence[Part]) -> None:
    chosen = [number for part in parts for number in part.numbers]
    if not chosen or not all(part.numbers for part in parts):
        raise InvalidInput(say("Chưa chọn người nào."), fields={"numbers": say("Chọn ít nhất một người.")})
    if len(chosen) != len(set(chosen)):
        raise InvalidInput(say("Có người được chọn vào hai phần. Mỗi người chỉ thuộc một phần."))
    check_numbers(of_list, chosen)
    if len(parts) == 1 and len(chosen) == of_list.entries and parts[0].village_unit is None:
        raise InvalidInput(
            say("Đã chọn tất cả mọi người nên không có gì để tách. Hãy bỏ chọn ít nhất một người."),
            fields={"numbers": say("Để lại ít nhất một người.")},
        )


def _villages(of_list: CorrectionList, parts: Sequence[Part]) -> dict[int | None, Unit]:
    """The villages that parts go to; only a drafted list has its village still to be chosen."""
    wanted = {part.village_unit for part in parts if part.village_unit is not None}
    if not wanted:
        return {}
    if state_of(of_list) != ListState(Stage.DRAFTING):
        raise WrongStage(say("Chỉ chia theo thôn khi trạm đang soạn danh sách."))
    known: dict[int | None, Unit] = {unit.id: unit for unit in village_task_forces(of_list.station, today())}
    if not wanted <= set(known):
        raise InvalidInput(say("Có thôn không thuộc xã của trạm. Hãy chọn thôn trong danh sách."))
    return known


def _check_not_applied(of_list: CorrectionList, numbers: Collection[int]) -> None:
    applied = (Verdict.APPLIED.value, Verdict.CONFIRMED.value)
    done = db.session.scalars(
        select(Entry.number)
        .where(Entry.list_id == of_list.id, Entry.number.in_(numbers), Entry.station_verdict.in_(applied))
        .order_by(Entry.number)
    ).all()
    if done:
        words = ", ".join(map(str, done[:10]))
        raise InvalidInput(
            say("Dòng {words} đã cập nhật lên nền tảng nên không rút được. Hãy bỏ chọn dòng này.", words=words)
        )
