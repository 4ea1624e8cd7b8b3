"""People across all lists one may see: by words of the name or the last three digits, numbers always masked."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal.clock import now, today
from portal.domain.error_classes import ErrorClass
from portal.domain.events import EventTag
from portal.domain.labels import label
from portal.domain.permissions import Permission
from portal.domain.phrases import reason_words
from portal.domain.reading_limits import Limited
from portal.domain.stages import Party
from portal.queries import people as queries
from portal.queries.lists import ListFilter
from portal.queries.people import PersonRow
from portal.services import reading_limits
from portal.services.reading import log_read
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.filters import masked
from portal.web.lists.people_filter import error_class, harmless, harmless_address
from portal.web.paging import Page, page_number

bp = Blueprint("people", __name__, url_prefix="/people")


@dataclass(frozen=True)
class Asked:
    """What is looked for, as address or form say it; anything odd asks for nothing."""

    words: str
    village: str
    error_class: str
    holder: str
    overdue: bool
    mine: bool

    @classmethod
    def of(cls, said: Any) -> "Asked":  # noqa: ANN401  werkzeug's mapping of arguments or of a form
        """What the arguments or the form say."""
        holder = said.get("holder", "")
        return cls(
            words=harmless(said.get("q", "")),
            village=harmless(said.get("village", "")),
            error_class=error_class(said.get("class", "")),
            holder=holder if holder in set(Party) else "",
            overdue=said.get("overdue") == "1",
            mine=said.get("mine") == "1",
        )

    @property
    def address(self) -> str:
        """The page that shows it."""
        said = {
            "q": self.words,
            "village": self.village,
            "class": self.error_class,
            "holder": self.holder,
            "overdue": "1" if self.overdue else "",
            "mine": "1" if self.mine else "",
        }
        filled = {name: value for name, value in said.items() if value}
        return f"{url_for('people.index')}?{urlencode(filled)}" if filled else url_for("people.index")

    @property
    def lists(self) -> ListFilter:
        """The lists it is limited to."""
        return ListFilter("all", self.village, self.overdue, self.holder, self.mine)


@bp.get("")
@requires(Permission.LIST_READ)
def index() -> Response:
    """The form, and fifty of the people who match."""
    if address := harmless_address():
        return htmx.redirect(address)
    return _page(Asked.of(request.args), page_number())


@bp.post("/search")
@requires(Permission.LIST_READ)
def search() -> Response:
    """Look for people. Posted, so that a number that is typed never stands in an address; htmx gets the rows."""
    asked = Asked.of(request.form)
    if not htmx.is_partial():
        return htmx.redirect(asked.address)
    return htmx.at_address(_page(asked, 1), asked.address)


def _page(asked: Asked, number: int) -> Response:
    actor, found = current_actor(), None
    if asked.words:
        reading_limits.count(actor, Limited.SEARCH)
        log_read(actor, EventTag.PEOPLE_SEARCHED)
        found = queries.people_page(
            actor, asked.words, asked.lists, error_class=asked.error_class, at=now(), on=today(), page=number
        )
    return htmx.render(
        "people/index.html",
        fragments=("people_rows",),
        asked=asked,
        rows=[(row, masked(row.recorded.get("id_number", "")), _state(row)) for row in found.rows] if found else [],
        page=Page(number, found.matching, base=asked.address) if found else None,
        classes=[one.value for one in ErrorClass],
        holders=[(party.value, label(party)) for party in Party],
    )


def _state(row: PersonRow) -> str:
    if row.outcome == "done":
        return str(_("Nền tảng đã đúng"))
    return reason_words(row.outcome) if row.outcome else label(row.stage)
