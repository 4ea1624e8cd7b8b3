"""Separation of duties over what was signed and concluded before: who may not stand on the other side, and why."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import aliased

from portal.domain.duties import (
    Doer,
    both_sides,
    own_adjustment,
    own_proposal,
    own_request,
    own_verification,
    own_wish,
)
from portal.domain.errors import NotPermitted
from portal.domain.events import EventTag
from portal.domain.permissions import Actor
from portal.domain.stages import HandoverStatus, Party
from portal.models import (
    Delegation,
    Entry,
    EntryVerdict,
    Event,
    Handover,
    Membership,
    SheetTyping,
    Signature,
    User,
    db,
)

_COUNTERPART: dict[Party, tuple[Party, Callable[[Actor, Doer], str]]] = {
    Party.POLICE: (Party.VILLAGE, own_proposal),
    Party.VILLAGE: (Party.POLICE, own_verification),
}
"""Whose conclusions on an entry, in any round, bar a person from concluding for the party."""


def giver_connection(actor: Actor, list_id: UUID) -> str:
    """Why the actor stands on the giver's side of the handover that waits; empty where he does not."""
    givers = people_behind(Signature, Signature.handover_id.in_(_standing(list_id, HandoverStatus.SENT)))
    return next((why for giver in givers if (why := both_sides(actor, giver))), "")


def proposer_connection(actor: Actor, list_id: UUID) -> str:
    """Why the actor stands on the side that proposed the adjustment which waits; empty where he does not."""
    proposers = people_behind(Signature, Signature.handover_id.in_(_standing(list_id, HandoverStatus.PROPOSED)))
    return next((why for each in proposers if (why := own_adjustment(actor, each))), "")


def asker_connection(actor: Actor, list_id: UUID) -> str:
    """Why the actor stands on the side that asked to open the list again; empty where he does not."""
    asked = (Event.list_id == list_id) & (Event.tag == EventTag.REOPENING_ASKED.value)
    newest = select(func.max(Event.id)).where(asked).scalar_subquery()
    return next((why for each in people_behind(Event, Event.id == newest) if (why := own_request(actor, each))), "")


def wisher_connection(actor: Actor, list_id: UUID) -> str:
    """Why the actor stands on the side that asked for more time; empty where he does not."""
    asked = (Event.list_id == list_id) & (Event.tag == EventTag.EXTENSION_ASKED.value)
    newest = select(func.max(Event.id)).where(asked).scalar_subquery()
    return next((why for each in people_behind(Event, Event.id == newest) if (why := own_wish(actor, each))), "")


def require_other_eyes(actor: Actor, entry: Entry, party: Party) -> None:
    """Raise NotPermitted where the actor (or whom he acts for) concluded this entry for the other side before."""
    counterpart = _COUNTERPART.get(party)
    if counterpart is None:
        return
    other, why_not = counterpart
    said = (EntryVerdict.entry_id == entry.id) & (EntryVerdict.party == other.value)
    for doer in people_behind(EntryVerdict, said):
        if why := why_not(actor, doer):
            raise NotPermitted(why, code="four_eyes")


def _standing(list_id: UUID, status: HandoverStatus) -> ScalarSelect[UUID]:
    return select(Handover.id).where(Handover.list_id == list_id, Handover.status == status.value).scalar_subquery()


def people_behind(
    table: type[Signature] | type[EntryVerdict] | type[Event] | type[SheetTyping], which: ColumnElement[bool]
) -> list[Doer]:
    """Everybody behind these rows, each once: who acted, and for whom."""
    user, principal, absent = aliased(User), aliased(Membership), aliased(User)
    query = (
        select(user.id, user.full_name, principal.user_id, absent.full_name)
        .select_from(table)
        .join(user, user.id == table.user_id)
        .outerjoin(Delegation, Delegation.id == table.delegation_id)
        .outerjoin(principal, principal.id == Delegation.from_membership_id)
        .outerjoin(absent, absent.id == principal.user_id)
        .where(which)
        .distinct()
    )
    return [
        Doer(user_id, name, other, other_name or "") for user_id, name, other, other_name in db.session.execute(query)
    ]
