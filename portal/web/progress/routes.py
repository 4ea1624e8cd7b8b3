"""Progress of a territory: who holds how many people, who keeps lists waiting, why people could not be settled."""

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from portal.clock import now, today
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, has_permission
from portal.queries import progress as queries
from portal.queries import statistics
from portal.queries.contacts import contacts
from portal.queries.deadlines import dues_of
from portal.queries.progress import Territory
from portal.services import lists as list_service
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.forms import PortalForm
from portal.web.paging import SIZE, Page, page_number
from portal.web.wording import leave_message

bp = Blueprint("progress", __name__, url_prefix="/progress")


@bp.get("", defaults={"unit_id": None})
@bp.get("/<int:unit_id>")
@requires(Permission.PROGRESS_READ)
def index(unit_id: int | None) -> Response:
    """The own territory or one within it: progress, bottlenecks, lists."""
    actor, at, number = current_actor(), now(), page_number()
    of = _territory(unit_id)
    rows = queries.progress(actor, of, at)
    lists = queries.lists_in(actor, of, page=number, size=SIZE)
    return htmx.render(
        "progress/index.html",
        of=of,
        above=queries.ancestors(actor, of),
        rows=rows,
        total=queries.total_of(rows, of.name),
        bottlenecks=statistics.bottlenecks(actor, of, at=at, on=today()),
        lists=lists,
        dues=dues_of(each.id for each in lists),
        holders=contacts((each.holder_unit_id for each in lists), today()),
        page=Page(number, queries.count_lists(actor, of)),
        may_remind=has_permission(actor, Permission.LIST_REMIND),
        at=at,
    )


@bp.get("/<int:unit_id>/reasons")
@requires(Permission.PROGRESS_READ)
def reasons(unit_id: int) -> Response:
    """People who could not be settled, by the groups 1–7 of the report form."""
    actor = current_actor()
    of = _territory(unit_id)
    return htmx.render(
        "progress/reasons.html",
        of=of,
        groups=statistics.groups_of(statistics.reasons(actor, of)),
        at=now(),
    )


@bp.post("/<int:unit_id>/reminders/<uuid:list_id>")
@requires(Permission.LIST_REMIND)
def remind(unit_id: int, list_id: UUID) -> Response:
    """Remind the unit that keeps this list waiting; both sides see it in the trail."""
    list_service.remind(current_actor(), list_id, key=key_of(PortalForm()))
    leave_message(_("Đã nhắc việc. Lời nhắc được ghi vào hồ sơ của danh sách."), "success")
    return htmx.redirect(url_for(".index", unit_id=unit_id))


def _territory(unit_id: int | None) -> Territory:
    found = queries.territory(current_actor(), unit_id)
    if found is None:
        raise NotFound(_("Không tìm thấy địa bàn này, hoặc địa bàn không thuộc phạm vi của bạn."))
    return found
