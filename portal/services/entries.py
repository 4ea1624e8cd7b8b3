"""Work on entries: the holder concludes each person of the round, with values of its own where it has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.clock import local, now, today
from portal.domain.classification import classify
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion
from portal.domain.events import EventTag
from portal.domain.fields import IDENTITY_FIELDS, Field, Person
from portal.domain.lanes import Lane, changed_fields
from portal.domain.permissions import ROLE_PARTY, Actor
from portal.domain.stages import Party
from portal.domain.transitions import WORK_ACTION
from portal.domain.verdicts import CARRIES_VALUES, Verdict, check_verdict
from portal.domain.wording import say, together
from portal.models import CorrectionList, Entry, EntryValue, EntryVerdict, User, db
from portal.services import sights
from portal.services.auditing import record
from portal.services.separation import require_other_eyes
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import once

_EVENT = {
    Party.VILLAGE: EventTag.ENTRY_CORRECTED,
    Party.POLICE: EventTag.ENTRY_VERIFIED,
    Party.STATION: EventTag.ENTRY_MARKED,
}
ORIGIN = {Party.VILLAGE: "proposed", Party.POLICE: "verified", Party.STATION: "final"}
"""The values each party states, by the column that repeats the newest ones."""


@dataclass(frozen=True)
class Conclusion:
    """What a party says of one entry. `values` are the fields it states anew; `rev` the entry's version it saw."""

    verdict: Verdict
    values: Mapping[Field, str] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    rev: int | None = None
    source: str = ""


def conclude(actor: Actor, list_id: UUID, number: int, said: Conclusion, *, key: str = "") -> dict[str, Any]:
    """Store the holder's verdict on one entry; the answer has the entry's new `rev`, the list's counts, and whether
    this was the last one left.

    Raises WrongStage while pending or at another stage, StaleVersion when the entry changed since it was shown
    (whoever changed it is named), InvalidInput for values that are no identity data, NotPermitted for a verifier
    who proposed the same entry, or for a police officer to whom the row was never shown (`rev` comes from a page).
    """

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        party = working_party(actor)
        permit(actor, of_list, WORK_ACTION[party])
        entry = load_entry(of_list, number)
        check_unchanged(entry, said.rev)
        if party is Party.POLICE and said.rev is not None:
            sights.require_shown(actor, entry)
        was_full = of_list.decided == of_list.entries
        apply_conclusion(actor, of_list, entry, party, said)
        return {
            "number": number,
            "rev": entry.rev,
            "decided": of_list.decided,
            "returned": of_list.returned,
            "completes": not was_full and of_list.decided == of_list.entries,
        }

    return once(actor.user_id, key, f"conclude:{list_id}:{number}", act)


def mark_field(
    actor: Actor, list_id: UUID, number: int, name: Field, *, done: bool, rev: int | None = None, key: str = ""
) -> dict[str, Any]:
    """Tick one field of an entry in the editing lane; when all changed fields are ticked the entry is applied."""

    def act() -> dict[str, Any]:
        of_list = load_list(actor, list_id, lock=True)
        permit(actor, of_list, WORK_ACTION[Party.STATION])
        entry = load_entry(of_list, number)
        check_unchanged(entry, rev)
        wanted = {f.value for f in changed_fields(entry.recorded, entry.verified)}
        if entry.lane != Lane.EDIT.value or name.value not in wanted:
            raise InvalidInput(say("Trường này không thuộc phần sửa trực tiếp của người này."))
        marks = set(entry.marks) | {name.value} if done else set(entry.marks) - {name.value}
        entry.marks = sorted(marks)
        if marks == wanted:
            apply_conclusion(actor, of_list, entry, Party.STATION, Conclusion(Verdict.APPLIED))
        else:
            if entry.station_verdict == Verdict.APPLIED.value:
                entry.station_verdict = ""
            touch(actor, of_list, entry)
        return {"number": number, "rev": entry.rev, "decided": of_list.decided, "marks": entry.marks}

    return once(actor.user_id, key, f"mark:{list_id}:{number}:{name}", act)


def apply_conclusion(actor: Actor, of_list: CorrectionList, entry: Entry, party: Party, said: Conclusion) -> None:
    """Write one conclusion into the running transaction: verdict, values, counts, event. The list is locked."""
    check_verdict(party, said.verdict, said.reason, said.note)
    require_other_eyes(actor, entry, party)
    _check_order(entry, party, said)
    values = _values(entry, party, said)
    was_decided, was_returned = is_decided(entry, party), is_returned(entry, party)
    sight = sights.sight_of(actor, entry) if party is Party.POLICE else None
    value_ids = _store_values(actor, of_list, entry, party, values, said.source)
    _store_verdict(actor, of_list, entry, party, said, sight.at if sight else None)
    of_list.decided += int(is_decided(entry, party)) - int(was_decided)
    of_list.returned += int(is_returned(entry, party)) - int(was_returned)
    touch(actor, of_list, entry)
    sights.follow_own(sight, entry)
    record(
        _EVENT[party],
        actor,
        of_list=of_list,
        entry_id=entry.id,
        verdict=said.verdict.value,
        values=value_ids,
        reason=said.reason,
        note=said.note,
    )


def cleaned_conclusion(entry: Entry, party: Party, said: Conclusion) -> Conclusion:
    """The conclusion as `apply_conclusion` would store it, for whoever keeps it first; raises as that does."""
    check_verdict(party, said.verdict, said.reason, said.note)
    _check_order(entry, party, said)
    values = _values(entry, party, said) or {}
    stated = {each: values[each.value] for each in IDENTITY_FIELDS if each.value in values}
    return Conclusion(said.verdict, stated, said.reason, said.note, said.rev, said.source)


def working_party(actor: Actor) -> Party:
    """The party the actor works for. Raises NotPermitted for those who only look."""
    party = ROLE_PARTY.get(actor.role)
    if party is None:
        raise NotPermitted(say("Vai trò của bạn chỉ xem, không kết luận từng người."))
    return party


def load_entry(of_list: CorrectionList, number: int) -> Entry:
    """The locked person with this number on the list, else NotFound."""
    entry = db.session.execute(
        select(Entry)
        .where(Entry.list_id == of_list.id, Entry.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if entry is None:
        raise NotFound(say("Không có người này trong danh sách."))
    return entry


def check_unchanged(entry: Entry, rev: int | None) -> None:
    """Raise StaleVersion, naming who changed the entry, unless it still has the version that was seen."""
    if rev is None or rev == entry.rev:
        return
    who = db.session.get(User, entry.changed_by) if entry.changed_by else None
    moment = local(entry.changed_at) if entry.changed_at else None
    at = say(" lúc {time} ngày {day}", time=f"{moment:%H:%M}", day=f"{moment:%d/%m/%Y}") if moment else ""
    by = say(" bởi {person}", person=who.full_name) if who else ""
    raise StaleVersion(
        say(
            "Dòng {number} đã đổi{at}{by}. Nội dung bạn vừa nhập vẫn còn trên trang; hãy xem bản mới rồi lưu lại.",
            number=entry.number,
            at=at,
            by=by,
        )
    )


def _check_order(entry: Entry, party: Party, said: Conclusion) -> None:
    verdict = said.verdict
    if verdict is Verdict.OUTCOME_ACCEPTED and entry.village_verdict != Verdict.UNRESOLVED.value:
        raise InvalidInput(say("Thôn không ghi «không làm được» cho người này, nên không có kết luận để đồng ý."))
    if party is not Party.STATION:
        return
    if verdict in {Verdict.APPLIED, Verdict.APPLY_FAILED, Verdict.CONFIRMED} and not entry.verified:
        raise InvalidInput(say("Người này chưa được công an xác minh nên không cập nhật lên nền tảng được."))
    if verdict is Verdict.CONFIRMED and not _was_applied(entry):
        raise InvalidInput(say("Chưa cập nhật người này lên nền tảng nên chưa thể xác nhận là đã đúng."))


def _was_applied(entry: Entry) -> bool:
    return entry.lane == Lane.NONE.value or bool(entry.final)


def _values(entry: Entry, party: Party, said: Conclusion) -> dict[str, str] | None:
    """The full values the verdict states, cleaned; None leaves the party's values as they are."""
    stated = {f.value: said.values[f] for f in IDENTITY_FIELDS if f in said.values}
    if stated and said.verdict not in CARRIES_VALUES:
        raise InvalidInput(say("Kết luận này không kèm giá trị sửa. Hãy chọn «sửa» nếu muốn ghi giá trị mới."))
    if party is Party.VILLAGE:
        return _village_values(entry, said, stated)
    if party is Party.POLICE:
        base = {f.value: entry.proposed.get(f.value, entry.recorded.get(f.value, "")) for f in IDENTITY_FIELDS}
        if said.verdict in {Verdict.VERIFIED, Verdict.CORRECTED}:
            return checked_values({**base, **stated})
        return {}
    if said.verdict in {Verdict.APPLIED, Verdict.CONFIRMED}:
        return dict(entry.verified)
    return {} if said.verdict is Verdict.RETURNED else None


def _village_values(entry: Entry, said: Conclusion, stated: dict[str, str]) -> dict[str, str]:
    if said.verdict is not Verdict.FIXED:
        return {}
    recorded = {f.value: entry.recorded.get(f.value, "") for f in IDENTITY_FIELDS}
    cleaned = checked_values({**recorded, **stated}, only=frozenset(stated))
    changed = {name: cleaned[name] for name in stated if cleaned[name] != recorded[name]}
    if not changed:
        raise InvalidInput(
            say("Chưa có trường nào khác với thông tin đang ghi. Hãy sửa ít nhất một trường, hoặc chọn «đã đúng».")
        )
    return changed


def checked_values(values: dict[str, str], only: frozenset[str] | None = None) -> dict[str, str]:
    """The values cleaned; InvalidInput names each field that is no identity datum. `only` limits the refusals."""
    result = classify(Person(**values), today=today())
    refused = {
        str(finding.field): finding.message
        for finding in result.findings
        if finding.severity == "error" and finding.field and (only is None or str(finding.field) in only)
    }
    if refused:
        words = together(*refused.values())
        raise InvalidInput(say("Giá trị chưa dùng được: {words}", words=words), fields=refused)
    cleaned = result.cleaned.as_dict()
    return {f.value: cleaned[f.value] for f in IDENTITY_FIELDS}


def _store_values(
    actor: Actor,
    of_list: CorrectionList,
    entry: Entry,
    party: Party,
    values: dict[str, str] | None,
    source: str,
) -> list[int]:
    if values is None:
        return []
    origin = ORIGIN[party]
    before: dict[str, str] = getattr(entry, origin)
    rows = [
        EntryValue(
            province_id=entry.province_id,
            entry_id=entry.id,
            field=name,
            origin=origin,
            value=values.get(name, ""),
            previous=before.get(name, entry.proposed.get(name, entry.recorded.get(name, ""))),
            source=source or party.value,
            round=of_list.round,
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            delegation_id=actor.delegation_id,
            at=now(),
        )
        for name in sorted(set(values) | set(before))
        if values.get(name, "") != before.get(name)
    ]
    db.session.add_all(rows)
    setattr(entry, origin, values)
    db.session.flush()
    return [row.id for row in rows]


def _store_verdict(
    actor: Actor, of_list: CorrectionList, entry: Entry, party: Party, said: Conclusion, shown_at: datetime | None
) -> None:
    db.session.add(
        EntryVerdict(
            province_id=entry.province_id,
            entry_id=entry.id,
            party=party.value,
            verdict=said.verdict.value,
            reason=said.reason,
            note=said.note,
            round=of_list.round,
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            delegation_id=actor.delegation_id,
            at=now(),
            shown_at=shown_at,
        )
    )
    setattr(entry, f"{party}_verdict", said.verdict.value)
    setattr(entry, f"{party}_reason", said.reason)
    setattr(entry, f"{party}_note", said.note)
    if party is Party.VILLAGE:
        entry.police_verdict = entry.police_reason = entry.police_note = ""
    if party is Party.POLICE:
        entry.station_verdict = entry.station_reason = entry.station_note = entry.lane = ""
        entry.marks = []
    if party is Party.STATION:
        entry.outcome = _outcome(said)


def _outcome(said: Conclusion) -> str:
    if said.verdict is Verdict.CONFIRMED:
        return "done"
    return said.reason if said.verdict is Verdict.ENDED else ""


def is_decided(entry: Entry, party: Party) -> bool:
    """Whether the entry counts among the list's decided ones for the party."""
    return bool(entry.outcome) if party is Party.STATION else bool(getattr(entry, f"{party}_verdict"))


def is_returned(entry: Entry, party: Party) -> bool:
    """Whether the entry counts among those the party sends back."""
    return bool(getattr(entry, f"{party}_verdict") == Verdict.RETURNED.value)


def touch(actor: Actor, of_list: CorrectionList, entry: Entry) -> None:
    """A new version of the entry and of its list, with who made it when."""
    entry.rev += 1
    entry.changed_at, entry.changed_by = now(), actor.user_id
    of_list.rev += 1
