"""Role × state × action, generated from the transition table: every cell asserted, the denied ones included."""

from uuid import UUID, uuid4

import pytest

from portal.clock import now
from portal.domain.errors import DomainError, NotFound, NotPermitted, WrongStage
from portal.domain.permissions import (
    GRANTS,
    LEADING_PERMISSIONS,
    ROLE_PARTY,
    SIGNING_PERMISSIONS,
    Actor,
    Permission,
    Reach,
)
from portal.domain.stages import FINAL_STAGES, HOLDER, LEGS, Leg, ListState, Party, Stage, all_states
from portal.domain.transitions import TRANSITIONS, Action, Guard, Side, find
from portal.models import CorrectionList, Handover, db
from portal.services.transitions import offers, permit
from tests.integration.scene import DELEGATED, PEOPLE, Scene

PARTY_OF = {"tram": Party.STATION, "to_cong_tac_a": Party.VILLAGE, "cong_an": Party.POLICE}
GUARDS = {guard.value for guard in Guard}
LEGS_AND_NONE = (None, *Leg)


@pytest.fixture(scope="module")
def lists(scene: Scene) -> dict[ListState, UUID]:
    """A list standing in each state, put there directly: the matrix is about rights, not about the way."""
    scene.delegate_everywhere()
    made = {}
    for state in all_states():
        list_id = scene.make_list(1)
        found = db.session.get_one(CorrectionList, list_id)
        found.stage, found.pending_leg = state.stage.value, state.pending.value if state.pending else None
        found.known_to_village = found.known_to_police = True
        found.holder_unit_id = _unit(scene, _holder(state.stage)).id
        found.decided = 1
        if state.pending:
            _sent(scene, found, state.pending)
        made[state] = list_id
    db.session.commit()
    return made


def _holder(stage: Stage) -> Party:
    """A dissolved list keeps the unit that held it last."""
    return HOLDER.get(stage, Party.POLICE)


def _unit(scene: Scene, party: Party):  # type: ignore[no-untyped-def]
    return next(scene.units[name] for name, of in PARTY_OF.items() if of is party)


def _sent(scene: Scene, found: CorrectionList, leg: Leg) -> None:
    giver = _unit(scene, LEGS[leg].giver)
    db.session.add(
        Handover(
            list_id=found.id, province_id=found.province_id, kind="handover", leg=leg.value, status="sent", year=2026,
            number=uuid4().int % 10**9, symbol="BB-X", code=uuid4().hex,
            round=1, list_rev=1, giver_unit_id=giver.id, receiver_unit_id=_unit(scene, LEGS[leg].receiver).id,
            manifest_sha256="", pdf_sha256="", pages=1, entries=1, counts=[], boxes={},
            signer_membership_id=scene.actors["station_head"].membership_id,
            prepared_by=scene.actors["station_head"].user_id, prepared_at=now(), sent_at=now(),
        )
    )  # fmt: skip


def _reaches(actor: Actor, permission: Permission, scene: Scene) -> bool:
    """Independent reading of the grants for a list of the scene's own commune that both sides know of."""
    reach = GRANTS[actor.role].get(permission)
    unit = next(name for name, unit in scene.units.items() if unit.id == actor.unit_id)
    if reach is Reach.TERRITORY:
        return unit in {"to_cong_tac_xa", "so_y_te", "thanh_tra", "quan_tri"}
    return reach is Reach.OWN and unit in PARTY_OF


def _expected(
    scene: Scene, actor: Actor, state: ListState, action: Action, leg: Leg | None
) -> type[DomainError] | None:
    if not _reaches(actor, Permission.LIST_READ, scene):
        return NotFound
    row = find(state, action, leg)
    permission = row.permission if row else next(r.permission for r in TRANSITIONS if r.action is action)
    allowed = _reaches(actor, permission, scene) and (actor.can_sign or permission not in SIGNING_PERMISSIONS)
    if permission in LEADING_PERMISSIONS and actor.role in ROLE_PARTY:
        allowed = allowed and (actor.can_sign or actor.delegation_id is not None)
    if not allowed:
        return NotPermitted
    if row is None:
        return WrongStage
    party = next((PARTY_OF[n] for n, u in scene.units.items() if u.id == actor.unit_id and n in PARTY_OF), None)
    sides = {
        Side.HOLDER: not state.pending and party is _holder(state.stage),
        Side.GIVER: bool(state.pending) and party is _holder(state.stage),
        Side.RECEIVER: bool(state.pending) and state.pending and party is LEGS[state.pending].receiver,
        Side.ARRANGER: _reaches(actor, Permission.LIST_ARRANGE, scene),
        Side.PARTY: party is not None,
        Side.PARENT: _reaches(actor, Permission.LIST_CONSENT, scene),
        Side.NEIGHBOUR: False,
        Side.ASSIGNER: actor.role not in ROLE_PARTY or party is _holder(state.stage),
    }
    return None if sides[row.side] else NotPermitted


@pytest.mark.parametrize("name", [*PEOPLE, *DELEGATED])
def test_every_cell_is_as_the_table_says(scene: Scene, lists: dict[ListState, UUID], name: str) -> None:
    actor, cells = scene.actors[name], 0
    for state, list_id in lists.items():
        found = db.session.get_one(CorrectionList, list_id)
        for action in Action:
            for leg in LEGS_AND_NONE:
                expected = _expected(scene, actor, state, action, leg)
                assert _outcome(actor, found, action, leg) is expected, (state, action, leg)
                cells += 1
    assert cells == len(all_states()) * len(Action) * len(LEGS_AND_NONE)


def _outcome(actor: Actor, found: CorrectionList, action: Action, leg: Leg | None) -> type[DomainError] | None:
    try:
        permit(actor, found, action, leg)
    except WrongStage as refusal:
        return None if refusal.code in GUARDS else WrongStage
    except DomainError as refusal:
        return type(refusal)
    return None


SEEING = [
    name for name in (*PEOPLE, *DELEGATED) if name != "administrator" and not name.startswith(("foreign", "other"))
]


@pytest.mark.parametrize("name", SEEING)
def test_a_shown_button_is_enabled_exactly_where_the_server_accepts(
    scene: Scene, lists: dict[ListState, UUID], name: str
) -> None:
    actor = scene.actors[name]
    for state, list_id in lists.items():
        found = db.session.get_one(CorrectionList, list_id)
        for offer in offers(actor, found):
            row = offer.transition
            try:
                permit(actor, found, row.action, row.leg)
                accepted = True
            except DomainError:
                accepted = False
            assert offer.enabled == accepted, (state, row.name)
            assert offer.enabled or (offer.blocked and offer.lifter), (state, row.name)


@pytest.mark.parametrize("stage", sorted(FINAL_STAGES))
def test_an_ended_list_is_only_adjusted_or_asked_for_again(
    scene: Scene, lists: dict[ListState, UUID], stage: Stage
) -> None:
    found = db.session.get_one(CorrectionList, lists[ListState(stage)])
    offered = {offer.transition.action for name in PEOPLE for offer in offers(scene.actors[name], found)}
    reopening = {Action.ASK_REOPENING, Action.REOPEN, Action.DECLINE_REOPENING}
    adjusting = {Action.ADJUST, Action.AGREE, Action.DISAGREE, Action.RETRACT}
    assert offered == adjusting | (reopening if stage is Stage.CLOSED else set())
