"""One declarative table of transitions: it drives buttons, server guards, documentation and the test matrix."""

from functools import cache, partial

from portal.domain.events import EventTag
from portal.domain.permissions import Permission
from portal.domain.stages import LEGS, OPEN_STAGES, Leg, ListState, Party, RecordKind, Stage, all_states
from portal.domain.transition_terms import Action, Guard, Side, Transition

__all__ = ["TRANSITIONS", "WORK_ACTION", "Action", "Guard", "Side", "Transition", "find", "transitions_from"]

_FORWARD_GUARDS: dict[Leg, tuple[Guard, ...]] = {
    Leg.STATION_TO_VILLAGE: (Guard.NOT_OFFERED, Guard.HAS_ENTRIES, Guard.VILLAGE_KNOWN),
    Leg.VILLAGE_TO_POLICE: (Guard.ALL_DECIDED, Guard.NONE_RETURNED),
    Leg.POLICE_TO_STATION: (Guard.ALL_DECIDED, Guard.NONE_RETURNED),
}


def _leg_rows(leg: Leg) -> tuple[Transition, ...]:
    return (*_giving(leg), *_receiving(leg))


def _giving(leg: Leg) -> tuple[Transition, ...]:
    """What the giver may do: prepare the record, send with a signature, recall until it is countersigned."""
    shape = LEGS[leg]
    held, pending = ListState(shape.giver_stage), ListState(shape.giver_stage, leg)
    guards = (Guard.SOME_RETURNED,) if shape.is_return else _FORWARD_GUARDS[leg]
    kind = RecordKind.RETURN if shape.is_return else RecordKind.HANDOVER
    prepare = partial(Transition, side=Side.HOLDER, leg=leg, record=kind)
    return (
        prepare(
            Action.PREPARE,
            held,
            held,
            permission=Permission.HANDOVER_PREPARE,
            event=EventTag.HANDOVER_PREPARED,
            guards=guards,
        ),
        prepare(
            Action.RETURN if shape.is_return else Action.SEND,
            held,
            pending,
            permission=Permission.HANDOVER_SIGN,
            event=EventTag.HANDOVER_SENT,
            guards=(*guards, Guard.RECORD_PREPARED, Guard.TIME_STAMPED),
            signs=True,
        ),
        Transition(
            Action.RECALL,
            pending,
            held,
            Side.GIVER,
            Permission.HANDOVER_SIGN,
            EventTag.HANDOVER_RECALLED,
            leg=leg,
        ),
    )


def _receiving(leg: Leg) -> tuple[Transition, ...]:
    """What the receiver may do while the handover waits: open, countersign whole or in part, refuse.

    A return is taken whole or refused: who disagrees about one person of a return takes it and sends it again.
    """
    shape = LEGS[leg]
    held, pending = ListState(shape.giver_stage), ListState(shape.giver_stage, leg)
    receive = partial(Transition, state=pending, side=Side.RECEIVER, leg=leg)
    sign = partial(receive, permission=Permission.HANDOVER_SIGN, guards=(Guard.NOT_THE_GIVER,), signs=True)
    taking = (Guard.NOT_THE_GIVER, Guard.TIME_STAMPED)
    in_part = sign(
        Action.COUNTERSIGN_EXCEPT,
        target=ListState(shape.receiver_stage),
        event=EventTag.HANDOVER_TAKEN_IN_PART,
        record=RecordKind.EXCEPTIONS,
        guards=(*taking, Guard.SEVERAL_ENTRIES),
    )
    return (
        receive(Action.OPEN, target=pending, permission=Permission.LIST_READ, event=EventTag.HANDOVER_OPENED),
        sign(
            Action.COUNTERSIGN,
            target=ListState(shape.receiver_stage),
            event=EventTag.HANDOVER_COUNTERSIGNED,
            guards=taking,
        ),
        *(() if shape.is_return else (in_part,)),
        sign(Action.REFUSE, target=held, event=EventTag.HANDOVER_REFUSED, record=RecordKind.REFUSAL),
    )


def _work(action: Action, stage: Stage, permission: Permission, event: EventTag | None) -> Transition:
    state = ListState(stage)
    return Transition(action, state, state, Side.HOLDER, permission, event, (Guard.NOT_ANOTHERS,))


def _sharing_out(stage: Stage) -> tuple[Transition, ...]:
    """Who of the holding unit works on the list: nothing of this moves it or touches its version."""
    stay = partial(Transition, state=ListState(stage), target=ListState(stage))
    mine = partial(stay, side=Side.HOLDER, permission=Permission.LIST_WORK)
    return (
        mine(Action.CLAIM, event=EventTag.LIST_CLAIMED, guards=(Guard.UNCLAIMED,)),
        mine(Action.RELEASE, event=EventTag.LIST_RELEASED, guards=(Guard.CLAIMED_BY_ME,)),
        mine(Action.TAKE_OVER, event=EventTag.LIST_TAKEN_OVER, guards=(Guard.CLAIMED_BY_ANOTHER,)),
        stay(Action.ASSIGN, side=Side.ASSIGNER, permission=Permission.LIST_ASSIGN, event=EventTag.LIST_ASSIGNED),
    )


def _dividing(stage: Stage) -> tuple[Transition, ...]:
    """The holder's lead divides a list or puts its parts together again; who holds the people does not change.

    A split that leaves nobody behind dissolves the list; merging dissolves it into the part it joins.
    """
    held = ListState(stage)
    lead = partial(Transition, state=held, side=Side.HOLDER, permission=Permission.LIST_SPLIT)
    several = (Guard.NOT_OFFERED, Guard.SEVERAL_ENTRIES)
    return (
        lead(Action.SPLIT, target=held, event=EventTag.LIST_SPLIT, guards=several),
        lead(Action.DISSOLVE, target=ListState(Stage.SPLIT), event=EventTag.LIST_SPLIT, guards=several),
        lead(
            Action.MERGE,
            target=ListState(Stage.MERGED),
            event=EventTag.LIST_MERGED,
            guards=(Guard.NOT_OFFERED, Guard.HAS_SIBLING),
        ),
    )


def _withdrawing(stage: Stage) -> Transition:
    held = ListState(stage)
    guards = (Guard.NOT_OFFERED, Guard.SEVERAL_ENTRIES)
    return Transition(
        Action.WITHDRAW, held, held, Side.HOLDER, Permission.LIST_COMPLETE, EventTag.ENTRY_WITHDRAWN, guards
    )


def _adjusting(state: ListState) -> tuple[Transition, ...]:
    """Mending a record both sides signed, whatever became of its list: nothing moves, nothing stored changes."""
    still = partial(Transition, state=state, target=state, side=Side.PARTY, permission=Permission.HANDOVER_SIGN)
    answer = partial(still, guards=(Guard.ADJUSTMENT_WAITS, Guard.NOT_THE_PROPOSER), signs=True)
    return (
        still(
            Action.ADJUST,
            event=EventTag.ADJUSTMENT_PROPOSED,
            guards=(Guard.RECORD_BINDS,),
            record=RecordKind.ADJUSTMENT,
            signs=True,
        ),
        answer(Action.AGREE, event=EventTag.ADJUSTMENT_AGREED),
        answer(Action.DISAGREE, event=EventTag.ADJUSTMENT_REFUSED, record=RecordKind.REFUSAL),
        still(Action.RETRACT, event=EventTag.ADJUSTMENT_RETRACTED, guards=(Guard.ADJUSTMENT_PROPOSED,)),
    )


def _by_hand() -> tuple[Transition, ...]:
    """A village without devices: it signs in ink, one person enters the scan, another confirms, then the list moves.

    The station types what the village wrote on its sheets; the village's ink on the record stands for it.
    """
    to_village, to_police = Leg.STATION_TO_VILLAGE, Leg.VILLAGE_TO_POLICE
    waiting, held = ListState(Stage.DRAFTING, to_village), ListState(Stage.VILLAGE_REVIEW)
    sent, paper = ListState(Stage.VILLAGE_REVIEW, to_police), RecordKind.HANDOVER
    row = partial(Transition, side=Side.ARRANGER)
    scan = partial(row, Action.ENTER_INK, permission=Permission.PAPER_SCAN, event=EventTag.INK_ENTERED)
    work = partial(row, permission=Permission.PAPER_WORK)
    confirmed = (Guard.INK_ENTERED, Guard.NOT_THE_ENTERER)
    done = (Guard.ON_PAPER, Guard.ALL_DECIDED, Guard.NONE_RETURNED)
    taken, given = EventTag.HANDOVER_TAKEN_BY_HAND, EventTag.HANDOVER_SENT_BY_HAND
    ready = (*done, Guard.RECORD_PREPARED)
    return (
        scan(state=waiting, target=waiting, leg=to_village),
        scan(state=held, target=held, leg=to_police, guards=ready),
        work(Action.TAKE_INK, waiting, held, leg=to_village, event=taken, guards=(*confirmed, Guard.NOT_THE_GIVER)),
        work(Action.TRANSCRIBE, held, held, event=EventTag.ENTRY_CORRECTED, guards=(Guard.ON_PAPER,)),
        work(
            Action.PREPARE_INK, held, held, leg=to_police, event=EventTag.HANDOVER_PREPARED, guards=done, record=paper
        ),
        work(Action.SEND_INK, held, sent, leg=to_police, event=given, guards=(*ready, *confirmed)),
    )


def _moving_to_another_commune() -> tuple[Transition, ...]:
    """People who live in another commune: their station offers them, the other one accepts or declines.

    Until it accepts the list stays where it is and nothing else can be done to it; so nobody is ever on two lists or
    on none (LS-13). What the village or the police noticed reaches the station by a return first.
    """
    held = ListState(Stage.DRAFTING)
    still = partial(Transition, state=held, target=held, permission=Permission.LIST_COMPLETE)
    offered = (Guard.OFFERED,)
    other = partial(still, side=Side.NEIGHBOUR, guards=offered)
    return (
        still(
            Action.OFFER, side=Side.HOLDER, event=EventTag.LIST_OFFERED, guards=(Guard.NOT_OFFERED, Guard.HAS_ENTRIES)
        ),
        still(Action.TAKE_OFFER_BACK, side=Side.HOLDER, event=EventTag.OFFER_TAKEN_BACK, guards=offered),
        other(Action.ACCEPT_OFFER, event=EventTag.LIST_TRANSFERRED),
        other(Action.DECLINE_OFFER, event=EventTag.OFFER_DECLINED),
    )


def _reopening() -> tuple[Transition, ...]:
    """The station asks, a unit above consents: only then does a closed list live again, one round further."""
    closed = ListState(Stage.CLOSED)
    parent = partial(Transition, state=closed, side=Side.PARENT, permission=Permission.LIST_CONSENT)
    return (
        Transition(
            Action.ASK_REOPENING,
            closed,
            closed,
            Side.HOLDER,
            Permission.LIST_COMPLETE,
            EventTag.REOPENING_ASKED,
            (Guard.REOPENING_NOT_ASKED,),
        ),
        parent(
            Action.REOPEN,
            target=ListState(Stage.STATION_UPDATE),
            event=EventTag.LIST_REOPENED,
            guards=(Guard.REOPENING_ASKED, Guard.NOT_THE_ASKER),
        ),
        parent(
            Action.DECLINE_REOPENING,
            target=closed,
            event=EventTag.REOPENING_DECLINED,
            guards=(Guard.REOPENING_ASKED,),
        ),
    )


def _extending(state: ListState) -> tuple[Transition, ...]:
    """More time for the step that runs: asked by the unit whose clock it is, answered by a unit above."""
    still = partial(Transition, state=state, target=state, leg=state.pending)
    parent = partial(
        still,
        side=Side.PARENT,
        permission=Permission.LIST_CONSENT,
        guards=(Guard.EXTENSION_ASKED, Guard.NOT_OWN_EXTENSION),
    )
    return (
        still(
            Action.ASK_EXTENSION,
            side=Side.RECEIVER if state.pending else Side.HOLDER,
            permission=Permission.EXTENSION_ASK,
            event=EventTag.EXTENSION_ASKED,
            guards=(Guard.STEP_IS_DUE, Guard.EXTENSION_NOT_ASKED),
        ),
        parent(Action.GRANT_EXTENSION, event=EventTag.EXTENSION_GRANTED),
        parent(Action.REFUSE_EXTENSION, event=EventTag.EXTENSION_REFUSED),
    )


_HELD = (Stage.DRAFTING, Stage.VILLAGE_REVIEW, Stage.POLICE_VERIFICATION, Stage.STATION_UPDATE)
_STATION_UPDATE = ListState(Stage.STATION_UPDATE)
_COMPLETION = (Guard.HAS_ENTRIES, Guard.ALL_ENDED)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Action.ARRANGE,
        ListState(Stage.DRAFTING),
        ListState(Stage.DRAFTING),
        Side.ARRANGER,
        Permission.LIST_ARRANGE,
        EventTag.VILLAGE_ASSIGNED,
        (Guard.NOT_OFFERED,),
    ),
    _work(Action.CORRECT, Stage.VILLAGE_REVIEW, Permission.ENTRY_CORRECT, EventTag.ENTRY_CORRECTED),
    _work(Action.VERIFY, Stage.POLICE_VERIFICATION, Permission.ENTRY_VERIFY, EventTag.ENTRY_VERIFIED),
    _work(Action.APPLY, Stage.STATION_UPDATE, Permission.ENTRY_APPLY, EventTag.ENTRY_MARKED),
    *(row for leg in Leg for row in _leg_rows(leg)),
    Transition(
        Action.PREPARE,
        _STATION_UPDATE,
        _STATION_UPDATE,
        Side.HOLDER,
        Permission.HANDOVER_PREPARE,
        EventTag.HANDOVER_PREPARED,
        _COMPLETION,
        None,
        RecordKind.COMPLETION,
    ),
    Transition(
        Action.COMPLETE,
        _STATION_UPDATE,
        ListState(Stage.CLOSED),
        Side.HOLDER,
        Permission.LIST_COMPLETE,
        EventTag.LIST_COMPLETED,
        (*_COMPLETION, Guard.RECORD_PREPARED, Guard.TIME_STAMPED),
        None,
        RecordKind.COMPLETION,
        signs=True,
    ),
    Transition(
        Action.CANCEL,
        ListState(Stage.DRAFTING),
        ListState(Stage.CANCELLED),
        Side.HOLDER,
        Permission.LIST_COMPLETE,
        EventTag.LIST_CANCELLED,
        (Guard.NOT_OFFERED, Guard.NOTHING_APPLIED),
    ),
    *(row for stage in _HELD for row in _dividing(stage)),
    _withdrawing(Stage.DRAFTING),
    _withdrawing(Stage.STATION_UPDATE),
    *_moving_to_another_commune(),
    *_reopening(),
    *_by_hand(),
    *(row for state in all_states() for row in _adjusting(state)),
    *(row for stage in OPEN_STAGES for row in _sharing_out(stage)),
    *(row for state in all_states() if state.stage in OPEN_STAGES for row in _extending(state)),
)


@cache
def transitions_from(state: ListState) -> tuple[Transition, ...]:
    """Every transition that starts in the state, in table order."""
    return tuple(row for row in TRANSITIONS if row.state == state)


def find(state: ListState, action: Action, leg: Leg | None = None) -> Transition | None:
    """The one row for an action in a state, or None.

    `leg` tells apart the ways out of a stage; preparing without a leg means the completion record, any other action
    without a leg means its only row there.
    """
    return next(
        (
            row
            for row in transitions_from(state)
            if row.action is action and (row.leg is leg or (leg is None and action is not Action.PREPARE))
        ),
        None,
    )


WORK_ACTION: dict[Party, Action] = {
    Party.VILLAGE: Action.CORRECT,
    Party.POLICE: Action.VERIFY,
    Party.STATION: Action.APPLY,
}
"""The action under which each party works on entries."""
