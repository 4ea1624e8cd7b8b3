"""The page of daily digests; opening it reads what it shows."""

from flask import Blueprint, Response

from portal.clock import today
from portal.domain.permissions import Permission
from portal.services import notices
from portal.services.event_words import tell
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.paging import SIZE, Page, page_number

bp = Blueprint("notices", __name__)


@bp.get("/notices")
@requires(Permission.LIST_READ)
def index() -> Response:
    """The digests of the acting membership, the newest day first."""
    number = page_number()
    days, total = notices.read(current_actor(), page=number, size=SIZE)
    lines = [line for day in days for line in day.lines]
    told = dict(zip((line.id for line in lines), tell([line.event for line in lines]), strict=True))
    return htmx.render("notices/index.html", days=days, told=told, today=today(), page=Page(number, total))
