"""Signing with a key that a remote service keeps (CSC): a ticket, the service's value, the same gate.

The record is not locked while the service is asked: the ticket holds the prepared pages.
"""

from uuid import UUID

from portal.domain.errors import NotFound
from portal.domain.permissions import Actor
from portal.domain.wording import say
from portal.queries.accounts import confirmed_certificates_of
from portal.services import tickets
from portal.services.context import ground
from portal.services.hands import counting_pins
from portal.signatures.remote_service import Authorisation, RemoteService


def offered() -> bool:
    """Whether this portal is connected to a remote signing service."""
    return bool(ground().settings.csc_url)


def sign_remotely(
    actor: Actor, record_id: UUID, certificate_id: int, by: Authorisation, *, shown: str, key: str = ""
) -> UUID:
    """Sign with the enrolled certificate's key at the service; returns the list's id. Refused PINs are counted.

    Raises what the service's client raises, and what redeeming a ticket raises.
    """
    settings = ground().settings
    if not settings.csc_url:
        raise NotFound(say("Cổng này chưa nối với dịch vụ ký từ xa nào."))
    enrolled = {each.id: each for each in confirmed_certificates_of([actor.membership_id])}.get(certificate_id)
    if enrolled is None:
        raise NotFound(say("Không tìm thấy chứng thư này, hoặc bạn không quản lý đơn vị của nó."))
    service = RemoteService(settings.csc_url, settings.csc_token)
    with counting_pins(actor):
        ticket = tickets.ticket_of(actor, tickets.make_ticket(actor, record_id, certificate_id, shown=shown))
        value = service.sign_hash(enrolled.certificate, ticket.attributes, by)
    return tickets.redeem(actor, ticket.id, value, key=key)
