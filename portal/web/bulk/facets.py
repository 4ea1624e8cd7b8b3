"""What is alike on a list, and one fix for all of a kind."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from wtforms import HiddenField

from portal.domain.errors import InvalidInput
from portal.domain.fields import Field
from portal.domain.masking import masked_number
from portal.domain.permissions import Permission
from portal.domain.transitions import Action
from portal.queries import facets as queries
from portal.services.bulk.suggesting import take_suggestions
from portal.services.transitions import load_list, offers
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.bulk.results import bp
from portal.web.form_keys import key_of
from portal.web.forms import PortalForm

_NUMBERS = {Field.ID_NUMBER, Field.PHONE, Field.INSURANCE_NUMBER}


class TakeForm(PortalForm):
    """One kind of finding, and how many people the page counted."""

    code = HiddenField()
    field = HiddenField()
    expected = HiddenField()


@bp.get("/lists/<uuid:list_id>/facets")
@requires(Permission.LIST_WORK)
def facets(list_id: UUID) -> Response:
    """Kinds of findings with their counts and the fix the rules suggest; spellings of one value."""
    actor = current_actor()
    of_list = load_list(actor, list_id)
    may_fix = any(offer.enabled and offer.transition.action is Action.CORRECT for offer in offers(actor, of_list))
    rows = []
    for each in queries.facets(actor, list_id):
        hidden = each.field in _NUMBERS and not may_fix
        shown = [(n, *(masked_number(v) if hidden else v for v in (old, new))) for n, old, new in each.examples]
        form = TakeForm(formdata=None, code=each.code, field=each.field.value, expected=str(each.fixable))
        rows.append((each, shown, form))
    return htmx.render(
        "bulk/facets.html",
        of_list=of_list,
        rows=rows,
        may_fix=may_fix,
        clusters=queries.clusters(actor, list_id),
    )


@bp.post("/lists/<uuid:list_id>/facets")
@requires(Permission.ENTRY_CORRECT)
def take_for_all(list_id: UUID) -> Response:
    """Take the suggestion for everybody of one kind, as one bulk act."""
    form = TakeForm()
    load_list(current_actor(), list_id)
    if form.field.data not in set(Field):
        raise InvalidInput(_("Không tìm thấy loại lỗi này."))
    expected = form.expected.data or ""
    act = take_suggestions(
        current_actor(),
        list_id,
        form.code.data or "",
        Field(form.field.data),
        expected=int(expected) if expected.isascii() and expected.isdecimal() and len(expected) < 8 else -1,
        key=key_of(form),
    )
    return htmx.redirect(url_for("bulk.show", act_id=act))
