"""A small world for tests of services: two communes, their units, people of every role, lists made at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from portal.clock import now, today
from portal.domain.delegations import Capacity
from portal.domain.fields import Field
from portal.domain.names import folding_key
from portal.domain.permissions import Actor, Role
from portal.domain.sorting import name_sort_key
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import (
    Batch,
    Clock,
    CorrectionList,
    Delegation,
    Entry,
    Handover,
    Membership,
    SigningKey,
    Unit,
    User,
    db,
)
from portal.queries.accounts import active_key_of
from portal.services import clocks, entries, handovers, sights, signing
from portal.services.entries import Conclusion
from portal.services.sign_in import actor_for
from portal.signatures import authority as signing_authority
from portal.signatures.authority import Authority, issue_person

PASSPHRASE = "mat khau thu 2022"
PEOPLE = (
    *("station_clerk", "station_head", "village_helper", "village_head", "other_village_head"),
    *("police_officer", "police_head", "foreign_station_head", "foreign_police_head"),
    *("coordinator", "supervisor", "auditor", "administrator", "reporter"),
)
"""Everybody of a whole scene, by short name."""
DELEGATED = {
    "station_deputy": ("station_head", "station_clerk", True),
    "village_stand_in": ("village_head", "village_helper", False),
    "police_deputy": ("police_head", "police_officer", True),
}
"""Who acts for whom, and whether he may sign, where a test calls `delegate_everywhere`."""
SINCE = date(2025, 7, 1)
_IN_HANDS = {
    Party.VILLAGE: ("village_review", "to_cong_tac_a"),
    Party.POLICE: ("police_verification", "cong_an"),
    Party.STATION: ("station_update", "tram"),
}


@dataclass
class Scene:
    """Units and actors by short names, e.g. `scene.actors["station_head"]`."""

    authority: Authority
    rsa_key: Any
    app: Any = None
    units: dict[str, Unit] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def unit(
        self, name: str, kind: str, parent: str | None = None, serves: str | None = None, abbr: str = ""
    ) -> Unit:
        """A territory, or an office that serves one."""
        above = self.units[parent] if parent else None
        served = self.units[serves] if serves else None
        made = Unit(
            code=name.upper(), kind=kind, name=name.replace("_", " ").title(), abbreviation=abbr,
            superior_name="UBND xã thử", place_name="Xã thử", phone="0900000000",
            parent_id=above.id if above else None, serves_id=served.id if served else None,
            territory_path="", province_id=0, valid_from=SINCE, valid_to=None,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        base = above.territory_path if above else "/"
        made.territory_path = served.territory_path if served else f"{base}{made.id}/"
        made.province_id = int(made.territory_path.split("/")[1])
        self.units[name] = made
        return made

    def person(self, name: str, unit: str, role: Role, *, signs: bool = False) -> Actor:
        """An account with one membership; signers get a key of the internal CA."""
        place = self.units[unit]
        user = User(id=uuid4(), username=name, full_name=name.replace("_", " ").title(), password_hash="x",
                    phone="0911111111", created_at=now())  # fmt: skip
        db.session.add(user)
        db.session.flush()
        return self._seat(name, user.id, user.full_name, place, role, signs=signs)

    def second_place(self, name: str, person: str, unit: str, role: Role, *, signs: bool = False) -> Actor:
        """A further membership of somebody who is there already; committed."""
        known = self.actors[person]
        made = self._seat(name, known.user_id, known.user_name, self.units[unit], role, signs=signs)
        db.session.commit()
        return made

    def delegate(self, name: str, principal: str, deputy: str, *, signs: bool = True) -> Actor:
        """The deputy as he acts for the principal from today on; committed."""
        absent, acting, at = self.actors[principal], self.actors[deputy], now()
        given = Delegation(
            from_membership_id=absent.membership_id, to_membership_id=acting.membership_id, may_sign=signs,
            capacity=Capacity.DEPUTY.value if signs else None, document_number="05/GUQ" if signs else "",
            document_date=SINCE if signs else None, valid_from=today(), valid_to=today() + timedelta(days=7),
            given_by=absent.user_id, given_at=at,
        )  # fmt: skip
        db.session.add(given)
        db.session.flush()
        if signs and active_key_of(acting.membership_id) is None:
            self._key(deputy, acting)
        db.session.commit()
        self.actors[name] = actor_for(acting.membership_id, given.id)
        return self.actors[name]

    def delegate_everywhere(self) -> None:
        """The three deputies of DELEGATED: with and without the right to sign."""
        for name, (principal, deputy, signs) in DELEGATED.items():
            self.delegate(name, principal, deputy, signs=signs)

    def _seat(self, name: str, user_id: UUID, user_name: str, place: Unit, role: Role, *, signs: bool) -> Actor:
        member = Membership(user_id=user_id, unit_id=place.id, role=role.value, position="Cán bộ", can_sign=signs,
                            valid_from=SINCE, valid_to=None)  # fmt: skip
        db.session.add(member)
        db.session.flush()
        self.actors[name] = Actor(
            user_id=user_id, user_name=user_name, membership_id=member.id, role=role, unit_id=place.id,
            unit_name=place.name, position=member.position, territory_path=place.territory_path,
            province_id=place.province_id, can_sign=signs,
        )  # fmt: skip
        if signs:
            self._key(name, self.actors[name])
        return self.actors[name]

    def _key(self, name: str, of: Actor) -> None:
        code = next(unit.code for unit in self.units.values() if unit.id == of.unit_id)
        with pytest.MonkeyPatch.context() as patched:
            # The same container behind a short key derivation, so that a test may sign a hundred times.
            patched.setattr(signing_authority, "KDF_ROUNDS", 1000)
            issued = issue_person(
                self.authority, person_name=of.user_name, position=of.position, unit_name=of.unit_name,
                unit_code=code, user_ref=name.replace("_", "-"), passphrase=PASSPHRASE, now=now(), key=self.rsa_key,
            )  # fmt: skip
        db.session.add(
            SigningKey(membership_id=of.membership_id, serial=issued.serial, certificate=issued.certificate_der,
                       p12=issued.p12, not_before=issued.not_before, not_after=issued.not_after, created_at=now())
        )  # fmt: skip

    def make_list(
        self,
        people: int = 3,
        *,
        village: str | None = "to_cong_tac_a",
        station: str = "tram",
        persons: Sequence[dict[str, Any]] = (),
    ) -> UUID:
        """A drafted list of synthetic people (or of exactly these `persons`), committed; returns its id."""
        at, home, people = now(), self.units[station], len(persons) or people
        where = self.units[village] if village else None
        batch = Batch(id=uuid4(), code=f"thử-{uuid4().hex[:6]}", station_unit_id=home.id, province_id=home.province_id,
                      territory_path=home.territory_path, entries=people, parked=0, created_at=at,
                      created_by=self.actors["station_head"].user_id, due_at=at + timedelta(days=14))  # fmt: skip
        db.session.add(batch)
        db.session.flush()
        police = "cong_an" if station == "tram" else "cong_an_khac"
        made = CorrectionList(
            id=uuid4(), batch_id=batch.id, number=1, code=f"{batch.code}-01", name="Bản A", province_id=home.province_id,
            territory_path=(where or home).territory_path, station_unit_id=home.id,
            village_unit_id=where.id if where else None, police_unit_id=self.units[police].id, holder_unit_id=home.id,
            stage="drafting", pending_leg=None, entries=people, due_at=batch.due_at, held_since=at, created_at=at,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        clocks.begin(made)
        if people:
            said = persons or [{}] * people
            db.session.execute(insert(Entry), [_person(made, n, each) for n, each in enumerate(said, start=1)])
        list_id = made.id
        db.session.commit()
        return list_id

    def put_before(self, party: Party, people: int = 2) -> UUID:
        """A list in the party's hands without the papers of the way (which take a second a leg); returns its id.

        Where the way led past them, the village could not settle every second person and the police verified all
        but the third.
        """
        list_id = self.make_list(people)
        stage, unit = _IN_HANDS[party]
        db.session.execute(
            update(CorrectionList)
            .where(CorrectionList.id == list_id)
            .values(stage=stage, holder_unit_id=self.units[unit].id, known_to_village=True, known_to_police=True)
        )
        running = update(Clock).where(Clock.list_id == list_id, Clock.stopped_at.is_(None))
        db.session.execute(running.values(stage=stage, unit_id=self.units[unit].id, party=party.value))
        holds = update(Clock).where(Clock.list_id == list_id)
        db.session.execute(holds.values(party=party.value, stage=stage, unit_id=self.units[unit].id))
        entries_of = update(Entry).where(Entry.list_id == list_id)
        if party is not Party.VILLAGE:
            db.session.execute(entries_of.where(Entry.number % 2 == 0).values(village_verdict="unresolved"))
        if party is Party.STATION:
            verified = {"id_number": number_of(1), "full_name": "Vàng Thị Thử", "birth_date": "", "sex": "nữ"}
            db.session.execute(entries_of.where(Entry.number != 3).values(verified=verified, lane="import"))
        db.session.commit()
        if party is Party.POLICE:
            self.show_rows("police_officer", list_id)
        return list_id

    def show_rows(self, name: str, list_id: UUID) -> None:
        """Put every row of the list before the officer's eyes, as the grid's pages do."""
        rows = db.session.execute(select(Entry.id, Entry.rev).where(Entry.list_id == list_id))
        sights.note_shown(self.actors[name], [(row.id, row.rev) for row in rows])

    def make_late(self, list_id: UUID, due_at: datetime) -> None:
        """Let a list and its running step have been due at this moment from the beginning; committed."""
        found = db.session.get_one(CorrectionList, list_id)
        old, found.due_at = found.due_at, due_at
        clocks.follow_list(found, old)
        running = clocks.running(found)
        if running is not None:
            running.first_due_at = running.due_at
        db.session.commit()

    def sign_over(self, giver: str, list_id: UUID, leg: Leg | None) -> UUID:
        """Prepare, preview and sign one leg (or the completion); returns the record's id."""
        actor = self.actors[giver]
        record_id = handovers.prepare_record(actor, list_id, leg)
        signing.sign_prepared(actor, record_id, PASSPHRASE, shown=shown(record_id))
        return record_id

    def take(self, receiver: str, record_id: UUID) -> None:
        """Countersign a sent record."""
        signing.countersign(self.actors[receiver], record_id, PASSPHRASE, shown=shown(record_id))

    def conclude_all(self, name: str, list_id: UUID, verdict: Verdict, **said: Any) -> None:
        """One actor gives every entry the same verdict."""
        numbers = db.session.scalars(
            select(Entry.number).where(Entry.list_id == list_id).order_by(Entry.number)
        ).all()
        for number in numbers:
            entries.conclude(self.actors[name], list_id, number, Conclusion(verdict, **said))

    def conclude_one(self, name: str, list_id: UUID, number: int, verdict: Verdict, **said: Any) -> None:
        """One actor concludes one person."""
        entries.conclude(self.actors[name], list_id, number, Conclusion(verdict, **said))

    def code_of(self, list_id: UUID) -> str:
        """The list's printed code."""
        return db.session.get_one(CorrectionList, list_id).code

    def batch_of(self, list_id: UUID) -> UUID:
        """The id of the list's batch."""
        return db.session.get_one(CorrectionList, list_id).batch_id

    def bring_to(self, party: Party, list_id: UUID) -> None:
        """Take a drafted list forward until the party holds it (the station: for updating)."""
        self.take("village_head", self.sign_over("station_head", list_id, Leg.STATION_TO_VILLAGE))
        if party is Party.VILLAGE:
            return
        self.conclude_all("village_head", list_id, Verdict.ALREADY_RIGHT)
        self.take("police_head", self.sign_over("village_head", list_id, Leg.VILLAGE_TO_POLICE))
        if party is Party.POLICE:
            return
        self.conclude_all("police_head", list_id, Verdict.VERIFIED)
        self.take("station_head", self.sign_over("police_head", list_id, Leg.POLICE_TO_STATION))


def shown(record_id: UUID) -> str:
    """The SHA-256 of the record's present bytes, as a preview page carries it."""
    db.session.rollback()
    return db.session.get_one(Handover, record_id).pdf_sha256


def number_of(n: int) -> str:
    """A well-formed synthetic number: Yên Bái, woman born 1985, a serial from the range marked as test data."""
    return f"015185{990000 + n:06d}"


def _person(of_list: CorrectionList, n: int, said: dict[str, Any]) -> dict[str, Any]:
    raw = said.get("raw", {})
    said = {name: value for name, value in said.items() if name != "raw"}
    name = said.get("full_name") or f"Vàng Thị Thử {'ABCDEFGHIJ'[n % 10]}"
    recorded = {
        Field.ID_NUMBER.value: number_of(n), Field.FULL_NAME.value: name, Field.BIRTH_DATE.value: "01/02/1985",
        Field.SEX.value: "nữ", Field.PHONE.value: "", Field.INSURANCE_NUMBER.value: "",
    } | said  # fmt: skip
    return {
        "province_id": of_list.province_id, "batch_id": of_list.batch_id, "list_id": of_list.id, "number": n,
        "source_row": n + 3, "recorded": recorded, "raw": {"Họ tên": name} | raw, "classes": [], "findings": [],
        "suggestions": {}, "folded_name": folding_key(name), "sort_key": name_sort_key(name),
    }  # fmt: skip


def build(authority: Authority, rsa_key: Any) -> Scene:
    """Province, two communes, their offices and twelve people; committed."""
    scene = Scene(authority, rsa_key)
    scene.unit("tinh", "province")
    scene.unit("xa", "commune", "tinh")
    scene.unit("xa_khac", "commune", "tinh")
    scene.unit("ban_a", "village", "xa")
    scene.unit("ban_b", "village", "xa")
    scene.unit("ban_c", "village", "xa_khac")
    scene.unit("tram", "health_station", "xa", "xa", "TYT")
    scene.unit("tram_khac", "health_station", "xa_khac", "xa_khac", "TYT")
    scene.unit("cong_an", "commune_police", "xa", "xa", "CAX")
    scene.unit("cong_an_khac", "commune_police", "xa_khac", "xa_khac", "CAX")
    scene.unit("to_cong_tac_a", "village_task_force", "ban_a", "ban_a", "TCT-A")
    scene.unit("to_cong_tac_b", "village_task_force", "ban_b", "ban_b", "TCT-B")
    scene.unit("to_cong_tac_c", "village_task_force", "ban_c", "ban_c", "TCT-C")
    scene.unit("to_cong_tac_xa", "commune_task_force", "xa", "xa", "TCT")
    scene.unit("so_y_te", "supervisor_office", "tinh", "tinh")
    scene.unit("thanh_tra", "audit_office", "tinh", "tinh")
    scene.unit("quan_tri", "administration_office", "tinh", "tinh")
    scene.unit("khu_cong_nghiep", "industrial_zone_board", "tinh", "tinh")
    scene.person("station_clerk", "tram", Role.STATION)
    scene.person("station_head", "tram", Role.STATION, signs=True)
    scene.person("village_helper", "to_cong_tac_a", Role.VILLAGE)
    scene.person("village_head", "to_cong_tac_a", Role.VILLAGE, signs=True)
    scene.person("other_village_head", "to_cong_tac_b", Role.VILLAGE, signs=True)
    scene.person("police_officer", "cong_an", Role.POLICE)
    scene.person("police_head", "cong_an", Role.POLICE, signs=True)
    scene.person("foreign_station_head", "tram_khac", Role.STATION, signs=True)
    scene.person("foreign_police_head", "cong_an_khac", Role.POLICE, signs=True)
    scene.person("coordinator", "to_cong_tac_xa", Role.COORDINATOR)
    scene.person("supervisor", "so_y_te", Role.SUPERVISOR)
    scene.person("auditor", "thanh_tra", Role.AUDITOR)
    scene.person("administrator", "quan_tri", Role.ADMINISTRATOR)
    scene.person("reporter", "khu_cong_nghiep", Role.REPORTER, signs=True)
    db.session.commit()
    return scene
