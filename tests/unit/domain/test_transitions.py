"""The table of transitions is whole, unambiguous and without dead ends."""

from pathlib import Path

import pytest

from portal.domain.events import PAYLOAD_KEYS, EventTag, check_payload
from portal.domain.lifters import LIFTERS
from portal.domain.obstacles import ListFacts, obstacle
from portal.domain.permissions import GRANTS, Permission, Role
from portal.domain.stages import (
    DISSOLVED_STAGES,
    FINAL_STAGES,
    HOLDER,
    LEGS,
    Leg,
    ListState,
    Party,
    Stage,
    all_states,
    back_leg,
)
from portal.domain.transition_table import table_as_markdown
from portal.domain.transitions import TRANSITIONS, Action, Guard, Side, find, transitions_from


def test_each_row_is_the_only_one_for_its_state_action_and_leg() -> None:
    keys = [(row.state, row.action, row.leg) for row in TRANSITIONS]
    assert len(keys) == len(set(keys))


EXTENDING = {Action.ASK_EXTENSION, Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION}
ADJUSTING = {Action.ADJUST, Action.AGREE, Action.DISAGREE, Action.RETRACT}
"""Possible in every state, they change none."""
LIVE = [state for state in all_states() if state.stage not in FINAL_STAGES]


def _reachable(start: ListState) -> set[ListState]:
    seen, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += [row.target for row in transitions_from(here)]
    return seen


def test_every_state_is_reached_from_a_new_list() -> None:
    assert _reachable(ListState(Stage.DRAFTING)) == set(all_states())


@pytest.mark.parametrize("state", LIVE, ids=str)
def test_every_open_state_leads_to_a_closed_list(state: ListState) -> None:
    """Invariant 15: no dead end. A list that lives can always be brought to its regular end."""
    assert ListState(Stage.CLOSED) in _reachable(state)


@pytest.mark.parametrize("state", LIVE, ids=str)
def test_in_every_open_state_a_working_role_can_move_the_list(state: ListState) -> None:
    """Invariant 15: while it waits, both sides can end the waiting, so an absent receiver never locks the list."""
    moving = [row for row in transitions_from(state) if row.target != state]
    able = {row.side for row in moving if any(row.permission in grants for grants in GRANTS.values())}
    assert able >= ({Side.GIVER, Side.RECEIVER} if state.pending else {Side.HOLDER})


@pytest.mark.parametrize("state", [state for state in all_states() if state.stage not in FINAL_STAGES])
def test_more_time_is_asked_by_whose_clock_runs_and_answered_by_another_unit(state: ListState) -> None:
    rows = {row.action: row for row in transitions_from(state) if row.action in EXTENDING}
    assert set(rows) == EXTENDING
    assert rows[Action.ASK_EXTENSION].side is (Side.RECEIVER if state.pending else Side.HOLDER)
    assert {rows[action].side for action in EXTENDING - {Action.ASK_EXTENSION}} == {Side.PARENT}
    assert all(row.target == state for row in rows.values()), "nothing moves"
    asking, answering = Permission.EXTENSION_ASK, Permission.LIST_CONSENT
    assert not [role for role, grants in GRANTS.items() if asking in grants and answering in grants]


@pytest.mark.parametrize("guard", list(Guard))
def test_every_guard_says_why_and_who_lifts_it(guard: Guard) -> None:
    why = "Chính bạn đã làm việc này."
    facts = ListFacts(2, 1, 1, False, True, "", is_giver=why, is_proposer=why, is_asker=why, asked_extension=why)
    assert obstacle(guard, facts).strip()
    assert guard in LIFTERS


@pytest.mark.parametrize("stage", sorted(FINAL_STAGES - {Stage.CLOSED}))
def test_nothing_leads_out_of_an_end(stage: Stage) -> None:
    rows = transitions_from(ListState(stage))
    assert {row.action for row in rows} == ADJUSTING
    assert {row.target for row in rows} == {ListState(stage)}


def test_a_closed_list_is_opened_by_another_unit_than_the_one_that_asks() -> None:
    rows = [row for row in transitions_from(ListState(Stage.CLOSED)) if row.action not in ADJUSTING]
    assert {(row.action, row.side) for row in rows} == {
        (Action.ASK_REOPENING, Side.HOLDER),
        (Action.REOPEN, Side.PARENT),
        (Action.DECLINE_REOPENING, Side.PARENT),
    }
    asking, consenting = Permission.LIST_COMPLETE, Permission.LIST_CONSENT
    assert not [role for role, grants in GRANTS.items() if asking in grants and consenting in grants]


def test_custody_moves_only_on_countersignature() -> None:
    live = [row for row in TRANSITIONS if row.state.stage in HOLDER and row.target.stage in HOLDER]
    moving = [row for row in live if HOLDER[row.state.stage] is not HOLDER[row.target.stage]]
    assert {row.action for row in moving} == {Action.COUNTERSIGN, Action.COUNTERSIGN_EXCEPT, Action.TAKE_INK}


def test_ink_moves_a_list_only_after_two_people_who_did_not_give_it() -> None:
    moving = [row for row in TRANSITIONS if row.action in {Action.TAKE_INK, Action.SEND_INK}]
    assert len(moving) == 2
    for row in moving:
        assert {Guard.INK_ENTERED, Guard.NOT_THE_ENTERER} <= set(row.guards)
        assert not row.signs, "ink is never called a digital signature"
    entering = {role for role, grants in GRANTS.items() if Permission.PAPER_SCAN in grants}
    confirming = {role for role, grants in GRANTS.items() if Permission.PAPER_WORK in grants}
    assert (entering, confirming) == ({Role.STATION, Role.COORDINATOR}, {Role.STATION})


def test_a_list_is_dissolved_only_by_the_unit_that_holds_it() -> None:
    dissolving = [row for row in TRANSITIONS if row.target.stage in DISSOLVED_STAGES and row.state != row.target]
    assert {(row.action, row.side) for row in dissolving} == {
        (Action.DISSOLVE, Side.HOLDER),
        (Action.MERGE, Side.HOLDER),
    }


def test_nobody_edits_a_pending_list() -> None:
    work = {
        *(Action.CORRECT, Action.VERIFY, Action.APPLY, Action.PREPARE, Action.ARRANGE),
        *(Action.SPLIT, Action.DISSOLVE, Action.MERGE, Action.WITHDRAW),
    }
    assert not [row for row in TRANSITIONS if row.state.pending and row.action in work]


@pytest.mark.parametrize("leg", list(Leg))
def test_each_leg_can_be_sent_countersigned_refused_and_recalled(leg: Leg) -> None:
    shape = LEGS[leg]
    pending = ListState(shape.giver_stage, leg)
    send = Action.RETURN if shape.is_return else Action.SEND
    sent = find(ListState(shape.giver_stage), send, leg)
    assert sent is not None
    assert sent.target == pending
    assert sent.signs
    in_part = {} if shape.is_return else {Action.COUNTERSIGN_EXCEPT: Side.RECEIVER}
    by_hand = {Action.ENTER_INK: Side.ARRANGER, Action.TAKE_INK: Side.ARRANGER}
    assert {row.action: row.side for row in transitions_from(pending) if row.action not in ADJUSTING | EXTENDING} == {
        Action.OPEN: Side.RECEIVER,
        Action.COUNTERSIGN: Side.RECEIVER,
        Action.REFUSE: Side.RECEIVER,
        Action.RECALL: Side.GIVER,
        **in_part,
        **(by_hand if shape.receiver is Party.VILLAGE and not shape.is_return else {}),
    }


@pytest.mark.parametrize("leg", [leg for leg, shape in LEGS.items() if not shape.is_return])
def test_exceptions_go_back_to_where_they_came_from(leg: Leg) -> None:
    back = LEGS[back_leg(leg)]
    assert back.is_return
    assert (back.giver, back.receiver) == (LEGS[leg].receiver, LEGS[leg].giver)


def test_a_state_cannot_be_pending_on_a_leg_that_starts_elsewhere() -> None:
    with pytest.raises(ValueError, match="cannot be pending"):
        ListState(Stage.DRAFTING, Leg.POLICE_TO_STATION)


def test_every_permission_of_the_table_is_granted_to_some_role() -> None:
    granted = {permission for grants in GRANTS.values() for permission in grants}
    assert {row.permission for row in TRANSITIONS} <= granted
    assert set(Permission) == granted


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_oversight_never_signs_nor_works_on_entries(role: Role) -> None:
    forbidden = {
        Permission.HANDOVER_SIGN,
        Permission.HANDOVER_PREPARE,
        Permission.ENTRY_CORRECT,
        Permission.ENTRY_VERIFY,
        Permission.ENTRY_APPLY,
        Permission.LIST_COMPLETE,
        Permission.LIST_SPLIT,
    }
    assert not forbidden & set(GRANTS[role])


def test_the_administrator_sees_no_citizens_data() -> None:
    assert not {p for p in GRANTS[Role.ADMINISTRATOR] if p.value.startswith(("list:", "batch:", "entry:", "trail:"))}


@pytest.mark.parametrize("tag", list(EventTag))
def test_an_event_takes_exactly_its_keys(tag: EventTag) -> None:
    check_payload(tag, PAYLOAD_KEYS.get(tag, frozenset()))
    with pytest.raises(Exception, match="khóa"):
        check_payload(tag, frozenset({"surprise"}))


def test_the_documented_table_is_the_table() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "transitions.md"
    assert table_as_markdown() in page.read_text(encoding="utf-8")
