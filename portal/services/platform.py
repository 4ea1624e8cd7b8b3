"""The station's update of the platform: the import file out, the verification list in (2262/BYT-CNTT step 4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.clock import now, today
from portal.domain.errors import InvalidInput
from portal.domain.events import EventTag
from portal.domain.fields import IDENTITY_FIELDS, Person
from portal.domain.lanes import Lane
from portal.domain.names import folding_key
from portal.domain.permissions import Actor
from portal.domain.stages import Party
from portal.domain.transitions import Action
from portal.domain.verdicts import Verdict
from portal.domain.wording import say
from portal.models import CorrectionList, Entry, PlatformExchange, Unit, db
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.entries import Conclusion, apply_conclusion
from portal.services.records import entries_of
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import once, transaction
from portal.spreadsheets.columns import named_values
from portal.spreadsheets.verification_list import (
    VerificationList,
    VerificationResult,
    VerificationRow,
    read_verification_list,
)
from portal.spreadsheets.writing import ImportRow, import_workbook

_PLATFORM_FIELDS = frozenset(f.name for f in fields(ImportRow)) - {"person"}


def make_import_file(actor: Actor, list_id: UUID) -> tuple[str, bytes]:
    """The platform's import file of exactly the list's E1/E2 entries; its hash is kept. Returns name and bytes.

    Making it again gives the same persons; it marks nothing as applied, the station does that after importing.
    """
    with transaction():
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.APPLY)
        entries = [e for e in entries_of(of_list) if e.lane == Lane.IMPORT.value]
        if not entries:
            raise InvalidInput(say("Danh sách này không có người nào thuộc luồng nhập tệp (E1, E2)."))
        station = db.session.get_one(Unit, of_list.station_unit_id)
        data = import_workbook(
            [_import_row(entry, of_list) for entry in entries],
            title=say("Danh sách {code} – {name}", code=of_list.code, name=of_list.name),
            unit=station.name,
        )
        digest = ground().store.put(data)
        _keep(actor, of_list, "import", digest, len(entries), {"numbers": [e.number for e in entries]})
        record(EventTag.IMPORT_FILE_MADE, actor, of_list=of_list, sha256=digest, entries=len(entries))
    return f"import-{of_list.code.replace('/', '-')}.xlsx", data


def mark_imported(actor: Actor, list_id: UUID, *, key: str = "") -> int:
    """Mark every open entry of the import lane as applied, after the platform took the file; returns how many."""

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.APPLY)
        _require_import_file(of_list)
        open_ones = [e for e in entries_of(of_list) if _awaits_import(e)]
        for entry in open_ones:
            apply_conclusion(actor, of_list, entry, Party.STATION, Conclusion(Verdict.APPLIED))
        return {"marked": len(open_ones)}

    marked: int = once(actor.user_id, key, f"mark_imported:{list_id}", act)["marked"]
    return marked


def take_import_answer(actor: Actor, list_id: UUID, data: bytes, *, key: str = "") -> dict[str, int]:
    """Read the platform's answer to the import file: each entry of the lane is applied or has failed, in its words.

    Answers with the counts `applied`, `failed`, `unmatched` (rows of nobody in the lane), `unclear` (rows whose words
    say neither) and `missing`. File and answer are kept side by side. Raises InvalidInput before any file was made.
    """

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.APPLY)
        _require_import_file(of_list)
        digest, found = _read_list(data)
        entries = [e for e in entries_of(of_list) if _awaits_import(e)]
        matched, unmatched = _matched(entries, found.rows)
        counts = {"applied": 0, "failed": 0, "unclear": 0, "unmatched": unmatched}
        for entry, row in matched.items():
            if row.result is VerificationResult.UNKNOWN:
                counts["unclear"] += 1
                continue
            took = row.result is VerificationResult.RIGHT
            counts["applied" if took else "failed"] += 1
            said = Conclusion(
                Verdict.APPLIED if took else Verdict.APPLY_FAILED,
                note="" if took else row.words[:300],
                source="platform",
            )
            apply_conclusion(actor, of_list, entry, Party.STATION, said)
        counts["missing"] = len(entries) - len(matched)
        _keep(actor, of_list, "answer", digest, len(found.rows), counts)
        record(
            EventTag.IMPORT_ANSWER_READ,
            actor,
            of_list=of_list,
            sha256=digest,
            applied=counts["applied"],
            failed=counts["failed"],
            unmatched=counts["unmatched"],
        )
        return counts

    return once(actor.user_id, key, f"import_answer:{list_id}", act)


def take_verification_list(actor: Actor, list_id: UUID, data: bytes, *, key: str = "") -> dict[str, int]:
    """Read the platform's verification list: what it shows right is confirmed, what it shows wrong has failed.

    Answers with the counts `confirmed`, `failed`, `reopened` (confirmed before, wrong now), `unmatched` (rows of no
    such entry) and `missing` (open entries of no row). Entries that were never updated are left alone. Raises
    InvalidInput with the file's own refusal.
    """

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, Action.APPLY)
        digest, found = _read_list(data)
        counts = _take_rows(actor, of_list, found.rows)
        _keep(actor, of_list, "verification", digest, len(found.rows), counts)
        record(
            EventTag.VERIFICATION_LIST_READ,
            actor,
            of_list=of_list,
            sha256=digest,
            confirmed=counts["confirmed"],
            failed=counts["failed"],
            unmatched=counts["unmatched"],
        )
        return counts

    return once(actor.user_id, key, f"verification:{list_id}", act)


def _take_rows(actor: Actor, of_list: CorrectionList, rows: Sequence[VerificationRow]) -> dict[str, int]:
    entries = [e for e in entries_of(of_list) if _awaits_check(e)]
    matched, unmatched = _matched(entries, rows)
    counts = {"confirmed": 0, "failed": 0, "reopened": 0, "unmatched": unmatched, "missing": 0}
    for entry in entries:
        row = matched.get(entry)
        if row is None:
            counts["missing"] += not entry.outcome
            continue
        right = _is_right(row, entry)
        if right and entry.outcome:
            continue
        counts["confirmed" if right else "reopened" if entry.outcome else "failed"] += 1
        said = Conclusion(
            Verdict.CONFIRMED if right else Verdict.APPLY_FAILED,
            note="" if right else row.words[:300],
            source="platform",
        )
        apply_conclusion(actor, of_list, entry, Party.STATION, said)
    return counts


def _matched(entries: Sequence[Entry], rows: Sequence[VerificationRow]) -> tuple[dict[Entry, VerificationRow], int]:
    """The first row of each entry that the file speaks of, in the file's order, and how many rows speak of nobody.

    A key that two entries bear recognises neither: a row that fits two people is nobody's.
    """
    owners: dict[tuple[str, ...], dict[int, Entry]] = defaultdict(dict)
    for each in entries:
        for key in _entry_keys(each):
            owners[key][each.id] = each
    by_key = {key: next(iter(theirs.values())) for key, theirs in owners.items() if len(theirs) == 1}
    matched: dict[Entry, VerificationRow] = {}
    strangers = 0
    for row in rows:
        entry = next((by_key[key] for key in _row_keys(row.person) if key in by_key), None)
        if entry is None:
            strangers += 1
        else:
            matched.setdefault(entry, row)
    return matched, strangers


def _read_list(data: bytes) -> tuple[str, VerificationList]:
    """The platform's file, kept under its hash, and its rows. Raises InvalidInput with the file's own refusal."""
    digest = ground().store.put(data)
    found = read_verification_list(ground().store.path(digest), today=today())
    if found.check.refused:
        raise InvalidInput(found.check.refused.message, code=found.check.refused.code)
    return digest, found


def _require_import_file(of_list: CorrectionList) -> None:
    made = select(PlatformExchange.id).where(
        PlatformExchange.list_id == of_list.id, PlatformExchange.kind == "import"
    )
    if db.session.execute(made).first() is None:
        raise InvalidInput(say("Chưa tải tệp import. Hãy tải tệp, nhập lên nền tảng, rồi đánh dấu."))


def _is_right(row: VerificationRow, entry: Entry) -> bool:
    """The platform's own word decides; without one, all four items must equal the values that were applied."""
    if row.result is not VerificationResult.UNKNOWN:
        return row.result is VerificationResult.RIGHT
    shown = row.person.as_dict()
    wanted = entry.final or entry.verified
    return all(shown[f.value] == wanted.get(f.value, "") for f in IDENTITY_FIELDS)


def _entry_keys(entry: Entry) -> list[tuple[str, ...]]:
    """A person is recognised by number and name, before or after the update; never by name and birth date of two."""
    keys: list[tuple[str, ...]] = []
    for values in (entry.final or entry.verified, entry.recorded):
        keys += _row_keys(Person(**{k: v for k, v in values.items() if k in Person._fields}))
    return keys


def _row_keys(person: Person) -> list[tuple[str, ...]]:
    name = folding_key(person.full_name)
    keys: list[tuple[str, ...]] = []
    if person.id_number:
        keys.append(("number", person.id_number, name))
    if person.birth_date:
        keys.append(("born", person.birth_date, name))
    return keys


def _awaits_import(entry: Entry) -> bool:
    return entry.lane == Lane.IMPORT.value and not entry.outcome and entry.station_verdict != Verdict.APPLIED.value


def _awaits_check(entry: Entry) -> bool:
    """Whether the platform's list may speak of the entry: updated and open, or confirmed by an earlier list."""
    return (
        entry.outcome in {"", "done"}
        and bool(entry.verified)
        and (entry.lane == Lane.NONE.value or bool(entry.final))
    )


def _import_row(entry: Entry, of_list: CorrectionList) -> ImportRow:
    """The verified person with whatever else the platform's own row said (group, address …)."""
    values = {**entry.recorded, **entry.verified}
    person = Person(**{k: v for k, v in values.items() if k in Person._fields})
    kept = {k: v for k, v in named_values(entry.raw).items() if k in _PLATFORM_FIELDS}
    return ImportRow(person, **{"village": of_list.name, **kept})


def _keep(
    actor: Actor, of_list: CorrectionList, kind: str, digest: str, entries: int, summary: dict[str, Any]
) -> None:
    db.session.add(
        PlatformExchange(
            list_id=of_list.id,
            kind=kind,
            sha256=digest,
            entries=entries,
            summary=summary,
            user_id=actor.user_id,
            at=now(),
        )
    )
