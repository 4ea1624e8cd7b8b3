"""The signed-in browser: Flask-Login holds our random token, the table of sessions decides whether it still lives."""

from flask import Flask, Response, request, session, url_for
from flask_login import LoginManager, UserMixin, login_user, logout_user

from portal.services.sign_in import SignedIn, resume
from portal.web import drafts, htmx, outbox


class Account(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries through a request; its id is the session's token."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        """The token of the session, which the cookie holds signed."""
        return self.signed_in.token


def register(app: Flask) -> None:
    """Let Flask-Login look every token up in our table; its own cookies and timers stay off."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> Account | None:
        found = resume(token)
        return Account(found) if found else None


def begin(signed_in: SignedIn) -> None:
    """Start the browser's session afresh: whatever the cookie held before the sign-in is gone."""
    session.clear()
    login_user(Account(signed_in))


def renew(token: str) -> None:
    """Go on in the same browser with the session's new token."""
    session["_user_id"] = token


def ask_for_factor() -> Response:
    """Send who owes the second factor to its page."""
    return htmx.redirect(url_for("auth.factor", next=_this_page()))


def ask_for_proof(account: SignedIn) -> Response:
    """Send the person to prove anew who he is; what he just sent is kept and shown again filled."""
    kept = drafts.keep_for(account.user_id) if request.method == "POST" else None
    return htmx.redirect(url_for("account.prove", next=_this_page(), unsent=kept))


def forget() -> None:
    """Forget the browser's session; the table's row is ended by the service."""
    logout_user()
    session.clear()


def ask_to_sign_in() -> Response:
    """Send the visitor to the sign-in page and back here afterwards; a form he sent is kept for its author."""
    if outbox.is_asking():
        return outbox.please_sign_in()
    token = session.get("_user_id")
    if token is None:
        return htmx.redirect(url_for("auth.sign_in", next=_this_page()))
    if request.method == "POST":
        drafts.keep_for_ended_session(token)
    return htmx.redirect(url_for("auth.sign_in", next=_this_page(), expired=1))


def _this_page() -> str:
    if request.method in {"GET", "HEAD"} and request.headers.get("HX-Request") != "true":
        return request.full_path.rstrip("?")
    return drafts.page_behind_the_request()
