"""Examinations: begin one, follow it, read what does not fit."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.wording import say
from portal.queries import examinations as queries
from portal.services import examinations as services
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.lists.forms import DeedForm
from portal.web.paging import SIZE, Page, page_number

bp = Blueprint("examinations", __name__, url_prefix="/examinations")


@bp.get("")
@requires(Permission.RECORDS_EXAMINE)
def index() -> Response:
    """The own examinations, and the button that begins one."""
    return htmx.render("examinations/index.html", rows=queries.recent(current_actor()), form=DeedForm())


@bp.post("")
@requires(Permission.RECORDS_EXAMINE)
def start() -> Response:
    """Begin an examination of the whole territory."""
    made = services.start(current_actor(), key=key_of(DeedForm()))
    return htmx.redirect(url_for(".show", examination_id=made))


@bp.get("/<uuid:examination_id>")
@requires(Permission.RECORDS_EXAMINE)
def show(examination_id: UUID) -> Response:
    """One examination: progress, findings, the seals batch by batch."""
    actor = current_actor()
    found = queries.own(actor, examination_id)
    if found is None:
        raise NotFound(say("Không tìm thấy lần kiểm tra này, hoặc do người khác làm."))
    number, by_batch = page_number(), request.args.get("view") == "batches"
    base = url_for(".show", examination_id=found.id)
    matching = queries.count_batches(actor, found.id) if by_batch else found.not_genuine + found.undecided
    return htmx.render(
        "examinations/show.html",
        fragments=("examination_progress",),
        examination=found,
        judged=found.genuine + found.undecided + found.not_genuine,
        base=base,
        by_batch=by_batch,
        rows=[] if by_batch else queries.findings(actor, found.id, page=number, size=SIZE),
        seal_rows=queries.seal_rows(actor, found.id, page=number) if by_batch else [],
        page=Page(number, matching, size=queries.BATCHES if by_batch else SIZE),
    )
