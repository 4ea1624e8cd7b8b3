"""Steps of a list's way through the services, as the pages call them; used by the story and by `portal journey`."""

import random
from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.domain.fields import Field, Person
from portal.domain.lanes import Lane, changed_fields
from portal.domain.permissions import ROLE_PARTY, Actor
from portal.domain.stages import Leg, Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, Handover, db
from portal.services import adjustments, entries, exceptions, handovers, platform, sights, signing
from portal.services.demonstration.accounts import PASSPHRASE
from portal.services.demonstration.conclusions import police_says, village_says
from portal.services.demonstration.people import SyntheticPerson
from portal.services.demonstration.workbooks import verification_workbook
from portal.services.entries import Conclusion
from portal.services.exceptions import NotTaken
from portal.services.records import entries_of

Truth = Mapping[int, SyntheticPerson]


def send(giver: Actor, list_id: UUID, leg: Leg | None) -> UUID:
    """Prepare, look at and sign a leg (None: the completion record); returns the record's id."""
    record_id = handovers.prepare_record(giver, list_id, leg)
    signing.sign_prepared(giver, record_id, PASSPHRASE, shown=_shown(record_id))
    return record_id


def take(receiver: Actor, record_id: UUID) -> None:
    """Open and countersign a sent record: custody moves."""
    handovers.open_handover(receiver, record_id)
    signing.countersign(receiver, record_id, PASSPHRASE, shown=_shown(record_id))


def refuse(receiver: Actor, record_id: UUID, reason: str, note: str) -> UUID:
    """Open a sent record and refuse it with a signed slip; returns the slip's id."""
    handovers.open_handover(receiver, record_id)
    slip_id = handovers.prepare_refusal(receiver, record_id, reason, note)
    signing.sign_prepared(receiver, slip_id, PASSPHRASE, shown=_shown(slip_id))
    return slip_id


def take_except(receiver: Actor, record_id: UUID, wanted: Mapping[int, NotTaken]) -> None:
    """Open a sent record and take all but these people, who go back with a reason each."""
    handovers.open_handover(receiver, record_id)
    slip_id = exceptions.prepare_exceptions(receiver, record_id, wanted)
    signing.sign_prepared(receiver, slip_id, PASSPHRASE, shown=_shown(slip_id), shown_answered=_shown(record_id))


def adjust(
    proposer: Actor, other: Actor, record_id: UUID, number: int, values: Mapping[Field, str], note: str
) -> None:
    """Mend one person of a signed record by a paper of its own, signed by both sides."""
    paper_id = adjustments.prepare_adjustment(proposer, record_id, number, values, note)
    signing.sign_prepared(proposer, paper_id, PASSPHRASE, shown=_shown(paper_id))
    signing.countersign(other, paper_id, PASSPHRASE, shown=_shown(paper_id))


def slip_of_the_pen(list_id: UUID) -> tuple[int, dict[Field, str]]:
    """Somebody of the list whose birth date was written wrong on a signed record, and the right one (invented)."""
    entry = next(each for each in entries_in(list_id) if each.verified.get(Field.BIRTH_DATE, "").count("/") == 2)
    day, month, year = entry.verified[Field.BIRTH_DATE].split("/")
    return entry.number, {Field.BIRTH_DATE: f"{2 if int(day) == 1 else 1:02d}/{month}/{year}"}


def entries_in(list_id: UUID) -> Sequence[Entry]:
    """The list's entries as they stand now."""
    return entries_of(db.session.get_one(CorrectionList, list_id))


def conclusion_for(party: Party, entry: Entry, truth: Truth, chance: random.Random) -> Conclusion:
    """What village or police say of the entry."""
    says = village_says if party is Party.VILLAGE else police_says
    return says(entry, truth[entry.source_row].truth, chance)


def conclude(actor: Actor, list_id: UUID, truth: Truth, chance: random.Random) -> int:
    """The actor concludes every entry that has no verdict of his party yet, one act each; returns how many."""
    party = ROLE_PARTY[actor.role]
    open_ones = [entry for entry in entries_in(list_id) if not getattr(entry, f"{party}_verdict")]
    said = [(entry.number, entry.rev, conclusion_for(party, entry, truth, chance)) for entry in open_ones]
    if party is Party.POLICE:
        sights.note_shown(actor, [(entry.id, entry.rev) for entry in open_ones])
    for number, rev, conclusion in said:
        whole = Conclusion(conclusion.verdict, conclusion.values, conclusion.reason, conclusion.note, rev)
        entries.conclude(actor, list_id, number, whole)
    return len(said)


def make_import_file(station: Actor, list_id: UUID) -> bytes:
    """The import file of the E1/E2 entries, then their mark; empty bytes where the list has no such entry."""
    if not any(entry.lane == Lane.IMPORT.value for entry in entries_in(list_id)):
        return b""
    _, data = platform.make_import_file(station, list_id)
    platform.mark_imported(station, list_id)
    return data


def edit_fields(station: Actor, list_id: UUID, *, limit: int | None = None) -> int:
    """Tick every changed field of the editing lane (of the first `limit` entries); returns how many entries."""
    edited = [entry for entry in entries_in(list_id) if entry.lane == Lane.EDIT.value and not entry.outcome]
    wanted = [(e.number, changed_fields(e.recorded, e.verified)) for e in edited[:limit]]
    for number, fields in wanted:
        for field in fields:
            entries.mark_field(station, list_id, number, Field(field), done=True)
    return len(wanted)


def verification_list(list_id: UUID, *, wrong: int = 0) -> bytes:
    """The platform's list for the open entries as it would show them; the first `wrong` of them still wrong."""
    open_ones = [entry for entry in entries_in(list_id) if not entry.outcome and entry.verified]
    shown = [(Person(**_four_items(entry.verified)), place >= wrong) for place, entry in enumerate(open_ones)]
    return verification_workbook(shown, title="DANH SÁCH XÁC MINH THÔNG TIN (dữ liệu thử)")


def end_failed(station: Actor, list_id: UUID, reason: str) -> int:
    """End what the platform still shows wrong with a reason; returns how many."""
    failed = [e.number for e in entries_in(list_id) if e.station_verdict == Verdict.APPLY_FAILED.value]
    for number in failed:
        entries.conclude(station, list_id, number, Conclusion(Verdict.ENDED, reason=reason))
    return len(failed)


def _four_items(values: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name in Person._fields}


def _shown(record_id: UUID) -> str:
    """The SHA-256 of the bytes that the preview shows now."""
    db.session.rollback()
    return db.session.get_one(Handover, record_id).pdf_sha256
