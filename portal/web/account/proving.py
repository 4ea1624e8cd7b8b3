"""Fresh proofs and the second factor: prove the password anew, an authenticator app on and off."""

import io

import segno
from flask import Response, request, send_file, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.services import own_account, proofs, second_factors, security_keys
from portal.services.context import ground
from portal.services.sign_in import SignedIn
from portal.services.throttling import TooManyAttempts
from portal.web import htmx, sessions
from portal.web.access import ALWAYS, SENDING, requires, signed_in
from portal.web.account.forms import FactorCodeForm, ProofForm
from portal.web.account.routes import bp, kept_address
from portal.web.auth.forms import FactorForm
from portal.web.security import local_path
from portal.web.wording import leave_message

LONGEST_ASSERTION = 20_000
"""Letters of a security key's answer that are read."""


def _account() -> SignedIn:
    account = signed_in()
    assert account is not None  # noqa: S101  the guard let only signed-in people in
    return account


@bp.route("/account/proof", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def prove() -> Response:
    """Prove anew who sits here; then on to the page asked for, or to the form that was kept meanwhile."""
    account, form, status = _account(), ProofForm(), 200
    if not second_factors.has_one(account.user_id):
        del form.code
    if form.is_submitted():
        status = 422
        try:
            token = _proved(account, form)
        except InvalidInput as refusal:
            if refusal.fields or "assertion" in request.form:
                form.refuse(refusal)
            else:
                form.password.errors = [refusal.message]
        except TooManyAttempts as refusal:
            form.form_errors, status = [refusal.message], 429
        else:
            if token:
                sessions.renew(token)
                return htmx.redirect(kept_address(_next()) or _next())
    return htmx.render(
        "account/prove.html",
        status=status,
        form=form,
        next_page=_next(),
        unsent=request.values.get("unsent", "") if kept_address(_next()) else "",
        one_click=ground().settings.demo,
        has_key=security_keys.has_one(account.user_id),
    )


def _proved(account: SignedIn, form: ProofForm) -> str:
    """The session's new token for what was sent; empty where the form is not filled. Raises as `proofs` does."""
    if "demonstration" in request.form:
        return proofs.renew_proof_for_demonstration(account.token)
    if "assertion" in request.form:
        return proofs.renew_proof_by_key(account.token, request.form["assertion"][:LONGEST_ASSERTION])
    if form.validate():
        return proofs.renew_proof(account.token, form.password.data, form.data.get("code", ""))
    return ""


def _next() -> str:
    return local_path(request.values.get("next")) or "/"


@bp.get("/account/second-factor")
@requires(Permission.ACCOUNT_OWN)
def second_factor() -> Response:
    """Whether the own sign-in takes two steps, and how to change that."""
    return _factor_page(FactorForm())


@bp.post("/account/second-factor")
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def begin_second_factor() -> Response:
    """Have a code ready to be scanned."""
    second_factors.begin(_account().user_id)
    return htmx.redirect(url_for(".scan_second_factor"))


@bp.get("/account/second-factor/scan")
@requires(Permission.ACCOUNT_OWN, proof=ALWAYS)
def scan_second_factor() -> Response:
    """The code to scan, and the field for what the app shows then."""
    return _scan_page(FactorCodeForm())


@bp.get("/account/second-factor/picture.png")
@requires(Permission.ACCOUNT_OWN, proof=ALWAYS)
def second_factor_picture() -> Response:
    """What the authenticator app scans, as a picture."""
    picture = io.BytesIO()
    segno.make(second_factors.address_to_scan(_account().user_id), micro=False).save(picture, kind="png", scale=5)
    picture.seek(0)
    return send_file(picture, mimetype="image/png")


@bp.post("/account/second-factor/scan")
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def confirm_second_factor() -> Response:
    """The app shows codes: from now on a sign-in takes two steps. The recovery codes stand in this answer alone."""
    form = FactorCodeForm()
    if not form.validate():
        return _scan_page(form, 422)
    try:
        codes = second_factors.confirm(_account().user_id, form.code.data)
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _scan_page(form, 422)
    return htmx.render("account/recovery_codes.html", codes=codes)


@bp.post("/account/second-factor/off")
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def switch_off_second_factor() -> Response:
    """Do without the second factor from now on, shown once more."""
    form = FactorForm()
    if not form.validate():
        return _factor_page(form, 422)
    try:
        proofs.switch_factor_off(_account().user_id, form.code.data)
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _factor_page(form, 422)
    except TooManyAttempts as refusal:
        form.form_errors = [refusal.message]
        return _factor_page(form, 429)
    leave_message(_("Đã tắt xác thực hai bước."), "success")
    return htmx.redirect(url_for(".second_factor"))


@bp.post("/account/sessions/<mark>/end")
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def end_session(mark: str) -> Response:
    """End one session of mine, as after a lost phone."""
    own_account.end_session(_account().user_id, mark)
    leave_message(_("Đã kết thúc phiên đăng nhập đó."), "success")
    return htmx.redirect(url_for("account.show", _anchor="sessions"))


def _factor_page(form: FactorForm, status: int = 200) -> Response:
    own = second_factors.own(_account().user_id)
    return htmx.render("account/second_factor.html", status=status, form=form, own=own)


def _scan_page(form: FactorCodeForm, status: int = 200) -> Response:
    secret = second_factors.waiting_secret(_account().user_id)
    spoken = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return htmx.render("account/scan_second_factor.html", status=status, form=form, secret=spoken)
