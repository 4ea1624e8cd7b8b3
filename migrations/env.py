"""Runs the migrations as the database's owner, one runner at a time, in one transaction."""

from alembic import context
from sqlalchemy import create_engine, text

import portal.models  # noqa: F401  (fills the metadata)
from portal.models.base import db

RUNNER_LOCK = 0x62616E67
"""Number of the advisory lock: two processes that start together must not migrate together."""


def belongs_to_models(_object, name: str | None, kind: str, _reflected: bool, _compared) -> bool:
    """The queue's tables are procrastinate's own and no model describes them."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def run() -> None:
    engine = create_engine(context.config.attributes["owner_url"])
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": RUNNER_LOCK})
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=belongs_to_models,
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
