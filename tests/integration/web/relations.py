"""A world in which one person of every role stands in eight relations to places that all hold the same things."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from portal.clock import now, today
from portal.domain.permissions import Actor, Place, Role
from portal.domain.sheet_codes import with_check
from portal.domain.stages import Leg
from portal.models import (
    BulkAct,
    CorrectionList,
    Delegation,
    Draft,
    DuplicatePair,
    Entry,
    Examination,
    Handover,
    ImportFile,
    ListClaim,
    Membership,
    PaperScan,
    PaperSheet,
    RecordRevision,
    Register,
    RegisterRow,
    Report,
    ReportDuty,
    ReportForm,
    ReportPaper,
    ReportPeriod,
    SignerCertificate,
    SigningKey,
    SigningTicket,
    UnitSuccession,
    db,
)
from portal.reports import definitions
from portal.services.context import ground
from portal.services.review_sheets import kept_print
from tests.excel_files import PERSON, workbook
from tests.integration.scene import SINCE, Scene
from tests.unit.documents.test_scans import picture


class Relation(StrEnum):
    """Where a place lies, seen from the place of the person who asks."""

    OWN = "own"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    COUSIN = "cousin"
    OTHER_PROVINCE = "other_province"
    FORMER_UNIT = "former_unit"
    MERGED_UNIT = "merged_unit"


TREE = {
    "tinh": ("province", None),
    "tinh_khac": ("province", None),
    Relation.PARENT: ("commune", "tinh"),
    "xa_kia": ("commune", "tinh"),
    "xa_la": ("commune", "tinh_khac"),
    Relation.OWN: ("village", Relation.PARENT),
    Relation.CHILD: ("village", Relation.OWN),
    Relation.SIBLING: ("village", Relation.PARENT),
    Relation.COUSIN: ("village", "xa_kia"),
    Relation.FORMER_UNIT: ("village", "xa_kia"),
    Relation.MERGED_UNIT: ("village", "xa_kia"),
    Relation.OTHER_PROVINCE: ("village", "xa_la"),
}
OFFICES = {
    Role.STATION: "health_station",
    Role.VILLAGE: "village_task_force",
    Role.POLICE: "commune_police",
    Role.COORDINATOR: "commune_task_force",
    Role.SUPERVISOR: "supervisor_office",
    Role.AUDITOR: "audit_office",
    Role.ADMINISTRATOR: "administration_office",
    Role.REPORTER: "vaccination_site",
}
SIGNERS = (Role.STATION, Role.VILLAGE, Role.POLICE)


class Related:
    """People by role; places by relation, each with a list, its batch, a record, an upload and somebody's own things."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.people: dict[Role, Actor] = {}
        self.things: dict[Relation, dict[str, Any]] = {}
        self.mine: dict[Role, dict[str, Any]] = {}

    def place_of(self, kind: str, relation: Relation) -> Place:
        """What a right to such a thing of that place is judged against, said here a second time."""
        offices = {role: self.scene.units[f"{role}_{relation}"].id for role in SIGNERS}
        parties = {
            "list_id": frozenset(offices.values()),
            "pair_id": frozenset(offices.values()),
            "sheet": frozenset(offices.values()),
            "handover_id": frozenset(offices.values()),
            "batch_id": frozenset({offices[Role.STATION]}),
            "upload_id": frozenset({offices[Role.STATION]}),
            "duty_id": frozenset({offices[Role.STATION]}),
            "register_id": frozenset({offices[Role.STATION]}),
        }
        return Place(self.scene.units[relation].territory_path, parties.get(kind, frozenset()))

    def unknown(self) -> dict[str, Any]:
        """Things that exist nowhere."""
        kinds = {"number": 1, "page": 1, "digest": "0" * 64, "name": "x", "sheet": with_check("3333333")}
        return {
            name: kinds.get(name, uuid4() if isinstance(value, UUID) else 987_654_321)
            for name, value in self.things[Relation.OWN].items()
        }


def build(scene: Scene, folder: Path) -> Related:
    """Make the world; committed."""
    world = Related(scene)
    for name, (kind, parent) in TREE.items():
        scene.unit(str(name), kind, str(parent) if parent else None)
    for relation in Relation:
        for role, kind in OFFICES.items():
            scene.unit(f"{role}_{relation}", kind, str(relation), str(relation), abbr=f"{role}-{relation}"[:12])
    scene.units |= {"tram": scene.units["station_own"], "cong_an": scene.units["police_own"]}
    scene.units |= {"to_cong_tac_a": scene.units["village_own"], "cong_an_khac": scene.units["police_cousin"]}
    for role in Role:
        world.people[role] = scene.person(str(role), f"{role}_own", role, signs=role in SIGNERS)
        _former_and_merged(world, role)
    for relation in Relation:
        for name in ("resident", "neighbour"):
            scene.person(f"{name}_{relation}", f"station_{relation}", Role.STATION, signs=relation is Relation.OWN)
    scene.actors["station_head"] = scene.actors["station"]
    db.session.commit()
    upload = ground().store.put(workbook(folder / "tep.xlsx", PERSON).read_bytes())
    scan = ground().store.put(picture("PNG"))
    first = scene.make_list(1, village="village_own", station="station_own")
    record_id = scene.sign_over("station", first, Leg.STATION_TO_VILLAGE)
    for relation in Relation:
        list_id = first if relation is Relation.OWN else _list_at(scene, relation)
        handover_id = record_id if relation is Relation.OWN else _record_like(scene, record_id, list_id, relation)
        world.things[relation] = _things(scene, relation, list_id, handover_id, upload, scan)
    for role, person in world.people.items():
        world.mine[role] = {**world.things[Relation.OWN], **_own_things(person, first, record_id)}
    db.session.commit()
    return world


def _former_and_merged(world: Related, role: Role) -> None:
    """The person worked in the former unit until yesterday; the merged unit's work passed to his today."""
    units = world.scene.units
    db.session.add(
        Membership(user_id=world.people[role].user_id, unit_id=units[f"{role}_{Relation.FORMER_UNIT}"].id,
                   role=role.value, position="Cán bộ", can_sign=role in SIGNERS, valid_from=SINCE,
                   valid_to=today() - timedelta(days=1))
    )  # fmt: skip
    merged = units[f"{role}_{Relation.MERGED_UNIT}"]
    merged.valid_to = today() - timedelta(days=1)
    db.session.add(
        UnitSuccession(from_unit_id=merged.id, to_unit_id=units[f"{role}_own"].id, kind="merged",
                       effective_on=today(), decision="")
    )  # fmt: skip


def _list_at(scene: Scene, relation: Relation) -> UUID:
    made = scene.make_list(1, village=f"village_{relation}", station=f"station_{relation}")
    db.session.execute(
        update(CorrectionList).where(CorrectionList.id == made).values(pending_leg=Leg.STATION_TO_VILLAGE.value)
    )
    return made


def _record_like(scene: Scene, record_id: UUID, list_id: UUID, relation: Relation) -> UUID:
    """The same paper once more, as a record of the other place's list."""
    like = db.session.execute(select(Handover.__table__).where(Handover.id == record_id)).mappings().one()
    made = uuid4()
    other = {"id": made, "list_id": list_id, "code": made.hex[:12]}
    other |= {"giver_unit_id": scene.units[f"station_{relation}"].id}
    other |= {"receiver_unit_id": scene.units[f"village_{relation}"].id}
    db.session.execute(Handover.__table__.insert().values({**like, **other}))
    for row in db.session.scalars(select(RecordRevision).where(RecordRevision.handover_id == record_id)).all():
        db.session.add(
            RecordRevision(handover_id=made, step=row.step, sha256=row.sha256, size=row.size, at=row.at)
        )  # fmt: skip
    return made


def _things(
    scene: Scene, relation: Relation, list_id: UUID, handover_id: UUID, upload: str, scan: str
) -> dict[str, Any]:
    """One of everything that an address can name, at this place; what is somebody's own is a resident's."""
    db.session.execute(
        update(CorrectionList)
        .where(CorrectionList.id == list_id)
        .values(police_unit_id=scene.units[f"police_{relation}"].id, known_to_village=True, known_to_police=True,
                code=f"DS-{relation}", name=f"Nơi {relation}")
    )  # fmt: skip
    resident, office = scene.actors[f"resident_{relation}"], scene.units[f"station_{relation}"]
    file = ImportFile(id=uuid4(), station_unit_id=office.id, uploaded_by=resident.user_id, created_at=now(),
                      sha256=upload, filename="tep.xlsx", mapping=None)  # fmt: skip
    paper = PaperScan(handover_id=handover_id, side="receiver", signer_name="A", unit_name="B", sha256=scan, kind="png",
                      size=1, file_name="a.png", entered_by=resident.user_id, entered_name="A",
                      entered_at=now())  # fmt: skip
    given = Delegation(from_membership_id=resident.membership_id,
                       to_membership_id=scene.actors[f"neighbour_{relation}"].membership_id, may_sign=False,
                       capacity=None, valid_from=today(), valid_to=today() + timedelta(days=3),
                       given_by=resident.user_id, given_at=now())  # fmt: skip
    db.session.add_all([file, paper, given])
    db.session.flush()
    return {
        "list_id": list_id,
        "pair_id": _pair(list_id),
        "sheet": _sheet(list_id, resident),
        "batch_id": db.session.get_one(CorrectionList, list_id).batch_id,
        "handover_id": handover_id,
        "upload_id": file.id,
        "user_id": resident.user_id,
        "reader_id": resident.user_id,
        "unit_id": scene.units[relation].id,
        "office_id": office.id,
        "membership_id": resident.membership_id,
        "delegation_id": given.id,
        "number": 1,
        "page": 1,
        "digest": scan,
        "name": "mẫu",
        "mark": "0123abcd",
        "register_id": _register_at(scene, relation),
        "duty_id": _report_at(scene, relation, handover_id),
        "paper": db.session.get_one(Handover, handover_id).pdf_sha256,
        **_own_things(resident, list_id, handover_id),
    }


def _register_at(scene: Scene, relation: Relation) -> UUID:
    """The place's station keeps a register of sites with one row."""
    who, office = scene.actors[f"resident_{relation}"], scene.units[f"station_{relation}"]
    made = Register(id=uuid4(), province_id=office.province_id, territory_path=office.territory_path,
                    unit_id=office.id, kind="sites", as_of=today(), rows=1, last_number=1, changed_at=now(),
                    changed_by=who.user_id)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add(RegisterRow(register_id=made.id, number=1, values={"site": "Trạm"}))
    return made.id


def _report_at(scene: Scene, relation: Relation, handover_id: UUID) -> UUID:
    """A report that the place's station has sent, with a paper."""
    who, office = scene.actors[f"resident_{relation}"], scene.units[f"station_{relation}"]
    known = definitions.known(Path("/nowhere"))["passport_signing"]
    if db.session.get(ReportForm, (known.form.key, known.form.version)) is None:
        db.session.add(ReportForm(key=known.form.key, version=known.form.version, definition=dict(known.said),
                                  sha256=known.sha256, kept_at=now()))  # fmt: skip
    due = now() + timedelta(days=1)
    period = ReportPeriod(id=uuid4(), form_key=known.form.key, form_version=known.form.version,
                          province_id=office.province_id, territory_path=office.territory_path, unit_id=office.id,
                          as_of=today(), due_at=due, due_inclusive=True, opened_by=who.user_id,
                          opened_membership_id=who.membership_id, opened_at=now())  # fmt: skip
    db.session.add(period)
    db.session.flush()
    duty = ReportDuty(id=uuid4(), period_id=period.id, province_id=office.province_id, unit_id=office.id,
                      responsible_unit_id=office.id, territory_path=office.territory_path, gathers=False,
                      due_at=due, first_due_at=due, sent_at=now())  # fmt: skip
    db.session.add(duty)
    db.session.flush()
    sent = Report(id=uuid4(), duty_id=duty.id, province_id=office.province_id, version=1, status="sent", values={},
                  counted={}, reasons={}, missing=[], prepared_by=who.user_id, prepared_membership_id=who.membership_id,
                  begun_at=now(), handed_at=now(), sent_at=now(), receipt_code=uuid4().hex[:10])  # fmt: skip
    db.session.add(sent)
    db.session.flush()
    paper = db.session.get_one(Handover, handover_id).pdf_sha256
    db.session.add(
        ReportPaper(report_id=sent.id, values_sha256="", unit_id=office.id, year=2026, number=1, symbol="BC",
                    pdf_sha256=paper, pages=1, signer_membership_id=who.membership_id, drawn_at=now(), signed_at=now())
    )  # fmt: skip
    return duty.id


def _pair(list_id: UUID) -> UUID:
    """Somebody who stands twice on the list."""
    like = dict(db.session.execute(select(Entry.__table__).where(Entry.list_id == list_id)).mappings().first() or {})
    one = like.pop("id")
    del like["search"]
    like |= {"number": 99, "folded_name": "khac", "recorded": {**like["recorded"], "full_name": "Khác"}}
    other = db.session.execute(insert(Entry.__table__).values(like).returning(Entry.id)).scalar_one()
    made = DuplicatePair(
        id=uuid4(), province_id=like["province_id"], one_entry_id=one, other_entry_id=other, kind="one_twice",
        weight=20.0, is_hard=False, evidence={}, memory="", state="open", found_at=now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def _sheet(list_id: UUID, person: Actor) -> str:
    """The one sheet of the list's one printing."""
    of_list = db.session.get_one(CorrectionList, list_id)
    kept_print(person, of_list, twice=True)
    return db.session.scalars(select(PaperSheet.code).where(PaperSheet.list_id == list_id)).one()


def _own_things(person: Actor, list_id: UUID, handover_id: UUID) -> dict[str, Any]:
    """What belongs to one person alone."""
    whose = {"user_id": person.user_id, "membership_id": person.membership_id}
    province = db.session.get_one(CorrectionList, list_id).province_id
    act = BulkAct(id=uuid4(), kind="remind", **whose, what={}, total=0, created_at=now(), finished_at=now())
    examination = Examination(id=uuid4(), **whose, territory_path=person.territory_path, total=0, created_at=now())
    draft = Draft(user_id=person.user_id, path="/lists/bulk/due", fields={"a": ["b"]}, saved_at=now())
    certificate = SignerCertificate(
        membership_id=person.membership_id, serial="1", fingerprint=uuid4().hex, certificate=_any_certificate(),
        subject="A", issuer="B", not_before=now(), not_after=now() + timedelta(days=9), proposed_by=person.user_id,
        proposed_at=now(),
    )  # fmt: skip
    claim = ListClaim(province_id=province, list_id=list_id, unit_id=person.unit_id, membership_id=person.membership_id,
                      since=now(), seen_at=now(), ended_at=now(), end_kind="released")  # fmt: skip
    db.session.add_all([act, examination, draft, certificate, claim])
    db.session.flush()
    ticket = SigningTicket(
        id=uuid4(), **whose, handover_id=handover_id, side="giver", shown="", certificate_id=certificate.id,
        prepared=b"", attributes=b"1", made_at=now(), ends_at=now() + timedelta(minutes=10),
    )  # fmt: skip
    db.session.add(ticket)
    db.session.flush()
    return {
        "act_id": act.id,
        "examination_id": examination.id,
        "draft_id": draft.id,
        "certificate_id": certificate.id,
        "claim_id": claim.id,
        "ticket_id": ticket.id,
    }


def _any_certificate() -> bytes:
    return db.session.scalars(select(SigningKey.certificate).limit(1)).one()
