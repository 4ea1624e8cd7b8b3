"""The composition root: one web application for one portal's settings."""

from flask import Flask
from sqlalchemy.exc import DataError, InterfaceError, OperationalError

from portal import web
from portal.models import db
from portal.services.context import Ground, stand_on
from portal.settings import CHECKOUT, Settings
from portal.web import errors, security


def create_app(settings: Settings) -> Flask:
    """The application, ready to serve. Needs `settings.database_url`; connects at the first request."""
    app = Flask("portal", template_folder=str(CHECKOUT / "templates"), static_folder=None)
    _configure(app, settings)
    security.configure(app, settings.public_url)
    db.init_app(app)
    stand_on(Ground.of(settings))
    web.register(app)
    _answer_for_the_database(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    if settings.database_url is None:
        raise ValueError("create_app needs the database's address; see portal.embedded")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_size": settings.web_threads,
            # Two for signing in the background; and a request that tries a PIN holds a second one for its lock.
            "max_overflow": settings.web_threads + 2,
            "pool_pre_ping": True,
            "pool_timeout": 10,
            # What was typed never stands in an error's words, and so in no log.
            "hide_parameters": True,
            "connect_args": {"connect_timeout": 3},
        },
        MAX_CONTENT_LENGTH=settings.upload_bytes,
        MAX_FORM_MEMORY_SIZE=settings.form_bytes,
        MAX_FORM_PARTS=settings.form_parts,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _answer_for_the_database(app: Flask) -> None:
    app.register_error_handler(OperationalError, errors.unavailable)
    app.register_error_handler(InterfaceError, errors.unavailable)
    # A number beyond the column, a NUL in a text: nothing was done, the request was wrong.
    app.register_error_handler(DataError, errors.unreadable)
