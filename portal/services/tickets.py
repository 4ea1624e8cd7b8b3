"""Signing a hash elsewhere: a ticket holds the prepared record until the value comes back, ten minutes at most.

The ticket is bound to person, appointment, record, pages and certificate (control 33 of the security page); it is
used once. The record itself is not touched before the value has passed the gate.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.clock import local, now
from portal.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion
from portal.domain.permissions import Actor
from portal.domain.stages import HandoverStatus
from portal.domain.wording import say
from portal.models import SignerCertificate, SigningTicket, db
from portal.queries.accounts import confirmed_certificates_of
from portal.services import signing
from portal.services.archiving import shows_all_signatures
from portal.services.handovers import load_handover
from portal.services.unit_of_work import transaction
from portal.signatures.deferred import Prepared, SignedElsewhere, WrongValue, prepare, require_value

LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Ticket:
    """What the other machine gets: the attributes to sign (DER), their SHA-256, until when the ticket is good."""

    id: UUID
    record_id: UUID
    attributes: bytes
    hash: str
    ends_at: datetime
    subject: str


def make_ticket(actor: Actor, record_id: UUID, certificate_id: int, *, shown: str) -> UUID:
    """Prepare the actor's signature on the record whose pages were shown; returns the ticket's id."""
    if not actor.can_sign:
        raise NotPermitted(say("Bạn chưa được phân công ký thay đơn vị."))
    found = {each.id: each for each in confirmed_certificates_of([actor.membership_id])}.get(certificate_id)
    if found is None:
        raise NotFound(say("Không tìm thấy chứng thư này, hoặc bạn không quản lý đơn vị của nó."))
    of = load_handover(actor, record_id)
    if not of.pdf_sha256 or not shows_all_signatures(of, shown):
        raise StaleVersion(say("Tệp bạn xem không còn là bản mới nhất. Hãy xem lại rồi ký."))
    side = "giver" if of.status == HandoverStatus.PREPARED.value else "receiver"
    at = now()
    request = signing.request_for(actor, of, side, at, internal=False)
    made = prepare(request, found.certificate)
    with transaction():
        ticket = SigningTicket(
            id=uuid4(),
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            handover_id=of.id,
            side=side,
            shown=of.pdf_sha256,
            certificate_id=found.id,
            prepared=made.pdf,
            attributes=made.attributes,
            made_at=at,
            ends_at=at + LASTS,
        )
        db.session.add(ticket)
    return ticket.id


def ticket_of(actor: Actor, ticket_id: UUID) -> Ticket:
    """The ticket as its owner sees it. Raises NotFound for anybody else."""
    found, certificate = _own(actor, ticket_id)
    prepared = Prepared(found.prepared, found.attributes)
    return Ticket(found.id, found.handover_id, found.attributes, prepared.hash, found.ends_at, certificate.subject)


def redeem(actor: Actor, ticket_id: UUID, value: bytes, *, key: str = "") -> UUID:
    """Fill in the value made elsewhere and let the signature take effect; returns the list's id.

    Raises InvalidInput for a value that the enrolled key did not make, StaleVersion for a used or ended ticket.
    """
    found, certificate = _own(actor, ticket_id)
    if found.used_at is not None or found.ends_at < now():
        raise StaleVersion(
            say(
                "Phiếu ký này đã dùng, hoặc đã hết hạn lúc {at}. Hãy lấy phiếu mới.",
                at=f"{local(found.ends_at):%H:%M}",
            ),
            code="ticket_ended",
        )
    try:
        require_value(certificate.certificate, found.attributes, value)
    except WrongValue as error:
        words = say(
            "Giá trị chữ ký không phải do khóa của chứng thư {name} ký trên đúng mã băm này. Chưa ghi gì.",
            name=certificate.subject,
        )
        raise InvalidInput(words, fields={"value": words}, code="wrong_value") from error
    hand = SignedElsewhere(Prepared(found.prepared, found.attributes), certificate.certificate, value)
    act = signing.sign_prepared if found.side == "giver" else signing.countersign
    list_id = act(actor, found.handover_id, hand, shown=found.shown, key=key)
    with transaction():
        db.session.get_one(SigningTicket, ticket_id).used_at = now()
    return list_id


def certificates_to_sign_with(actor: Actor) -> list[tuple[int, str]]:
    """The confirmed certificates of the acting appointment: id and name."""
    return [(each.id, f"{each.subject} ({each.issuer})") for each in confirmed_certificates_of([actor.membership_id])]


def _own(actor: Actor, ticket_id: UUID) -> tuple[SigningTicket, SignerCertificate]:
    row = db.session.execute(
        select(SigningTicket, SignerCertificate)
        .join(SignerCertificate, SigningTicket.certificate_id == SignerCertificate.id)
        .where(SigningTicket.id == ticket_id, SigningTicket.membership_id == actor.membership_id)
    ).one_or_none()
    if row is None:
        raise NotFound(say("Không tìm thấy phiếu ký này."))
    return row[0], row[1]
