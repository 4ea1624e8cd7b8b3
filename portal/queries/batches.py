"""Batches and what came with them: uploads, parked rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.domain.findings import told_by
from portal.domain.permissions import Actor, Permission
from portal.domain.stages import DISSOLVED_STAGES, FINAL_STAGES
from portal.models import Batch, CorrectionList, ImportFile, ParkedRow, Unit, User, db
from portal.queries.scope import visible_batches, visible_to

_FINAL = tuple(stage.value for stage in FINAL_STAGES)
_DISSOLVED = tuple(stage.value for stage in DISSOLVED_STAGES)
"""Lists without people: what was on them is counted where it is now."""


@dataclass(frozen=True)
class BatchRow:
    """One batch in the table: what came in, how far its lists are."""

    id: UUID
    code: str
    title: str
    station_name: str
    entries: int
    parked: int
    lists: int
    finished: int
    due_at: datetime | None
    created_at: datetime

    @property
    def is_finished(self) -> bool:
        """Whether every list of the batch has ended."""
        return self.finished == self.lists


@dataclass(frozen=True)
class ParkedLine:
    """A row that was kept out of the lists: its place in the sheet and why."""

    row: int
    name: str
    reasons: tuple[str, ...]


def count_batches(actor: Actor) -> int:
    """How many batches the actor may see."""
    return db.session.execute(select(func.count()).where(visible_batches(actor))).scalar_one()


def batches_page(actor: Actor, page: int, size: int) -> list[BatchRow]:
    """One page of batches, the newest first."""
    lists = (
        select(
            CorrectionList.batch_id,
            func.count().label("lists"),
            func.count().filter(CorrectionList.stage.in_(_FINAL)).label("finished"),
        )
        .where(CorrectionList.batch_id == Batch.id, CorrectionList.stage.not_in(_DISSOLVED))
        .group_by(CorrectionList.batch_id)
        .lateral()
    )
    query = (
        select(Batch, Unit.name, func.coalesce(lists.c.lists, 0), func.coalesce(lists.c.finished, 0))
        .join(Unit, Batch.station_unit_id == Unit.id)
        .outerjoin(lists, lists.c.batch_id == Batch.id)
        .where(visible_batches(actor))
        .order_by(Batch.created_at.desc(), Batch.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [
        BatchRow(
            id=batch.id,
            code=batch.code,
            title=batch.title,
            station_name=station,
            entries=batch.entries,
            parked=batch.parked,
            lists=count,
            finished=finished,
            due_at=batch.due_at,
            created_at=batch.created_at,
        )
        for batch, station, count, finished in db.session.execute(query)
    ]


def one_batch(actor: Actor, batch_id: UUID) -> Batch | None:
    """The batch with its station, if the actor may see it."""
    query = select(Batch).where(Batch.id == batch_id, visible_batches(actor)).options(joinedload(Batch.station))
    return db.session.execute(query).scalar_one_or_none()


@dataclass(frozen=True)
class Joined:
    """How far the parts of a batch are: it is done when every live part is closed."""

    parts: int
    finished: int
    people: int
    people_finished: int

    @property
    def is_done(self) -> bool:
        """Whether nobody has anything left to do."""
        return self.finished == self.parts


def joined(lists: Sequence[CorrectionList]) -> Joined:
    """The sum over a batch's lists; dissolved ones have nobody on them and do not count."""
    live = [each for each in lists if each.stage not in _DISSOLVED]
    ended = [each for each in live if each.stage in _FINAL]
    return Joined(len(live), len(ended), sum(e.entries for e in live), sum(e.entries for e in ended))


def importer_of(batch: Batch) -> str:
    """Who imported the batch."""
    return db.session.execute(select(User.full_name).where(User.id == batch.created_by)).scalar_one()


def lists_of(actor: Actor, batch_id: UUID) -> Sequence[CorrectionList]:
    """The batch's lists that the actor may see, by number, with their holders."""
    query = (
        select(CorrectionList)
        .where(CorrectionList.batch_id == batch_id, visible_to(actor, Permission.LIST_READ))
        .options(joinedload(CorrectionList.holder))
        .order_by(CorrectionList.number, CorrectionList.part)
    )
    return db.session.execute(query).scalars().all()


def parked_page(actor: Actor, batch_id: UUID, page: int, size: int) -> list[ParkedLine]:
    """One page of the batch's parked rows, in sheet order; empty where the batch is not the actor's to see."""
    query = (
        select(ParkedRow)
        .join(Batch, ParkedRow.batch_id == Batch.id)
        .where(ParkedRow.batch_id == batch_id, visible_batches(actor))
        .order_by(ParkedRow.row)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [_parked(row) for row in db.session.execute(query).scalars()]


def open_uploads(actor: Actor, limit: int = 10) -> Sequence[ImportFile]:
    """The station's newest files that were checked and not yet taken."""
    taken = select(ImportFile.sha256).where(
        ImportFile.station_unit_id == actor.unit_id, ImportFile.batch_id.is_not(None)
    )
    query = (
        select(ImportFile)
        .where(
            ImportFile.station_unit_id == actor.unit_id,
            ImportFile.batch_id.is_(None),
            ImportFile.sha256.not_in(taken),
        )
        .order_by(ImportFile.created_at.desc())
        .limit(limit)
    )
    return db.session.execute(query).scalars().all()


def _parked(row: ParkedRow) -> ParkedLine:
    name = next((str(row.raw[heading]) for heading in row.raw if "tên" in heading.casefold()), "")
    return ParkedLine(row.row, name, tuple(dict.fromkeys(told_by(finding) for finding in row.findings)))
