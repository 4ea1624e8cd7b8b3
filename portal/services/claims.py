"""Who of the holding unit works on a list: claim, release, take over with a reason, assign, also many at once.

None of it moves custody or touches the list's version: a preview stays valid, the paper names signers alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.clock import now, today
from portal.domain.errors import DomainError, InvalidInput, NotFound
from portal.domain.events import EventTag
from portal.domain.permissions import ROLE_PARTY, Actor, Permission, Role, has_permission, require
from portal.domain.stages import HOLDER, Stage
from portal.domain.transitions import Action
from portal.domain.verdicts import check_note
from portal.domain.wording import restored, say, stored
from portal.models import CorrectionList, ListClaim, Membership, db
from portal.queries import claims as queries
from portal.queries.delegations import colleagues
from portal.queries.scope import place_of
from portal.services.auditing import record
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import once, transaction

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Candidate:
    """Somebody to whom all of the chosen lists may be given. `person` names the account, one for all units."""

    person: UUID
    name: str
    position: str
    unit_name: str
    lists_now: int


@dataclass(frozen=True)
class Assigned:
    """What became of one list of a bulk assignment; `refusal` is empty where it was done."""

    list_id: UUID
    code: str
    name: str
    refusal: str = ""


def claim(actor: Actor, list_id: UUID, *, key: str = "") -> None:
    """Take a free list on as one's own work; another one's is taken over, not claimed."""

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.CLAIM)
        _clear_lapsed(actor, of_list)
        _start(of_list, actor.membership_id)
        record(EventTag.LIST_CLAIMED, actor, of_list=of_list)
        return {"ok": True}

    once(actor.user_id, key, f"claim:{list_id}", act)


def release(actor: Actor, list_id: UUID, *, key: str = "") -> None:
    """Give the own work on a list back to the unit."""

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.RELEASE)
        _end(actor, _unended(of_list), "released")
        record(EventTag.LIST_RELEASED, actor, of_list=of_list)
        return {"ok": True}

    once(actor.user_id, key, f"release:{list_id}", act)


def take_over(actor: Actor, list_id: UUID, reason: str, *, key: str = "") -> None:
    """Take a colleague's work over, with words why; the colleague is told at the next page."""
    if not reason.strip():
        raise InvalidInput(say("Tiếp quản cần ghi lý do."), fields={"reason": say("Ghi lý do tiếp quản.")})
    check_note("", reason)

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.TAKE_OVER)
        lost = _unended(of_list)
        _end(actor, lost, "taken_over", reason.strip())
        _start(of_list, actor.membership_id)
        record(
            EventTag.LIST_TAKEN_OVER,
            actor,
            of_list=of_list,
            from_member=lost.membership_id if lost else None,
            reason="",
            note=reason.strip(),
        )
        return {"ok": True}

    once(actor.user_id, key, f"take_over:{list_id}", act)


def assign(actor: Actor, list_ids: Sequence[UUID], person: UUID, *, key: str = "") -> list[Assigned]:
    """Give lists to one person, each as a single act would; one answer per list.

    Raises InvalidInput for a person without the right on every one of them: nothing is done then.
    """
    if not list_ids or len(list_ids) > MOST_AT_ONCE:
        raise InvalidInput(say("Chọn từ 1 đến {most} danh sách.", most=MOST_AT_ONCE))

    def act() -> dict[str, Any]:
        # Locked in one order, so that two bulk acts never wait for each other.
        chosen = [load_list(actor, list_id, lock=True) for list_id in sorted(set(list_ids))]
        for each in chosen:
            require(actor, Permission.LIST_ASSIGN, place_of(each), Permission.LIST_READ)
        seats = _seats(chosen, person)
        missing = [each.code for each in chosen if each.holder_unit_id not in seats]
        if missing:
            raise InvalidInput(
                say(
                    "Người này không thuộc đơn vị đang giữ {lists}. Chỉ giao cho người có quyền trên mọi "
                    "danh sách đã chọn.",
                    lists=", ".join(missing),
                ),
                fields={"person": say("Chọn một người trong danh sách.")},
            )
        told = [_assign_one(actor, each, seats[each.holder_unit_id]) for each in chosen]
        return {"told": [[str(one.list_id), one.code, one.name, stored(one.refusal)] for one in told]}

    answer = once(actor.user_id, key, f"assign:{person}:{len(list_ids)}", act)
    return [Assigned(UUID(found), code, name, restored(refusal)) for found, code, name, refusal in answer["told"]]


def candidates(actor: Actor, list_ids: Sequence[UUID]) -> tuple[list[CorrectionList], list[Candidate]]:
    """The lists asked for (those the actor may see) and the people who have the right on all of them."""
    if not has_permission(actor, Permission.LIST_ASSIGN):
        raise NotFound(say("Bạn không giao việc được."))
    chosen = [load_list(actor, list_id) for list_id in dict.fromkeys(list_ids[:MOST_AT_ONCE])]
    units = {each.holder_unit_id for each in chosen}
    people: dict[UUID, list[Membership]] = {}
    for unit_id in units:
        for member in colleagues(unit_id, today()):
            if Role(member.role) in ROLE_PARTY:
                people.setdefault(member.user_id, []).append(member)
    fitting = [held for held in people.values() if {member.unit_id for member in held} == units]
    return chosen, [_candidate(held) for held in fitting]


def free_all(actor: Actor, membership: Membership) -> None:
    """In the running transaction: the claims of a membership that ends fall free, each list's trail says so."""
    for each in queries.unended_of(membership.id):
        _end(actor, each, "fell_free")
        of_list = db.session.get_one(CorrectionList, each.list_id)
        record(EventTag.CLAIM_FELL_FREE, actor, of_list=of_list, from_member=membership.id)


def note_presence(actor: Actor, of_list: CorrectionList) -> None:
    """Write when the person who works on the list was last there, at most once a minute. Commits."""
    found = queries.live_claim(of_list.id, of_list.holder_unit_id, today())
    if found is None or found.membership_id not in actor.seats or (now() - found.seen_at).total_seconds() < 60:
        return
    with transaction():
        found.seen_at = now()


def acknowledge(actor: Actor, claim_id: int) -> None:
    """Note that the loser of a claim has read who took it over."""
    with transaction():
        found = db.session.get(ListClaim, claim_id)
        if found is not None and found.membership_id == actor.membership_id and found.ended_at is not None:
            found.told_at = now()


def _assign_one(actor: Actor, of_list: CorrectionList, member: Membership) -> Assigned:
    try:
        permit(actor, of_list, Action.ASSIGN)
    except DomainError as refusal:
        return Assigned(of_list.id, of_list.code, of_list.name, refusal.message)
    before = _unended(of_list)
    if before is not None and before.membership_id == member.id:
        return Assigned(of_list.id, of_list.code, of_list.name, say("Người này đang làm danh sách này rồi."))
    _end(actor, before, "assigned")
    _start(of_list, member.id, by=actor.membership_id)
    record(
        EventTag.LIST_ASSIGNED,
        actor,
        of_list=of_list,
        from_member=before.membership_id if before else None,
        to_member=member.id,
    )
    return Assigned(of_list.id, of_list.code, of_list.name)


def _seats(chosen: Sequence[CorrectionList], person: UUID) -> dict[int, Membership]:
    """The person's membership in each holding unit, where its role works on the unit's stage."""
    found = {}
    for of_list in chosen:
        party = HOLDER[Stage(of_list.stage)]
        for member in colleagues(of_list.holder_unit_id, today()):
            if member.user_id == person and ROLE_PARTY.get(Role(member.role)) is party:
                found[of_list.holder_unit_id] = member
    return found


def _candidate(held: Sequence[Membership]) -> Candidate:
    return Candidate(
        person=held[0].user_id,
        name=held[0].user.full_name,
        position=held[0].position,
        unit_name=", ".join(member.unit.name for member in held),
        lists_now=sum(len(queries.unended_of(member.id)) for member in held),
    )


def _unended(of_list: CorrectionList) -> ListClaim | None:
    return queries.unended(of_list.id, of_list.holder_unit_id)


def _clear_lapsed(actor: Actor, of_list: CorrectionList) -> None:
    """End the claim of somebody who has left the unit by the calendar; nobody else had a hand in it."""
    lapsed = _unended(of_list)
    if lapsed is not None:
        _end(actor, lapsed, "fell_free")
        record(EventTag.CLAIM_FELL_FREE, actor, of_list=of_list, from_member=lapsed.membership_id)


def _end(actor: Actor, found: ListClaim | None, kind: str, reason: str = "") -> None:
    if found is None:
        return
    found.ended_at, found.end_kind, found.end_reason, found.ended_by = now(), kind, reason, actor.membership_id
    db.session.flush()


def _start(of_list: CorrectionList, membership_id: int, *, by: int | None = None) -> None:
    at = now()
    db.session.add(
        ListClaim(
            province_id=of_list.province_id,
            list_id=of_list.id,
            unit_id=of_list.holder_unit_id,
            membership_id=membership_id,
            assigned_by=by,
            since=at,
            seen_at=at,
        )
    )
    db.session.flush()
