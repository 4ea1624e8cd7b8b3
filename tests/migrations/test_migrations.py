"""The migrations lead to exactly the tables that the models describe, and back."""

from alembic import command

from portal import schema
from portal.embedded import DatabaseUrls
from tests import database


def test_models_and_migrations_agree(own_database: DatabaseUrls) -> None:
    command.check(schema.alembic_config(own_database))


def test_there_is_one_newest_migration() -> None:
    assert schema.head() is not None


def test_every_migration_can_be_undone_and_done_again() -> None:
    urls = database.bare_database()
    config = schema.alembic_config(urls)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert schema.current(urls.owner) is None
    assert schema.upgrade(urls)
    assert schema.current(urls.app) == schema.head(), "the application role may read which migration it is"
    database.drop_database(urls)
