"""The portal without its web pages: what commands and the worker stand on to call services.

The composition root of the pages is `portal.app`; this one only opens the database and names the ground.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from portal import embedded, schema
from portal.models import db
from portal.services.context import Ground, stand_on
from portal.settings import Settings


def standalone_app(settings: Settings) -> Flask:
    """An application without routes on the settings' database; services run inside its context.

    `settings.database_url` must be known: see `portal.embedded.attach` or `opened`.
    """
    app = Flask("portal")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    db.init_app(app)
    stand_on(Ground.of(settings))
    return app


@contextmanager
def opened(settings: Settings, *, fast: bool = False) -> Iterator[Settings]:
    """One portal, ready for services: database running and migrated, context open; all closed at the end.

    `with opened(Settings.from_environment()) as settings:`. `fast` is for throw-away portals only.
    """
    with embedded.running(settings, fast=fast) as urls:
        schema.upgrade(urls)
        known = settings.with_databases(urls.app, urls.owner)
        with standalone_app(known).app_context():
            try:
                yield known
            finally:
                db.session.remove()
                db.engine.dispose()
