"""Write a migration from the difference between the models and the newest migration: make migration m="what"."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from portal import embedded, schema
from portal.settings import Settings


def main(message: str) -> None:
    """Migrate a throw-away database to the newest state, compare, write the file."""
    with (
        tempfile.TemporaryDirectory(prefix="bangiao-migration-") as folder,
        embedded.running(Settings(home=Path(folder)), fast=True) as urls,
    ):
        schema.upgrade(urls)
        number = len(list((schema.MIGRATIONS / "versions").glob("[0-9]*.py"))) + 1
        command.revision(schema.alembic_config(urls), message, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    main(sys.argv[1])
