"""Examinations as their auditor reads them: progress, findings, a row of seals per batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.domain.permissions import Actor, Permission
from portal.domain.phrases import record_number
from portal.domain.wording import restored
from portal.models import Batch, CorrectionList, Examination, ExaminedRecord, Handover, db
from portal.queries.scope import visible_to

RECENT = 20
BATCHES = 20


@dataclass(frozen=True)
class Finding:
    """A record that is not simply genuine, with the reason in words."""

    handover_id: UUID
    number: str
    giver: str
    list_id: UUID
    list_code: str
    word: str
    text: str


@dataclass(frozen=True)
class Seal:
    """One record in the row of its batch; `word` is empty while it waits."""

    handover_id: UUID
    number: str
    word: str


@dataclass(frozen=True)
class SealRow:
    """The records of one batch in the order of time."""

    batch_id: UUID
    code: str
    station: str
    seals: tuple[Seal, ...]


def recent(actor: Actor) -> Sequence[Examination]:
    """The actor's own examinations of late, the newest first."""
    query = select(Examination).where(Examination.user_id == actor.user_id)
    return db.session.scalars(query.order_by(Examination.created_at.desc()).limit(RECENT)).all()


def own(actor: Actor, examination_id: UUID) -> Examination | None:
    """The actor's own examination."""
    query = select(Examination).where(Examination.id == examination_id, Examination.user_id == actor.user_id)
    return db.session.scalars(query).one_or_none()


def findings(actor: Actor, examination_id: UUID, *, page: int, size: int) -> list[Finding]:
    """A page of the records that are not genuine or undecided, the worst first."""
    query = (
        select(ExaminedRecord)
        .join(Handover, Handover.id == ExaminedRecord.handover_id)
        .join(CorrectionList, CorrectionList.id == Handover.list_id)
        .where(
            ExaminedRecord.examination_id == examination_id,
            ExaminedRecord.word.in_(("not_genuine", "undecided")),
            visible_to(actor, Permission.RECORDS_EXAMINE),
        )
        .options(
            joinedload(ExaminedRecord.handover).joinedload(Handover.giver),
            joinedload(ExaminedRecord.handover).joinedload(Handover.correction_list),
        )
        .order_by(ExaminedRecord.word, Handover.sent_at, Handover.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [_finding(each) for each in db.session.scalars(query)]


def count_batches(actor: Actor, examination_id: UUID) -> int:
    """How many batches have records in the examination."""
    rows = _records(actor, examination_id).with_only_columns(func.count(CorrectionList.batch_id.distinct()))
    return db.session.scalar(rows) or 0


def seal_rows(actor: Actor, examination_id: UUID, *, page: int) -> list[SealRow]:
    """The rows of seals of some batches, the newest batch first."""
    batches = (
        select(Batch)
        .where(Batch.id.in_(_records(actor, examination_id).with_only_columns(CorrectionList.batch_id)))
        .options(joinedload(Batch.station))
        .order_by(Batch.created_at.desc(), Batch.id)
        .limit(BATCHES)
        .offset((page - 1) * BATCHES)
    )
    found = db.session.scalars(batches).all()
    query = _records(actor, examination_id).where(CorrectionList.batch_id.in_([each.id for each in found]))
    seals: dict[UUID, list[Seal]] = {}
    for batch_id, record_id, number, symbol, word in db.session.execute(
        query.order_by(Handover.sent_at, Handover.id)
    ):
        seals.setdefault(batch_id, []).append(Seal(record_id, record_number(number or 0, symbol), word))
    return [SealRow(each.id, each.code, each.station.name, tuple(seals.get(each.id, ()))) for each in found]


def _records(actor: Actor, examination_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202  a select of columns
    return (
        select(CorrectionList.batch_id, Handover.id, Handover.number, Handover.symbol, ExaminedRecord.word)
        .select_from(ExaminedRecord)
        .join(Handover, Handover.id == ExaminedRecord.handover_id)
        .join(CorrectionList, CorrectionList.id == Handover.list_id)
        .where(ExaminedRecord.examination_id == examination_id, visible_to(actor, Permission.RECORDS_EXAMINE))
    )


def _finding(of: ExaminedRecord) -> Finding:
    found = of.handover
    return Finding(
        handover_id=found.id,
        number=record_number(found.number or 0, found.symbol),
        giver=found.giver.name,
        list_id=found.list_id,
        list_code=found.correction_list.code,
        word=of.word,
        text=restored(of.text),
    )
