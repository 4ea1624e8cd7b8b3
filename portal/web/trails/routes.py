"""Trails of lists and batches, on the page and on paper."""

from uuid import UUID

from flask import Blueprint, Response, request

from portal.domain.paces import class_words, span_words
from portal.domain.permissions import Permission, has_permission
from portal.domain.phrases import held_words
from portal.services import event_log, evidence_packages, trails
from portal.services.routes import due_words, run_words
from portal.services.trails import Trail
from portal.web import htmx
from portal.web.access import SENDING, current_actor, requires
from portal.web.downloads import PACKAGE, PDF, TEXT, download
from portal.web.paging import SIZE, Page, page_number
from portal.web.wording import language

bp = Blueprint("trails", __name__)
bp.app_template_filter("held_until")(held_words)
bp.app_template_filter("span")(span_words)
bp.app_template_filter("run_words")(run_words)
bp.app_template_filter("due_words")(due_words)


@bp.get("/lists/<uuid:list_id>/trail")
@requires(Permission.TRAIL_READ)
def of_list(list_id: UUID) -> Response:
    """The trail of one list."""
    return _page(trails.list_trail(current_actor(), list_id))


@bp.get("/batches/<uuid:batch_id>/trail")
@requires(Permission.TRAIL_READ)
def of_batch(batch_id: UUID) -> Response:
    """The trail of a batch over all its lists."""
    return _page(trails.batch_trail(current_actor(), batch_id))


@bp.get("/lists/<uuid:list_id>/trail.pdf")
@requires(Permission.TRAIL_READ)
def paper_of_list(list_id: UUID) -> Response:
    """The trail of one list on paper."""
    return download(*trails.trail_pdf(current_actor(), list_id, language()), PDF)


@bp.get("/batches/<uuid:batch_id>/trail.pdf")
@requires(Permission.TRAIL_READ)
def paper_of_batch(batch_id: UUID) -> Response:
    """The trail of a batch on paper."""
    return download(*trails.batch_trail_pdf(current_actor(), batch_id, language()), PDF)


@bp.post("/lists/<uuid:list_id>/evidence")
@requires(Permission.RECORD_READ, proof=SENDING)
def package_of_list(list_id: UUID) -> Response:
    """The evidence package of a list; making it is written down, hence a POST."""
    return download(*evidence_packages.list_package(current_actor(), list_id), PACKAGE)


@bp.post("/batches/<uuid:batch_id>/evidence")
@requires(Permission.RECORD_READ, proof=SENDING)
def package_of_batch(batch_id: UUID) -> Response:
    """The evidence package of a whole batch."""
    return download(*evidence_packages.batch_package(current_actor(), batch_id), PACKAGE)


@bp.get("/log/checkpoint")
@requires(Permission.TRAIL_READ)
def checkpoint() -> Response:
    """The newest signed head of the event log, for a party to keep as witness."""
    size, note = event_log.newest_note()
    return download(f"diem-neo-{size}.txt", note.encode(), TEXT)


@bp.get("/log/public-key")
@requires(Permission.TRAIL_READ)
def log_key() -> Response:
    """The public key of the event log."""
    return download("khoa-cong-khai-nhat-ky.txt", event_log.public_key().encode(), TEXT)


def _page(of: Trail) -> Response:
    reads, newest_first = request.args.get("reads") == "1", request.args.get("order") == "newest"
    number = page_number()
    events = trails.events_page(of, reads=reads, newest_first=newest_first, page=number, size=SIZE)
    return htmx.render(
        "trails/show.html",
        fragments=("trail_events",),
        trail=of,
        facts=trails.facts_of(of),
        paces=trails.paces_of(current_actor(), of),
        pace_classes=class_words(),
        events=events,
        page=Page(number, of.events + (of.reads if reads else 0)),
        reads=reads,
        newest_first=newest_first,
        here=request.path,
        head=event_log.latest_checkpoint(),
        evidence_address=request.path.removesuffix("/trail") + "/evidence",
        may_read_paper=has_permission(current_actor(), Permission.RECORD_READ),
    )
