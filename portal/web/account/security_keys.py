"""Security keys of the own account: list, add, remove; the challenge for a fresh proof."""

from flask import Response, jsonify, make_response, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import second_factors, security_keys
from portal.services.sign_in import SignedIn
from portal.web import htmx
from portal.web.access import ALWAYS, SENDING, requires, signed_in
from portal.web.account.forms import SecurityKeyForm
from portal.web.account.routes import bp
from portal.web.wording import leave_message


def _account() -> SignedIn:
    account = signed_in()
    assert account is not None  # noqa: S101  the guard let only signed-in people in
    return account


@bp.get("/account/security-keys")
@requires(Permission.ACCOUNT_OWN)
def own_security_keys() -> Response:
    """The own security keys."""
    user_id = _account().user_id
    return htmx.render(
        "account/security_keys.html",
        keys=security_keys.own(user_id),
        codes_left=second_factors.codes_left(user_id),
        most=security_keys.MOST_KEYS,
    )


@bp.get("/account/security-keys/new")
@requires(Permission.ACCOUNT_OWN, proof=ALWAYS)
def add_security_key() -> Response:
    """The form to add a security key."""
    return _form(SecurityKeyForm())


@bp.post("/account/security-keys/new/challenge")
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def security_key_challenge() -> Response:
    """What the browser hands to the device that is to become a key."""
    account = _account()
    return make_response(jsonify(security_keys.begin_registration(account.user_id, account.token)))


@bp.post("/account/security-keys/new")
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def register_security_key() -> Response:
    """Take the device's key into force; recovery codes are shown once, with the first factor."""
    account, form = _account(), SecurityKeyForm()
    if not form.validate():
        return _form(form, 422)
    try:
        codes = security_keys.register(account.user_id, account.token, form.name.data, form.assertion.data)
    except InvalidInput as refusal:
        form.form_errors = [refusal.message]
        return _form(form, 422)
    if codes:
        return htmx.render("account/recovery_codes.html", codes=codes)
    leave_message(_("Đã thêm khóa bảo mật «%(name)s».", name=form.name.data), "success")
    return htmx.redirect(_list_address())


@bp.post("/account/security-keys/<mark>/remove")
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def remove_security_key(mark: str) -> Response:
    """Take one of the own keys away, as after its loss."""
    security_keys.remove(_account().user_id, mark)
    leave_message(_("Đã gỡ khóa bảo mật. Khóa này không còn dùng để vào cổng được nữa."), "success")
    return htmx.redirect(_list_address())


@bp.post("/account/proof/challenge")
@requires(Permission.ACCOUNT_OWN)
def proof_challenge() -> Response:
    """What one of the own keys is to sign, to prove anew who sits here."""
    return make_response(jsonify(security_keys.begin_proof(_account().token)))


def _form(form: SecurityKeyForm, status: int = 200) -> Response:
    return htmx.render("account/security_key_new.html", status=status, form=form)


def _list_address() -> str:
    return url_for("account.own_security_keys")
