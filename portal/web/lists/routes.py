"""The table of lists and one list's page."""

from uuid import UUID

from flask import Blueprint, Response

from portal.domain.fields import Field
from portal.domain.labels import label
from portal.domain.permissions import Permission
from portal.domain.phrases import grouped_digest, reason_words, record_number, record_status_words
from portal.domain.stages import HandoverStatus, RecordKind
from portal.services.transitions import load_list
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.forms import new_key
from portal.web.lists.pages import list_page
from portal.web.lists.people_filter import address_of_search, harmless_address, people_search
from portal.web.lists.table import table_page

bp = Blueprint("lists", __name__, url_prefix="/lists")
bp.app_template_global("new_key")(new_key)
bp.app_template_global("people_search")(people_search)
bp.app_template_filter("reason_words")(reason_words)
bp.app_template_filter("grouped_digest")(grouped_digest)
bp.app_template_filter("record_number")(record_number)


@bp.app_template_filter("record_kind")
def record_kind(value: str) -> str:
    """The words of a record's kind as stored."""
    return label(RecordKind(value))


@bp.app_template_filter("field_words")
def field_words(value: str) -> str:
    """The words of a person's field as stored."""
    return label(Field(value))


@bp.app_template_filter("record_status")
def record_status(value: str, kind: str) -> str:
    """The words of a record's status, both as stored."""
    return record_status_words(RecordKind(kind), HandoverStatus(value))


@bp.get("")
@requires(Permission.LIST_READ)
def index() -> Response:
    """All lists the actor may see, the most urgent first, fifty a page."""
    return table_page()


@bp.get("/<uuid:list_id>")
@requires(Permission.LIST_READ)
def show(list_id: UUID) -> Response:
    """One list: who holds it, what can be done, the work of the moment, its records."""
    if address := harmless_address():
        return htmx.redirect(address)
    return list_page(list_id)


@bp.post("/<uuid:list_id>/people")
@requires(Permission.LIST_READ)
def search_people(list_id: UUID) -> Response:
    """Look for people on the list. Posted, so that a number that is typed never stands in an address."""
    load_list(current_actor(), list_id)
    return htmx.redirect(address_of_search(list_id))
