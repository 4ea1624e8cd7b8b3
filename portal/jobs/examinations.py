"""Examinations of many records, worked off in the background."""

from uuid import UUID

from portal.queueing import queue
from portal.services import examinations


@queue.task(name=examinations.TASK)
def work_off(examination_id: str) -> None:
    """Judge what is left of an examination."""
    examinations.work_off(UUID(examination_id))
