"""Signing in and out."""

from flask import Blueprint, Response, jsonify, make_response, request, session, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.services import drafts as kept_forms
from portal.services import own_account, proofs, security_keys
from portal.services import sign_in as service
from portal.services.accounts import demonstration_choices
from portal.services.context import ground
from portal.services.sign_in import SignedIn
from portal.services.throttling import TooManyAttempts
from portal.web import drafts, htmx, known_browsers, sessions
from portal.web.access import half_signed_in, public, signed_in
from portal.web.auth.forms import FactorForm, SignInForm
from portal.web.security import local_path
from portal.web.wording import leave_message, speak

bp = Blueprint("auth", __name__)
LONGEST_ASSERTION = 20_000
"""Letters of a security key's answer that are read."""


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
        opened = service.sign_in(form.username.data, form.password.data, agent, known_browsers.people())
    except InvalidInput as refusal:
        form.form_errors = [refusal.message]
        return _page(form, 422)
    except TooManyAttempts as refusal:
        form.form_errors = [refusal.message]
        return _page(form, 429)
    return _enter(opened)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def factor() -> Response:
    """The second step of a sign-in: the code of the authenticator app, or a recovery code."""
    half, form = half_signed_in(), FactorForm()
    if half is None:
        return htmx.redirect(url_for("auth.sign_in", next=_next_page()))
    if not form.is_submitted():
        return _factor_page(form)
    assertion = request.form.get("assertion", "")[:LONGEST_ASSERTION]
    if not assertion and not form.validate():
        return _factor_page(form, 422)
    try:
        token = proofs.give_factor(half.token, form.code.data, assertion=assertion, known=known_browsers.people())
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _factor_page(form, 422)
    except TooManyAttempts as refusal:
        form.form_errors = [refusal.message]
        return _factor_page(form, 429)
    sessions.renew(token)
    return _welcome(half)


@bp.post("/sign-in/key-challenge")
@public
def key_challenge() -> Response:
    """What one of the person's security keys is to sign, as the second step of a sign-in."""
    half = half_signed_in()
    if half is None:
        return htmx.redirect(url_for("auth.sign_in"))
    return make_response(jsonify(security_keys.begin_proof(half.token)))


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


def _factor_page(form: FactorForm, status: int = 200) -> Response:
    half = half_signed_in()
    return htmx.render(
        "auth/factor.html",
        status=status,
        form=form,
        next_page=_next_page(),
        expired=_had_expired(),
        has_key=half is not None and security_keys.has_one(half.user_id),
    )


def _had_expired() -> bool:
    return "expired" in request.args or request.form.get("expired") == "1"


def _enter(opened: SignedIn) -> Response:
    sessions.begin(opened)
    if opened.awaits_factor:
        return htmx.redirect(url_for("auth.factor", next=_next_page(), expired=_had_expired() or None))
    return _welcome(opened)


def _welcome(opened: SignedIn) -> Response:
    """To the page asked for, or to the form that was kept when the last session ended."""
    had_expired = _had_expired()
    kept = kept_forms.latest(opened.user_id) if had_expired else None
    answer = htmx.redirect(drafts.address_of(kept, _next_page()) if kept else _next_page())
    speak(answer, opened.language)
    known_browsers.remember(answer, opened.user_id)
    return answer


def _next_page() -> str:
    return local_path(request.values.get("next")) or "/"
