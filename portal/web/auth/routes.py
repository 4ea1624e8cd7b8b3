"""Signing in and out."""

from flask import Blueprint, Response, request, session, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.services import drafts as kept_forms
from portal.services import own_account
from portal.services import sign_in as service
from portal.services.accounts import demonstration_choices
from portal.services.context import ground
from portal.services.sign_in import SignedIn, TooManyAttempts
from portal.web import drafts, htmx, sessions
from portal.web.access import public, signed_in
from portal.web.auth.forms import SignInForm
from portal.web.security import local_path
from portal.web.wording import leave_message, speak

bp = Blueprint("auth", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> Response:
    """The sign-in page; in a demonstration also every account with one click."""
    if signed_in() is not None:
        return htmx.redirect(_next_page())
    return _page(SignInForm())


@bp.post("/sign-in")
@public
def open_session() -> Response:
    """Open a session for name and password, or for the demonstration account that was clicked."""
    agent = request.user_agent.string
    if "demo_user" in request.form:
        return _enter(service.sign_in_for_demonstration(request.form["demo_user"], agent))
    form = SignInForm()
    if not form.validate():
        return _page(form, 422)
    try:
        opened = service.sign_in(form.username.data, form.password.data, agent)
    except InvalidInput as refusal:
        form.form_errors = [refusal.message]
        return _page(form, 422)
    except TooManyAttempts as refusal:
        form.form_errors = [refusal.message]
        return _page(form, 429)
    return _enter(opened)


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session here and in the table; the browser is told to forget what it kept."""
    token = session.get("_user_id")
    if token is not None:
        service.sign_out(token)
    sessions.forget()
    leave_message(_("Bạn đã đăng xuất."), "success")
    answer = htmx.redirect(url_for("auth.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.post("/language")
@public
def choose_language() -> Response:
    """Read in another language from now on, on the page one came from; kept with the account of who is signed in."""
    chosen = request.form.get("language", "")
    account = signed_in()
    if account is not None:
        own_account.choose_language(account.user_id, chosen)
    answer = htmx.redirect(_next_page())
    speak(answer, chosen)
    return answer


def _page(form: SignInForm, status: int = 200) -> Response:
    choices = demonstration_choices() if ground().settings.demo else []
    return htmx.render(
        "auth/sign_in.html",
        status=status,
        form=form,
        choices=choices,
        next_page=_next_page(),
        expired="expired" in request.args,
    )


def _enter(opened: SignedIn) -> Response:
    had_expired = "expired" in request.args or request.form.get("expired") == "1"
    sessions.begin(opened)
    kept = kept_forms.latest(opened.user_id) if had_expired else None
    answer = htmx.redirect(drafts.address_of(kept, _next_page()) if kept else _next_page())
    speak(answer, opened.language)
    return answer


def _next_page() -> str:
    return local_path(request.values.get("next")) or "/"
