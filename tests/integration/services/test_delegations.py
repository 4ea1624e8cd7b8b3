"""Acting for an absent colleague: by whom given, what it gives, that it ends at once, and what it never allows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal import clock
from portal.clock import today
from portal.domain.delegations import Capacity
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, WrongStage
from portal.domain.permissions import Permission, Role, can
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Delegation, EntryVerdict, Event, Handover, Membership, Signature, User, db
from portal.queries.scope import place_of, visible_to
from portal.services import delegations, entries, handovers, keys, own_account, signing
from portal.services.delegations import Terms
from portal.services.entries import Conclusion
from portal.services.sign_in import actor_for
from tests.integration.scene import PASSPHRASE, Scene, shown


def terms(scene: Scene, principal: str = "police_head", deputy: str = "police_officer", **other: object) -> Terms:
    made = Terms(
        from_membership=scene.actors[principal].membership_id,
        to_membership=scene.actors[deputy].membership_id,
        valid_from=today(),
        valid_to=today() + timedelta(days=5),
        may_sign=True,
        capacity=Capacity.DEPUTY,
        document_number="12/QĐ-CAX",
        document_date=date(2026, 11, 20),
    )
    return replace(made, **other)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _clean(scene: Scene) -> None:
    db.session.rollback()


@pytest.mark.parametrize("by", ["police_head", "administrator"])
def test_the_person_the_lead_and_the_administrator_give_and_the_deputy_then_signs(scene: Scene, by: str) -> None:
    number = delegations.give(scene.actors[by], terms(scene))
    acting = actor_for(scene.actors["police_officer"].membership_id, number)
    assert acting.can_sign
    assert acting.leads
    assert acting.mandate is not None
    assert (acting.mandate.principal_name, acting.mandate.document) == ("Police Head", "số 12/QĐ-CAX ngày 20/11/2026")
    delegations.end(scene.actors[by], number)


@pytest.mark.parametrize("by", ["police_officer", "station_head", "coordinator", "supervisor"])
def test_nobody_else_gives(scene: Scene, by: str) -> None:
    with pytest.raises((NotFound, NotPermitted)):
        delegations.give(scene.actors[by], terms(scene))


def test_nobody_makes_himself_the_deputy_of_another(scene: Scene) -> None:
    with pytest.raises(NotPermitted, match="tự giao"):
        delegations.give(scene.actors["police_head"], terms(scene, "police_officer", "police_head", may_sign=False))


def test_what_was_received_is_not_passed_on(scene: Scene) -> None:
    acting = scene.delegate("acting", "police_head", "police_officer")
    with pytest.raises(NotPermitted, match="không ủy quyền lại"):
        delegations.give(acting, terms(scene))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"document_number": " "}, "document_number"),
        ({"document_date": None}, "document_date"),
        ({"capacity": None}, "capacity"),
        ({"valid_to": date(2020, 1, 1)}, "valid_to"),
        ({"valid_to": date(2040, 1, 1)}, "valid_to"),
    ],
)
def test_signing_for_another_needs_capacity_document_and_days(scene: Scene, change: dict, field: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(InvalidInput) as refused:
        delegations.give(scene.actors["police_head"], terms(scene, **change))
    assert field in refused.value.fields


def test_the_deputy_is_of_the_same_unit_and_the_right_to_sign_is_only_given_by_one_who_has_it(scene: Scene) -> None:
    with pytest.raises(InvalidInput, match="cùng đơn vị"):
        delegations.give(scene.actors["police_head"], terms(scene, deputy="station_clerk"))
    with pytest.raises(InvalidInput, match="không có quyền ký"):
        delegations.give(
            scene.actors["administrator"], terms(scene, principal="police_officer", deputy="police_head")
        )


def test_an_ended_delegation_gives_nothing_at_the_next_request(scene: Scene) -> None:
    number = delegations.give(scene.actors["police_head"], terms(scene))
    officer = scene.actors["police_officer"]
    assert number in {place.delegation_id for place in own_account.places(officer.user_id)}
    delegations.end(officer, number)
    assert number not in {place.delegation_id for place in own_account.places(officer.user_id)}
    with pytest.raises(NotPermitted, match="không còn hiệu lực"):
        actor_for(officer.membership_id, number)
    with pytest.raises(WrongStage):
        delegations.end(officer, number)


def test_everything_done_says_for_whom(scene: Scene) -> None:
    list_id = scene.make_list(1)
    scene.bring_to(Party.POLICE, list_id)
    acting = scene.delegate("acting", "police_head", "police_officer")
    entries.conclude(acting, list_id, 1, Conclusion(Verdict.VERIFIED))
    scene.actors["acting"] = acting
    record = scene.sign_over("acting", list_id, Leg.POLICE_TO_STATION)
    verdict = db.session.scalars(select(EntryVerdict).where(EntryVerdict.party == "police").order_by(EntryVerdict.id.desc())).first()  # fmt: skip
    signature = db.session.scalars(select(Signature).where(Signature.handover_id == record)).one()
    events = db.session.scalars(select(Event).where(Event.list_id == list_id, Event.user_id == acting.user_id)).all()
    assert verdict is not None
    assert verdict.delegation_id == signature.delegation_id == acting.delegation_id
    assert signature.membership_id == acting.membership_id
    assert events
    assert {event.delegation_id for event in events} == {acting.delegation_id}
    assert db.session.get_one(Handover, record).signer_delegation_id == acting.delegation_id


def test_a_paper_drawn_for_a_deputy_is_not_signed_in_the_own_name(scene: Scene) -> None:
    """The paper says KT.; who has lost or left the delegation draws it anew (a right of his own is another right)."""
    list_id = scene.make_list(1)
    acting = scene.delegate("acting", "station_head", "station_clerk")
    record = handovers.prepare_record(acting, list_id, Leg.STATION_TO_VILLAGE)
    own = replace(scene.actors["station_clerk"], can_sign=True)
    with pytest.raises(NotPermitted, match="lập lại"):
        signing.sign_prepared(own, record, PASSPHRASE, shown=shown(record))


def test_the_deputy_makes_a_key_of_his_own(scene: Scene) -> None:
    number = delegations.give(scene.actors["village_head"], terms(scene, "village_head", "village_helper"))
    acting = actor_for(scene.actors["village_helper"].membership_id, number)
    with pytest.raises(NotPermitted):
        keys.enrol(scene.actors["village_helper"], PASSPHRASE)
    assert keys.key_state(acting) is None
    keys.enrol(acting, PASSPHRASE)
    assert keys.key_state(acting) is not None


@pytest.mark.parametrize(
    "way", ["the giver himself", "his deputy gave", "receives as his deputy", "two deputies of one"]
)
def test_nobody_stands_on_both_sides_also_through_delegation(scene: Scene, way: str) -> None:
    """LS-10 in its four shapes: person and person, person and principal, both ways round, one principal twice."""
    tag = way.replace(" ", "_")
    station, village = scene.actors["station_head"], scene.actors["village_head"]
    if way == "the giver himself":
        giver = station
        receiver = scene.second_place(f"{tag}_v", "station_head", "to_cong_tac_a", Role.VILLAGE, signs=True)
    elif way == "his deputy gave":
        giver = scene.delegate(f"{tag}_g", "station_head", "station_clerk")
        receiver = scene.second_place(f"{tag}_v", "station_head", "to_cong_tac_a", Role.VILLAGE, signs=True)
    elif way == "receives as his deputy":
        giver = station
        scene.second_place(f"{tag}_p", "station_head", "to_cong_tac_a", Role.VILLAGE, signs=True)
        receiver = scene.delegate(f"{tag}_v", f"{tag}_p", "village_helper")
    else:
        giver = scene.delegate(f"{tag}_g", "station_head", "station_clerk")
        scene.second_place(f"{tag}_p", "station_head", "to_cong_tac_a", Role.VILLAGE, signs=True)
        receiver = scene.delegate(f"{tag}_v", f"{tag}_p", "village_helper")
    list_id = scene.make_list(1)
    scene.actors["giver"] = giver
    record = scene.sign_over("giver", list_id, Leg.STATION_TO_VILLAGE)
    with pytest.raises(WrongStage, match="cả hai bên của một lần bàn giao, kể cả qua ủy quyền") as refused:
        signing.countersign(receiver, record, PASSPHRASE, shown=shown(record))
    assert refused.value.code == "not_the_giver"
    signing.countersign(village, record, PASSPHRASE, shown=shown(record))


@pytest.mark.parametrize("way", ["himself", "deputy proposed", "deputy verifies"])
def test_nobody_verifies_his_own_proposal_also_through_delegation(scene: Scene, way: str) -> None:
    tag = way.replace(" ", "_")
    if way == "himself":
        proposer = scene.actors["village_helper"]
        verifier = scene.second_place(f"{tag}_police", "village_helper", "cong_an", Role.POLICE)
    elif way == "deputy proposed":
        proposer = scene.delegate(f"{tag}_d", "village_head", "village_helper")
        verifier = scene.second_place(f"{tag}_police", "village_head", "cong_an", Role.POLICE)
    else:
        proposer = scene.actors["village_helper"]
        scene.second_place(f"{tag}_police", "village_helper", "cong_an", Role.POLICE)
        verifier = scene.delegate(f"{tag}_d", f"{tag}_police", "police_officer", signs=False)
    list_id = scene.make_list(1)
    scene.bring_to(Party.VILLAGE, list_id)
    entries.conclude(proposer, list_id, 1, Conclusion(Verdict.ALREADY_RIGHT))
    scene.take("police_head", scene.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
    with pytest.raises(NotPermitted, match="không xác minh chính đề xuất"):
        entries.conclude(verifier, list_id, 1, Conclusion(Verdict.VERIFIED))
    entries.conclude(scene.actors["police_head"], list_id, 1, Conclusion(Verdict.VERIFIED))


days = st.integers(-3, 3)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(own=st.tuples(days, days), principal=st.tuples(days, days), lent=st.tuples(days, days), revoked=st.booleans(),
       locked=st.booleans())  # fmt: skip
def test_ended_memberships_and_delegations_see_the_empty_set(
    scene: Scene,
    watched: tuple[Delegation, object],
    own,
    principal,
    lent,
    revoked: bool,
    locked: bool,  # type: ignore[no-untyped-def]
) -> None:
    """Invariant 13: what a person may act in today is exactly what the dates say, and can() equals visible_to()."""
    delegation, list_id = watched
    on = today()

    def put(of: Membership | Delegation, span: tuple[int, int]) -> bool:
        first, last = min(span), max(span)
        of.valid_from, of.valid_to = on + timedelta(days=first), on + timedelta(days=last)
        return first <= 0 <= last

    holds_own = put(db.session.get_one(Membership, delegation.to_membership_id), own)
    holds_principal = put(db.session.get_one(Membership, delegation.from_membership_id), principal)
    holds_lent = put(delegation, lent)
    delegation.revoked_at = clock.now() if revoked else None
    absent = db.session.get_one(User, db.session.get_one(Membership, delegation.from_membership_id).user_id)
    absent.disabled_at = clock.now() if locked else None
    db.session.flush()
    user_id = db.session.get_one(Membership, delegation.to_membership_id).user_id
    places = [p for p in own_account.places(user_id) if p.membership_id == delegation.to_membership_id]
    assert any(p.delegation_id is None for p in places) == holds_own
    stands_in = holds_own and holds_principal and holds_lent and not revoked and not locked
    assert any(p.delegation_id == delegation.id for p in places) == stands_in
    seen = set()
    for place in places:
        actor = actor_for(place.membership_id, place.delegation_id)
        visible = set(db.session.scalars(select(CorrectionList.id).where(visible_to(actor, Permission.LIST_READ))))
        for of_list in db.session.scalars(select(CorrectionList)):
            assert can(actor, Permission.LIST_READ, place_of(of_list)) == (of_list.id in visible)
        seen |= visible
    assert (list_id in seen) == bool(places)
    db.session.rollback()


@pytest.fixture(scope="module")
def watched(scene: Scene) -> tuple[Delegation, object]:
    """A delegation between two people who have nothing else, and a list of their unit."""
    scene.person("lone_head", "to_cong_tac_b", Role.VILLAGE, signs=True)
    scene.person("lone_helper", "to_cong_tac_b", Role.VILLAGE)
    acting = scene.delegate("lone_acting", "lone_head", "lone_helper", signs=False)
    list_id = scene.make_list(1, village="to_cong_tac_b")
    scene.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE)
    return db.session.get_one(Delegation, acting.delegation_id), list_id
