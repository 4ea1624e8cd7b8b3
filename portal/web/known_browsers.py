"""Browsers in which a person has signed in before: a signed mark, so that strangers' guesses slow only strangers."""

from uuid import UUID

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

COOKIE = "known-browser"
KEPT_FOR = 90 * 24 * 3600
"""Seconds since the last sign-in here."""
_MOST = 10


def people() -> frozenset[UUID]:
    """Who has signed in with this browser before; nobody where the mark is missing, forged or too old."""
    try:
        return frozenset(UUID(each) for each in _serializer().loads(request.cookies.get(_name(), ""), KEPT_FOR))
    except (BadData, ValueError, TypeError):
        return frozenset()


def remember(answer: Response, user_id: UUID) -> None:
    """Mark the browser as this person's; it survives a sign-out and gives no right."""
    others = [str(each) for each in people() if each != user_id][: _MOST - 1]
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(
        _name(),
        _serializer().dumps([str(user_id), *others]),
        max_age=KEPT_FOR,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _name() -> str:
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=COOKIE)
