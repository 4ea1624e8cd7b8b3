"""The table of transitions is whole, unambiguous and without dead ends."""

from pathlib import Path

import pytest

from portal.domain.events import PAYLOAD_KEYS, EventTag, check_payload
from portal.domain.permissions import GRANTS, Permission, Role
from portal.domain.stages import FINAL_STAGES, HOLDER, LEGS, Leg, ListState, Stage, all_states
from portal.domain.transitions import TRANSITIONS, Action, Side, find, table_as_markdown, transitions_from


def test_each_row_is_the_only_one_for_its_state_action_and_leg() -> None:
    keys = [(row.state, row.action, row.leg) for row in TRANSITIONS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("state", all_states(), ids=str)
def test_every_open_state_leads_to_a_final_one(state: ListState) -> None:
    seen, waiting = set(), [state]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += [row.target for row in transitions_from(here)]
    assert any(found.stage in FINAL_STAGES for found in seen)


@pytest.mark.parametrize("stage", sorted(FINAL_STAGES))
def test_nothing_leads_out_of_a_final_stage(stage: Stage) -> None:
    assert transitions_from(ListState(stage)) == ()


def test_custody_moves_only_on_countersignature() -> None:
    moving = [row for row in TRANSITIONS if HOLDER[row.state.stage] is not HOLDER[row.target.stage]]
    assert moving
    assert {row.action for row in moving} == {Action.COUNTERSIGN}


def test_nobody_edits_a_pending_list() -> None:
    work = {Action.CORRECT, Action.VERIFY, Action.APPLY, Action.PREPARE, Action.ARRANGE}
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
    assert {row.action: row.side for row in transitions_from(pending)} == {
        Action.OPEN: Side.RECEIVER,
        Action.COUNTERSIGN: Side.RECEIVER,
        Action.REFUSE: Side.RECEIVER,
        Action.RECALL: Side.GIVER,
    }


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
