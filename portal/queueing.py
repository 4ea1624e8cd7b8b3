"""Jobs for later, kept in the same database: a job exists if and only if the caller's transaction commits.

Services enqueue by the task's name and need not know who does it (`portal.jobs`). A job carries identifiers only,
never a citizen's data; what it has reached stands on the row it is about. Jobs may run twice after a crash, so each
must do nothing when its work is already done.
"""

from procrastinate import App, SyncPsycopgConnector
from procrastinate.schema import SchemaManager
from sqlalchemy.orm import Session

queue = App(connector=SyncPsycopgConnector())
"""The queue; `portal.jobs` puts its tasks on it. Never opened here: it borrows the caller's connection."""

GRANTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_periodic_defers,"
    " procrastinate_events, procrastinate_workers TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
)
"""What the application role needs to enqueue and to work; `{role}` is an SQL identifier."""

Argument = int | str | None


def enqueue(session: Session, task: str, *, lock: str | None = None, **arguments: Argument) -> int:
    """Add a job to the session's transaction and return its number; a rollback takes it away again.

    Jobs with the same `lock` run one after the other. `arguments` are identifiers (texts or whole numbers).
    """
    connection = session.connection().connection.driver_connection
    return queue.configure_task(task, lock=lock, connection=connection).defer(**arguments)


def schema_sql() -> str:
    """The statements that make the queue's tables; for the migration, to be run without parameters."""
    return SchemaManager.get_schema()
