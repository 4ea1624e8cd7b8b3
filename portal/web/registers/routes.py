"""Registers: which there are, one of them with its rows, Excel out and back, whom to call."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice

from portal.clock import today
from portal.domain.errors import InvalidInput
from portal.domain.labels import label
from portal.domain.permissions import Permission, has_permission
from portal.domain.registers import COLUMNS, RegisterKind
from portal.queries import registers as queries
from portal.services import registers
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.downloads import WORKBOOK, download
from portal.web.fields import ChoiceField, DayField, required
from portal.web.form_keys import key_of
from portal.web.forms import PortalForm
from portal.web.paging import SIZE, Page, page_number
from portal.web.wording import language, leave_message

bp = Blueprint("registers", __name__, url_prefix="/registers")


class BeginForm(PortalForm):
    """Which register, as of which day, empty or going on from the last."""

    kind = ChoiceField(_l("Loại sổ"), choices=[SelectChoice(kind.value, label(kind)) for kind in RegisterKind])
    as_of = DayField(_l("Số liệu của ngày"), validators=[required(_l("Nhập ngày của sổ."))])
    copy = BooleanField(_l("Chép các dòng của sổ gần nhất cùng loại"))


@bp.get("")
@requires(Permission.REGISTER_READ)
def index() -> Response:
    """The registers the actor may see."""
    actor, number = current_actor(), page_number()
    return htmx.render(
        "registers/index.html",
        rows=[(each, RegisterKind(each.kind)) for each in queries.registers(actor, "", page=number, size=SIZE)],
        page=Page(number, queries.count(actor, "")),
        may_keep=has_permission(actor, Permission.REGISTER_KEEP),
    )


@bp.get("/contacts")
@requires(Permission.REGISTER_READ)
def contacts() -> Response:
    """Whom to call in each unit, as its newest contact register says."""
    return htmx.render("registers/contacts.html", rows=queries.contacts_on(current_actor(), today()))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_KEEP)
def new() -> Response:
    """Begin a register of the own unit."""
    form = BeginForm(as_of=today())
    if form.is_submitted() and form.validate():
        kind, day = RegisterKind(form.kind.data), form.as_of.data or today()
        try:
            made = registers.begin(current_actor(), kind, day, copy=bool(form.copy.data), key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            return htmx.redirect(url_for(".show", register_id=made))
    return htmx.render("registers/new.html", status=422 if form.is_submitted() else 200, form=form)


@bp.get("/<uuid:register_id>")
@requires(Permission.REGISTER_READ)
def show(register_id: UUID) -> Response:
    """One register with its rows."""
    return _page(register_id)


@bp.post("/<uuid:register_id>/rows")
@requires(Permission.REGISTER_KEEP)
def add_row(register_id: UUID) -> Response:
    """Add one row; what is wrong stands beside its field."""
    typed = {name: text[:1000] for name, text in request.form.items()}
    try:
        registers.add_row(current_actor(), register_id, typed, key=key_of(PortalForm()))
    except InvalidInput as refusal:
        return _page(register_id, refusal, typed)
    leave_message(_("Đã thêm dòng."), "success")
    return htmx.redirect(url_for(".show", register_id=register_id))


@bp.post("/<uuid:register_id>/rows/<int:number>/removal")
@requires(Permission.REGISTER_KEEP)
def remove_row(register_id: UUID, number: int) -> Response:
    """Take one row out."""
    registers.remove_row(current_actor(), register_id, number, key=key_of(PortalForm()))
    leave_message(_("Đã bỏ dòng."), "success")
    return htmx.redirect(url_for(".show", register_id=register_id))


@bp.get("/<uuid:register_id>/register.xlsx")
@requires(Permission.REGISTER_READ)
def workbook(register_id: UUID) -> Response:
    """The register as a workbook."""
    name, data = registers.workbook(current_actor(), register_id, language())
    return download(name, data, WORKBOOK)


@bp.post("/<uuid:register_id>/file")
@requires(Permission.REGISTER_KEEP)
def fill(register_id: UUID) -> Response:
    """Put a workbook's rows in place of the register's."""
    upload = request.files.get("file")
    try:
        data = upload.stream.read() if upload is not None else b""
        rows = registers.fill(current_actor(), register_id, data, key=key_of(PortalForm()))
    except InvalidInput as refusal:
        return _page(register_id, refusal)
    leave_message(_("Đã nạp %(count)s dòng từ tệp.", count=rows), "success")
    return htmx.redirect(url_for(".show", register_id=register_id))


def _page(register_id: UUID, refused: InvalidInput | None = None, typed: dict[str, str] | None = None) -> Response:
    actor, number = current_actor(), page_number()
    register = registers.see(actor, register_id)
    kind, shown = RegisterKind(register.kind), queries.shows_rows(actor, register)
    return htmx.render(
        "registers/show.html",
        status=422 if refused else 200,
        register=register,
        kind=kind,
        columns=COLUMNS[kind],
        rows=queries.rows_of(register, page=number, size=SIZE) if shown else [],
        shown=shown,
        page=Page(number, register.rows),
        own=register.unit_id == actor.unit_id and has_permission(actor, Permission.REGISTER_KEEP),
        refused=refused,
        wrong=refused.fields if refused else {},
        typed=typed or {},
        form=PortalForm(),
    )
