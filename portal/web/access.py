"""Who may call an endpoint: each declares one permission or is public; what declares nothing is refused."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.domain.errors import NotPermitted
from portal.domain.permissions import Actor, Permission, has_permission
from portal.services.sign_in import SignedIn
from portal.web import drafts, htmx, sessions

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC, BY_TOKEN = "public", "token"
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


SENDING, ALWAYS = frozenset({"POST"}), frozenset({"GET", "HEAD", "POST"})


def requires(permission: Permission, *, proof: frozenset[str] = frozenset()) -> Callable[[View], View]:
    """Declare that an endpoint needs this permission in the acting membership.

    `proof` are the methods (SENDING, ALWAYS) before which the person must have proved who he is a moment ago.
    """

    def declare(view: View) -> View:
        view.portal_access = permission  # type: ignore[attr-defined]
        view.portal_proof = proof  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare that an endpoint is for everyone, signed in or not."""
    view.portal_access = PUBLIC  # type: ignore[attr-defined]
    return view


def by_token(view: View) -> View:
    """Declare that an endpoint is for a machine whose address holds a short-lived token: without a session."""
    view.portal_access = BY_TOKEN  # type: ignore[attr-defined]
    return view


def declared_access(view: Callable[..., Any]) -> Permission | str | None:
    """What the endpoint declares: a permission, PUBLIC, or None where it declares nothing."""
    return getattr(view, "portal_access", None)


def proved_methods(view: Callable[..., Any]) -> frozenset[str]:
    """The methods for which the endpoint needs a fresh proof."""
    found: frozenset[str] = getattr(view, "portal_proof", frozenset())
    return found


def signed_in() -> SignedIn | None:
    """The person at the keyboard, or None, also while the second factor is missing. Looked up once per request."""
    account = _session_holder()
    return account if account and not account.awaits_factor else None


def half_signed_in() -> SignedIn | None:
    """Who gave the right password in this browser and owes the second factor."""
    account = _session_holder()
    return account if account and account.awaits_factor else None


def _session_holder() -> SignedIn | None:
    if current_user and current_user.is_authenticated:
        account: SignedIn = current_user.signed_in
        return account
    return None


def current_actor() -> Actor:
    """Who acts, in the membership chosen in the header. Raises NotPermitted without a current membership."""
    account = signed_in()
    if account is None or account.actor is None:
        raise NotPermitted(
            _(
                "Tài khoản của bạn hiện chưa được phân công ở đơn vị nào, nên chưa làm việc được. "
                "Hãy đề nghị người quản trị phân công."
            )
        )
    return account.actor


def session_since() -> datetime:
    """When the person at the keyboard signed in. Raises NotPermitted where nobody is signed in."""
    account = signed_in()
    if account is None:
        raise NotPermitted(_("Hãy đăng nhập rồi làm lại."))
    return account.since


def _refuse_huge_form() -> None:
    """Werkzeug measures the fields of a multipart form only; the plain kind is measured here, before it is read."""
    limit = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if request.mimetype == "application/x-www-form-urlencoded" and (request.content_length or 0) > limit:
        abort(413)


def _ask_to_choose(account: SignedIn) -> Response:
    """The membership or delegation in use has ended: nothing is done in another one that was not chosen openly.

    What was just typed is kept for a person who still has a place here, and offered once he has chosen.
    """
    kept = drafts.keep_for(account.user_id) if request.method == "POST" else None
    return htmx.redirect(url_for("account.switch_membership", unsent=kept))


def _where_first() -> Response | None:
    """Where a person must go before anything else: sign in, choose a password, another place; None to go on."""
    account = signed_in()
    if account is None:
        return sessions.ask_for_factor() if half_signed_in() else sessions.ask_to_sign_in()
    if account.must_change_password and request.endpoint != "account.password":
        return htmx.redirect(url_for("account.password"))
    if account.lapsed and request.endpoint != "account.switch_membership":
        return _ask_to_choose(account)
    return None


def guard() -> Response | None:
    """Before every request: CSRF, then sign-in, then the declared permission. Deny by default."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    declared = declared_access(view)
    if declared is None:
        current_app.logger.error("endpoint without access declaration: %s", request.endpoint)
        raise NotPermitted(_("Trang này chưa được mở cho ai."))
    if request.method in _UNSAFE:
        _refuse_huge_form()
        if declared != BY_TOKEN:
            current_app.extensions["csrf"].protect()
    if declared in {PUBLIC, BY_TOKEN}:
        return None
    if (elsewhere := _where_first()) is not None:
        return elsewhere
    if not has_permission(current_actor(), Permission(declared)):
        raise NotPermitted(
            _("Vai trò của bạn không có quyền mở trang này. Hãy chọn phân công khác, hoặc trở về trang đầu.")
        )
    account = signed_in()
    if account and request.method in proved_methods(view) and not account.proof_is_fresh:
        return sessions.ask_for_proof(account)
    return None
