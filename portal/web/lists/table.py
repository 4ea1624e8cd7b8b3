"""The table of lists: filters in the address, fifty a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal.clock import now, today
from portal.domain.labels import label
from portal.domain.stages import OPEN_STAGES, Party, Stage
from portal.queries import lists as queries
from portal.queries.lists import ListFilter
from portal.web import htmx
from portal.web.access import current_actor
from portal.web.lists.people_filter import harmless

if TYPE_CHECKING:
    from portal.web.forms import PortalForm

KEPT = frozenset({"state", "village", "overdue", "holder", "mine"})
"""The filters of the address; a form that comes back to the table keeps them."""


def asked_filter() -> ListFilter:
    """What the address asks for; anything odd asks for nothing."""
    return ListFilter(
        state=_choice(request.args.get("state", "")),
        village=harmless(request.args.get("village", "")),
        overdue=request.args.get("overdue") == "1",
        holder=holder if (holder := request.args.get("holder", "")) in set(Party) else "",
        mine=request.args.get("mine") == "1",
    )


def table_page(status: int = 200, bulk_form: PortalForm | None = None) -> Response:
    """The table as the address asks for it; `bulk_form` is a refused one to be shown again."""
    wanted = asked_filter()
    page = queries.lists_page(current_actor(), wanted, at=now(), on=today(), after=_cursor())
    return htmx.render(
        "lists/index.html",
        fragments=("list_rows",),
        status=status,
        page=page,
        wanted=wanted,
        states=_states(),
        holders=[(party.value, label(party)) for party in Party],
        base=url_for("lists.index"),
        next_address=_address(wanted, page.after) if page.after else "",
        first_address=_address(wanted, None) if _cursor() else "",
        bulk_form=bulk_form,
    )


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
        "holder": wanted.holder,
        "mine": "1" if wanted.mine else "",
        "after": after,
    }
    return url_for("lists.index", **{name: value for name, value in asked.items() if value})
