"""Looking for persons who stand twice: after an import, and every night where values have changed."""

from uuid import UUID

from portal.queueing import queue
from portal.services import duplicate_search


@queue.task(name=duplicate_search.TASK)
def search(batch_id: str) -> None:
    """Compare a batch's people with each other and with everybody known."""
    duplicate_search.search(UUID(batch_id))


@queue.periodic(cron="41 18 * * *")
@queue.task(name="duplicates.search_changed", queueing_lock="duplicates.search_changed")
def search_changed(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Every night (01:41 in Vietnam): batches in which somebody's values changed since yesterday, or new ones."""
    duplicate_search.search_each(duplicate_search.changed_batches())
