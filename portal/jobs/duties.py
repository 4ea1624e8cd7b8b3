"""What the worker does by the clock."""

from procrastinate import JobContext

from portal.queueing import queue
from portal.services import drafts, event_log, reminders, report_periods

STALLED_SECONDS = 30.0
"""A worker without a sign of life for so long is taken for dead."""


@queue.periodic(cron="* * * * * */15")
@queue.task(name="duties.retry_stalled_jobs", pass_context=True, queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Give the jobs of killed workers back to the queue. Without this they would stay «doing» for ever."""
    seconds = context.additional_context.get("stalled_seconds", STALLED_SECONDS)
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        await context.app.job_manager.retry_job(job)


@queue.periodic(cron="* * * * * */10")
@queue.task(name="duties.sequence_events", queueing_lock="sequence_events")
def sequence_events(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Give committed events their leaves in the log's tree."""
    event_log.sequence_all()


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="duties.make_checkpoint", queueing_lock="make_checkpoint")
def make_checkpoint(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Sign the log's head, where it has grown."""
    event_log.sequence_all()
    event_log.make_checkpoint()


@queue.periodic(cron="5 * * * *")
@queue.task(name="duties.pass_on_reports", queueing_lock="pass_on_reports")
def pass_on_reports(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Hand the reports that units which have ended still owe to their successors."""
    report_periods.follow_successions()


@queue.periodic(cron="*/10 * * * *")
@queue.task(name="duties.send_reminders", queueing_lock="send_reminders")
def send_reminders(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Remind of what is due tomorrow, today or was due yesterday; tell the units above what stays late."""
    reminders.send_due()


@queue.periodic(cron="7 * * * *")
@queue.task(name="duties.drop_old_forms", queueing_lock="drop_old_forms")
def drop_old_forms(timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Forget kept forms that nobody came back for: they bear citizens' data."""
    drafts.drop_old()
