"""The inbox of the acting membership: tabs with counts, one page of lists, the next act on each."""

from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for

from portal.clock import now, today
from portal.domain.permissions import Permission, has_permission
from portal.queries import handovers, inbox
from portal.queries.inbox_tabs import Tab, tabs_of
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.paging import SIZE, Page, page_number

bp = Blueprint("home", __name__)
SEARCH_LIMIT = 100


@dataclass(frozen=True)
class TabLink:
    """A tab as the component draws it."""

    text: str
    address: str
    count: int
    is_current: bool
    more: bool = False


@bp.get("/inbox")
@requires(Permission.LIST_READ)
def index() -> Response:
    """One tab of the inbox; `tab`, `q`, `overdue`, `mine` and `page` stand in the address."""
    actor, at = current_actor(), now()
    tabs, counted = tabs_of(actor), inbox.counts(actor, at)
    tab = _chosen(tabs, counted)
    search, overdue = request.args.get("q", "").strip()[:SEARCH_LIMIT], request.args.get("overdue") == "1"
    mine = request.args.get("mine") == "1"
    number = page_number()
    filtered = bool(search or overdue or mine)
    matching = counted[tab.key]
    if filtered:
        matching = inbox.matching(actor, tab, at, search=search, overdue=overdue, mine=mine)
    rows = inbox.inbox_page(
        actor, tab, at=at, on=today(), search=search, overdue=overdue, mine=mine, page=number, size=SIZE
    )
    return htmx.render(
        "home/index.html",
        fragments=("inbox_rows",),
        tabs=[_link(each, counted[each.key], is_current=each is tab) for each in tabs],
        tab=tab,
        rows=rows,
        page=Page(number, _known(matching), _known(counted[tab.key])),
        search=search,
        overdue=overdue,
        mine=mine,
        may_work=has_permission(actor, Permission.LIST_WORK),
        filtered=filtered,
        to_sign=len(handovers.waiting_signature(actor)) if actor.can_sign else 0,
        adjustments=handovers.waiting_adjustments(actor),
        may_import=has_permission(actor, Permission.BATCH_IMPORT),
    )


def _link(tab: Tab, count: int, *, is_current: bool) -> TabLink:
    shown = min(count, inbox.COUNTED_UP_TO)
    return TabLink(tab.text, url_for(".index", tab=tab.key), shown, is_current, more=count > shown)


def _known(count: int) -> int | None:
    """The count; None where it was not counted to the end."""
    return count if count <= inbox.COUNTED_UP_TO else None


def _chosen(tabs: tuple[Tab, ...], counted: dict[str, int]) -> Tab:
    """The tab asked for; else the first that holds something."""
    wanted = request.args.get("tab", "")
    named = next((tab for tab in tabs if tab.key == wanted), None)
    return named or next((tab for tab in tabs if counted[tab.key]), tabs[0])
