"""Entering a printed sheet: the same people in the same order, by one person or by two who do not see each other.

What is taken becomes the village's conclusion exactly as on a person's page, with the source `paper`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.clock import now
from portal.domain.duties import Doer, connection
from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, WrongStage
from portal.domain.events import EventTag
from portal.domain.fields import IDENTITY_FIELDS
from portal.domain.permissions import Actor, Permission, Role, require
from portal.domain.sheet_codes import grouped_code
from portal.domain.sheet_rows import NOTE, REASON, VERDICT, RowState, Typed, differing
from portal.domain.stages import Party
from portal.domain.transitions import Action
from portal.domain.verdicts import Verdict
from portal.domain.wording import say
from portal.models import CorrectionList, Entry, PaperSheet, SheetRow, SheetTyping, db
from portal.queries import review_sheets as queries
from portal.queries.scope import place_of
from portal.services.auditing import record
from portal.services.entries import Conclusion, apply_conclusion, check_unchanged, cleaned_conclusion
from portal.services.ink import SOURCE
from portal.services.separation import people_behind, require_other_eyes
from portal.services.sheet_standing import SinceThen, changes_since, standing_of
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import once

UNKNOWN = say("Không có tờ phiếu với mã này, hoặc đơn vị của bạn không được xem. Hãy đối chiếu mã in trên tờ.")


@dataclass(frozen=True)
class ShownRow:
    """A row for one reader: never what another person typed, except to whoever may decide between the two."""

    row: SheetRow
    state: RowState
    moved: str
    changes: tuple[SinceThen, ...]
    mine: Mapping[str, str] | None
    differs: tuple[str, ...]
    choices: tuple[SheetTyping, ...]


@dataclass(frozen=True)
class ShownSheet:
    """A sheet as one reader sees it; `blocked` says why nothing of it can be entered now."""

    sheet: PaperSheet
    of_list: CorrectionList
    rows: tuple[ShownRow, ...]
    blocked: str


def open_sheet(actor: Actor, code: str) -> ShownSheet:
    """The sheet with its rows in printed order. Raises NotFound, NotPermitted."""
    sheet, of_list = _load(actor, code)
    rows = queries.rows_of(sheet.id)
    typed = queries.typings_of(row.id for row in rows)
    blocked = ""
    try:
        permit(actor, of_list, _act(actor))
    except DomainError as refusal:
        blocked = refusal.message
    return ShownSheet(
        sheet, of_list, tuple(_shown(actor, of_list, row, typed.get(row.id, [])) for row in rows), blocked
    )


def type_row(
    actor: Actor, code: str, number: int, said: Conclusion, *, seen_changes: bool = False, key: str = ""
) -> str:
    """Enter one row; the answer is the `Typed` that became of it.

    Raises WrongStage where the list or the person is elsewhere, StaleVersion where the person changed since the page
    was drawn, InvalidInput for what is no conclusion and for a row changed since its printing whose changes were not
    acknowledged, NotPermitted where the other typing is the actor's own under a delegation.
    """

    def act() -> dict[str, Any]:
        sheet, of_list, row, entry = _to_enter(actor, code, number)
        check_unchanged(entry, said.rev)
        if row.state == RowState.TAKEN.value and sheet.printing.typed_twice:
            raise WrongStage(say("Hai người đã nhập khớp dòng này. Muốn sửa, hãy mở trang của người này."))
        if changes_since(row.known, entry) and not seen_changes:
            words = say("Người này đã đổi sau khi in phiếu. Hãy xem thay đổi, rồi đánh dấu nếu vẫn ghi theo phiếu.")
            raise InvalidInput(words, fields={"seen_changes": words})
        require_other_eyes(actor, entry, Party.VILLAGE)
        cleaned = cleaned_conclusion(entry, Party.VILLAGE, said)
        became = _keep(actor, sheet, row, cleaned)
        if became in {Typed.ALONE, Typed.AGREES}:
            _take(actor, of_list, row, entry, cleaned)
        _record(EventTag.SHEET_TYPED, actor, of_list, entry, sheet, outcome=became.value)
        return {"outcome": became.value}

    return str(once(actor.user_id, key, f"type_row:{code}:{number}", act)["outcome"])


def decide_row(
    actor: Actor, code: str, number: int, typing_id: int, *, rev: int | None = None, key: str = ""
) -> None:
    """Take one of two typings that differ. Whoever typed one of them does not decide (NotPermitted)."""

    def act() -> dict[str, Any]:
        sheet, of_list, row, entry = _to_enter(actor, code, number)
        check_unchanged(entry, rev)
        typings = queries.typings_of([row.id]).get(row.id, [])
        if row.state != RowState.DIFFERS.value:
            raise WrongStage(say("Dòng này không còn hai lần nhập khác nhau. Hãy tải lại trang."))
        if why := _typed_by(actor, typings):
            raise NotPermitted(why, code="four_eyes")
        chosen = next((each for each in typings if each.id == typing_id), None)
        if chosen is None:
            raise InvalidInput(say("Chọn một trong hai lần nhập."))
        _take(actor, of_list, row, entry, _conclusion(chosen.said))
        _record(EventTag.SHEET_DECIDED, actor, of_list, entry, sheet)
        return {}

    once(actor.user_id, key, f"decide_row:{code}:{number}", act)


def _act(actor: Actor) -> Action:
    """The village corrects; the station transcribes for a village that signed in ink."""
    return Action.CORRECT if actor.role is Role.VILLAGE else Action.TRANSCRIBE


def _load(actor: Actor, code: str, *, lock: bool = False) -> tuple[PaperSheet, CorrectionList]:
    sheet = queries.find_sheet(actor, code)
    if sheet is None:
        raise NotFound(UNKNOWN)
    of_list = load_list(actor, sheet.list_id, lock=lock)
    require(actor, Permission.SHEET_WORK, place_of(of_list), Permission.LIST_READ)
    return sheet, of_list


def _to_enter(actor: Actor, code: str, number: int) -> tuple[PaperSheet, CorrectionList, SheetRow, Entry]:
    sheet, of_list = _load(actor, code, lock=True)
    permit(actor, of_list, _act(actor))
    row = next((each for each in queries.rows_of(sheet.id) if each.number == number), None)
    if row is None:
        raise NotFound(say("Tờ phiếu không có dòng này."))
    if why := _moved(of_list, row):
        raise WrongStage(why)
    return sheet, of_list, row, row.entry


def _shown(actor: Actor, of_list: CorrectionList, row: SheetRow, typings: Sequence[SheetTyping]) -> ShownRow:
    state = RowState(row.state)
    moved = _moved(of_list, row)
    mine = next((each.said for each in typings if each.user_id == actor.user_id), None)
    is_open = state is RowState.DIFFERS and len(typings) > 1
    may_decide = is_open and not _typed_by(actor, typings)
    return ShownRow(
        row=row,
        state=state,
        moved=moved,
        changes=() if moved else changes_since(row.known, row.entry),
        mine=mine,
        differs=differing(typings[0].said, typings[1].said) if is_open else (),
        choices=tuple(typings) if may_decide else (),
    )


def _moved(of_list: CorrectionList, row: SheetRow) -> str:
    if row.entry.list_id == of_list.id:
        return ""
    return say("Người này không còn ở danh sách {code} (đã tách, gộp, rút hoặc chuyển). Hãy tìm người này ở danh "
               "sách mới rồi nhập trên trang của người đó.", code=of_list.code)  # fmt: skip


def _keep(actor: Actor, sheet: PaperSheet, row: SheetRow, said: Conclusion) -> Typed:
    """Keep what was typed beside what the other person typed; what became of the row."""
    standing = queries.typings_of([row.id]).get(row.id, [])
    others = [each for each in standing if each.user_id != actor.user_id]
    if sheet.printing.typed_twice:
        if why := _typed_by(actor, others):
            raise NotPermitted(why, code="four_eyes")
        if len(others) > 1:
            raise WrongStage(say("Hai người đã nhập dòng này khác nhau. Hãy chọn một trong hai lần nhập."))
    for old in standing:
        if old.user_id == actor.user_id:
            old.replaced_at = now()
    db.session.flush()
    texts = _texts(said)
    db.session.add(
        SheetTyping(
            province_id=row.province_id, row_id=row.id, said=texts, user_id=actor.user_id,
            membership_id=actor.membership_id, delegation_id=actor.delegation_id, at=now(),
        )
    )  # fmt: skip
    if not sheet.printing.typed_twice:
        return Typed.ALONE
    if not others:
        row.state = RowState.WAITING.value
        return Typed.WAITS
    if differing(others[0].said, texts):
        row.state = RowState.DIFFERS.value
        return Typed.DIFFERS
    return Typed.AGREES


def _take(actor: Actor, of_list: CorrectionList, row: SheetRow, entry: Entry, said: Conclusion) -> None:
    from_paper = Conclusion(said.verdict, said.values, said.reason, said.note, source=SOURCE)
    apply_conclusion(actor, of_list, entry, Party.VILLAGE, from_paper)
    row.known, row.state = standing_of(entry), RowState.TAKEN.value


def _typed_by(actor: Actor, typings: Sequence[SheetTyping]) -> str:
    """Why the actor is one with somebody who typed; empty where he is not."""
    ids = [each.id for each in typings]
    doers: list[Doer] = people_behind(SheetTyping, SheetTyping.id.in_(ids)) if ids else []
    rule = say("đã nhập dòng này. Lần nhập kia và quyết định phải do người khác, kể cả qua ủy quyền.")
    linked = next((who for each in doers if (who := connection(actor, each))), "")
    return say("{who} {rule}", who=linked, rule=rule) if linked else ""


def _texts(said: Conclusion) -> dict[str, str]:
    values = {field.value: said.values[field] for field in IDENTITY_FIELDS if field in said.values}
    return {VERDICT: said.verdict.value, REASON: said.reason, NOTE: said.note, **values}


def _conclusion(texts: Mapping[str, str]) -> Conclusion:
    values = {field: texts[field.value] for field in IDENTITY_FIELDS if field.value in texts}
    return Conclusion(Verdict(texts[VERDICT]), values, texts[REASON], texts[NOTE])


def _record(
    tag: EventTag,
    actor: Actor,
    of_list: CorrectionList,
    entry: Entry,
    sheet: PaperSheet,
    **payload: Any,  # noqa: ANN401  as `record`
) -> None:
    record(tag, actor, of_list=of_list, entry_id=entry.id, sheet=grouped_code(sheet.code), **payload)
