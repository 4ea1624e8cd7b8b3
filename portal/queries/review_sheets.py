"""Printed sheets of lists that the actor may see: by code, by list, with their rows and what was typed from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.domain.permissions import Actor, Permission
from portal.domain.sheet_rows import RowState
from portal.models import CorrectionList, Entry, PaperSheet, SheetPrint, SheetRow, SheetTyping, db
from portal.queries.scope import visible_to


@dataclass(frozen=True)
class SheetProgress:
    """One sheet of a printing and how far it has been entered."""

    code: str
    number: int
    hamlet: str
    first: int
    last: int
    rows: int
    taken: int
    waiting: int
    differing: int


def find_sheet(actor: Actor, code: str, right: Permission = Permission.LIST_READ) -> PaperSheet | None:
    """The sheet with this code, if the right reaches its list."""
    query = (
        select(PaperSheet)
        .join(CorrectionList, CorrectionList.id == PaperSheet.list_id)
        .join(PaperSheet.printing)
        .where(PaperSheet.code == code, visible_to(actor, right))
        .options(contains_eager(PaperSheet.printing))
    )
    return db.session.execute(query).scalar_one_or_none()


def rows_of(sheet_id: int) -> Sequence[SheetRow]:
    """The rows of a sheet, which the caller has found, in the order they were printed in; each with its person."""
    query = (
        select(SheetRow)
        .where(SheetRow.sheet_id == sheet_id)
        .options(joinedload(SheetRow.entry))
        .order_by(SheetRow.number)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalars().all()


def typings_of(row_ids: Iterable[int]) -> dict[int, list[SheetTyping]]:
    """What stands typed from each row, by row, the first one first."""
    query = (
        select(SheetTyping)
        .where(SheetTyping.row_id.in_(list(row_ids)), SheetTyping.replaced_at.is_(None))
        .options(joinedload(SheetTyping.typist))
        .order_by(SheetTyping.id)
    )
    found: dict[int, list[SheetTyping]] = {}
    for typing in db.session.execute(query).scalars():
        found.setdefault(typing.row_id, []).append(typing)
    return found


def prints_of(actor: Actor, list_id: UUID) -> Sequence[SheetPrint]:
    """The printings of a list that the actor may see, the newest first."""
    query = (
        select(SheetPrint)
        .join(CorrectionList, CorrectionList.id == SheetPrint.list_id)
        .where(SheetPrint.list_id == list_id, visible_to(actor, Permission.LIST_READ))
        .options(joinedload(SheetPrint.printer))
        .order_by(SheetPrint.number.desc())
    )
    return db.session.execute(query).scalars().all()


def find_print(actor: Actor, list_id: UUID, number: int) -> SheetPrint | None:
    """One printing of a list."""
    return next((each for each in prints_of(actor, list_id) if each.number == number), None)


def sheets_of(print_id: int) -> Sequence[PaperSheet]:
    """The sheets of a printing, which the caller has found, in their order."""
    query = select(PaperSheet).where(PaperSheet.print_id == print_id).order_by(PaperSheet.number)
    return db.session.execute(query).scalars().all()


def rows_by_sheet(print_id: int) -> dict[int, list[SheetRow]]:
    """The rows of a whole printing, by sheet, each with its person."""
    query = (
        select(SheetRow)
        .join(PaperSheet, PaperSheet.id == SheetRow.sheet_id)
        .where(PaperSheet.print_id == print_id)
        .options(joinedload(SheetRow.entry))
        .order_by(SheetRow.sheet_id, SheetRow.number)
    )
    found: dict[int, list[SheetRow]] = {}
    for row in db.session.execute(query).scalars():
        found.setdefault(row.sheet_id, []).append(row)
    return found


def progress_of(print_id: int) -> list[SheetProgress]:
    """How far each sheet of a printing has been entered."""
    in_state = {
        state: func.count().filter(SheetRow.state == state.value)
        for state in (RowState.TAKEN, RowState.WAITING, RowState.DIFFERS)
    }
    query = (
        select(
            PaperSheet.code, PaperSheet.number, PaperSheet.hamlet, func.min(Entry.number), func.max(Entry.number),
            func.count(), *in_state.values(),
        )
        .join(SheetRow, SheetRow.sheet_id == PaperSheet.id)
        .join(Entry, Entry.id == SheetRow.entry_id)
        .where(PaperSheet.print_id == print_id)
        .group_by(PaperSheet.id)
        .order_by(PaperSheet.number)
    )  # fmt: skip
    return [SheetProgress(*tuple(row)) for row in db.session.execute(query)]
