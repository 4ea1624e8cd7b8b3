"""Forms that could not be taken, because the session had ended or the token was old: kept and shown again."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from portal.services import drafts, sign_in
from portal.web.security import local_path

_SECRET = ("password", "passphrase", "csrf_token")
_SECRET_NAMES = frozenset({"pin", "code", "assertion"})
"""`code` is what an authenticator app or a one-time message shows, but …"""
_CODES_ARE_PLAIN = frozenset({"administration", "bulk"})
"""… in these parts of the portal it is a unit's or a fact's, which nobody wants to type twice."""
MARK = "kept"
"""Query parameter and hidden field that name the kept form."""
_LONGEST_NUMBER = 17
"""Digits of a kept form's number that the database's column can hold."""


def keep_for_ended_session(token: str) -> None:
    """Keep the posted form for the person whose session has ended; nothing where the token was never ours."""
    author = sign_in.author_of(token)
    if author is not None:
        keep_for(author)


def keep_for(user_id: UUID) -> int | None:
    """Keep the posted form, secrets and files left out. Only forms sent from this site's own pages."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"} or not request.form:
        return None
    fields = {name: values for name, values in request.form.lists() if not is_secret(name, request.blueprint or "")}
    return drafts.keep(user_id, request.path, fields)


def is_secret(name: str, part: str) -> bool:
    """Whether a field of this name, in this part of the portal, is never kept."""
    if name in _SECRET_NAMES:
        return name != "code" or part not in _CODES_ARE_PLAIN
    return any(secret in name for secret in _SECRET)


def address_of(draft: drafts.KeptForm, next_page: str) -> str:
    """Where the author finds the kept form: its own page where the path has one, else a page to send it again."""
    if answers_get(draft.path):
        return f"{draft.path}?{MARK}={draft.id}"
    return url_for("account.kept_form", draft_id=draft.id, next=next_page)


def answers_get(path: str) -> bool:
    """Whether the path has a page of its own."""
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True


def kept_fields(user_id: UUID) -> MultiDict[str, str] | None:
    """The kept form that the address asks for (`?kept=…`), if it belongs to this person and this page."""
    number = request.args.get(MARK, "")
    if request.method != "GET" or not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        return None
    kept = drafts.find(user_id, int(number))
    return as_form(kept.fields) if kept and kept.path == request.path else None


def as_form(fields: Mapping[str, list[str]]) -> MultiDict[str, str]:
    """Kept fields as a form reads them."""
    return MultiDict((name, value) for name, values in fields.items() for value in values)


def drop_when_sent(user_id: UUID) -> None:
    """Forget a kept form once it has been sent again with success."""
    number = request.form.get(MARK, "")
    if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
        drafts.drop(user_id, int(number))


def page_behind_the_request() -> str:
    """The page from which a form or htmx call was sent, as a local path; the first page where unknown."""
    try:
        current = urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        # A forged header need not be an address at all.
        current = ""
    return local_path(current) or (request.path if answers_get(request.path) else "/")
