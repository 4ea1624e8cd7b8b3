"""Trails of lists and batches, on the page and on paper."""

from uuid import UUID

from flask import Blueprint, Response, request

from portal.domain.paces import class_words, span_words
from portal.domain.permissions import Permission, has_permission
from portal.domain.phrases import held_words
from portal.services import trails
from portal.services.trails import Trail
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.downloads import PDF, download
from portal.web.paging import SIZE, Page, page_number

bp = Blueprint("trails", __name__)
bp.app_template_filter("held_until")(held_words)
bp.app_template_filter("span")(span_words)


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
    return download(*trails.trail_pdf(current_actor(), list_id), PDF)


@bp.get("/batches/<uuid:batch_id>/trail.pdf")
@requires(Permission.TRAIL_READ)
def paper_of_batch(batch_id: UUID) -> Response:
    """The trail of a batch on paper."""
    return download(*trails.batch_trail_pdf(current_actor(), batch_id), PDF)


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
        may_read_paper=has_permission(current_actor(), Permission.RECORD_READ),
    )
