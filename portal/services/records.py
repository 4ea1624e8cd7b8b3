"""What a list's record says: entries, counts and parties turned into a paper and its canonical manifest."""

import base64
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.clock import local, today
from portal.documents.content import RecordContent, RecordEntry
from portal.documents.content import RecordKind as PaperKind
from portal.domain.fields import IDENTITY_FIELDS
from portal.domain.findings import told_by
from portal.domain.labels import label
from portal.domain.phrases import count_words, counts_by_verdict, reason_words, record_number, verdict_words
from portal.domain.stages import LEGS, Leg, Party, RecordKind
from portal.domain.wording import say
from portal.evidence.canonical import canonical_json, sha256_hex
from portal.models import CorrectionList, Entry, Handover, Unit, db
from portal.queries.accounts import confirmed_certificates_of
from portal.queries.parties import signers
from portal.services.context import ground
from portal.services.event_log import latest_checkpoint
from portal.services.record_paragraphs import paragraphs, subject
from portal.services.record_parties import signer_data, signing_party, waiting_party

BASIS = (
    "Căn cứ Quy trình “làm sạch” dữ liệu tiêm chủng COVID-19 kèm theo Công văn số 2262/BYT-CNTT "
    "ngày 04 tháng 5 năm 2022 của Bộ Y tế",
)
MANIFEST_VERSION = 1
_WITHOUT_ANNEX = frozenset({RecordKind.REFUSAL, RecordKind.ADJUSTMENT})
"""Papers that say in their paragraphs what they are about."""
_PAPER_KIND: dict[RecordKind, PaperKind] = {
    RecordKind.HANDOVER: "handover",
    RecordKind.RETURN: "return",
    RecordKind.REFUSAL: "refusal",
    RecordKind.COMPLETION: "completion",
    RecordKind.EXCEPTIONS: "exceptions",
    RecordKind.ADJUSTMENT: "adjustment",
}


def entries_of(of_list: CorrectionList) -> Sequence[Entry]:
    """The list's entries in their order."""
    return (
        db.session.execute(
            select(Entry)
            .where(Entry.list_id == of_list.id)
            .order_by(Entry.number)
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )


def compose(draft: Handover, of_list: CorrectionList, entries: Sequence[Entry], at: datetime) -> RecordContent:
    """The whole content of a draft's paper as of `at`, manifest included."""
    kind = RecordKind(draft.kind)
    deciding = _deciding_party(draft)
    entries = _concerned(draft, entries)
    manifest = canonical_json(manifest_of(draft, of_list, entries))
    giver = db.session.get_one(Unit, draft.giver_unit_id)
    receiver = db.session.get(Unit, draft.receiver_unit_id) if draft.receiver_unit_id else None
    return RecordContent(
        kind=_PAPER_KIND[kind],
        number=draft.number or 0,
        symbol=draft.symbol,
        year=draft.year,
        title="BIÊN BẢN",
        subject=subject(draft, of_list),
        place=giver.place_name or giver.name,
        held_at=local(at),
        prepared_at=local(at),
        giver=signing_party(giver, draft),
        receiver=waiting_party(receiver) if receiver else None,
        basis=BASIS,
        paragraphs=paragraphs(draft, of_list),
        counts=_counts(draft, entries, deciding),
        total=draft.entries if kind in _WITHOUT_ANNEX and draft.items else len(entries),
        batch_code=of_list.batch.code,
        list_name=f"{of_list.code} – {of_list.name}",
        round=of_list.round,
        due_text=f"{local(of_list.due_at):%H:%M ngày %d/%m/%Y}" if of_list.due_at else "",
        recipients=_recipients(draft, giver, receiver),
        entries=() if kind in _WITHOUT_ANNEX else tuple(_line(e, of_list, deciding, draft) for e in entries),
        manifest=manifest,
        manifest_sha256=sha256_hex(manifest),
        code=draft.code,
        verify_url=f"{ground().settings.public_url}/verify/{draft.code}",
        checkpoint=_checkpoint(),
        test_data=ground().settings.demo,
    )


def _checkpoint() -> str:
    """The newest head of the event log as papers print it: a party who keeps the paper keeps a witness."""
    head = latest_checkpoint()
    if head is None:
        return ""
    return f"{count_words(head.size)} sự kiện, gốc {base64.b64encode(bytes(head.root)).decode()}"


def manifest_of(draft: Handover, of_list: CorrectionList, entries: Sequence[Entry]) -> dict[str, Any]:
    """The record's data as plain values: what the two sides sign for, entry by entry (attached as canonical JSON)."""
    units = {u.id: u for u in (draft.giver, draft.receiver) if u is not None}
    return {
        "version": MANIFEST_VERSION,
        "kind": draft.kind,
        "leg": draft.leg or "",
        "number": record_number(draft.number or 0, draft.symbol),
        "year": draft.year,
        "code": draft.code,
        "giver": _unit_data(units.get(draft.giver_unit_id)),
        "receiver": _unit_data(units.get(draft.receiver_unit_id or 0)),
        "signer": signer_data(draft),
        "batch": of_list.batch.code,
        "list": of_list.code,
        "village": of_list.name,
        "round": of_list.round,
        "reason": draft.reason,
        "note": draft.note,
        "answers": _answered(draft),
        **({"signers": outside} if (outside := _outside_signers(draft)) else {}),
        "entries": [] if RecordKind(draft.kind) in _WITHOUT_ANNEX else [_entry_data(entry) for entry in entries],
        **({"items": draft.items} if draft.items else {}),
    }


def _outside_signers(draft: Handover) -> dict[str, list[str]]:
    """The certificates of other authorities (SHA-256) that may sign each side: a verifier knows them offline."""
    sides = {"giver": draft.giver_unit_id, "receiver": draft.receiver_unit_id}
    found = {
        side: [each.fingerprint for each in confirmed_certificates_of([m.id for m in signers(unit, today())])]
        for side, unit in sides.items()
        if unit is not None
    }
    return {side: prints for side, prints in found.items() if prints}


def _concerned(draft: Handover, entries: Sequence[Entry]) -> Sequence[Entry]:
    """The people the record is about: those of its items, else the whole list."""
    if not draft.items:
        return entries
    numbers = {item["number"] for item in draft.items}
    return [entry for entry in entries if entry.number in numbers]


def _counts(draft: Handover, entries: Sequence[Entry], deciding: Party | None) -> tuple[tuple[str, int], ...]:
    """What the record counts: reasons, outcomes, error classes, or the giver's verdicts."""
    kind = RecordKind(draft.kind)
    if kind in _WITHOUT_ANNEX and draft.items:
        return ()
    if kind is RecordKind.EXCEPTIONS:
        reasons = Counter(item["reason"] for item in draft.items)
        return tuple((reason_words(reason), count) for reason, count in reasons.most_common())
    if kind is RecordKind.COMPLETION:
        return _outcome_counts(entries)
    if deciding is None:
        return _class_counts(entries) if kind is RecordKind.HANDOVER else ()
    return counts_by_verdict(deciding, (getattr(entry, f"{deciding}_verdict") for entry in entries))


def _unit_data(unit: Unit | None) -> dict[str, str]:
    return {"code": unit.code, "name": unit.name} if unit else {}


def _answered(draft: Handover) -> dict[str, str]:
    if draft.answers_id is None:
        return {}
    answered = db.session.get_one(Handover, draft.answers_id)
    return {
        "number": record_number(answered.number or 0, answered.symbol),
        "manifest_sha256": answered.manifest_sha256,
    }


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "classes": list(entry.classes),
        "recorded": {f.value: entry.recorded.get(f.value, "") for f in IDENTITY_FIELDS},
        "proposed": dict(entry.proposed),
        "verified": dict(entry.verified),
        "final": dict(entry.final),
        "village": _said(entry, Party.VILLAGE),
        "police": _said(entry, Party.POLICE),
        "station": _said(entry, Party.STATION),
        "outcome": entry.outcome,
    }


def _said(entry: Entry, party: Party) -> dict[str, str]:
    return {
        "verdict": getattr(entry, f"{party}_verdict"),
        "reason": getattr(entry, f"{party}_reason"),
        "note": getattr(entry, f"{party}_note"),
    }


def _deciding_party(draft: Handover) -> Party | None:
    """The party whose verdicts the record counts: the giver's, except that a drafting station has none."""
    if draft.leg is None:
        return Party.STATION
    return None if draft.leg == Leg.STATION_TO_VILLAGE.value else LEGS[Leg(draft.leg)].giver


def _class_counts(entries: Sequence[Entry]) -> tuple[tuple[str, int], ...]:
    kinds = [{name[:2] for name in entry.classes} for entry in entries]
    rows = (
        (say("Không có số CCCD/CMND (E1)"), sum("E1" in kind for kind in kinds)),
        (say("Sai định dạng số CCCD/CMND (E2)"), sum("E2" in kind for kind in kinds)),
        (say("Sai thông tin cá nhân cơ bản (E3)"), sum("E3" in kind for kind in kinds)),
        (say("Nền tảng báo sai, chưa rõ loại lỗi"), sum(not kind for kind in kinds)),
    )
    return tuple(row for row in rows if row[1])


def _outcome_counts(entries: Sequence[Entry]) -> tuple[tuple[str, int], ...]:
    done = sum(1 for e in entries if e.outcome == "done")
    ended: dict[str, int] = {}
    for entry in entries:
        if entry.outcome not in {"", "done"}:
            ended[entry.outcome] = ended.get(entry.outcome, 0) + 1
    rows: list[tuple[str, int]] = [(say("Nền tảng đã ghi đúng"), done)] if done else []
    return (
        *rows,
        *((say("Không làm sạch được: {reason}", reason=reason_words(r)), n) for r, n in sorted(ended.items())),
    )


def _recipients(draft: Handover, giver: Unit, receiver: Unit | None) -> tuple[str, ...]:
    """Both sides; a slip goes to the unit whose record it answers too."""
    answered = db.session.get_one(Handover, draft.answers_id) if draft.answers_id else None
    units = (giver, receiver, answered.giver if answered else None)
    return tuple(dict.fromkeys(unit.name for unit in units if unit is not None))


def _line(entry: Entry, of_list: CorrectionList, deciding: Party | None, draft: Handover) -> RecordEntry:
    recorded, kind = entry.recorded, RecordKind(draft.kind)
    verdict = note = ""
    if kind is RecordKind.COMPLETION:
        verdict = "Nền tảng đã ghi đúng" if entry.outcome == "done" else reason_words(entry.outcome)
        note = entry.station_note
    elif kind is RecordKind.EXCEPTIONS:
        item = next(item for item in draft.items if item["number"] == entry.number)
        verdict, note = reason_words(item["reason"]), item["note"]
    elif deciding is not None:
        verdict = verdict_words(getattr(entry, f"{deciding}_verdict"), getattr(entry, f"{deciding}_reason"))
        note = getattr(entry, f"{deciding}_note")
    else:
        note = _first_finding(entry)
    return RecordEntry(
        number=entry.number,
        full_name=recorded.get("full_name", ""),
        birth_date=recorded.get("birth_date", ""),
        sex=recorded.get("sex", ""),
        id_number=recorded.get("id_number", ""),
        village=of_list.name,
        classes=", ".join(entry.classes),
        before="",
        after=_after(entry, deciding, kind),
        verdict=verdict,
        note=note,
    )


def _first_finding(entry: Entry) -> str:
    return told_by(entry.findings[0]) if entry.findings else ""


def _after(entry: Entry, deciding: Party | None, kind: RecordKind) -> str:
    """The values the record states beside the recorded ones, only where they differ."""
    if deciding is None:
        return ""
    if kind is RecordKind.COMPLETION:
        values = entry.final
    else:
        values = entry.proposed if deciding is Party.VILLAGE else entry.verified
    changed = [
        f"{label(f)}: {values[f.value]}"
        for f in IDENTITY_FIELDS
        if values.get(f.value, "") and values[f.value] != entry.recorded.get(f.value, "")
    ]
    return "; ".join(changed)
