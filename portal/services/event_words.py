"""Events told in words: who, when, which act, what changed from what to what. Page and paper use the same words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.clock import local
from portal.domain.deadlines import STEPS, Reminder
from portal.domain.differences import DIFFERENCE_LABELS, difference_kind
from portal.domain.events import EventTag
from portal.domain.fields import Field
from portal.domain.labels import label
from portal.domain.masking import masked_number, masked_text
from portal.domain.pair_decisions import PairVerdict
from portal.domain.phrases import (
    ORIGIN_WORDS,
    act_words,
    grouped_digest,
    reason_words,
    record_number,
    step_words,
    verdict_words,
)
from portal.domain.reading_limits import Limited, RevealReason
from portal.domain.sheet_codes import grouped_code
from portal.domain.stages import Leg
from portal.domain.wording import say, together
from portal.models import EntryValue
from portal.queries.trail import EventRow, member_names, unit_names, values_by_id
from portal.services.exporting import KINDS

NUMBERS_TOLD = 20
_NUMBER_FIELDS = {Field.ID_NUMBER.value, Field.PHONE.value, Field.INSURANCE_NUMBER.value}


SYSTEM = say("Hệ thống")
"""Who acted where no person did."""


@dataclass(frozen=True)
class ToldChange:
    """One value changed; numbers show their last three digits, `kind` names the difference behind the mask."""

    subject: str
    before: str
    after: str
    kind: str = ""


@dataclass(frozen=True)
class ToldEvent:
    """One event for a reader. `record_id` names the record it is about, for a link."""

    at: datetime
    tag: str
    title: str
    person_name: str
    position: str
    unit_name: str
    list_code: str = ""
    lines: tuple[str, ...] = ()
    changes: tuple[ToldChange, ...] = ()
    record_id: UUID | None = None

    @property
    def who(self) -> str:
        """`Lò Văn D, Tổ trưởng, Tổ công tác thôn Bản Lừu 1`; «Hệ thống» where no person acted."""
        return ", ".join(filter(None, (self.person_name, self.position, self.unit_name))) or SYSTEM


def tell(rows: Sequence[EventRow]) -> list[ToldEvent]:
    """The events in words; three selects at most for all of them (values, names of units and of people)."""
    values = values_by_id([number for row in rows for number in row.value_ids])
    units = unit_names(row.payload.get(name) for row in rows for name in ("from_unit", "to_unit", "unit"))
    people = member_names(row.payload.get(name) for row in rows for name in ("from_member", "to_member"))
    return [_told(row, values, units, people) for row in rows]


def _told(row: EventRow, values: dict[int, EntryValue], units: dict[int, str], people: dict[int, str]) -> ToldEvent:
    return ToldEvent(
        at=row.at,
        tag=row.tag,
        title=_title(row),
        person_name=_person(row),
        position=row.position,
        unit_name=row.unit_name,
        list_code=row.list_code,
        lines=tuple(filter(None, _lines(row, units))),
        changes=(*_value_changes(row, values), *_list_changes(row, units, people)),
        record_id=row.handover_id,
    )


def _person(row: EventRow) -> str:
    """Who acted, and for whom where it was under a delegation."""
    if not row.on_behalf:
        return row.person_name
    return say("{name} (làm thay {absent})", name=row.person_name, absent=row.on_behalf)


def _title(row: EventRow) -> str:
    act = act_words(row.tag)
    if row.entry_number is not None:
        return say(
            "{act}: dòng {number}, {name}",
            act=act,
            number=row.entry_number,
            name=masked_text(row.entry_name),
        )
    if row.handover_number is not None and row.handover_symbol:
        return say(
            "{act} biên bản {number}",
            act=act,
            number=record_number(row.handover_number, row.handover_symbol),
        )
    return act


def _lines(row: EventRow, units: dict[int, str]) -> list[str]:
    said, note = row.payload, masked_text(row.payload.get("note", ""))
    lines: list[str] = []
    if row.handover_leg:
        lines.append(label(Leg(row.handover_leg)))
    if "verdict" in said:
        lines.append(verdict_words(said["verdict"], said.get("reason", ""), note))
    elif said.get("reason") or note:
        reason = reason_words(said["reason"]) if said.get("reason") else ""
        lines.append(say("Lý do: {reason}", reason=together(reason, note, by=" – ")))
    lines += _counts(row.tag, said)
    if "level" in said:
        lines.append(say("Mức {level}", level=said["level"]))
    if row.tag in {EventTag.LIST_REMINDED, EventTag.CLOCK_REMINDED}:
        lines.append(units.get(said.get("unit", 0), ""))
    if said.get("document"):
        lines.append(say("Theo văn bản: {document}", document=masked_text(said["document"])))
    return lines


def _counts(tag: str, said: dict[str, Any]) -> list[str]:
    """The figures of an event, where it has any."""
    told = _COUNTS.get(tag)
    return told(said) if told else []


def _imported(said: dict[str, Any]) -> list[str]:
    figures = {name: said[name] for name in ("rows", "accepted", "parked", "lists")}
    return [say("{rows} dòng: nhận {accepted}, giữ lại {parked}, chia {lists} danh sách", **figures)]


def _people(said: dict[str, Any]) -> list[str]:
    return [say("{entries} người", entries=said["entries"])]


def _checked(said: dict[str, Any]) -> list[str]:
    figures = {name: said[name] for name in ("confirmed", "failed", "unmatched")}
    return [say("đúng {confirmed}, còn sai {failed}, không thuộc danh sách {unmatched}", **figures)]


def _answered(said: dict[str, Any]) -> list[str]:
    figures = {name: said[name] for name in ("applied", "failed", "unmatched")}
    return [say("đã nhập {applied}, không nhận {failed}, không thuộc danh sách {unmatched}", **figures)]


def _divided(said: dict[str, Any]) -> list[str]:
    shares = zip(said["parts"], said["numbers"], strict=True)
    return [
        say("{code}: {count} người (số {numbers})", code=code, count=len(numbers), numbers=_some(numbers))
        for code, numbers in shares
    ]


def _came(said: dict[str, Any]) -> list[str]:
    return [say("{entries} người từ danh sách {list}", entries=said["entries"], list=said["list"])]


def _went(said: dict[str, Any]) -> list[str]:
    return [say("{entries} người vào danh sách {list}", entries=said["entries"], list=said["list"])]


def _taken_in_part(said: dict[str, Any]) -> list[str]:
    back = said["exceptions"]
    return [
        say(
            "nhận {taken} người, trả lại {count} người (số {numbers})",
            taken=said["taken"],
            count=len(back),
            numbers=_some(back),
        ),
        say(
            "theo biên bản {number}, SHA-256 {digest}",
            number=said["exceptions_number"],
            digest=grouped_digest(said["exceptions_sha256"]),
        ),
    ]


def _wished(said: dict[str, Any]) -> list[str]:
    return [say("hạn {old}, xin đến {wished}", old=_moment(said["old"]), wished=_moment(said["wished"]))]


def _reminded(said: dict[str, Any]) -> list[str]:
    return [say("{step}, hạn {due}", step=label(Reminder(said["step"])), due=_moment(said["due"]))]


def _step_days(said: dict[str, Any]) -> list[str]:
    return [
        say("{step}: {count} ngày", step=step_words(step), count=said["days"][step])
        for step in STEPS
        if step in said["days"]
    ]


def _decided(said: dict[str, Any]) -> list[str]:
    return [label(PairVerdict(said["decision"]))]


def _exported(said: dict[str, Any]) -> list[str]:
    what = KINDS.get(said["kind"].partition(":")[0], "")
    # Exports of the first releases bear no mark.
    return [what, say("Mã xuất: {mark}", mark=grouped_code(said["mark"])) if "mark" in said else ""]


def _revealed(said: dict[str, Any]) -> list[str]:
    return [say("Lý do: {reason}", reason=label(RevealReason(said["why"])))]


def _limited(said: dict[str, Any]) -> list[str]:
    return [say("{what}: quá {most} lượt", what=label(Limited(said["what"])), most=said["most"])]


_COUNTS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    EventTag.BATCH_IMPORTED: _imported,
    EventTag.LIST_CREATED: _people,
    EventTag.LIST_OFFERED: _people,
    EventTag.LIST_TRANSFERRED: _people,
    EventTag.IMPORT_FILE_MADE: _people,
    EventTag.WORK_FILE_TAKEN: _people,
    EventTag.IMPORT_ANSWER_READ: _answered,
    EventTag.VERIFICATION_LIST_READ: _checked,
    EventTag.LIST_SPLIT: _divided,
    EventTag.LIST_PARTED: _came,
    EventTag.LIST_ENLARGED: _came,
    EventTag.LIST_MERGED: _went,
    EventTag.HANDOVER_TAKEN_IN_PART: _taken_in_part,
    EventTag.PAIR_DECIDED: _decided,
    EventTag.EXTENSION_ASKED: _wished,
    EventTag.CLOCK_REMINDED: _reminded,
    EventTag.STEP_DAYS_SET: _step_days,
    EventTag.LIST_EXPORTED: _exported,
    EventTag.NUMBER_REVEALED: _revealed,
    EventTag.READING_LIMITED: _limited,
}


_MOVING = frozenset(
    {
        EventTag.LIST_OFFERED,
        EventTag.LIST_TRANSFERRED,
        EventTag.OFFER_DECLINED,
        EventTag.OFFER_TAKEN_BACK,
        EventTag.LIST_MOVED,
    }
)
"""Events of people on the way to another commune, and of lists whose commune was merged."""


def _some(numbers: Sequence[int]) -> str:
    """The first numbers of a list of people, with dots where there are more."""
    return ", ".join(map(str, numbers[:NUMBERS_TOLD])) + (" …" if len(numbers) > NUMBERS_TOLD else "")


def _value_changes(row: EventRow, values: dict[int, EntryValue]) -> list[ToldChange]:
    found = [values[number] for number in row.value_ids if number in values]
    return [_value_change(value) for value in found if value.previous != value.value]


def _value_change(value: EntryValue) -> ToldChange:
    origin = ORIGIN_WORDS.get(value.origin, value.origin)
    before, after = value.previous, value.value
    kind = DIFFERENCE_LABELS[difference_kind(before, after)] if before and after else ""
    if value.field in _NUMBER_FIELDS:
        before, after = masked_number(before), masked_number(after)
    return ToldChange(say("{field} ({origin})", field=label(Field(value.field)), origin=origin), before, after, kind)


def _list_changes(row: EventRow, units: dict[int, str], people: dict[int, str]) -> list[ToldChange]:
    said = row.payload
    if row.tag == EventTag.DUE_CHANGED:
        return [ToldChange(say("Hạn xử lý"), _moment(said["old"]), _moment(said["new"]))]
    if row.tag == EventTag.EXTENSION_GRANTED:
        return [ToldChange(say("Hạn của bước"), _moment(said["old"]), _moment(said["new"]))]
    if row.tag in _MOVING:
        what = say("Địa bàn") if row.tag == EventTag.LIST_MOVED else say("Trạm Y tế")
        return [ToldChange(what, units.get(said["from_unit"], ""), units.get(said["to_unit"], ""))]
    if row.tag == EventTag.VILLAGE_ASSIGNED:
        return [
            ToldChange(say("Thôn nhận"), units.get(said["from_unit"] or 0, ""), units.get(said["to_unit"] or 0, ""))
        ]
    if {"from_member", "to_member"} & set(said):
        after = row.person_name if row.tag == EventTag.LIST_TAKEN_OVER else people.get(said.get("to_member") or 0, "")
        return [ToldChange(say("Người làm"), people.get(said.get("from_member") or 0, ""), after)]
    return []


def _moment(text: str) -> str:
    return f"{local(datetime.fromisoformat(text)):%H:%M %d/%m/%Y}" if text else ""
