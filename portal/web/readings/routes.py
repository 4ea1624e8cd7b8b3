"""Who looked at data of the territory: people with their counts, one person's looks one by one."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from portal.clock import now
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.reading_limits import DAY, HOUR, LIMITS, MINUTE, Limited
from portal.domain.sheet_codes import read_mark
from portal.queries import readings as queries
from portal.services.event_words import tell
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.paging import SIZE, Page, page_number

bp = Blueprint("readings", __name__, url_prefix="/readings")
LONGEST_MARK = 40
SPANS = (1, 7, 30, 90)
"""Days back that may be asked for."""


@bp.get("")
@requires(Permission.READING_REVIEW)
def index() -> Response:
    """Everybody who looked, who went over a limit first; and who took out what bears a mark, where one is given."""
    days, number = _days(), page_number()
    rows, total = queries.readers_page(current_actor(), _since(days), number, SIZE)
    most = {(what, limit.span): limit.most for what, limits in LIMITS.items() for limit in limits}
    asked, mark = request.args.get("mark", "").strip(), read_mark(request.args.get("mark", ""))
    return htmx.render(
        "readings/index.html",
        asked=asked[:LONGEST_MARK],
        is_mark=bool(mark),
        exports=tell(queries.exports_of(current_actor(), mark)) if mark else [],
        rows=rows,
        page=Page(number, total),
        days=days,
        spans=SPANS,
        per_minute=most[Limited.SEARCH, MINUTE],
        per_hour=most[Limited.REVEAL, HOUR],
        per_day=most[Limited.REVEAL, DAY],
    )


@bp.get("/<uuid:reader_id>")
@requires(Permission.READING_REVIEW)
def show(reader_id: UUID) -> Response:
    """One person's looks, the newest first."""
    actor, days, number = current_actor(), _days(), page_number()
    person = queries.reader(actor, reader_id)
    if person is None:
        raise NotFound(_("Không tìm thấy người này trong địa bàn của bạn."))
    rows, total = queries.looks_page(actor, reader_id, _since(days), number, SIZE)
    return htmx.render(
        "readings/show.html", person=person, events=tell(rows), page=Page(number, total), days=days, spans=SPANS
    )


def _days() -> int:
    asked = request.args.get("days", "")
    return next((days for days in SPANS if str(days) == asked), 7)


def _since(days: int) -> datetime:
    return now() - timedelta(days=days)
