"""Examining all records of a territory at once: begun by an auditor, done by the worker, record by record."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, literal, select, update

from portal.clock import now
from portal.domain.errors import WrongStage
from portal.domain.events import EventTag
from portal.domain.permissions import Actor, Permission
from portal.domain.wording import say, stored
from portal.models import CorrectionList, Examination, ExaminedRecord, Handover, db
from portal.queries.scope import visible_to
from portal.queueing import enqueue
from portal.services.auditing import record
from portal.services.authority import known_lists, trusted_roots
from portal.services.context import ground
from portal.services.unit_of_work import once, transaction
from portal.storage import StoredFileDamaged, StoredFileMissing
from portal.verification.verdicts import Word

TASK = "examinations.work_off"
AT_ONCE = 20
"""Records judged between two notes of the progress."""


def start(actor: Actor, *, key: str = "") -> UUID:
    """Begin examining every signed record of the actor's territory; the worker does it. Returns the examination's id.

    Raises WrongStage while an earlier one of the same person still runs.
    """

    def act() -> dict[str, Any]:
        running = select(Examination.id).where(
            Examination.user_id == actor.user_id, Examination.finished_at.is_(None)
        )
        if db.session.scalar(running.limit(1)):
            raise WrongStage(say("Lần kiểm tra trước của bạn chưa xong. Hãy mở lần đó để xem tiến độ."))
        made = Examination(
            id=uuid4(),
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            territory_path=actor.territory_path,
            total=0,
            created_at=now(),
        )
        db.session.add(made)
        db.session.flush()
        signed = (
            select(literal(made.id), Handover.id, literal(""), literal("", ExaminedRecord.text.type))
            .join(CorrectionList, CorrectionList.id == Handover.list_id)
            .where(visible_to(actor, Permission.RECORDS_EXAMINE), Handover.signatures.any())
        )
        columns = ["examination_id", "handover_id", "word", "text"]
        db.session.execute(insert(ExaminedRecord).from_select(columns, signed))
        counted = select(func.count()).where(ExaminedRecord.examination_id == made.id)
        made.total = db.session.execute(counted).scalar_one()
        record(EventTag.EXAMINATION_STARTED, actor, examination=str(made.id), records=made.total)
        enqueue(db.session(), TASK, lock=str(made.id), examination_id=str(made.id))
        return {"id": str(made.id)}

    return UUID(once(actor.user_id, key, "examination", act)["id"])


def work_off(examination_id: UUID) -> None:
    """Judge what is left, some records to a transaction. Safe to be run again after a crash."""
    while waiting := db.session.scalars(_left(examination_id)).all():
        judged = [(each.handover_id, *_judge(each.handover)) for each in waiting]
        db.session.rollback()
        with transaction():
            for handover_id, word, text in judged:
                _note(examination_id, handover_id, word, text)
    with transaction():
        db.session.execute(
            update(Examination)
            .where(Examination.id == examination_id, Examination.finished_at.is_(None))
            .values(finished_at=now())
        )


def _left(examination_id: UUID) -> Any:  # noqa: ANN401  a select of rows
    return (
        select(ExaminedRecord)
        .where(ExaminedRecord.examination_id == examination_id, ExaminedRecord.word == "")
        .order_by(ExaminedRecord.handover_id)
        .limit(AT_ONCE)
    )


def _judge(found: Handover) -> tuple[Word, str]:
    """The verdict on the newest stored revision, its file hashed anew; the worst line says why."""
    from portal.verification.files import verify_pdf  # pyHanko is loaded by the worker alone

    settings = ground().settings
    try:
        data = ground().store.get(found.pdf_sha256)
    except StoredFileMissing:
        return Word.NOT_GENUINE, say("Không thấy tệp trong kho")
    except StoredFileDamaged:
        return Word.NOT_GENUINE, say("Tệp trong kho đã bị thay đổi")
    told = verify_pdf(data, trusted_roots(settings), now=now(), lists=known_lists(settings))
    signed = {each.field for each in told.signatures}
    missing = {each.side for each in found.signatures if each.certificate_serial} - signed
    if missing:
        return Word.NOT_GENUINE, say("Tệp thiếu chữ ký mà cổng đã ghi nhận")
    return told.verdict, next((line.text for line in told.lines if not line.ok), "")


def _note(examination_id: UUID, handover_id: UUID, word: Word, text: str) -> None:
    changed = db.session.execute(
        update(ExaminedRecord)
        .where(
            ExaminedRecord.examination_id == examination_id,
            ExaminedRecord.handover_id == handover_id,
            ExaminedRecord.word == "",
        )
        .values(word=word.value, text=stored(text))
    ).rowcount  # type: ignore[attr-defined]
    if changed:
        counter = getattr(Examination, word.value)
        db.session.execute(
            update(Examination).where(Examination.id == examination_id).values({counter.key: counter + 1})
        )
