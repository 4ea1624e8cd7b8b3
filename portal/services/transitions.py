"""From the table of transitions to the act: load under lock, permit, check guards, move."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.clock import local, now, today
from portal.domain.errors import NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.obstacles import COMPLETION_DRAFT, ListFacts, guard_holds, obstacle, wrong_stage
from portal.domain.permissions import ROLE_PARTY, Actor, Permission, Place, Reach, covers, reach_of, require
from portal.domain.stages import (
    BOTH_SIGNED,
    CUSTODY_RECORDS,
    DISSOLVED_STAGES,
    FINAL_STAGES,
    HOLDER,
    LEGS,
    TWO_SIDED,
    HandoverStatus,
    Leg,
    ListState,
    Stage,
)
from portal.domain.transitions import TRANSITIONS, Action, Side, Transition, find, transitions_from
from portal.domain.wording import say
from portal.models import CorrectionList, Entry, Handover, Membership, Signature, User, db
from portal.queries.claims import claimant
from portal.queries.delegations import acted_for
from portal.queries.scope import place_of, unit_of, visible_to
from portal.services import clocks
from portal.services.separation import asker_connection, giver_connection, proposer_connection

LONGEST_WITHOUT_STAMP = timedelta(hours=4)
"""A signature may wait so long for its time-stamp before the list's next step waits with it (promise R6)."""
NOT_FOUND = say("Không tìm thấy danh sách này, hoặc đơn vị của bạn không được xem.")


def load_list(actor: Actor, list_id: UUID, *, lock: bool = False) -> CorrectionList:
    """The list if the actor may see it, else NotFound. `lock` takes its row lock until the transaction ends."""
    query = (
        select(CorrectionList)
        .where(CorrectionList.id == list_id, visible_to(actor, Permission.LIST_READ))
        .options(
            joinedload(CorrectionList.batch),
            joinedload(CorrectionList.holder),
            joinedload(CorrectionList.village),
            joinedload(CorrectionList.police),
            joinedload(CorrectionList.station),
        )
        .execution_options(populate_existing=True)
    )
    if lock:
        query = query.with_for_update(of=CorrectionList)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def state_of(of_list: CorrectionList) -> ListState:
    """The list's state as the table knows it."""
    return ListState(Stage(of_list.stage), Leg(of_list.pending_leg) if of_list.pending_leg else None)


def sides_of(of_list: CorrectionList, actor: Actor) -> frozenset[Side]:
    """How the actor's unit stands to the list now."""
    state = state_of(of_list)
    sides = set()
    if state.pending is None:
        if of_list.holder_unit_id == actor.unit_id:
            sides.add(Side.HOLDER)
    else:
        shape = LEGS[state.pending]
        if unit_of(of_list, shape.giver) == actor.unit_id:
            sides.add(Side.GIVER)
        if unit_of(of_list, shape.receiver) == actor.unit_id:
            sides.add(Side.RECEIVER)
    place = place_of(of_list)
    if covers(actor, Permission.LIST_ARRANGE, place):
        sides.add(Side.ARRANGER)
    if covers(actor, Permission.LIST_CONSENT, place):
        sides.add(Side.PARENT)
    if actor.unit_id in place.party_units and actor.role in ROLE_PARTY:
        sides.add(Side.PARTY)
    if _may_assign(actor, of_list):
        sides.add(Side.ASSIGNER)
    return frozenset(sides)


def _may_assign(actor: Actor, of_list: CorrectionList) -> bool:
    """Inside a unit the holder's own work, over a territory every unit's."""
    everywhere = reach_of(actor.role, Permission.LIST_ASSIGN) is Reach.TERRITORY
    return (everywhere or of_list.holder_unit_id == actor.unit_id) and covers(
        actor, Permission.LIST_ASSIGN, place_of(of_list)
    )


def facts_of(of_list: CorrectionList, actor: Actor) -> ListFacts:
    """The facts the guards look at, read in the running transaction in one select."""
    found = db.session.execute(
        select(
            _signed_by(of_list, actor, HandoverStatus.SENT).label("is_giver"),
            _signed_by(of_list, actor, HandoverStatus.PROPOSED).label("is_proposer"),
            _own_draft(of_list).label("prepared"),
            exists().where(Entry.list_id == of_list.id, Entry.station_verdict != "").label("applied"),
            select(func.count()).where(mergeable(of_list)).scalar_subquery().label("siblings"),
            _binding_record(of_list, actor).label("binds"),
            _adjusting(of_list, Handover.receiver_unit_id == actor.unit_id).label("waits"),
            _adjusting(of_list, Handover.giver_unit_id == actor.unit_id).label("proposed"),
            _unstamped_too_long(of_list).label("unstamped_since"),
            claimant(of_list.id, of_list.holder_unit_id, today(), User.full_name).label("claimant"),
            claimant(of_list.id, of_list.holder_unit_id, today(), Membership.id).label("claimed_by"),
        )
    ).one()
    return ListFacts(
        entries=of_list.entries,
        decided=of_list.decided,
        returned=of_list.returned,
        village_known=of_list.village_unit_id is not None,
        anything_applied=of_list.stage == Stage.DRAFTING.value and found.applied,
        prepared=found.prepared or "",
        is_giver=giver_connection(actor, of_list.id) if found.is_giver else "",
        unstamped_since=f"{local(found.unstamped_since):%H:%M %d/%m/%Y}" if found.unstamped_since else "",
        siblings=found.siblings,
        record_binds=found.binds,
        adjustment_waits=found.waits,
        adjustment_proposed=found.proposed,
        is_proposer=proposer_connection(actor, of_list.id) if found.is_proposer else "",
        reopening_asked=of_list.reopening_asked_at is not None,
        is_asker=asker_connection(actor, of_list.id) if of_list.reopening_asked_at else "",
        claimant=found.claimant or "",
        claim_is_mine=found.claimed_by in actor.seats,
    )


def mergeable(into: CorrectionList) -> ColumnElement[bool]:
    """A condition on CorrectionList: another part of the same list that may be merged with this one now."""
    return and_(
        CorrectionList.batch_id == into.batch_id,
        CorrectionList.number == into.number,
        CorrectionList.id != into.id,
        CorrectionList.stage == into.stage,
        CorrectionList.stage.not_in([stage.value for stage in FINAL_STAGES]),
        CorrectionList.pending_leg.is_(None),
        CorrectionList.holder_unit_id == into.holder_unit_id,
        CorrectionList.village_unit_id.is_not_distinct_from(into.village_unit_id),
    )


def binds_both(unit_id: int) -> ColumnElement[bool]:
    """A condition on Handover: two sides signed it, the unit is one of them."""
    return and_(
        Handover.status.in_([status.value for status in BOTH_SIGNED]),
        Handover.kind.in_([kind.value for kind in TWO_SIDED]),
        or_(Handover.giver_unit_id == unit_id, Handover.receiver_unit_id == unit_id),
    )


def _signed_by(of_list: CorrectionList, actor: Actor, status: HandoverStatus) -> Exists:
    return exists().where(
        Signature.handover_id == Handover.id,
        Handover.list_id == of_list.id,
        Handover.status == status.value,
        or_(Signature.user_id.in_(actor.persons), acted_for(Signature.delegation_id, actor.persons)),
    )


def _own_draft(of_list: CorrectionList) -> ScalarSelect[str]:
    return (
        select(func.coalesce(Handover.leg, COMPLETION_DRAFT))
        .where(
            Handover.list_id == of_list.id,
            Handover.status == HandoverStatus.PREPARED.value,
            Handover.kind.in_([kind.value for kind in CUSTODY_RECORDS]),
        )
        .scalar_subquery()
    )


def _binding_record(of_list: CorrectionList, actor: Actor) -> Exists:
    return exists().where(Handover.list_id == of_list.id, binds_both(actor.unit_id))


def _adjusting(of_list: CorrectionList, side: ColumnElement[bool]) -> Exists:
    return exists().where(Handover.list_id == of_list.id, Handover.status == HandoverStatus.PROPOSED.value, side)


def _unstamped_too_long(of_list: CorrectionList) -> ScalarSelect[datetime | None]:
    return (
        select(func.min(Handover.unstamped_since))
        .where(Handover.list_id == of_list.id, Handover.unstamped_since < now() - LONGEST_WITHOUT_STAMP)
        .where(Handover.status.not_in([HandoverStatus.PREPARED.value, HandoverStatus.ABANDONED.value]))
        .scalar_subquery()
    )


def permit(
    actor: Actor,
    of_list: CorrectionList,
    action: Action,
    leg: Leg | None = None,
) -> Transition:
    """The transition the actor may make now, or the reason why not.

    Raises WrongStage (not from here, or a guard blocks), NotPermitted (right or side missing), NotFound.
    """
    state = state_of(of_list)
    row = find(state, action, leg)
    if row is None:
        permission = next(r.permission for r in TRANSITIONS if r.action is action)
        require(actor, permission, place_of(of_list), Permission.LIST_READ)
        raise WrongStage(wrong_stage(action, state, of_list.holder.name))
    require(actor, row.permission, place_of(of_list), Permission.LIST_READ)
    if row.side not in sides_of(of_list, actor):
        raise NotPermitted(
            say("Danh sách đang do {name} giữ; đơn vị của bạn chưa làm được việc này.", name=of_list.holder.name)
        )
    facts = facts_of(of_list, actor)
    for guard in row.guards:
        if not guard_holds(guard, facts, row.leg):
            raise WrongStage(obstacle(guard, facts), code=guard.value)
    return row


@dataclass(frozen=True)
class Offer:
    """A transition the actor's unit stands before: possible now, or blocked with the reason."""

    transition: Transition
    blocked: str = ""

    @property
    def enabled(self) -> bool:
        """Whether the server would accept it now."""
        return not self.blocked


def offers(actor: Actor, of_list: CorrectionList) -> tuple[Offer, ...]:
    """Every transition of the present state that the actor's side and role are meant for, with what blocks it.

    Drives the buttons; a shown and enabled one is accepted by `permit`, a disabled one names its rule.
    """
    sides, facts, place = sides_of(of_list, actor), facts_of(of_list, actor), place_of(of_list)
    found = []
    for row in transitions_from(state_of(of_list)):
        if row.side not in sides or not covers(actor, row.permission, place):
            continue
        found.append(Offer(row, _blocked(actor, row, facts, place)))
    return tuple(found)


def _blocked(actor: Actor, row: Transition, facts: ListFacts, place: Place) -> str:
    try:
        require(actor, row.permission, place, Permission.LIST_READ)
    except NotPermitted as refusal:
        return refusal.message
    return next((obstacle(g, facts) for g in row.guards if not guard_holds(g, facts, row.leg)), "")


def check_rev(of_list: CorrectionList, expected: int | None) -> None:
    """Raise StaleVersion when the list changed since the page was shown."""
    if expected is not None and of_list.rev != expected:
        raise StaleVersion(say("Danh sách đã thay đổi từ lúc bạn mở trang. Hãy tải lại trang, xem lại rồi làm tiếp."))


def move(of_list: CorrectionList, row: Transition, by: Handover | None = None) -> tuple[str, str]:
    """Take the list to the transition's target; returns the states before and after, as the event log names them.

    The clock of who could act stops and the next one starts here, nowhere else; `by` is the record that moved it.
    """
    before = state_name(row.state)
    of_list.stage = row.target.stage.value
    of_list.pending_leg = row.target.pending.value if row.target.pending else None
    if row.target.stage is not row.state.stage and row.target.stage not in DISSOLVED_STAGES:
        holder = unit_of(of_list, HOLDER[row.target.stage])
        assert holder is not None  # noqa: S101  a list is only sent to a known unit
        of_list.holder_unit_id = holder
        of_list.held_since = now()
    of_list.rev += 1
    if row.target != row.state:
        clocks.pass_on(of_list, row.state, row.target, by)
    return before, state_name(row.target)


def state_name(state: ListState) -> str:
    """`stage` or `stage>leg` while pending."""
    return f"{state.stage}>{state.pending}" if state.pending else str(state.stage)
