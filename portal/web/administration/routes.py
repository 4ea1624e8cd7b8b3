"""Units and accounts within the administrator's territory."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput
from portal.domain.permissions import Permission
from portal.domain.units import UnitKind
from portal.services import accounts as account_service
from portal.services import administration
from portal.services import units as unit_service
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.administration.forms import AppointmentForm, NewAccountForm, NewUnitForm, UnitForm
from portal.web.paging import SIZE, Page, page_number
from portal.web.wording import leave_message

bp = Blueprint("administration", __name__, url_prefix="/administration")


@bp.get("/units")
@requires(Permission.UNIT_ADMINISTER)
def units() -> Response:
    """The territory's units as a tree."""
    return htmx.render("administration/units.html", units=administration.unit_tree(current_actor()))


@bp.route("/units/new", methods=["GET", "POST"])
@requires(Permission.UNIT_ADMINISTER, proof=SENDING)
def unit_new() -> Response:
    """Create a unit."""
    actor, form = current_actor(), NewUnitForm()
    form.offer(administration.anchors(actor))
    if form.is_submitted() and form.validate():
        try:
            unit_service.create_unit(
                actor,
                code=form.code.data,
                kind=UnitKind(form.kind.data),
                details=form.details(),
                anchor_id=form.anchor.data,
            )
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã tạo đơn vị %(name)s.", name=form.name.data), "success")
            return htmx.redirect(url_for("administration.units"))
    return htmx.render("administration/unit_new.html", status=_status(form), form=form)


@bp.route("/units/<int:unit_id>", methods=["GET", "POST"])
@requires(Permission.UNIT_ADMINISTER, proof=SENDING)
def unit_edit(unit_id: int) -> Response:
    """Change a unit's names and phone, or end it."""
    actor = current_actor()
    found = administration.unit(actor, unit_id)
    form = UnitForm(obj=found)
    if form.is_submitted() and form.validate():
        try:
            unit_service.change_unit(actor, unit_id, form.details(), valid_to=form.valid_to.data)
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã lưu đơn vị %(name)s.", name=form.name.data), "success")
            return htmx.redirect(url_for("administration.units"))
    return htmx.render("administration/unit_edit.html", status=_status(form), form=form, unit=found)


@bp.get("/accounts")
@requires(Permission.USER_ADMINISTER)
def accounts() -> Response:
    """The accounts of the territory, 50 a page."""
    search, number = request.args.get("q", "").strip()[:100], page_number()
    found, matching = administration.accounts_page(current_actor(), search, number, SIZE)
    return htmx.render(
        "administration/accounts.html",
        fragments=("account_list",),
        accounts=found,
        page=Page(number, matching),
        search=search,
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def account_new() -> Response:
    """Create an account; its one-time password is shown on the next page, once."""
    actor, form = current_actor(), NewAccountForm()
    form.offer(_unit_choices())
    if form.is_submitted() and form.validate():
        try:
            user_id, password = account_service.create_account(
                actor,
                username=form.username.data,
                full_name=form.full_name.data,
                phone=form.phone.data or "",
                appointment=form.appointment(),
            )
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            return _show_password(user_id, password)
    return htmx.render("administration/account_new.html", status=_status(form), form=form)


@bp.get("/accounts/<uuid:user_id>")
@requires(Permission.USER_ADMINISTER)
def account(user_id: UUID) -> Response:
    """One account: its memberships and what can be done."""
    return _account_page(user_id, AppointmentForm())


@bp.post("/accounts/<uuid:user_id>/memberships")
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def give_membership(user_id: UUID) -> Response:
    """Give the account a further place in a unit."""
    form = AppointmentForm()
    form.offer(_unit_choices())
    if form.validate():
        try:
            account_service.give_membership(current_actor(), user_id, form.appointment())
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            leave_message(_("Đã thêm phân công."), "success")
            return htmx.redirect(url_for("administration.account", user_id=user_id))
    return _account_page(user_id, form, 422)


@bp.post("/accounts/<uuid:user_id>/memberships/<int:membership_id>/end")
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def end_membership(user_id: UUID, membership_id: int) -> Response:
    """End a membership at once."""
    account_service.end_membership(current_actor(), membership_id)
    leave_message(_("Đã kết thúc phân công."), "success")
    return htmx.redirect(url_for("administration.account", user_id=user_id))


@bp.post("/accounts/<uuid:user_id>/disabled")
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def set_disabled(user_id: UUID) -> Response:
    """Lock or unlock an account."""
    disabled = request.form.get("disabled") == "1"
    account_service.set_disabled(current_actor(), user_id, disabled=disabled)
    leave_message(_("Đã khóa tài khoản.") if disabled else _("Đã mở khóa tài khoản."), "success")
    return htmx.redirect(url_for("administration.account", user_id=user_id))


@bp.post("/accounts/<uuid:user_id>/password")
@requires(Permission.USER_ADMINISTER, proof=SENDING)
def reset_password(user_id: UUID) -> Response:
    """Give a new one-time password, shown once."""
    return _show_password(user_id, account_service.reset_password(current_actor(), user_id))


def _account_page(user_id: UUID, form: AppointmentForm, status: int = 200) -> Response:
    found = administration.account(current_actor(), user_id)
    form.offer(_unit_choices())
    return htmx.render("administration/account.html", status=status, form=form, found=found)


def _show_password(user_id: UUID, password: str) -> Response:
    # Shown in the answer itself and nowhere else: no redirect, no session, no log would carry it.
    found = administration.account(current_actor(), user_id)
    return htmx.render("administration/one_time_password.html", found=found, password=password)


def _unit_choices() -> list[tuple[int, str]]:
    rows = administration.unit_tree(current_actor())
    return [(row.id, f"{'– ' * row.depth}{row.name}") for row in rows if row.valid_to is None]


def _status(form: UnitForm | AppointmentForm) -> int:
    return 422 if form.is_submitted() else 200
