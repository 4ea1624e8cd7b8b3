"""The parts of one list: who they are, which may be merged, whom to choose for another part."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from portal.domain.permissions import Actor, Permission
from portal.domain.stages import Party
from portal.domain.verdicts import Verdict
from portal.models import CorrectionList, Entry, Event, db
from portal.queries.scope import visible_to

MOST_TICKED = 300
"""People that a page offers to tick; more are named by their numbers."""


def family_of(actor: Actor, of: CorrectionList) -> Sequence[CorrectionList]:
    """All parts of the same imported list that the actor may see, this one among them, by code."""
    query = (
        select(CorrectionList)
        .where(
            CorrectionList.batch_id == of.batch_id,
            CorrectionList.number == of.number,
            visible_to(actor, Permission.LIST_READ),
        )
        .options(joinedload(CorrectionList.holder))
        .order_by(CorrectionList.part)
    )
    return db.session.execute(query).scalars().all()


def those(actor: Actor, condition: ColumnElement[bool]) -> Sequence[CorrectionList]:
    """The lists of a condition that the actor may see, by code."""
    query = select(CorrectionList).where(condition, visible_to(actor, Permission.LIST_READ))
    return db.session.execute(query.order_by(CorrectionList.part)).scalars().all()


def people_to_choose(actor: Actor, list_id: UUID) -> Sequence[Entry]:
    """The people of a list in their order, as many as a page can offer."""
    seen = exists().where(CorrectionList.id == list_id, visible_to(actor, Permission.LIST_READ))
    query = select(Entry).where(Entry.list_id == list_id, seen).order_by(Entry.number).limit(MOST_TICKED)
    return db.session.execute(query).scalars().all()


def returned_numbers(actor: Actor, list_id: UUID, party: Party) -> frozenset[int]:
    """The numbers of the people that the party marked as returned."""
    marked: ColumnElement[bool] = getattr(Entry, f"{party}_verdict") == Verdict.RETURNED.value
    seen = exists().where(CorrectionList.id == list_id, visible_to(actor, Permission.LIST_READ))
    return frozenset(db.session.scalars(select(Entry.number).where(Entry.list_id == list_id, seen, marked)))


def why_withdrawn(actor: Actor, of: CorrectionList) -> str:
    """The words with which a part's people were taken out of the work; empty where they were not."""
    query = (
        select(Event.payload["note"].astext)
        .join(Entry, Event.entry_id == Entry.id)
        .join(CorrectionList, Entry.list_id == CorrectionList.id)
        .where(CorrectionList.id == of.id, Event.tag == "entry:withdrawn", visible_to(actor, Permission.LIST_READ))
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none() or ""
