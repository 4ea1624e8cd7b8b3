"""The results of bulk acts: how far, what came of each item, as a workbook too; taking an act back."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal.clock import local
from portal.domain.bulk import BulkKind, ItemState
from portal.domain.errors import NotFound
from portal.domain.labels import label
from portal.domain.permissions import Permission
from portal.domain.phrases import verdict_words
from portal.domain.wording import say
from portal.queries import bulk as queries
from portal.queries.bulk import ActRow
from portal.services.bulk import acts, exports, signing
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.bulk.forms import SignManyForm
from portal.web.downloads import WORKBOOK, download
from portal.web.form_keys import key_of
from portal.web.lists.forms import DeedForm
from portal.web.lists.screens import Tab
from portal.web.paging import Page, page_number
from portal.web.wording import language, spoken

bp = Blueprint("bulk", __name__)


@bp.get("/bulk")
@requires(Permission.LIST_READ)
def index() -> Response:
    """The own bulk acts of late, so that one that was left is found again."""
    rows = queries.recent_acts(current_actor())
    return htmx.render("bulk/index.html", rows=[(row, said_words(row)) for row in rows])


@bp.get("/bulk/<uuid:act_id>")
@requires(Permission.LIST_READ)
def show(act_id: UUID) -> Response:
    """One bulk act: its progress while it runs, then the result of each item."""
    actor, act = current_actor(), _find(act_id)
    state = next((one for one in ItemState if one.value == request.args.get("state", "")), None)
    if state is None and act.refused and act.finished_at:
        state = ItemState.REFUSED
    counts = {ItemState.REFUSED: act.refused, ItemState.DONE: act.done}
    matching = counts.get(state, act.total) if state else act.total
    base = url_for(".show", act_id=act_id)
    return htmx.render(
        "bulk/show.html",
        fragments=("bulk_progress",),
        act=act,
        said=said_words(act),
        base=base,
        tabs=[
            Tab(words, f"{base}?state={value}", count, value == (state.value if state else "all"))
            for value, words, count in (
                ("refused", _("Không làm được"), act.refused),
                ("done", _("Đã làm"), act.done),
                ("all", _("Tất cả"), act.total),
            )
        ],
        rows=queries.items_of(actor, act_id, state, page=page_number()),
        page=Page(page_number(), matching),
        why_kept=acts.why_not_undone(acts.own_act(actor, act_id)),
        resume_form=SignManyForm() if act.kind is BulkKind.SIGN and signing.stands_still(act_id) else None,
        form=DeedForm(),
    )


@bp.get("/bulk/<uuid:act_id>/result.xlsx")
@requires(Permission.LIST_READ)
def result_file(act_id: UUID) -> Response:
    """The result of each item as a workbook."""
    act = _find(act_id)
    name, data = exports.result_workbook(
        current_actor(),
        act_id,
        title=f"{spoken(said_words(act))} ({local(act.created_at):%H:%M %d/%m/%Y})",
        language=language(),
    )
    return download(name, data, WORKBOOK)


@bp.post("/bulk/<uuid:act_id>/undo")
@requires(Permission.LIST_READ)
def undo(act_id: UUID) -> Response:
    """Take the act back; the answer is the taking back's own page of results."""
    return htmx.redirect(url_for(".show", act_id=acts.undo(current_actor(), act_id, key=key_of(DeedForm()))))


def said_words(act: ActRow) -> str:
    """What was done, in words: «Ghi kết luận: Thông tin đã đúng»."""
    words: str = label(act.kind)
    if act.kind is BulkKind.CONCLUDE:
        what = act.what
        said = verdict_words(str(what["verdict"]), str(what["reason"]), str(what["note"]))
        words = say("{deed} «{said}»", deed=words, said=said)
    return say("Hoàn tác: {deed}", deed=words) if act.undoes_id else words


def _find(act_id: UUID) -> ActRow:
    found = queries.act_row(current_actor(), act_id)
    if found is None:
        raise NotFound(_("Không tìm thấy việc này, hoặc việc này do người khác làm."))
    return found
