"""Who of the holding unit works on a list: claim, release, take over with a reason, assign.

None of it moves custody or touches the list's version: a preview stays valid, the paper names signers alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.clock import now, today
from portal.domain.errors import InvalidInput, NotFound
from portal.domain.events import EventTag
from portal.domain.permissions import ROLE_PARTY, Actor, Role
from portal.domain.stages import HOLDER, Stage
from portal.domain.transitions import Action
from portal.domain.verdicts import check_note
from portal.domain.wording import say
from portal.models import CorrectionList, ListClaim, Membership, db
from portal.queries import claims as queries
from portal.queries.delegations import colleagues
from portal.services.auditing import record
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import once, transaction

SEEN_EVERY = timedelta(minutes=1)
"""How often the presence of who works on a list is written down."""


@dataclass(frozen=True)
class Candidate:
    """Somebody to whom all of the chosen lists may be given. `person` names the account, one for all units."""

    person: UUID
    name: str
    position: str
    unit_name: str
    lists_now: int


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


def assign(actor: Actor, list_id: UUID, person: UUID, *, key: str = "") -> None:
    """Give a list to one member of the unit that holds it; whoever worked on it is told.

    The unit's lead gives inside the unit, the commune's coordinator everywhere in the commune.
    """

    def act() -> dict[str, Any]:
        apply_assignment(actor, load_list(actor, list_id, lock=True), person)
        return {"ok": True}

    once(actor.user_id, key, f"assign:{list_id}:{person}", act)


def apply_assignment(actor: Actor, of_list: CorrectionList, person: UUID | None) -> UUID | None:
    """Give the locked list to the person, or to nobody, in the running transaction; returns who had it before.

    Raises InvalidInput for somebody who may not work on it.
    """
    permit(actor, of_list, Action.ASSIGN)
    member = _seat_of(of_list, person) if person else None
    if person is not None and member is None:
        raise InvalidInput(say("Người này không thuộc đơn vị đang giữ danh sách, hoặc đã thôi việc ở đó."))
    before = queries.unended(of_list.id, of_list.holder_unit_id)
    if (before.membership_id if before else None) == (member.id if member else None):
        raise InvalidInput(say("Người này đang làm danh sách này rồi."))
    _end(actor, before, "assigned")
    if member is not None:
        _start(of_list, member.id, by=actor.membership_id)
    record(
        EventTag.LIST_ASSIGNED,
        actor,
        of_list=of_list,
        from_member=before.membership_id if before else None,
        to_member=member.id if member else None,
    )
    return before.member.user_id if before else None


def worker_of(of_list: CorrectionList) -> UUID | None:
    """Who works on the list in the unit that holds it; None where nobody does (any more)."""
    found = queries.live_claim(of_list.id, of_list.holder_unit_id, today())
    return found.member.user_id if found else None


def candidates(actor: Actor, list_ids: Sequence[UUID]) -> list[Candidate]:
    """The people to whom all of these lists may be given: members of every unit that holds one, in its work."""
    units = queries.holding_units(actor, list_ids)
    people: dict[UUID, list[Membership]] = {}
    for unit_id in units:
        for member in colleagues(unit_id, today()):
            if Role(member.role) in ROLE_PARTY:
                people.setdefault(member.user_id, []).append(member)
    fitting = [held for held in people.values() if {member.unit_id for member in held} == units]
    busy = queries.busy([member.id for held in fitting for member in held])
    return [_candidate(held, busy) for held in fitting]


def require_right_on_all(actor: Actor, list_ids: Sequence[UUID], person: UUID) -> None:
    """Raise InvalidInput unless the person may work on every one of the lists: then nothing is given at all."""
    if person not in {one.person for one in candidates(actor, list_ids)}:
        message = say("Chỉ giao cho người có quyền trên mọi danh sách đã chọn. Hãy chọn một người trong danh sách.")
        raise InvalidInput(message, fields={"person": message})


def free_all(actor: Actor, membership: Membership) -> None:
    """In the running transaction: the claims of a membership that ends fall free, each list's trail says so."""
    for each in queries.unended_of(membership.id):
        _end(actor, each, "fell_free")
        of_list = db.session.get_one(CorrectionList, each.list_id)
        record(EventTag.CLAIM_FELL_FREE, actor, of_list=of_list, from_member=membership.id)


def note_presence(actor: Actor, of_list: CorrectionList) -> bool:
    """Write when the person who works on the list was last there, at most once a minute; True where it was written.

    Commits: what was loaded before must be loaded anew.
    """
    found = queries.live_claim(of_list.id, of_list.holder_unit_id, today())
    if found is None or found.membership_id not in actor.seats or now() - found.seen_at < SEEN_EVERY:
        return False
    with transaction():
        found.seen_at = now()
    return True


def acknowledge(actor: Actor, claim_id: int) -> None:
    """Note that the loser of a claim has read who took it over. Raises NotFound where it was not his."""
    with transaction():
        found = db.session.get(ListClaim, claim_id)
        if found is None or found.membership_id != actor.membership_id:
            raise NotFound(say("Không tìm thấy việc giao này, hoặc việc này của người khác."))
        if found.ended_at is not None:
            found.told_at = now()


def _seat_of(of_list: CorrectionList, person: UUID) -> Membership | None:
    """The person's membership in the holding unit, where its role works on the list's stage."""
    party = HOLDER[Stage(of_list.stage)]
    members = colleagues(of_list.holder_unit_id, today())
    return next((one for one in members if one.user_id == person and ROLE_PARTY.get(Role(one.role)) is party), None)


def _candidate(held: Sequence[Membership], busy: dict[int, int]) -> Candidate:
    return Candidate(
        person=held[0].user_id,
        name=held[0].user.full_name,
        position=held[0].position,
        unit_name=", ".join(member.unit.name for member in held),
        lists_now=sum(busy.get(member.id, 0) for member in held),
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
