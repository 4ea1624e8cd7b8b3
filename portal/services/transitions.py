"""From the table of transitions to the act: load under lock, permit, check guards, move."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.clock import now
from portal.domain.errors import NotFound, NotPermitted, StaleVersion, WrongStage
from portal.domain.lifters import LIFTERS, Lifter
from portal.domain.obstacles import ListFacts, guard_holds, obstacle, where_it_is, wrong_stage
from portal.domain.permissions import ROLE_PARTY, Actor, Permission, Place, Reach, covers, reach_of, require
from portal.domain.stages import DISSOLVED_STAGES, FINAL_STAGES, HOLDER, LEGS, Leg, ListState, Party, Stage
from portal.domain.transitions import TRANSITIONS, Action, Guard, Side, Transition, find, transitions_from
from portal.domain.wording import say
from portal.models import CorrectionList, Handover, db
from portal.queries.scope import place_of, unit_of, visible_to
from portal.services import clocks
from portal.services.list_facts import facts_of

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
    if of_list.offered_to_unit_id == actor.unit_id:
        sides.add(Side.NEIGHBOUR)
    if _may_assign(actor, of_list):
        sides.add(Side.ASSIGNER)
    return frozenset(sides)


def _may_assign(actor: Actor, of_list: CorrectionList) -> bool:
    """Inside a unit the holder's own work, over a territory every unit's."""
    everywhere = reach_of(actor.role, Permission.LIST_ASSIGN) is Reach.TERRITORY
    return (everywhere or of_list.holder_unit_id == actor.unit_id) and covers(
        actor, Permission.LIST_ASSIGN, place_of(of_list)
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
        raise WrongStage(say("{why} Hãy tải lại trang.", why=wrong_stage(action, state, of_list.holder.name)))
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
    """A transition the actor's unit stands before: possible now, or blocked with the reason and who can lift it."""

    transition: Transition
    blocked: str = ""
    lifter: Lifter | None = None

    @property
    def enabled(self) -> bool:
        """Whether the server would accept it now."""
        return not self.blocked


def offers(actor: Actor, of_list: CorrectionList) -> tuple[Offer, ...]:
    """Every transition that the actor's side and role are meant for, with what blocks it.

    Those of the present state (done on paper: only where the village took its list on paper), then the deeds the
    actor's party is used to that this state does not have. Drives the buttons: a shown and enabled one is accepted by
    `permit`, a disabled one names its rule and who can lift it.
    """
    state, place = state_of(of_list), place_of(of_list)
    sides, facts = sides_of(of_list, actor), facts_of(of_list, actor)
    found = [
        _offer(actor, row, facts, place)
        for row in transitions_from(state)
        if row.side in sides
        and covers(actor, row.permission, place)
        and (facts.on_paper or Guard.ON_PAPER not in row.guards)
    ]
    return (*found, *_missed(actor, of_list, facts, found))


def _offer(actor: Actor, row: Transition, facts: ListFacts, place: Place) -> Offer:
    try:
        require(actor, row.permission, place, Permission.LIST_READ)
    except NotPermitted as refusal:
        return Offer(row, refusal.message, Lifter.OWN_SIGNER)
    guard = next((each for each in row.guards if not guard_holds(each, facts, row.leg)), None)
    return Offer(row) if guard is None else Offer(row, obstacle(guard, facts), LIFTERS[guard])


_USUAL: dict[Party, tuple[tuple[Action, Leg | None], ...]] = {
    Party.STATION: ((Action.APPLY, None), (Action.PREPARE, None)),
    Party.VILLAGE: ((Action.CORRECT, None), (Action.PREPARE, Leg.VILLAGE_TO_POLICE)),
    Party.POLICE: ((Action.VERIFY, None), (Action.PREPARE, Leg.POLICE_TO_STATION)),
}
"""What each party's people look for on a list of theirs, wherever it is: their work and its way on."""


def _missed(actor: Actor, of_list: CorrectionList, facts: ListFacts, found: Sequence[Offer]) -> Iterator[Offer]:
    """The usual deeds of the actor's party that the list's state does not offer it, each with the reason.

    Who has signed a list over looks for taking it back too.
    """
    state, party = state_of(of_list), ROLE_PARTY.get(actor.role)
    if party is None or state.stage in FINAL_STAGES:
        return
    works = of_list.holder_unit_id == actor.unit_id and state.pending is None
    signed_over = facts.record_binds and of_list.holder_unit_id != actor.unit_id and state.pending is None
    wanted = (*(() if works else _USUAL[party]), *(((Action.RECALL, None),) if signed_over else ()))
    here = {offer.transition.action for offer in found}
    for action, leg in wanted:
        if action not in here:
            row = next(r for r in TRANSITIONS if r.action is action and (r.leg is leg or action is Action.RECALL))
            lifter = Lifter.RECEIVER if state.pending else Lifter.HOLDER
            yield Offer(row, where_it_is(action, state, of_list.holder.name), lifter)


def lifting_unit(of_list: CorrectionList, actor: Actor, lifter: Lifter) -> int | None:
    """The unit that can lift an obstacle; None for a unit above, which is found by its territory."""
    shape = LEGS[Leg(of_list.pending_leg)] if of_list.pending_leg else None
    units = {
        Lifter.OWN_UNIT: actor.unit_id,
        Lifter.OWN_SIGNER: actor.unit_id,
        Lifter.HOLDER: of_list.holder_unit_id,
        Lifter.GIVER: unit_of(of_list, shape.giver) if shape else of_list.holder_unit_id,
        Lifter.RECEIVER: unit_of(of_list, shape.receiver) if shape else of_list.holder_unit_id,
        Lifter.STATION: of_list.station_unit_id,
    }
    return units.get(lifter)


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
