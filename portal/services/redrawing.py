"""Drawing a draft anew from what it is about, whatever kind of record it is; its number stays."""

from uuid import UUID

from portal.domain.fields import Field
from portal.domain.permissions import Actor
from portal.domain.stages import Leg, RecordKind
from portal.services.adjustments import prepare_adjustment
from portal.services.exceptions import NotTaken, prepare_exceptions
from portal.services.handovers import load_handover, prepare_record, prepare_refusal


def redraw(actor: Actor, handover_id: UUID, *, key: str = "") -> UUID:
    """Draw the draft again, in the actor's name where the actor signs; returns its id."""
    draft = load_handover(actor, handover_id)
    kind, answered = RecordKind(draft.kind), draft.answers_id
    if answered is None:
        return prepare_record(actor, draft.list_id, Leg(draft.leg) if draft.leg else None, key=key)
    if kind is RecordKind.REFUSAL:
        return prepare_refusal(actor, answered, draft.reason, draft.note, key=key)
    if kind is RecordKind.EXCEPTIONS:
        wanted = {item["number"]: NotTaken(item["reason"], item["note"]) for item in draft.items}
        return prepare_exceptions(actor, answered, wanted, key=key)
    values = {Field(item["field"]): item["new"] for item in draft.items}
    return prepare_adjustment(actor, answered, draft.items[0]["number"], values, draft.note, key=key)
