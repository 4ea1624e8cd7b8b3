"""What the worker does by the clock."""

from procrastinate import JobContext

from portal.queueing import queue

STALLED_SECONDS = 30.0
"""A worker without a sign of life for so long is taken for dead."""


@queue.periodic(cron="* * * * * */15")
@queue.task(name="duties.retry_stalled_jobs", pass_context=True, queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  the queue gives it
    """Give the jobs of killed workers back to the queue. Without this they would stay «doing» for ever."""
    seconds = context.additional_context.get("stalled_seconds", STALLED_SECONDS)
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        await context.app.job_manager.retry_job(job)
