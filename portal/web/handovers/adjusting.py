"""Mending a record both sides signed: one person's values as they should be read."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal.domain.errors import InvalidInput, NotFound
from portal.domain.fields import IDENTITY_FIELDS
from portal.domain.permissions import Permission
from portal.domain.phrases import record_number
from portal.services import handovers
from portal.services.adjustments import Stated, prepare_adjustment, stated_people
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.form_keys import key_of
from portal.web.handovers.blueprint import bp
from portal.web.handovers.forms import AdjustmentForm

OFFERED = 300
"""People that the page offers to choose from; more are named by their number."""


@bp.route("/handovers/<uuid:handover_id>/adjustment", methods=["GET", "POST"])
@requires(Permission.HANDOVER_SIGN)
def adjust(handover_id: UUID) -> Response:
    """Choose a person of the record, state what should be read, then preview and sign."""
    actor, form = current_actor(), AdjustmentForm()
    people = stated_people(actor, handover_id)
    person = _chosen(people)
    if person is not None and form.is_submitted() and form.validate():
        values = {field: form[field.value].data or "" for field in IDENTITY_FIELDS}
        try:
            draft = prepare_adjustment(
                actor, handover_id, person.number, values, form.note.data or "", key=key_of(form)
            )
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            return htmx.redirect(url_for("handovers.show", handover_id=draft))
    if person is not None and not form.is_submitted():
        for field in IDENTITY_FIELDS:
            form[field.value].data = person.values[field]
    record = handovers.load_handover(actor, handover_id)
    return htmx.render(
        "handovers/adjustment.html",
        status=422 if form.is_submitted() else 200,
        form=form,
        record=record,
        number=record_number(record.number or 0, record.symbol),
        people=people[:OFFERED],
        person=person,
        stated=[(form[field.value], person.values[field] if person else "") for field in IDENTITY_FIELDS],
    )


def _chosen(people: list[Stated]) -> Stated | None:
    """The person the address names; None where it names none. Raises NotFound for a number nobody has."""
    text = request.args.get("number", "").strip()
    if not text:
        return None
    found = next((each for each in people if str(each.number) == text), None)
    if found is None:
        raise NotFound(_("Biên bản này không có người nào mang số thứ tự %(number)s.", number=text[:10]))
    return found
