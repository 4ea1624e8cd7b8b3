"""Registers of the own unit: begun for a day, filled row by row or from a workbook; never half filled."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select

from portal.clock import now, today
from portal.domain.errors import InvalidInput, NotFound, NotPermitted
from portal.domain.events import EventTag
from portal.domain.labels import label
from portal.domain.permissions import Actor, Permission, has_permission
from portal.domain.registers import COLUMNS, MOST_ROWS, RegisterKind, columns_found, examine_row
from portal.domain.wording import say
from portal.languages import ENGLISH, VIETNAMESE, translator
from portal.models import Register, RegisterRow, db
from portal.queries import registers as queries
from portal.services.auditing import record
from portal.services.context import ground
from portal.services.exporting import log_export
from portal.services.unit_of_work import once, transaction
from portal.spreadsheets.reading import open_workbook
from portal.spreadsheets.refusals import FileRefused
from portal.spreadsheets.writing import table_workbook

NOT_FOUND = say("Không tìm thấy sổ này, hoặc đơn vị của bạn không được xem.")
NOT_YOURS = say("Sổ này do đơn vị khác lập; chỉ đơn vị lập sổ mới sửa được.")
_TOLD = 20
_HEAD_ROWS = 30


def begin(actor: Actor, kind: RegisterKind, as_of: date, *, copy: bool = False, key: str = "") -> UUID:
    """Begin the unit's register of the kind as of the day, empty or with the rows of the newest earlier one."""
    if as_of > today():
        raise InvalidInput(say("Ngày của sổ ở sau hôm nay."), fields={"as_of": say("Chọn ngày đến hôm nay.")})

    def act() -> dict[str, Any]:
        if db.session.scalar(
            select(Register.id).where(
                Register.unit_id == actor.unit_id, Register.kind == kind.value, Register.as_of == as_of
            )
        ):
            taken = say("Đơn vị đã có sổ này cho ngày {day}.", day=f"{as_of:%d/%m/%Y}")
            raise InvalidInput(taken, fields={"as_of": taken})
        earlier = queries.latest(actor.unit_id, kind, as_of) if copy else None
        rows = [dict(each.values) for each in queries.rows_of(earlier)] if earlier else []
        made = Register(
            id=uuid4(),
            province_id=actor.province_id,
            territory_path=actor.territory_path,
            unit_id=actor.unit_id,
            kind=kind.value,
            as_of=as_of,
            rows=0,
            last_number=0,
            changed_at=now(),
            changed_by=actor.user_id,
        )
        db.session.add(made)
        db.session.flush()
        _add(actor, made, rows)
        record(EventTag.REGISTER_BEGUN, actor, register=str(made.id), rows=len(rows))
        return {"id": str(made.id)}

    return UUID(once(actor.user_id, key, "begin_register", act)["id"])


def see(actor: Actor, register_id: UUID) -> Register:
    """The register if the actor may see it. Raises NotFound."""
    found = queries.register_of(actor, register_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def add_row(actor: Actor, register_id: UUID, typed: Mapping[str, str], *, key: str = "") -> None:
    """Add one row. Raises InvalidInput by column."""

    def act() -> dict[str, Any]:
        register = _own(actor, register_id)
        if register.rows >= MOST_ROWS:
            raise InvalidInput(say("Sổ đã đủ {most} dòng.", most=MOST_ROWS))
        kept, wrong = examine_row(RegisterKind(register.kind), typed, register.as_of)
        if wrong:
            raise InvalidInput(say("Dòng chưa đúng."), fields=wrong)
        _add(actor, register, [kept])
        record(EventTag.REGISTER_CHANGED, actor, register=str(register.id), row=register.last_number)
        return {"ok": True}

    once(actor.user_id, key, f"add_register_row:{register_id}", act)


def remove_row(actor: Actor, register_id: UUID, number: int, *, key: str = "") -> None:
    """Take one row out; taking out what is gone already changes nothing."""

    def act() -> dict[str, Any]:
        register = _own(actor, register_id)
        gone = delete(RegisterRow).where(RegisterRow.register_id == register.id, RegisterRow.number == number)
        if db.session.execute(gone.returning(RegisterRow.id)).first():
            register.rows -= 1
            _touch(actor, register)
            record(EventTag.REGISTER_CHANGED, actor, register=str(register.id), row=number)
        return {"ok": True}

    once(actor.user_id, key, f"remove_register_row:{register_id}:{number}", act)


def fill(actor: Actor, register_id: UUID, data: bytes, *, key: str = "") -> int:
    """Put the rows of a workbook in place of the register's; returns how many.

    All or nothing: raises InvalidInput with the sheet's row numbers where anything is wrong, and nothing changes.
    """
    kind = RegisterKind(_own(actor, register_id, lock=False).kind)
    if not data:
        _refuse_file(say("Chưa chọn tệp. Hãy chọn tệp .xlsx."))
    digest = ground().store.put(data)
    sheet = _rows_of_file(kind, digest)

    def act() -> dict[str, Any]:
        register = _own(actor, register_id)
        rows, faults = [], []
        for number, typed in sheet:
            kept, wrong = examine_row(kind, typed, register.as_of)
            rows.append(kept)
            faults += [say("dòng {number}: {fault}", number=number, fault=fault) for fault in wrong.values()]
        if faults:
            more = f" … ({len(faults)})" if len(faults) > _TOLD else ""
            _refuse_file(say("Tệp chưa đúng, chưa nhận dòng nào. {faults}", faults=" ".join(faults[:_TOLD]) + more))
        db.session.execute(delete(RegisterRow).where(RegisterRow.register_id == register.id))
        register.rows = 0
        _add(actor, register, rows)
        record(EventTag.REGISTER_FILLED, actor, register=str(register.id), rows=len(rows), sha256=digest)
        return {"rows": len(rows)}

    return int(once(actor.user_id, key, f"fill_register:{register_id}", act)["rows"])


def workbook(actor: Actor, register_id: UUID, language: str = VIETNAMESE) -> tuple[str, bytes]:
    """The register as a workbook that can be filled in and sent back; the reading is noted."""
    register = see(actor, register_id)
    if not queries.shows_rows(actor, register):
        raise NotPermitted(say("Tên cư dân chỉ đơn vị lập sổ được xem; cấp trên xem số dòng."))
    columns = COLUMNS[RegisterKind(register.kind)]
    rows = ([str(row.values.get(each.key, "")) for each in columns] for row in queries.rows_of(register))
    title = say("{kind}, ngày {day}", kind=label(RegisterKind(register.kind)), day=f"{register.as_of:%d/%m/%Y}")
    name = f"so-{register.kind}-{register.as_of:%Y-%m-%d}.xlsx"
    with transaction():
        mark = log_export(actor, f"register:{register.kind}")
    return name, table_workbook([each.words for each in columns], rows, title, language, mark=mark)


def _rows_of_file(kind: RegisterKind, digest: str) -> list[tuple[int, dict[str, str]]]:
    """Number and cells by column of each row under the headings."""
    needed = {each.key for each in COLUMNS[kind] if each.required}
    try:
        with open_workbook(ground().store.path(digest)) as book:
            rows = list(book.rows(book.sheets[0].name)) if book.sheets else []
    except FileRefused:
        _refuse_file(say("Tệp không đọc được là sổ tính .xlsx."))
    for at, (_number, cells) in enumerate(rows[:_HEAD_ROWS]):
        found = columns_found(kind, cells, translator(ENGLISH))
        if needed <= found.keys():
            below = rows[at + 1 :]
            if len(below) > MOST_ROWS:
                _refuse_file(say("Tệp có hơn {most} dòng.", most=MOST_ROWS))
            return [
                (number, {key: line[place] if place < len(line) else "" for key, place in found.items()})
                for number, line in below
            ]
    words = ", ".join(str(each.words) for each in COLUMNS[kind] if each.required)
    _refuse_file(say("Không thấy dòng tiêu đề có đủ các cột: {columns}.", columns=words))
    return []


def _refuse_file(words: str) -> None:
    raise InvalidInput(words, fields={"file": words})


def _own(actor: Actor, register_id: UUID, *, lock: bool = True) -> Register:
    register = see(actor, register_id)
    if not has_permission(actor, Permission.REGISTER_KEEP) or register.unit_id != actor.unit_id:
        raise NotPermitted(say("Vai trò của bạn không có quyền sửa sổ này. {why}", why=NOT_YOURS))
    if lock:
        db.session.refresh(register, with_for_update={"of": Register})
    return register


def _add(actor: Actor, register: Register, rows: list[dict[str, str]]) -> None:
    if rows:
        first = register.last_number + 1
        made = [
            {"register_id": register.id, "number": number, "values": values}
            for number, values in enumerate(rows, start=first)
        ]
        db.session.execute(insert(RegisterRow), made)
        register.last_number += len(rows)
        register.rows += len(rows)
    _touch(actor, register)


def _touch(actor: Actor, register: Register) -> None:
    register.changed_at, register.changed_by = now(), actor.user_id
    register.rev += 1
