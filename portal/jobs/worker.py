"""The worker: does the queue's jobs one after the other, each in an application context of its own."""

import importlib
import logging
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from procrastinate import JobContext, PsycopgConnector
from procrastinate.worker import Worker

from portal import embedded, schema
from portal.jobs import TASK_MODULES
from portal.jobs.duties import STALLED_SECONDS
from portal.queueing import queue
from portal.services.standalone import standalone_app
from portal.settings import Settings

HEARTBEAT_SECONDS = 5.0
GRACE_SECONDS = 10.0


@click.command
def worker() -> None:
    """Chạy tiến trình nền: làm các việc đang chờ trong hàng đợi («portal serve» tự chạy một tiến trình)."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings.from_environment()
    with embedded.running(settings) as urls:
        schema.upgrade(urls)
        run_worker(settings.with_databases(urls.app, urls.owner))


def run_worker(
    settings: Settings,
    *,
    wait: bool = True,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
    stalled_seconds: float = STALLED_SECONDS,
) -> None:
    """Work until told to stop (SIGTERM, SIGINT), or with `wait=False` until the queue is empty.

    A job begun is finished first, within ten seconds; a job cut off is done again by the next worker.
    """
    for module in TASK_MODULES:
        importlib.import_module(module)
    with queue.replace_connector(PsycopgConnector(conninfo=settings.database_url, min_size=1, max_size=4)):
        queue.run_worker(
            wait=wait,
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE_SECONDS,
            update_heartbeat_interval=heartbeat_seconds,
            stalled_worker_timeout=stalled_seconds,
            additional_context={"stalled_seconds": stalled_seconds},
            task_middleware=[_in_context(standalone_app(settings))],
            install_signal_handlers=wait,
        )


def _in_context(app: Flask) -> Callable[[Callable[[], Any], JobContext, Worker], Any]:
    """Tasks run in threads: each gets its own context, so its own database session, gone when it ends."""

    def run(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:  # noqa: ANN401, ARG001
        with app.app_context():
            return call_next()

    return run
