"""Bulk acts as their own person reads them: how far, what came of each item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from portal.domain.bulk import BulkKind, ItemState
from portal.domain.permissions import Actor, Permission
from portal.domain.wording import restored
from portal.models import BulkAct, BulkItem, CorrectionList, Entry, db
from portal.queries.scope import visible_to

SIZE = 50
RECENT = 20


@dataclass(frozen=True)
class ActRow:
    """A bulk act and how far it is. `undone` tells that it was taken back."""

    id: UUID
    kind: BulkKind
    what: dict[str, object]
    list_id: UUID | None
    list_code: str
    list_name: str
    undoes_id: UUID | None
    total: int
    done: int
    refused: int
    created_at: datetime
    finished_at: datetime | None
    undone: bool


@dataclass(frozen=True)
class ItemRow:
    """One item: a person (by the number on the list) or a list, and what came of it."""

    place: int
    list_id: UUID
    list_code: str
    list_name: str
    entry_number: int | None
    entry_name: str
    state: ItemState
    words: str


def act_row(actor: Actor, act_id: UUID) -> ActRow | None:
    """The actor's own bulk act, as it stands now."""
    found = _acts(actor, BulkAct.id == act_id)
    return found[0] if found else None


def recent_acts(actor: Actor) -> Sequence[ActRow]:
    """The actor's newest bulk acts."""
    return _acts(actor, BulkAct.id.is_not(None))


def items_of(
    actor: Actor, act_id: UUID, state: ItemState | None = None, *, page: int = 1, size: int | None = SIZE
) -> list[ItemRow]:
    """A page of the act's items (all with `size` None), of lists that the actor may still see."""
    query = (
        select(
            BulkItem.place, BulkItem.list_id, BulkItem.state, BulkItem.words, Entry.number, Entry.recorded,
            CorrectionList.code, CorrectionList.name,
        )
        .join(CorrectionList, BulkItem.list_id == CorrectionList.id)
        .outerjoin(Entry, BulkItem.entry_id == Entry.id)
        .where(BulkItem.act_id == act_id, visible_to(actor, Permission.LIST_READ))
        .order_by(BulkItem.place)
    )  # fmt: skip
    if state is not None:
        query = query.where(BulkItem.state == state.value)
    if size is not None:
        query = query.limit(size).offset((page - 1) * size)
    return [
        ItemRow(
            place=row.place,
            list_id=row.list_id,
            list_code=row.code,
            list_name=row.name,
            entry_number=row.number,
            entry_name=(row.recorded or {}).get("full_name", ""),
            state=ItemState(row.state),
            words=restored(row.words),
        )
        for row in db.session.execute(query)
    ]


def _acts(actor: Actor, condition: ColumnElement[bool]) -> list[ActRow]:
    taken_back = aliased(BulkAct)
    query = (
        select(
            BulkAct, CorrectionList.code, CorrectionList.name,
            exists().where(taken_back.undoes_id == BulkAct.id).label("undone"),
        )
        .outerjoin(CorrectionList, BulkAct.list_id == CorrectionList.id)
        .where(BulkAct.user_id == actor.user_id, BulkAct.membership_id == actor.membership_id, condition)
        .order_by(BulkAct.created_at.desc())
        .limit(RECENT)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return [
        ActRow(
            id=act.id, kind=BulkKind(act.kind), what=act.what, list_id=act.list_id, list_code=code or "",
            list_name=name or "", undoes_id=act.undoes_id, total=act.total, done=act.done, refused=act.refused,
            created_at=act.created_at, finished_at=act.finished_at, undone=undone,
        )
        for act, code, name, undone in db.session.execute(query)
    ]  # fmt: skip
