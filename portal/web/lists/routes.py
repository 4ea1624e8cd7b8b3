"""The table of lists and one list's page."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal.clock import now, today
from portal.domain.labels import label
from portal.domain.permissions import Permission
from portal.domain.phrases import grouped_digest, reason_words, record_number
from portal.domain.stages import OPEN_STAGES, HandoverStatus, RecordKind, Stage
from portal.queries import lists as queries
from portal.queries.lists import ListFilter
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.forms import new_key
from portal.web.lists.pages import list_page

bp = Blueprint("lists", __name__, url_prefix="/lists")
bp.app_template_global("new_key")(new_key)
bp.app_template_filter("reason_words")(reason_words)
bp.app_template_filter("grouped_digest")(grouped_digest)
bp.app_template_filter("record_number")(record_number)


@bp.app_template_filter("record_kind")
def record_kind(value: str) -> str:
    """The words of a record's kind as stored."""
    return label(RecordKind(value))


@bp.app_template_filter("record_status")
def record_status(value: str) -> str:
    """The words of a record's status as stored."""
    return label(HandoverStatus(value))


@bp.get("")
@requires(Permission.LIST_READ)
def index() -> Response:
    """All lists the actor may see, the most urgent first, fifty a page."""
    wanted = ListFilter(
        state=_choice(request.args.get("state", "")),
        village=request.args.get("village", "").strip()[:100],
        overdue=request.args.get("overdue") == "1",
    )
    page = queries.lists_page(current_actor(), wanted, at=now(), on=today(), after=_cursor())
    return htmx.render(
        "lists/index.html",
        page=page,
        wanted=wanted,
        states=_states(),
        base=url_for("lists.index"),
        next_address=_address(wanted, page.after) if page.after else "",
        first_address=_address(wanted, None) if _cursor() else "",
    )


@bp.get("/<uuid:list_id>")
@requires(Permission.LIST_READ)
def show(list_id: UUID) -> Response:
    """One list: who holds it, what can be done, the work of the moment, its records."""
    return list_page(list_id)


def _states() -> list[tuple[str, str]]:
    closing = (Stage.CLOSED, Stage.CANCELLED)
    return [
        ("", _("Chưa kết thúc")),
        *((stage.value, label(stage)) for stage in OPEN_STAGES),
        ("pending", _("Đang chờ ký nhận")),
        *((stage.value, label(stage)) for stage in closing),
        ("all", _("Tất cả")),
    ]


def _choice(text: str) -> str:
    return text if text in {value for value, _words in _states()} else ""


def _cursor() -> UUID | None:
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None


def _address(wanted: ListFilter, after: UUID | None) -> str:
    asked: dict[str, Any] = {
        "state": wanted.state,
        "village": wanted.village,
        "overdue": "1" if wanted.overdue else "",
        "after": after,
    }
    return url_for("lists.index", **{name: value for name, value in asked.items() if value})
