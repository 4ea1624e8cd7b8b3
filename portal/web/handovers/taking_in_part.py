"""Taking a sent record in part: the receiver ticks whom it does not take, with a reason each."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from portal.domain.errors import InvalidInput
from portal.domain.labels import label
from portal.domain.number_ranges import read_numbers
from portal.domain.permissions import Permission
from portal.domain.phrases import record_number
from portal.domain.verdicts import ReturnReason
from portal.queries import parts as queries
from portal.services import handovers
from portal.services.exceptions import NotTaken, prepare_exceptions
from portal.web import htmx
from portal.web.access import current_actor, requires
from portal.web.choosing import ticked_numbers
from portal.web.form_keys import key_of
from portal.web.handovers.blueprint import bp
from portal.web.handovers.forms import ExceptionsForm
from portal.web.lists.screens import masked_row

NOTE_LETTERS = 500


@bp.route("/handovers/<uuid:handover_id>/exceptions", methods=["GET", "POST"])
@requires(Permission.HANDOVER_SIGN)
def except_people(handover_id: UUID) -> Response:
    """Say who is not taken and why; both papers are then previewed and signed in one act."""
    actor, form = current_actor(), ExceptionsForm()
    if form.is_submitted() and form.validate():
        try:
            slip = prepare_exceptions(actor, handover_id, _not_taken(form), key=key_of(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
            form.by_person = refusal.fields
        else:
            return htmx.redirect(url_for("handovers.show", handover_id=slip))
    record = handovers.load_handover(actor, handover_id)
    people = queries.people_to_choose(actor, record.list_id)
    return htmx.render(
        "handovers/exceptions.html",
        status=422 if form.is_submitted() else 200,
        form=form,
        record=record,
        number=record_number(record.number or 0, record.symbol),
        rows=[masked_row(entry) for entry in people],
        ticked=ticked_numbers(),
        typed=request.form,
        reasons=[(reason.value, label(reason)) for reason in ReturnReason],
        hidden=record.entries - len(people),
    )


def _not_taken(form: ExceptionsForm) -> dict[int, NotTaken]:
    """Who is ticked with the reason beside them, and who is named by number with the one reason below."""
    named = read_numbers(form.numbers.data or "")
    wanted = {number: NotTaken(form.reason.data or "", form.note.data or "") for number in named}
    for number in ticked_numbers():
        note = "".join(letter for letter in request.form.get(f"note-{number}", "") if letter.isprintable())
        wanted[number] = NotTaken(request.form.get(f"reason-{number}", ""), note.strip()[: NOTE_LETTERS + 1])
    return wanted
