"""The signed-in person's own pages: facts, password, signing key, sessions, membership, kept forms."""

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput, NotFound
from portal.domain.permissions import Permission, has_permission
from portal.services import accounts, drafts, keys, own_account, proofs, sign_in
from portal.services.sign_in import SignedIn
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires, signed_in
from portal.web.account.forms import PasswordForm, SigningKeyForm, SwitchForm
from portal.web.drafts import address_of as kept_at
from portal.web.filters import day, words
from portal.web.security import local_path
from portal.web.wording import leave_message

bp = Blueprint("account", __name__)


def _account() -> SignedIn:
    account = signed_in()
    assert account is not None  # noqa: S101  the guard let only signed-in people in
    return account


@bp.get("/")
@requires(Permission.ACCOUNT_OWN)
def front() -> Response:
    """The first page of the role."""
    actor = current_actor()
    if has_permission(actor, Permission.USER_ADMINISTER):
        return htmx.redirect(url_for("administration.accounts"))
    if not has_permission(actor, Permission.LIST_READ):
        return htmx.redirect(url_for("reports.index"))
    for endpoint in ("home.index", "account.show"):
        if endpoint in current_app.view_functions:
            return htmx.redirect(url_for(endpoint))
    raise NotFound(_("Chưa có trang đầu."))


@bp.get("/account")
@requires(Permission.ACCOUNT_OWN)
def show() -> Response:
    """Who I am here, where I may act, my key, my open sessions."""
    account = _account()
    return htmx.render(
        "account/show.html",
        own=own_account.overview(account.user_id, account.token),
        key_state=keys.key_state(current_actor()),
    )


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def password() -> Response:
    """Change the own password."""
    account, form = _account(), PasswordForm()
    if not form.is_submitted():
        return htmx.render("account/password.html", form=form, forced=account.must_change_password)
    if form.validate():
        try:
            accounts.change_password(account.user_id, form.old_password.data, form.password.data, token=account.token)
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc."), "success")
            return htmx.redirect(url_for("account.show"))
    return htmx.render("account/password.html", status=422, form=form, forced=account.must_change_password)


@bp.route("/account/signing-key", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def signing_key() -> Response:
    """Make the own signing key, or replace it."""
    actor, form = current_actor(), SigningKeyForm()
    state = keys.key_state(actor)
    if not form.is_submitted():
        return htmx.render("account/signing_key.html", form=form, key_state=state, may_sign=actor.can_sign)
    if form.validate() and _is_proven(form):
        try:
            keys.enrol(actor, form.passphrase.data)
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(
                _("Đã tạo khóa ký số nội bộ. Hãy nhớ mật khẩu khóa ký: không ai khôi phục được."), "success"
            )
            return htmx.redirect(local_path(request.args.get("next")) or url_for("account.show"))
    return htmx.render("account/signing_key.html", status=422, form=form, key_state=state, may_sign=actor.can_sign)


def _is_proven(form: SigningKeyForm) -> bool:
    """Whether the person typed the own password; a wrong one is told beside its field."""
    try:
        proofs.prove(_account().user_id, form.password.data)
    except InvalidInput as refusal:
        form.password.errors = [refusal.message]
        return False
    return True


@bp.post("/account/sessions/end")
@requires(Permission.ACCOUNT_OWN, proof=SENDING)
def end_sessions() -> Response:
    """End every other session of mine."""
    account = _account()
    ended = own_account.end_other_sessions(account.user_id, account.token)
    leave_message(_("Đã kết thúc %(count)s phiên khác.", count=ended), "success")
    return htmx.redirect(url_for("account.show"))


@bp.route("/switch-membership", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def switch_membership() -> Response:
    """Choose in which of several memberships to act, or for which absent colleague."""
    account, actor, form = _account(), current_actor(), SwitchForm()
    places = own_account.places(account.user_id)
    form.place.choices = [(place.value, _place_words(place)) for place in places]
    if not form.is_submitted():
        form.place.data = f"d{actor.delegation_id}" if actor.delegation_id else f"m{actor.membership_id}"
        return htmx.render(
            "account/switch_membership.html", form=form, lapsed=account.lapsed, unsent=kept_address("/")
        )
    chosen = next((place for place in places if place.value == form.place.data), None)
    if chosen is None:
        raise NotFound(_("Bạn không có phân công này, hoặc phân công đã hết hiệu lực."))
    sign_in.act_in(account, chosen.membership_id, chosen.delegation_id)
    return htmx.redirect(kept_address("/") or "/")


def _place_words(place: own_account.Place) -> str:
    if place.delegation_id is None:
        return f"{place.unit_name} – {place.position} ({words(place.role)})"
    signs = _("được ký thay") if place.may_sign else _("không ký")
    return str(
        _(
            "Làm thay %(name)s, %(position)s, %(unit)s, đến hết %(day)s (%(signs)s)",
            name=place.principal_name,
            position=place.position,
            unit=place.unit_name,
            day=day(place.until),
            signs=signs,
        )
    )


def kept_address(next_page: str) -> str:
    """Where the own form lies that `unsent` names: it was sent when it could not be taken; empty where none was."""
    number = request.values.get("unsent", "")
    kept = drafts.find(_account().user_id, int(number)) if number.isdecimal() and len(number) < 18 else None
    return kept_at(kept, next_page) if kept else ""


@bp.get("/account/kept-forms/<int:draft_id>")
@requires(Permission.ACCOUNT_OWN)
def kept_form(draft_id: int) -> Response:
    """A form that was sent after the session had ended: look at it, send it again with one click."""
    kept = drafts.find(_account().user_id, draft_id)
    if kept is None:
        raise NotFound(_("Không còn biểu mẫu nào được giữ ở đây; có thể bạn đã gửi lại rồi."))
    back = local_path(request.args.get("next")) or "/"
    return htmx.render("account/kept_form.html", kept=kept, back=back)


@bp.post("/account/kept-forms/<int:draft_id>/drop")
@requires(Permission.ACCOUNT_OWN)
def drop_kept_form(draft_id: int) -> Response:
    """Forget a kept form of mine; back to the page that offered it."""
    drafts.drop(_account().user_id, draft_id)
    leave_message(_("Đã bỏ bản nháp."), "success")
    return htmx.redirect(local_path(request.form.get("next")) or "/")
