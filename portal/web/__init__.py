"""The pages: blueprints and what is around every request."""

from importlib import import_module

from flask import Flask
from flask_wtf import CSRFProtect

BLUEPRINTS = (
    "public",
    "auth",
    "account",
    "administration",
    "home",
    "batches",
    "trails",
    "progress",
    "examinations",
    "reports",
    "registers",
    "bulk",
    "people",
    "readings",
    "duplicates",
    "lists",
    "entries",
    "sheets",
    "offline",
    "handovers",
    "deadlines",
    "notices",
)
"""Packages of `portal.web`, each with `bp`; a new page family is one line here."""


def register(app: Flask) -> None:
    """Add everything a request passes: guard, forms' tokens, filters, components, refusals, headers, pages."""
    from portal.web import access, assets, components, errors, filters, htmx, security, sessions, shell, wording

    assets.register(app)
    sessions.register(app)
    # Its own hook stays off (WTF_CSRF_CHECK_DEFAULT): the guard calls it, so that the order is ours.
    CSRFProtect(app)
    app.before_request(access.guard)
    errors.register(app)
    filters.register(app)
    components.register(app)
    wording.register(app)
    shell.register(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"portal.web.{name}").bp)
    # Flask runs these last-in first-out: shrink last, after the headers are set.
    for step in (assets.squeeze, security.harden, htmx.vary, shell.drop_sent_draft):
        app.after_request(step)
