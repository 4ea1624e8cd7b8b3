"""Time-stamps that were missing, closing for the archive, renewal, the daily list of revoked certificates."""

from uuid import UUID

from portal.queueing import queue
from portal.services import archiving, revocation


@queue.task(name=archiving.FINISH_JOB)
def finish(record: str) -> None:
    """Right after a signature; what fails here is taken up by the sweep."""
    archiving.each_by_itself([UUID(record)], archiving.finish)


@queue.periodic(cron="* * * * * 30")
@queue.task(name="archiving.sweep", queueing_lock="archiving.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Every minute: whatever still waits for a time-stamp or for closing."""
    archiving.each_by_itself(archiving.waiting_records(), archiving.finish)


@queue.periodic(cron="17 19 * * *")
@queue.task(name="archiving.renew", queueing_lock="archiving.renew")
def renew(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Every night (02:17 in Vietnam): records whose last time-stamp comes to its end."""
    archiving.each_by_itself(archiving.records_to_renew(), archiving.renew)


@queue.periodic(cron="7 17 * * *")
@queue.task(name="revocation.daily", queueing_lock="revocation.daily")
def publish_daily(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Every day shortly after midnight in Vietnam."""
    revocation.publish()


@queue.task(name=revocation.PUBLISH_JOB)
def publish() -> None:
    """After a revocation."""
    revocation.publish()
