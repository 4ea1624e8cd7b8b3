"""One person of a list: look, conclude, mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, StaleVersion
from portal.domain.fields import IDENTITY_FIELDS, Field
from portal.domain.permissions import Permission
from portal.domain.stages import Party
from portal.domain.transitions import Action, Guard
from portal.domain.verdicts import Verdict
from portal.queries import entries as queries
from portal.queries.sights import changed_after_seen
from portal.services import entries as services
from portal.services import ink, revealing
from portal.services.sights import note_shown
from portal.services.transitions import load_list
from portal.web import htmx, outbox
from portal.web.access import current_actor, requires
from portal.web.entries.conflicts import settle
from portal.web.entries.forms import ConclusionForm, CorrectionForm, RevealForm, UpdateForm, VerificationForm
from portal.web.entries.pages import SCREENS, Screen, entry_page, find_entry, offered_screen, work_context
from portal.web.filters import clock_time
from portal.web.form_keys import key_of, seen_rev
from portal.web.lists.forms import DeedForm
from portal.web.lists.grid import grid_row, grid_words
from portal.web.lists.screens import edit_card
from portal.web.wording import leave_message

if TYPE_CHECKING:
    from portal.models import CorrectionList, Entry

bp = Blueprint("entries", __name__, url_prefix="/lists/<uuid:list_id>/entries")


@bp.get("/<int:number>/correction")
@bp.get("/<int:number>/verification")
@bp.get("/<int:number>/update")
@bp.get("/<int:number>")
@requires(Permission.LIST_READ)
def show(list_id: UUID, number: int) -> Response:
    """One person: the work form for whom it is offered, else the facts. htmx gets the grid's row.

    The addresses that forms are sent to open the same page, so that a kept form comes back filled.
    """
    if htmx.is_partial():
        return _row_asked(list_id, number)
    form = None
    asked = request.args.get("verdict", "")
    if (
        asked in {verdict.value for verdict in Verdict}
        and offered_screen(current_actor(), load_list(current_actor(), list_id)) is SCREENS[Action.VERIFY]
    ):
        form = _asked_form(list_id, number, asked)
    return entry_page(list_id, number, form)


@bp.post("/<int:number>/transcription")
@requires(Permission.PAPER_WORK)
def transcribe(list_id: UUID, number: int) -> Response:
    """What a village wrote on its sheet, typed by the station; then the next person without a conclusion."""
    return _correct(list_id, number, SCREENS[Action.TRANSCRIBE], ink.transcribe)


@bp.post("/<int:number>/correction")
@requires(Permission.ENTRY_CORRECT)
def correct(list_id: UUID, number: int) -> Response:
    """The village's conclusion; then the next person without one."""
    return _correct(list_id, number, SCREENS[Action.CORRECT], services.conclude)


def _correct(list_id: UUID, number: int, screen: Screen, conclude: Callable[..., dict[str, Any]]) -> Response:
    form = CorrectionForm()
    if offered_screen(current_actor(), load_list(current_actor(), list_id)) is screen:
        # Only where the work is offered: elsewhere the page masks numbers, and these bring stored values into it.
        entry = find_entry(current_actor(), list_id, number)
        settle(entry, form)
        form.use_suggestion(entry, request.form.get("use", ""))
    if request.form.get("use") or request.form.get("edit"):
        return entry_page(list_id, number, form)

    def saved(_answer: dict[str, Any]) -> Response:
        after = queries.next_left(current_actor(), list_id, Party.VILLAGE, after=number)
        following = _address(list_id, after) if after else url_for("lists.show", list_id=list_id)
        if outbox.is_asking():
            entry = find_entry(current_actor(), list_id, number)
            return outbox.saved(_saved_words(entry), clock_time(entry.changed_at), entry.rev, following)
        _say_saved(list_id, number)
        return htmx.redirect(following)

    return _conclude(form, list_id, number, saved, conclude)


@bp.post("/<int:number>/verification")
@requires(Permission.ENTRY_VERIFY)
def verify(list_id: UUID, number: int) -> Response:
    """The police's conclusion of one row; htmx gets the row back, others the grid at that row."""
    form = VerificationForm()
    if seen_rev(form) is None:
        find_entry(current_actor(), list_id, number)  # somebody else's person is unknown, whatever the form says
        raise StaleVersion(_("Trang này cũ hoặc thiếu, không rõ bạn đã xem bản nào. Hãy tải lại trang rồi kết luận."))

    def saved(answer: dict[str, Any]) -> Response:
        if htmx.is_partial() and not answer.get("completes"):
            return _saved_row(list_id, number)
        if queries.next_left(current_actor(), list_id, Party.POLICE) is None:
            leave_message(_("Đã đối chiếu đủ mọi người. Bước tiếp theo: lập biên bản và ký."), "success")
            return htmx.redirect(url_for("lists.show", list_id=list_id))
        page = queries.position(current_actor(), list_id, number)
        return htmx.redirect(url_for("lists.show", list_id=list_id, page=page, _anchor=f"row-{number}"))

    return _conclude(form, list_id, number, saved)


@bp.post("/<int:number>/update")
@requires(Permission.ENTRY_APPLY)
def update(list_id: UUID, number: int) -> Response:
    """The station's conclusion of one person beside the lanes."""

    def saved(_answer: dict[str, Any]) -> Response:
        _say_saved(list_id, number)
        return htmx.redirect(url_for("lists.show", list_id=list_id))

    return _conclude(UpdateForm(), list_id, number, saved)


@bp.post("/<int:number>/marks")
@requires(Permission.ENTRY_APPLY)
def mark(list_id: UUID, number: int) -> Response:
    """Tick or untick one field of the editing lane."""
    form = DeedForm()
    find_entry(current_actor(), list_id, number)
    name = next((field for field in IDENTITY_FIELDS if field.value == request.form.get("field")), None)
    if name is None:
        raise InvalidInput(_("Không rõ mục cần đánh dấu. Hãy tải lại trang rồi bấm lại."))
    services.mark_field(
        current_actor(),
        list_id,
        number,
        Field(name),
        done=request.form.get("done") == "1",
        rev=seen_rev(form),
        key=key_of(form),
    )
    if htmx.is_partial():
        card = edit_card(find_entry(current_actor(), list_id, number))
        base = url_for("lists.show", list_id=list_id)
        return make_response(render_template("lists/_edit_card.html", card=card, base=base))
    return htmx.redirect(url_for("lists.show", list_id=list_id, part="edit", _anchor=f"person-{number}"))


@bp.post("/<int:number>/number")
@requires(Permission.NUMBER_REVEAL)
def reveal(list_id: UUID, number: int) -> Response:
    """The person's page with the numbers whole; the answer is never kept, nothing stands in an address."""
    form = RevealForm()
    try:
        shown = revealing.reveal(current_actor(), list_id, number, form.why.data or "")
    except InvalidInput as refusal:
        form.refuse(refusal)
        return entry_page(list_id, number, status=422, reveal_form=form)
    return entry_page(list_id, number, revealed=shown)


def _conclude(
    form: ConclusionForm,
    list_id: UUID,
    number: int,
    saved: Callable[[dict[str, Any]], Response],
    conclude: Callable[..., dict[str, Any]] = services.conclude,
) -> Response:
    """Hand the form to the service; a refusal shows the form again with everything that was typed."""
    actor = current_actor()
    entry = find_entry(actor, list_id, number)
    if not form.validate():
        return _refused(form, list_id, number, 422)
    try:
        answer = conclude(actor, list_id, number, form.said(entry), key=key_of(form))
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _refused(form, list_id, number, 422)
    except NotFound:
        raise
    except StaleVersion as refusal:
        # As it was sent: a choice between two values may have been put in before somebody else was faster again.
        form = type(form)()
        form.form_errors = [refusal.message]
        return _refused(form, list_id, number, 409)
    except DomainError as refusal:
        if refusal.code == Guard.NOT_ANOTHERS:
            raise
        form.form_errors = [refusal.message]
        return _refused(form, list_id, number, 403 if isinstance(refusal, NotPermitted) else 409)
    return saved(answer)


def _refused(form: ConclusionForm, list_id: UUID, number: int, status: int) -> Response:
    if htmx.is_partial() and isinstance(form, VerificationForm):
        return _row(list_id, number, form, status)
    return entry_page(list_id, number, form, status)


def _row_asked(list_id: UUID, number: int) -> Response:
    """The grid's row for htmx: opened for editing where a verdict is named."""
    asked = request.args.get("verdict", "")
    return _row(list_id, number, _asked_form(list_id, number, asked) if asked else None)


def _asked_form(list_id: UUID, number: int, verdict: str) -> VerificationForm:
    """A fresh form with the verdict chosen beforehand."""
    form = VerificationForm()
    form.fill(find_entry(current_actor(), list_id, number))
    form.verdict.data = verdict
    return form


def _row(list_id: UUID, number: int, form: VerificationForm | None = None, status: int = 200) -> Response:
    actor = current_actor()
    of_list = load_list(actor, list_id)
    screen = offered_screen(actor, of_list)
    if screen is not SCREENS[Action.VERIFY]:
        raise StaleVersion(_("Danh sách không còn ở bước đối chiếu. Hãy tải lại trang."))
    entry = find_entry(actor, list_id, number)
    shown = (entry.id, entry.rev)
    if form is None:
        body = _row_drawn(of_list, entry)
    else:
        base = url_for("lists.show", list_id=list_id)
        context = work_context(entry, list_id, screen, form)
        body = render_template("entries/_grid_form.html", base=base, of_list=of_list, **context)
    note_shown(actor, [shown], restart=False)
    return make_response(body, status)


def _saved_row(list_id: UUID, number: int) -> Response:
    """The row after the officer's own save, which counts as seen: nothing more to ask or to write down."""
    actor = current_actor()
    return make_response(_row_drawn(load_list(actor, list_id), find_entry(actor, list_id, number)))


def _row_drawn(of_list: CorrectionList, entry: Entry) -> str:
    later = changed_after_seen(current_actor(), [entry.id]).get(entry.id)
    base = url_for("lists.show", list_id=of_list.id)
    return render_template(
        "entries/_grid_row.html", row=grid_row(entry, later), t=grid_words(), base=base, of_list=of_list
    )


def _say_saved(list_id: UUID, number: int) -> None:
    leave_message(_saved_words(find_entry(current_actor(), list_id, number)), "success")


def _saved_words(entry: Entry) -> str:
    name = entry.recorded.get("full_name", "")
    return str(_("Đã lưu %(name)s lúc %(at)s.", name=name, at=clock_time(entry.changed_at)))


def _address(list_id: UUID, number: int) -> str:
    return url_for("entries.show", list_id=list_id, number=number)
