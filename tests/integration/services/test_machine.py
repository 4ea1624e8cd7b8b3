"""A Hypothesis state machine: seventeen actors (deputies and one person of two units among them) try everything on a list; a small oracle says what must come of it.

Invariants of reference/workflow.md §4 that apply to the straight way: 1 (conservation), 2 (one custodian), 3 (custody
moves only on countersignature; refuse and recall restore), 5 (final is final), 6 (both sides differ), 7 (order and
numbers), 8 (every value has its source), 9 (tables = fold of the append-only rows), 12 (button ⇔ server), 16 (clocks).
All 21 with their tests: docs/proofs.md.
"""

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal.domain.errors import DomainError
from portal.domain.fields import Field
from portal.domain.permissions import Actor, Role
from portal.domain.stages import HOLDER, LEGS, HandoverStatus, Leg, Party, Stage, all_states
from portal.domain.verdicts import PARTY_VERDICTS, Verdict
from portal.models import (
    CorrectionList,
    Delegation,
    Entry,
    EntryValue,
    EntryVerdict,
    Event,
    Handover,
    Membership,
    Signature,
    db,
)
from portal.services import claims, entries, handovers, signing
from portal.services.entries import Conclusion
from portal.services.transitions import offers
from tests.integration.clock_checks import assert_clocks
from tests.integration.scene import DELEGATED, PASSPHRASE, PEOPLE, Scene, number_of, shown

REASONS = {Verdict.UNRESOLVED: "moved_away", Verdict.ENDED: "deceased", Verdict.RETURNED: "card_needed"}
PARTY_UNIT = {Party.STATION: "tram", Party.VILLAGE: "to_cong_tac_a", Party.POLICE: "cong_an"}
ENTRIES = 2

CROSSING = "clerk_in_village"
"""The station's clerk once more, as a signer of the village: one person who could stand on both sides."""
ACTING = (*PEOPLE, *DELEGATED, CROSSING)
people = st.sampled_from(ACTING)
legs = st.sampled_from([None, *Leg])
lists = st.just(0)
verdicts = st.sampled_from(list(Verdict))


class Way(RuleBasedStateMachine):
    """The oracle keeps only what the rules promise: stage, pending leg, round and holder of each list."""

    scene: Scene
    reached: ClassVar[set[tuple[str, str | None]]] = set()

    @initialize(start=st.sampled_from([None, *Party]), sends=st.booleans())
    def begin(self, start: Party | None, sends: bool) -> None:
        """Lists begin with each party in turn, so that few steps meet every state."""
        db.session.rollback()
        self.ids = [self.scene.make_list(ENTRIES)]
        if start is not None:
            self.scene.bring_to(start, self.ids[0])
        stage = {
            None: Stage.DRAFTING,
            Party.VILLAGE: Stage.VILLAGE_REVIEW,
            Party.POLICE: Stage.POLICE_VERIFICATION,
            Party.STATION: Stage.STATION_UPDATE,
        }[start]
        self.model = [{"stage": stage, "pending": None, "round": 1}]
        self.sent: list[UUID | None] = [None]
        self.giver: list[str | None] = [None]
        if sends:
            self._step(0, back=False)

    def actor(self, name: str) -> Actor:
        return self.scene.actors[name]

    def party_of(self, name: str) -> Party | None:
        unit = self.actor(name).unit_id
        return next((p for p, u in PARTY_UNIT.items() if self.scene.units[u].id == unit), None)

    def _apart(self, which: int, name: str) -> bool:
        """Whether nobody behind this actor stands behind the giver, deputies and those they act for included."""
        giver = self.giver[which]
        return giver is None or not self.actor(giver).persons & self.actor(name).persons

    @rule(which=lists, name=people)
    def take_on(self, which: int, name: str) -> None:
        """Claim a free list, take a colleague's over, or give the own one back: never more than the unit's own affair."""
        model, actor = self.model[which], self.actor(name)
        of_list = db.session.get_one(CorrectionList, self.ids[which])
        before = claims.worker_of(of_list)
        try:
            if before is None:
                claims.claim(actor, self.ids[which])
            elif before in actor.persons:
                claims.release(actor, self.ids[which])
            else:
                claims.take_over(actor, self.ids[which], "Đồng chí đi họp")
        except DomainError:
            return
        assert model["pending"] is None
        assert model["stage"] is not Stage.CLOSED
        assert self.party_of(name) is HOLDER[model["stage"]]

    @rule(which=lists, name=people, leg=legs, signs=st.booleans())
    def prepare_and_sign(self, which: int, name: str, leg: Leg | None, signs: bool) -> None:
        model, actor = self.model[which], self.actor(name)
        may = model["pending"] is None and self.party_of(name) is HOLDER[model["stage"]]
        fits = leg is None or LEGS[leg].giver_stage is model["stage"]
        try:
            record = handovers.prepare_record(actor, self.ids[which], leg)
        except DomainError:
            return
        assert may
        assert fits
        if not signs:
            return
        try:
            signing.sign_prepared(actor, record, PASSPHRASE, shown=shown(record))
        except DomainError:
            assert not actor.can_sign
            return
        assert actor.can_sign
        if leg is None:
            model["stage"] = Stage.CLOSED
        else:
            model["pending"], self.sent[which], self.giver[which] = leg, record, name

    @rule(which=lists, name=people)
    def countersign(self, which: int, name: str) -> None:
        model, record = self.model[which], self.sent[which]
        if record is None:
            return
        may = self._receives(model, name) and self.actor(name).can_sign and self._apart(which, name)
        try:
            signing.countersign(self.actor(name), record, PASSPHRASE, shown=shown(record))
        except DomainError:
            assert not may
            return
        assert may
        shape = LEGS[model["pending"]]
        model["stage"], model["pending"] = shape.receiver_stage, None
        model["round"] += shape.is_return

    @rule(which=lists, name=people)
    def refuse(self, which: int, name: str) -> None:
        model, record = self.model[which], self.sent[which]
        if record is None:
            return
        may = self._receives(model, name) and self.actor(name).can_sign and self._apart(which, name)
        try:
            slip = handovers.prepare_refusal(self.actor(name), record, "content_unclear", "")
            signing.sign_prepared(self.actor(name), slip, PASSPHRASE, shown=shown(slip))
        except DomainError:
            assert not may
            return
        assert may
        model["pending"] = None

    @rule(which=lists, name=people, opened=st.booleans())
    def recall(self, which: int, name: str, opened: bool) -> None:
        model, record = self.model[which], self.sent[which]
        if record is None:
            return
        if opened and model["pending"] is not None:
            receiver = PARTY_UNIT[LEGS[model["pending"]].receiver]
            handovers.open_handover(self._head(receiver), record)
        gives = model["pending"] is not None and self.party_of(name) is LEGS[model["pending"]].giver
        may = gives and self.actor(name).can_sign
        try:
            signing.recall(self.actor(name), record, reason="Nhầm")
        except DomainError:
            assert not may
            return
        assert may
        model["pending"] = None

    @rule(which=lists, name=people, number=st.integers(1, ENTRIES + 1), verdict=verdicts)
    def conclude(self, which: int, name: str, number: int, verdict: Verdict) -> None:
        self._conclude(which, name, number, verdict)

    @rule(which=lists)
    def the_right_person_goes_on(self, which: int) -> None:
        self._step(which, back=False)

    @rule(which=lists)
    def the_right_person_gives_back(self, which: int) -> None:
        self._step(which, back=True)

    def _step(self, which: int, *, back: bool) -> None:
        """Random people rarely get far; this rule carries the lists on, so that the others meet every state."""
        model = self.model[which]
        if model["stage"] is Stage.CLOSED:
            return
        if model["pending"] is not None:
            self.countersign(which, self._name(LEGS[model["pending"]].receiver))
            return
        holder = HOLDER[model["stage"]]
        if model["stage"] is not Stage.DRAFTING:
            self.conclude_all_as_the_holder(which)
        if back and model["stage"] is not Stage.DRAFTING:
            self._conclude(which, self._name(holder), 1, Verdict.RETURNED)
        ways = [leg for leg, shape in LEGS.items() if shape.giver_stage is model["stage"]]
        fitting = [leg for leg in ways if LEGS[leg].is_return == back]
        self.prepare_and_sign(which, self._name(holder), fitting[0] if fitting else None, True)

    def _name(self, party: Party) -> str:
        return {Party.STATION: "station_head", Party.VILLAGE: "village_head", Party.POLICE: "police_head"}[party]

    def conclude_all_as_the_holder(self, which: int) -> None:
        model = self.model[which]
        party = HOLDER[model["stage"]]
        worker = {Party.STATION: "station_clerk", Party.VILLAGE: "village_helper", Party.POLICE: "police_officer"}
        ways = {
            Party.VILLAGE: (Verdict.ALREADY_RIGHT, Verdict.FIXED),
            Party.POLICE: (Verdict.VERIFIED, Verdict.CORRECTED),
            Party.STATION: (Verdict.APPLIED, Verdict.CONFIRMED),
        }
        of_list = db.session.get_one(CorrectionList, self.ids[which])
        if claims.worker_of(of_list) not in {None, self.actor(worker[party]).user_id}:
            claims.take_over(self.actor(worker[party]), self.ids[which], "Cần xong")
        for number in range(1, ENTRIES + 1):
            for verdict in ways[party]:
                self._conclude(which, worker[party], number, verdict)

    def _conclude(self, which: int, name: str, number: int, verdict: Verdict) -> None:
        model, party = self.model[which], self.party_of(name)
        values = {}
        if verdict is Verdict.FIXED:
            values = {Field.FULL_NAME: f"Vàng Thị Mới {'ABCDEF'[model['round'] % 6]}"}
        if verdict is Verdict.CORRECTED:
            values = {Field.ID_NUMBER: number_of(50 + number)}
        said = Conclusion(verdict, values, reason=REASONS.get(verdict, ""))
        works = {Stage.VILLAGE_REVIEW, Stage.POLICE_VERIFICATION, Stage.STATION_UPDATE}
        may = model["pending"] is None and model["stage"] in works and party is HOLDER[model["stage"]]
        before = claims.worker_of(db.session.get_one(CorrectionList, self.ids[which]))
        try:
            entries.conclude(self.actor(name), self.ids[which], number, said)
        except DomainError:
            return
        assert may
        assert before is None or before in self.actor(name).persons, "who works on it was not asked"
        assert party is not None
        assert verdict in PARTY_VERDICTS[party]
        assert number <= ENTRIES

    def _receives(self, model: dict, name: str) -> bool:
        return model["pending"] is not None and self.party_of(name) is LEGS[model["pending"]].receiver

    def _head(self, unit: str) -> Actor:
        wanted = self.scene.units[unit].id
        return next(a for a in self.scene.actors.values() if a.unit_id == wanted and a.can_sign)

    @invariant()
    def the_list_stands_where_the_rules_say(self) -> None:
        for list_id, model in zip(getattr(self, "ids", []), getattr(self, "model", []), strict=True):
            db.session.rollback()
            found = db.session.get_one(CorrectionList, list_id)
            self.reached.add((found.stage, found.pending_leg))
            assert (found.stage, found.pending_leg, found.round) == (model["stage"], model["pending"], model["round"])
            assert found.holder_unit_id == self.scene.units[PARTY_UNIT[HOLDER[model["stage"]]]].id
            self._counters_add_up(found)
            self._buttons_are_honest(found)
            self._handovers_are_final(found)
            self._entries_are_whole(found)
            assert_clocks(found)

    def _counters_add_up(self, found: CorrectionList) -> None:
        rows = db.session.scalars(select(Entry).where(Entry.list_id == found.id).order_by(Entry.number)).all()
        assert [row.number for row in rows] == list(range(1, ENTRIES + 1))
        party, stage = HOLDER[Stage(found.stage)], Stage(found.stage)
        if stage is Stage.DRAFTING:
            return
        decided = [bool(r.outcome) if party is Party.STATION else bool(getattr(r, f"{party}_verdict")) for r in rows]
        assert found.decided == sum(decided)
        assert found.returned == sum(getattr(row, f"{party}_verdict") == Verdict.RETURNED for row in rows)

    def _buttons_are_honest(self, found: CorrectionList) -> None:
        holder = self._head(PARTY_UNIT[HOLDER[Stage(found.stage)]])
        for offer in offers(holder, found):
            assert offer.enabled or offer.blocked

    def _handovers_are_final(self, found: CorrectionList) -> None:
        records = db.session.scalars(select(Handover).where(Handover.list_id == found.id)).all()
        assert sum(r.status == HandoverStatus.SENT for r in records) == int(found.pending_leg is not None)
        for record in records:
            sides = {s.side: behind(s) for s in record.signatures}
            assert len(frozenset().union(*sides.values())) == sum(map(len, sides.values()))
            if record.status == HandoverStatus.COUNTERSIGNED and record.receiver_unit_id:
                assert set(sides) == {"giver", "receiver"}
            if record.status in {HandoverStatus.REFUSED, HandoverStatus.RECALLED, HandoverStatus.SENT}:
                assert set(sides) == {"giver"}
        numbers = db.session.execute(
            select(Handover.giver_unit_id, func.count(), func.max(Handover.number), func.count(Handover.number.distinct()))
            .where(Handover.number.is_not(None))
            .group_by(Handover.giver_unit_id)
        ).all()  # fmt: skip
        for _unit, count, highest, distinct in numbers:
            assert count == distinct
            assert highest <= count + 1

    def _entries_are_whole(self, found: CorrectionList) -> None:
        for row in db.session.scalars(select(Entry).where(Entry.list_id == found.id)).all():
            if row.outcome == "done":
                assert row.final
            if row.final:
                assert row.verified
            values = db.session.scalars(
                select(EntryValue).where(EntryValue.entry_id == row.id).order_by(EntryValue.id)
            ).all()
            for origin in ("proposed", "verified", "final"):
                folded: dict[str, str] = {}
                for value in values:
                    if value.origin == origin:
                        folded[value.field] = value.value
                kept = {name: text for name, text in folded.items() if text}
                assert kept == {name: text for name, text in getattr(row, origin).items() if text}
            newest = db.session.scalars(
                select(EntryVerdict).where(EntryVerdict.entry_id == row.id).order_by(EntryVerdict.id.desc())
            ).first()
            if newest is not None:
                assert getattr(row, f"{newest.party}_verdict") in {newest.verdict, ""}
            said = db.session.scalars(select(EntryVerdict).where(EntryVerdict.entry_id == row.id)).all()
            proposers = {person for one in said if one.party == "village" for person in behind(one)}
            assert not proposers & {person for one in said if one.party == "police" for person in behind(one)}

    def teardown(self) -> None:
        db.session.rollback()
        for list_id in getattr(self, "ids", []):
            moves = db.session.scalars(
                select(Event).where(Event.list_id == list_id, Event.from_state != "").order_by(Event.id)
            ).all()
            state = Stage.DRAFTING.value
            for move in moves:
                assert move.from_state == state
                assert move.user_id
                assert move.membership_id
                state = move.to_state
            found = db.session.get_one(CorrectionList, list_id)
            assert state == (f"{found.stage}>{found.pending_leg}" if found.pending_leg else found.stage)
            for signature in db.session.scalars(select(Signature).join(Handover).where(Handover.list_id == list_id)):
                by = db.session.get(Delegation, signature.delegation_id or 0)
                assert by.may_sign if by else db.session.get_one(Membership, signature.membership_id).can_sign


def behind(row: Signature | EntryVerdict) -> frozenset[UUID]:
    """Everybody behind a row: who acted, and for whom."""
    by = db.session.get(Delegation, row.delegation_id or 0)
    absent = {db.session.get_one(Membership, by.from_membership_id).user_id} if by else set()
    return frozenset({row.user_id} | absent)


@pytest.fixture
def way(scene: Scene) -> Iterator[type[Way]]:
    scene.delegate_everywhere()
    scene.second_place(CROSSING, "station_clerk", "to_cong_tac_a", Role.VILLAGE, signs=True)
    Way.scene = scene
    yield Way
    db.session.rollback()


@pytest.mark.timeout(400)
def test_seventeen_actors_cannot_break_the_way(way: type[Way]) -> None:
    run_state_machine_as_test(
        way,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # shrinking whole ways takes minutes; the steps are printed
        ),
    )
    wanted = {(s.stage.value, s.pending.value if s.pending else None) for s in all_states()}
    elsewhere = {(stage.value, None) for stage in (Stage.CANCELLED, Stage.SPLIT, Stage.MERGED)}  # test_parts_machine
    assert wanted - elsewhere <= way.reached, "the machine no longer meets every state"
