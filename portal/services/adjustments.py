"""Mending a record that both sides signed: an adjustment names what to read instead; nothing stored changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select

from portal.domain.errors import InvalidInput, NotFound, WrongStage
from portal.domain.fields import IDENTITY_FIELDS, Field
from portal.domain.permissions import Actor
from portal.domain.stages import BOTH_SIGNED, TWO_SIDED, HandoverStatus, RecordKind
from portal.domain.transitions import Action
from portal.domain.verdicts import check_note
from portal.domain.wording import say
from portal.models import Handover, db
from portal.services.context import ground
from portal.services.entries import checked_values
from portal.services.handovers import draw_draft, load_handover
from portal.services.record_drafts import name_signer, new_draft
from portal.services.transitions import permit
from portal.services.unit_of_work import once
from portal.verification.attachment import attached_data


@dataclass(frozen=True)
class Stated:
    """One person as a signed record states them: the newest value of each identity field that it carries."""

    number: int
    name: str
    values: dict[Field, str]


def stated_people(actor: Actor, handover_id: UUID) -> list[Stated]:
    """The people of a record that both sides signed, read from its own attached data. Raises WrongStage, NotFound."""
    return _people(_mendable(actor, load_handover(actor, handover_id)))


def prepare_adjustment(
    actor: Actor, handover_id: UUID, number: int, values: Mapping[Field, str], note: str, *, key: str = ""
) -> UUID:
    """Draw the adjustment of one person on a signed record: fields with the values to be read instead, and why.

    Returns the draft's id. A draft of this unit on the same record is drawn anew with its number; while an
    adjustment waits for the other side no second one is made.
    """
    if not note.strip():
        raise InvalidInput(say("Điều chỉnh cần ghi lý do."), fields={"note": say("Ghi lý do điều chỉnh.")})
    check_note("", note)

    def act() -> dict[str, Any]:
        mended = _mendable(actor, load_handover(actor, handover_id, lock=True))
        of_list = mended.correction_list
        row = permit(actor, of_list, Action.ADJUST)
        items = _items(_people(mended), number, values)
        draft = _lying(mended)
        if draft is not None and draft.giver_unit_id != actor.unit_id:
            raise WrongStage(say("Bên kia đang lập hoặc đã đề nghị một biên bản điều chỉnh cho biên bản này."))
        if draft is not None and draft.status == HandoverStatus.PROPOSED.value:
            raise WrongStage(
                say("Đã có đề nghị điều chỉnh đang chờ bên kia trả lời. Hãy rút lại trước khi đề nghị khác.")
            )
        other = mended.receiver_unit_id if mended.giver_unit_id == actor.unit_id else mended.giver_unit_id
        draft = draft or new_draft(actor, of_list, row, RecordKind.ADJUSTMENT, receiver=other)
        name_signer(actor, draft)
        draft.answers_id, draft.items, draft.note = mended.id, items, note.strip()
        draft.pdf_sha256, draft.entries, draft.round = "", 1, mended.round
        return {"id": str(draft.id)}

    draft_id = UUID(once(actor.user_id, key, f"prepare_adjustment:{handover_id}:{number}", act)["id"])
    draw_draft(actor, draft_id)
    return draft_id


def _mendable(actor: Actor, found: Handover) -> Handover:
    if RecordKind(found.kind) not in TWO_SIDED or HandoverStatus(found.status) not in BOTH_SIGNED:
        raise WrongStage(say("Chỉ điều chỉnh được biên bản đã có đủ chữ ký của hai bên."))
    if actor.unit_id not in {found.giver_unit_id, found.receiver_unit_id}:
        raise WrongStage(say("Chỉ hai bên đã ký biên bản này mới điều chỉnh được."))
    return found


def _people(mended: Handover) -> list[Stated]:
    reader = PdfFileReader(BytesIO(ground().store.get(mended.pdf_sha256)))
    manifest = json.loads(attached_data(reader)[0])
    return [_stated(entry) for entry in manifest["entries"]]


def _stated(entry: dict[str, Any]) -> Stated:
    newest = {**entry["recorded"], **_given(entry["proposed"]), **_given(entry["verified"]), **_given(entry["final"])}
    values = {field: str(newest.get(field.value, "")) for field in IDENTITY_FIELDS}
    return Stated(entry["number"], entry["recorded"].get(Field.FULL_NAME.value, ""), values)


def _given(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _items(people: list[Stated], number: int, values: Mapping[Field, str]) -> list[dict[str, Any]]:
    person = next((each for each in people if each.number == number), None)
    if person is None:
        raise NotFound(say("Biên bản này không có người nào mang số thứ tự đó."))
    told = {field: text.strip() for field, text in values.items() if text.strip() != person.values[field]}
    before = {field.value: value for field, value in person.values.items()}
    cleaned = checked_values(
        {**before, **{field.value: text for field, text in told.items()}},
        only=frozenset(field.value for field in told),
    )
    changed = [field for field in IDENTITY_FIELDS if field in told and cleaned[field.value] != before[field.value]]
    if not changed:
        raise InvalidInput(
            say("Chưa có trường nào khác với biên bản đã ký. Hãy ghi giá trị đúng của ít nhất một trường.")
        )
    return [
        {
            "number": number,
            "name": person.name,
            "field": field.value,
            "old": before[field.value],
            "new": cleaned[field.value],
        }
        for field in changed
    ]


def _lying(mended: Handover) -> Handover | None:
    waiting = (HandoverStatus.PREPARED.value, HandoverStatus.PROPOSED.value)
    return db.session.scalars(
        select(Handover).where(
            Handover.answers_id == mended.id,
            Handover.kind == RecordKind.ADJUSTMENT.value,
            Handover.status.in_(waiting),
        )
    ).one_or_none()
