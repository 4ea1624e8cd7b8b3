"""Large bulk acts, worked off in the background."""

from uuid import UUID

from portal.queueing import queue
from portal.services.bulk import acts


@queue.task(name=acts.TASK)
def work_off(act_id: str) -> None:
    """Do what is left of a bulk act."""
    acts.work_off(UUID(act_id))
