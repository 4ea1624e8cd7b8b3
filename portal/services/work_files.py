"""A party's list as a workbook and back: only changed cells are taken, and only after a person has seen them."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from portal.domain.bulk import BulkKind
from portal.domain.errors import DomainError, InvalidInput, StaleVersion
from portal.domain.events import EventTag
from portal.domain.fields import IDENTITY_FIELDS
from portal.domain.findings import told_by
from portal.domain.labels import label
from portal.domain.names import clean_name, folding_key
from portal.domain.permissions import Actor
from portal.domain.phrases import reason_words
from portal.domain.sexes import FEMALE, MALE, sex_words
from portal.domain.stages import Party
from portal.domain.transitions import WORK_ACTION
from portal.domain.verdicts import CARRIES_VALUES, PARTY_VERDICTS, Reason, ReturnReason, Verdict, check_verdict
from portal.domain.wording import say, together
from portal.languages import LANGUAGES, VIETNAMESE, in_language
from portal.models import CorrectionList, Entry
from portal.services import sights
from portal.services.auditing import record
from portal.services.bulk import acts
from portal.services.context import ground
from portal.services.entries import ORIGIN, check_unchanged, checked_values, working_party
from portal.services.exporting import log_export
from portal.services.records import entries_of
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import transaction
from portal.spreadsheets.refusals import FileRefused, refusal
from portal.spreadsheets.work_file import (
    PERSON_CELLS,
    TYPED_HEADINGS,
    GivenRow,
    ReturnedRow,
    Typed,
    read_work_workbook,
    work_workbook,
)

_VERDICT_PLACE, _SEX_PLACE, _REASON_PLACE = 0, 3, 5


@dataclass(frozen=True)
class CellChange:
    """One cell that the file changes."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """One person whom the file changes: which cells; `why_not` says why the row cannot be taken as it stands."""

    number: int
    name: str
    cells: tuple[CellChange, ...]
    why_not: str = ""


@dataclass(frozen=True)
class Returned:
    """What a returned workbook would do. `added` and `strange` are rows of the sheet with their texts."""

    digest: str
    changes: tuple[RowChange, ...]
    conflicts: tuple[RowChange, ...]
    refused: tuple[RowChange, ...]
    added: tuple[tuple[int, str], ...]
    strange: tuple[tuple[int, str], ...]
    unchanged: int
    missing: int


@dataclass(frozen=True)
class _Wanted:
    """A changed row of the file beside the person it is about."""

    entry: Entry
    rev: int
    typed: Typed


def give_work_file(actor: Actor, list_id: UUID, language: str = VIETNAMESE) -> tuple[str, bytes]:
    """The list as a workbook for the party that works on it now; name and bytes. Taking it out is written down."""
    with transaction():
        of_list = load_list(actor, list_id)
        party = working_party(actor)
        permit(actor, of_list, WORK_ACTION[party])
        entries = entries_of(of_list)
        mark = log_export(actor, "work_file", of_list)
        data = work_workbook(
            [_given(of_list, entry, party, language) for entry in entries],
            title=say("Danh sách {code} – {name}", code=of_list.code, name=of_list.name),
            choices=[
                (_VERDICT_PLACE, [label(verdict) for verdict in PARTY_VERDICTS[party]]),
                (_SEX_PLACE, [sex_words(sex) for sex in (MALE, FEMALE)]),
                (_REASON_PLACE, list(_reasons())),
            ],
            language=language,
            mark=mark,
        )
        shown = [(entry.id, entry.rev) for entry in entries]
        name = f"{of_list.code.replace('/', '-')}.xlsx"
    if party is Party.POLICE:
        sights.note_shown(actor, shown)
    return name, data


def keep_work_file(actor: Actor, list_id: UUID, data: bytes) -> str:
    """Store a returned workbook, whatever is in it; its SHA-256. Nothing of the list changes."""
    of_list = load_list(actor, list_id)
    permit(actor, of_list, WORK_ACTION[working_party(actor)])
    return ground().store.put(data)


def see_work_file(actor: Actor, list_id: UUID, digest: str) -> Returned:
    """What the kept workbook would change in the list as it stands now. Raises InvalidInput for another file."""
    of_list = load_list(actor, list_id)
    party = working_party(actor)
    permit(actor, of_list, WORK_ACTION[party])
    return _sorted_out(of_list, party, digest)[0]


def apply_work_file(actor: Actor, list_id: UUID, digest: str, *, key: str = "") -> UUID:
    """Take the changed rows of the kept workbook as the party's conclusions; returns the bulk act's id.

    Each row is judged by itself; conflicts, added and strange rows are left out. The act can be undone as any other.
    """
    rows: dict[str, dict[str, object]] = {}

    def choose() -> Sequence[acts.Target]:
        of_list = load_list(actor, list_id, lock=True)
        party = working_party(actor)
        permit(actor, of_list, WORK_ACTION[party])
        seen, takeable = _sorted_out(of_list, party, digest)
        if not takeable:
            raise StaleVersion(say("Tệp này không còn thay đổi nào để nhận. Hãy tải lại trang danh sách."))
        for wanted in takeable:
            rows[str(wanted.entry.id)] = _said(party, wanted.typed)
        record(
            EventTag.WORK_FILE_TAKEN,
            actor,
            of_list=of_list,
            sha256=digest,
            entries=len(takeable),
            conflicts=len(seen.conflicts),
        )
        return [acts.Target(list_id, wanted.entry.id, wanted.rev) for wanted in takeable]

    what = {"rows": rows, "round": None, "party": ""}
    return acts.start(actor, BulkKind.WORK_FILE, choose, what, list_id=list_id, key=key)


def _given(of_list: CorrectionList, entry: Entry, party: Party, language: str) -> GivenRow:
    typed = Typed(*(in_language(text, language) for text in _standing(entry, party).cells()))
    recorded = entry.recorded
    shown = (
        str(entry.number),
        *(recorded.get(field, "") for field in ("full_name", "birth_date", "sex", "id_number")),
        together(*(told_by(finding) for finding in entry.findings)),
        "; ".join(entry.proposed.values()) if party is Party.POLICE else "",
    )
    key = _key(of_list, entry.rev, typed.sum(), tuple(map(clean_name, shown[:PERSON_CELLS])))
    return GivenRow(key, entry.rev, shown, typed)


def _standing(entry: Entry, party: Party) -> Typed:
    """What the party has said of the person so far, as the cells to be filled in show it."""
    verdict, reason = getattr(entry, f"{party}_verdict"), getattr(entry, f"{party}_reason")
    values: Mapping[str, str] = getattr(entry, ORIGIN[party]) if verdict in CARRIES_VALUES else {}
    return Typed(
        verdict=label(Verdict(verdict)) if verdict else "",
        reason=reason_words(reason) if reason else "",
        note=getattr(entry, f"{party}_note"),
        **{field.value: values.get(field.value, "") for field in IDENTITY_FIELDS},
    )


def _key(of_list: CorrectionList, rev: int, given: str, person: tuple[str, ...]) -> str:
    """The hidden key of a row: it holds only beside the version, the sum and the person it was given out with."""
    number = person[0]
    said = "\x1f".join(("work-file", str(of_list.id), str(of_list.round), str(rev), given, *person)).encode()
    mac = hmac.new(ground().settings.secret_key.encode(), said, sha256).hexdigest()[:24]
    return f"{number}-{mac}"


def _sorted_out(of_list: CorrectionList, party: Party, digest: str) -> tuple[Returned, list[_Wanted]]:
    """The file's rows by what is to be done with them, and those that can be taken."""
    if not ground().store.has(digest):
        raise InvalidInput(say("Không còn tệp này trên máy chủ. Hãy nạp lại tệp."))
    try:
        rows = read_work_workbook(ground().store.path(digest))
    except FileRefused as refused:
        found = refusal(refused.code, refused.detail)
        raise InvalidInput(found.message, code=found.code) from refused
    entries = {entry.number: entry for entry in entries_of(of_list)}
    seen: set[int] = set()
    known, added, strange = [], [], []
    for row in rows:
        entry = _entry_of(of_list, row, entries)
        if not (row.key or row.rev or row.sum):
            added.append((row.row, row.texts))
        elif entry is None or entry.number in seen:
            strange.append((row.row, row.texts))
        else:
            seen.add(entry.number)
            known.append(_Wanted(entry, int(row.rev), row.typed) if row.is_changed else None)
    takeable, changes, conflicts, refused_rows = [], [], [], []
    for wanted in filter(None, known):
        change = _change(wanted, party)
        if not change.cells:
            continue
        if wanted.rev != wanted.entry.rev:
            conflicts.append(change)
        elif change.why_not:
            refused_rows.append(change)
        else:
            changes.append(change)
            takeable.append(wanted)
    unchanged = len(known) - len(changes) - len(conflicts) - len(refused_rows)
    told = Returned(
        digest, tuple(changes), tuple(conflicts), tuple(refused_rows), tuple(added), tuple(strange), unchanged,
        len(entries) - len(seen),
    )  # fmt: skip
    return told, takeable


def _entry_of(of_list: CorrectionList, row: ReturnedRow, entries: Mapping[int, Entry]) -> Entry | None:
    """The person of a row whose hidden cells are all as they were given out; None for any other."""
    number, rev = row.key.partition("-")[0], row.rev
    if not (number.isascii() and number.isdigit() and rev.isascii() and rev.isdigit() and len(number + rev) < 16):
        return None
    if not hmac.compare_digest(_key(of_list, int(rev), row.sum, row.person).encode(), row.key.encode()):
        return None
    return entries.get(int(number))


def _change(wanted: _Wanted, party: Party) -> RowChange:
    entry, typed = wanted.entry, wanted.typed
    before = _standing(entry, party).cells()
    cells = tuple(
        CellChange(heading, old, new)
        for heading, old, new in zip(TYPED_HEADINGS, before, _in_vietnamese(typed).cells(), strict=True)
        if old != new
    )
    why_not = ""
    try:
        check_unchanged(entry, wanted.rev)
        _check(entry, party, typed)
    except DomainError as refused:
        why_not = refused.message
    return RowChange(entry.number, entry.recorded.get("full_name", ""), cells, why_not)


def _check(entry: Entry, party: Party, typed: Typed) -> None:
    """Raise InvalidInput for what the conclusion itself would refuse, as far as the row alone tells."""
    said = _said(party, typed)
    values = said["values"]
    check_verdict(party, Verdict(str(said["verdict"])), str(said["reason"]), str(said["note"]))
    if isinstance(values, dict) and values:
        recorded = {field.value: entry.recorded.get(field.value, "") for field in IDENTITY_FIELDS}
        checked_values({**recorded, **values}, only=frozenset(values))


def _said(party: Party, typed: Typed) -> dict[str, object]:
    """The conclusion that a row states, in plain values. Raises InvalidInput for words that no list offers."""
    values = {field.value: value for field in IDENTITY_FIELDS if (value := getattr(typed, field.value))}
    carrying = next(verdict for verdict in PARTY_VERDICTS[party] if verdict in CARRIES_VALUES)
    verdict = _chosen(typed.verdict, {label(each): each.value for each in PARTY_VERDICTS[party]}, TYPED_HEADINGS[0])
    if not verdict and not values:
        raise InvalidInput(say("Chưa chọn kết luận. Muốn bỏ kết luận đã ghi, hãy dùng «Hoàn tác» trên trang."))
    # New values with nothing chosen can only mean that they are the correction; the page shows it before it counts.
    verdict = verdict or carrying.value
    if values and Verdict(verdict) not in CARRIES_VALUES:
        raise InvalidInput(say("Có giá trị mới nhưng kết luận không phải là sửa. Hãy chọn lại kết luận."))
    reason = _chosen(typed.reason, _reasons(), TYPED_HEADINGS[_REASON_PLACE])
    return {"verdict": verdict, "values": values, "reason": reason, "note": typed.note}


def _reasons() -> dict[str, str]:
    return {reason_words(each.value): each.value for family in (Reason, ReturnReason) for each in family}


def _chosen(text: str, offered: Mapping[str, str], heading: str) -> str:
    """The value behind the words, in any language; empty for an empty cell. Raises InvalidInput for other words."""
    if not text:
        return ""
    for words, value in offered.items():
        if folding_key(text) in {folding_key(in_language(words, language)) for language in LANGUAGES}:
            return value
    raise InvalidInput(
        say("Ô «{heading}» ghi chữ ngoài danh mục. Hãy chọn trong danh sách thả xuống.", heading=heading)
    )


def _in_vietnamese(typed: Typed) -> Typed:
    """The cells with the words of the drop-lists in Vietnamese, as `_standing` writes them."""
    words = [*(label(verdict) for verdict in Verdict), *_reasons()]
    known = {folding_key(in_language(word, language)): word for word in words for language in LANGUAGES}
    return Typed(
        verdict=known.get(folding_key(typed.verdict), typed.verdict),
        full_name=typed.full_name,
        birth_date=typed.birth_date,
        sex=typed.sex,
        id_number=typed.id_number,
        reason=known.get(folding_key(typed.reason), typed.reason),
        note=typed.note,
    )
