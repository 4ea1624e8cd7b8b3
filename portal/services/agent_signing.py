"""Signing by the agent on the signer's own computer (VGCA): it fetches the file and brings it back signed.

The agent knows no session: two short-lived addresses stand for one person, one record and the pages that were shown.
The one gives the unsigned file, the other takes the signed one; neither does the other's work, and after the
signature both lead nowhere, because the record has moved on.
"""

from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.domain.errors import NotFound
from portal.domain.permissions import Actor
from portal.domain.phrases import record_number
from portal.domain.wording import say
from portal.models import User, db
from portal.services import ways
from portal.services.context import ground
from portal.services.handovers import load_handover
from portal.services.sign_in import actor_for

LASTS_SECONDS = 600
FETCH, BRING = "agent-fetch", "agent-bring"


@dataclass(frozen=True)
class AgentOrder:
    """What the agent is told: the tokens of both addresses and the number as it is printed."""

    fetch: str
    bring: str
    number: str


def order(actor: Actor, record_id: UUID, *, shown: str) -> AgentOrder:
    """The two addresses for the record whose pages were shown; good for ten minutes."""
    of = load_handover(actor, record_id)
    told = [str(of.id), actor.membership_id, actor.delegation_id, shown]
    fetch, bring = (str(_serializer(purpose).dumps(told)) for purpose in (FETCH, BRING))
    return AgentOrder(fetch, bring, record_number(of.number or 0, of.symbol))


def handed_out(token: str) -> tuple[str, bytes]:
    """The unsigned file and its name. Raises NotFound for a token that is none, has ended, or was overtaken."""
    actor, record_id, shown = _read(token, FETCH)
    of = load_handover(actor, record_id)
    if of.pdf_sha256 != shown:
        raise NotFound(_ENDED)
    return f"{record_number(of.number or 0, of.symbol).replace('/', '-')}.pdf", ground().store.get(shown)


def brought(token: str, data: bytes) -> UUID:
    """Take the file that the agent signed; returns the list's id. Raises NotFound, or what the gate raises."""
    actor, record_id, shown = _read(token, BRING)
    return ways.sign_with_file(actor, record_id, data, shown=shown)


_ENDED = say("Địa chỉ ký này đã hết hạn hoặc đã dùng. Hãy mở lại trang ký và bấm ký lần nữa.")


def _read(token: str, purpose: str) -> tuple[Actor, UUID, str]:
    try:
        record_id, membership_id, delegation_id, shown = _serializer(purpose).loads(token, max_age=LASTS_SECONDS)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound(_ENDED) from error
    actor = actor_for(membership_id, delegation_id)
    if db.session.get_one(User, actor.user_id).disabled_at is not None:
        raise NotFound(_ENDED)
    return actor, UUID(record_id), shown


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(ground().settings.secret_key, salt=purpose)
