"""Paper sheets: a list's printings, a sheet found by its code, its rows entered one after the other."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, StaleVersion
from portal.domain.labels import label
from portal.domain.permissions import Permission
from portal.domain.phrases import verdict_words
from portal.domain.sheet_codes import grouped_code, read_code
from portal.domain.sheet_rows import RowState, Typed
from portal.queries import review_sheets as queries
from portal.services import review_sheets as printing
from portal.services import sheet_typing as typing
from portal.services.transitions import load_list
from portal.web import htmx
from portal.web.access import ALWAYS, current_actor, requires
from portal.web.downloads import PDF, download
from portal.web.form_keys import key_of, seen_rev
from portal.web.lists.words import FIELD_WORDS
from portal.web.sheets.forms import PrintForm, RowForm
from portal.web.wording import leave_message, spoken

bp = Blueprint("sheets", __name__)
bp.app_template_filter("sheet_code")(grouped_code)


@bp.get("/lists/<uuid:list_id>/sheets")
@requires(Permission.SHEET_WORK)
def index(list_id: UUID) -> Response:
    """The printings of a list, how far each sheet is entered, and printing anew."""
    actor = current_actor()
    of_list = load_list(actor, list_id)
    prints = [
        (each, range(1, printing.parts_of(each) + 1), queries.progress_of(each.id))
        for each in queries.prints_of(actor, list_id)
    ]
    may_print = printing.may_print(of_list)
    return htmx.render("sheets/index.html", of_list=of_list, prints=prints, form=PrintForm(), may_print=may_print)


@bp.post("/lists/<uuid:list_id>/sheets")
@requires(Permission.SHEET_WORK)
def print_sheets(list_id: UUID) -> Response:
    """Keep a new printing; its file is downloaded from the page that follows."""
    form = PrintForm()
    printing.print_sheets(current_actor(), list_id, twice=bool(form.twice.data), key=key_of(form))
    return htmx.redirect(url_for("sheets.index", list_id=list_id))


@bp.get("/lists/<uuid:list_id>/sheets/<int:number>.pdf")
@requires(Permission.SHEET_WORK, proof=ALWAYS)
def file(list_id: UUID, number: int) -> Response:
    """One file of a printing."""
    part = request.args.get("part", "1")
    wanted = int(part) if part.isascii() and part.isdecimal() and len(part) < 5 else 0
    return download(*printing.sheets_pdf(current_actor(), list_id, number, part=wanted), PDF)


@bp.get("/sheets")
@requires(Permission.SHEET_WORK)
def find() -> Response:
    """The field for a sheet's code; a sound one opens the sheet."""
    typed = request.args.get("sheet", "")
    problem = ""
    if typed:
        try:
            code = read_code(typed)
            typing.open_sheet(current_actor(), code)
            return htmx.redirect(url_for("sheets.show", sheet=code))
        except (InvalidInput, NotFound) as refusal:
            problem = refusal.message
    return htmx.render("sheets/find.html", status=422 if problem else 200, typed=typed[:60], problem=problem)


@bp.get("/sheets/<sheet>")
@requires(Permission.SHEET_WORK)
def show(sheet: str) -> Response:
    """The sheet in its printed order, open at the first row that waits for this person."""
    return _page(sheet)


@bp.route("/sheets/<sheet>/rows/<int:number>", methods=["GET", "POST"])
@requires(Permission.SHEET_WORK)
def row(sheet: str, number: int) -> Response:
    """One row of the sheet: entered, then the next one."""
    form = RowForm()
    if request.method == "GET":
        return _page(sheet, number, form if form.is_kept else None)
    actor = current_actor()
    typing.open_sheet(actor, sheet)
    if not form.validate():
        return _page(sheet, number, form, 422)
    try:
        seen = bool(form.seen_changes.data)
        became = typing.type_row(actor, sheet, number, form.said(), seen_changes=seen, key=key_of(form))
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _page(sheet, number, form, 422)
    except NotFound:
        raise
    except DomainError as refusal:
        form.form_errors = [refusal.message]
        return _page(sheet, number, form, 403 if isinstance(refusal, NotPermitted) else 409)
    leave_message(_("Dòng %(n)s: %(what)s.", n=number, what=spoken(label(Typed(became)))), "success")
    return htmx.redirect(_after(sheet, number))


@bp.post("/sheets/<sheet>/rows/<int:number>/decision")
@requires(Permission.SHEET_WORK)
def decide(sheet: str, number: int) -> Response:
    """Take one of two typings that differ; by somebody who typed neither."""
    form, chosen = RowForm(), request.form.get("typing", "")
    taken = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 18 else 0
    try:
        typing.decide_row(current_actor(), sheet, number, taken, rev=seen_rev(form), key=key_of(form))
    except (InvalidInput, StaleVersion) as refusal:
        form = RowForm(formdata=None)
        form.form_errors = [refusal.message]
        return _page(sheet, number, form, 409)
    return htmx.redirect(_after(sheet, number))


def _after(sheet: str, number: int) -> str:
    rows = typing.open_sheet(current_actor(), sheet).rows
    following = next((each.row.number for each in rows if each.row.number > number), None)
    return url_for("sheets.row", sheet=sheet, number=following) if following else url_for("sheets.show", sheet=sheet)


def _page(sheet: str, number: int | None = None, form: RowForm | None = None, status: int = 200) -> Response:
    shown = typing.open_sheet(current_actor(), sheet)
    waiting = {RowState.EMPTY, RowState.DIFFERS} | ({RowState.WAITING} if shown.sheet.printing.typed_twice else set())
    opened = next((each for each in shown.rows if each.row.number == number), None)
    if number is not None and opened is None:
        raise NotFound(_("Tờ phiếu không có dòng này."))
    if opened is None:
        left = (each for each in shown.rows if each.state in waiting and each.mine is None and not each.moved)
        opened = next(left, None)
    if form is None:
        form = RowForm(formdata=None)
        if opened and opened.mine:
            form.fill(opened.mine)
    if opened:
        form.rev.data = str(opened.row.entry.rev)
    return htmx.render(
        "sheets/show.html",
        status=status,
        shown=shown,
        opened=opened,
        form=form,
        fields=FIELD_WORDS,
        told=[(each.id, each.typist.full_name, _told(each.said), each.said) for each in opened.choices]
        if opened
        else [],
    )


def _told(said: dict[str, str]) -> str:
    return verdict_words(said["verdict"], said["reason"], said["note"])
