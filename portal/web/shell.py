"""What the frame of every page shows: who is signed in, the menu, the demonstration banner, the version."""

from importlib.metadata import version
from typing import Any

from flask import Flask, Response, current_app, request

from portal.clock import now
from portal.domain.permissions import Permission, has_permission
from portal.languages import LANGUAGES
from portal.queries.notices import MOST_SHOWN, unread
from portal.services.context import ground
from portal.web import drafts
from portal.web.access import signed_in
from portal.web.navigation import menu
from portal.web.outbox import outbox_of


def frame() -> dict[str, Any]:
    """Names that the layouts read."""
    account = signed_in()
    actor = account.actor if account else None
    return {
        "account": account,
        "actor": actor,
        "menu": menu(actor) if actor and account and not account.must_change_password else [],
        # Asked by the layout alone: what htmx swaps in shows no menu, and rows are saved by the hundred.
        "unread": lambda: unread(actor) if actor and has_permission(actor, Permission.LIST_READ) else None,
        "demo": ground().settings.demo,
        "most_shown": MOST_SHOWN,
        "portal_version": current_app.config["PORTAL_VERSION"],
        "drawn_at": now(),
        "languages": LANGUAGES,
        # What answers a POST has no address to come back to in the other language.
        "this_page": request.full_path.rstrip("?") if request.method == "GET" else "",
        "outbox": outbox_of(account),
    }


def drop_sent_draft(answer: Response) -> Response:
    """After every request: a kept form that was sent again with success is forgotten."""
    if request.method == "POST" and answer.status_code < 400 and drafts.MARK in request.form:
        account = signed_in()
        if account:
            drafts.drop_when_sent(account.user_id)
    return answer


def register(app: Flask) -> None:
    """Give every template the frame's names."""
    app.config["PORTAL_VERSION"] = version("bangiao")
    app.context_processor(frame)
